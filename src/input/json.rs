//! JSON as it is written: members and elements as slices of the text, so that each has its place.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A string of a body: borrowed from it unless it has escapes. (`Cow` itself always allocates when
/// serde reads it inside an `Option`.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// The members of an object, twins included. Empty where `raw` is none.
pub(crate) fn members(raw: &str) -> Vec<(Text<'_>, &RawValue)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Text<'de>, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_map(Members).unwrap_or_default()
}

/// Where `piece`, a slice of `text`, begins in it.
pub(crate) fn offset(text: &str, piece: &str) -> usize {
    (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The elements of an array. Empty where `raw` is none.
pub(crate) fn elements(raw: &str) -> Vec<&RawValue> {
    struct Elements;
    impl<'de> Visitor<'de> for Elements {
        type Value = Vec<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut elements = Vec::new();
            while let Some(element) = seq.next_element()? {
                elements.push(element);
            }
            Ok(elements)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_seq(Elements).unwrap_or_default()
}

/// How far a text of JSON has been walked by its bytes.
pub(crate) struct Walked<'t> {
    pub(crate) bytes: &'t [u8],
    pub(crate) at: usize,
}

impl<'t> Walked<'t> {
    /// A text of which nothing has been walked.
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    pub(crate) fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over blanks and this byte; whether it was there.
    #[inline]
    pub(crate) fn pass(&mut self, byte: u8) -> bool {
        self.blank();
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Passes over this word; `None` where it is not there.
    pub(crate) fn word(&mut self, word: &str) -> Option<()> {
        self.rest().starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Whether a member or an element is followed by what closes the whole; `None` where neither
    /// that nor a comma is there.
    #[inline]
    pub(crate) fn is_last(&mut self, closing: u8) -> Option<bool> {
        self.blank();
        let byte = self.peek()?;
        self.at += 1;
        (byte == b',' || byte == closing).then_some(byte == closing)
    }
}

/// How many bytes there are before the first that does not stand for itself in a string: its end, or
/// one that is escaped or must be. `None` where there is no such byte.
pub(crate) fn plain_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        let odd = below(eight, 0x20) | below(eight ^ each(b'"'), 1) | below(eight ^ each(b'\\'), 1);
        if odd != 0 {
            return Some(at + first(odd));
        }
        at += 8;
    }
    let rest = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    Some(at + rest)
}

/// Where the first of eight bytes stands that is this one.
pub(crate) fn position_in(eight: [u8; 8], byte: u8) -> Option<usize> {
    let found = below(u64::from_le_bytes(eight) ^ each(byte), 1);
    (found != 0).then(|| first(found))
}

/// Eight bytes at a time: the highest bit of each says whether it is below a bound. What is carried
/// over spoils only those behind the first.
const fn below(eight: u64, bound: u8) -> u64 {
    eight.wrapping_sub(each(bound)) & !eight & each(0x80)
}

/// The first of eight bytes whose highest bit is set.
const fn first(eight: u64) -> usize {
    eight.trailing_zeros() as usize / 8
}

/// Eight times the same byte.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The text with every lone surrogate escape replaced by that of U+FFFD, which is as long, so that
/// offsets stay. `None` where there is none.
pub(crate) fn mend_surrogates(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(escape, 16).ok()
    };
    let mut mended = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(&text[copied..at]);
                mended.push_str("\\uFFFD");
                at += 6;
                copied = at;
            }
            Some(_) => at += 6,
            None => at += 2,
        }
        at = at.min(bytes.len());
    }
    (copied > 0).then(|| mended + &text[copied..])
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;

    #[test]
    fn a_string_is_as_long_as_one_that_looks_at_each_byte_would_say() {
        let mut dice = Rng::with_seed(3);
        for _ in 0..20_000 {
            let any = |dice: &mut Rng| match dice.u8(..12) {
                0 => b'"',
                1 => dice.u8(..0x24),
                2 => b'\\',
                3 => dice.u8(..),
                _ => dice.u8(b'a'..=b'z'),
            };
            let bytes: Vec<u8> = (0..dice.usize(..40)).map(|_| any(&mut dice)).collect();
            let length = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            assert_eq!(plain_length(&bytes), length, "{bytes:?}");
        }
    }

    #[test]
    fn only_lone_surrogates_are_mended() {
        assert_eq!(mend_surrogates(r"😀 \n \\ud800"), None);
        assert_eq!(mend_surrogates(r"\ud83dx").as_deref(), Some(r"\uFFFDx"));
        assert_eq!(mend_surrogates(r"\ude00\ud83d").as_deref(), Some(r"\uFFFD\uFFFD"));
        assert_eq!(mend_surrogates("\\"), None);
    }
}
