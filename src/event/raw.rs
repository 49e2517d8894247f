//! JSON as it is written: members and elements as slices of the text, so that each has its place.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::content::Content;
use super::value::{Scalar, Text};

/// The value that `raw`, valid JSON, stands for.
pub(super) fn scalar(raw: &str) -> Scalar<'_> {
    match raw.as_bytes().first() {
        Some(b'{') => Scalar::Object,
        Some(b'[') => Scalar::Array,
        Some(b'"') => serde_json::from_str(raw).map_or(Scalar::Null, Scalar::Text),
        Some(b't') => Scalar::Bool(true),
        Some(b'f') => Scalar::Bool(false),
        Some(b'n') | None => Scalar::Null,
        // Rust reads what JSON calls a number, and gives infinity where serde_json refuses.
        _ => match raw.parse() {
            Ok(whole) => Scalar::Int(whole),
            Err(_) => raw.parse().map_or(Scalar::Null, Scalar::Float),
        },
    }
}

/// The members of an object, twins included. Empty where `raw` is none.
pub(super) fn members(raw: &str) -> Vec<(Text<'_>, &RawValue)> {
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

/// Where the value of an object's member begins, the last of that name, and how long it is; its
/// bracket where there is none.
pub(super) fn extent_of_member(object: &str, key: &str) -> (usize, usize) {
    let members = members(object);
    let value = members.iter().rev().find(|(name, _)| name.0 == key).map(|(_, value)| value.get());
    value.map_or((0, 1), |value| (offset(object, value), value.len()))
}

/// Where `piece`, a slice of `text`, begins in it.
pub(super) fn offset(text: &str, piece: &str) -> usize {
    (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// What an object says, its member `but` aside: the same as the fast path makes of it, for bodies
/// that hold a number beyond all bounds.
pub(super) fn content(object: &str, but: &str) -> Content {
    let mut content = Content::object();
    for (key, value) in members(object).iter().filter(|(key, _)| key.0 != but) {
        content.add_member(Content::text(&key.0), content_of(value.get(), 1));
    }
    content
}

fn content_of(raw: &str, depth: u32) -> Content {
    match scalar(raw) {
        _ if depth > 128 => Content::text(raw),
        Scalar::Null => Content::null(),
        Scalar::Bool(value) => Content::bool(value),
        Scalar::Int(value) => Content::int(value.into()),
        Scalar::Float(value) if value.is_finite() => Content::float(value),
        Scalar::Float(_) => Content::text(raw),
        Scalar::Text(text) => Content::text(&text.0),
        Scalar::Array => {
            let mut content = Content::array();
            for element in elements(raw) {
                content.add_element(content_of(element.get(), depth + 1));
            }
            content
        }
        Scalar::Object => {
            let mut content = Content::object();
            for (key, value) in members(raw) {
                content.add_member(Content::text(&key.0), content_of(value.get(), depth + 1));
            }
            content
        }
    }
}

/// The elements of an array. Empty where `raw` is none.
pub(super) fn elements(raw: &str) -> Vec<&RawValue> {
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
    use super::super::decode::decode;
    use super::*;

    #[test]
    fn content_is_what_the_fast_path_makes_of_it() {
        let body = r#"{"trigger":"x","data":{"a":[1,2.5,null,true,"\u00e9"]},"webhook":"w"}"#;
        assert_eq!(content(body, "webhook"), decode(body).expect("valid").content);
        let odd = |number: &str, hook: &str| {
            content(&format!(r#"{{"a":{number},"webhook":"{hook}"}}"#), "webhook")
        };
        assert_eq!(odd("1e400", "w1"), odd("1e400", "w2"));
        assert_ne!(odd("1e400", "w1"), odd("2e400", "w1"));
    }

    #[test]
    fn only_lone_surrogates_are_mended() {
        assert_eq!(mend_surrogates(r"😀 \n \\ud800"), None);
        assert_eq!(mend_surrogates(r"\ud83dx").as_deref(), Some(r"\uFFFDx"));
        assert_eq!(mend_surrogates(r"\ude00\ud83d").as_deref(), Some(r"\uFFFD\uFFFD"));
        assert_eq!(mend_surrogates("\\"), None);
    }
}
