//! How one text is written inside another: escaped, in base64.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::json::position_in;

/// Padding and stray last bits are as each tool has them.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// The text that is meant by the inside of a string: JSON's escapes, and `\x22` as nginx and others
/// write it. A lone surrogate becomes U+FFFD; what is no escape stays as it is.
pub(super) fn unescaped(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', raw) else {
        return Cow::Borrowed(raw);
    };
    let mut text = Vec::with_capacity(raw.len());
    text.extend_from_slice(&raw[..first]);
    let mut rest = &raw[first..];
    while let Some(at) = add_plain(rest, &mut text) {
        let taken = match rest.get(at + 1) {
            Some(b'"') => {
                text.push(b'"');
                2
            }
            _ => escape(&rest[at..], &mut text),
        };
        rest = &rest[at + taken..];
    }
    Cow::Owned(text)
}

/// Adds what stands before the first backslash, and says how long that is; `None` where there is no
/// backslash, and all was added.
fn add_plain(rest: &[u8], text: &mut Vec<u8>) -> Option<usize> {
    let mut at = 0;
    while let Some(eight) = rest[at..].first_chunk() {
        // What is of a fixed length is soon copied, and soon taken back.
        text.extend_from_slice(eight);
        if let Some(found) = position_in(*eight, b'\\') {
            text.truncate(text.len() - eight.len() + found);
            return Some(at + found);
        }
        at += eight.len();
    }
    let found = rest[at..].iter().position(|byte| *byte == b'\\').map(|found| at + found);
    text.extend_from_slice(&rest[at..found.unwrap_or(rest.len())]);
    found
}

/// Adds what the escape that begins a text stands for, and says how long it is.
fn escape(rest: &[u8], text: &mut Vec<u8>) -> usize {
    let plain = match rest.get(1) {
        Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0C,
        Some(b'x') => match hex(rest, 2..4) {
            Some(byte) => {
                text.push(byte.to_le_bytes()[0]);
                return 4;
            }
            None => return kept(text),
        },
        Some(b'u') => return unicode(rest, text),
        _ => return kept(text),
    };
    text.push(plain);
    2
}

/// A backslash that begins no escape.
fn kept(text: &mut Vec<u8>) -> usize {
    text.push(b'\\');
    1
}

fn unicode(rest: &[u8], text: &mut Vec<u8>) -> usize {
    let Some(unit) = hex(rest, 2..6) else {
        return kept(text);
    };
    let second = if rest.get(6..8) == Some(b"\\u") { hex(rest, 8..12) } else { None };
    let (character, length) = match (unit, second) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            (char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), 12)
        }
        _ => (char::from_u32(unit), 6),
    };
    let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    length
}

fn hex(rest: &[u8], digits: std::ops::Range<usize>) -> Option<u32> {
    rest.get(digits)?
        .iter()
        .try_fold(0, |sum, digit| Some(sum << 4 | char::from(*digit).to_digit(16)?))
}

/// What a text in base64 stands for, of either alphabet, padded or not, in one line or several;
/// `None` where it is something else, or too short to hold a body.
pub(super) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    const SHORTEST: usize = 32;
    if text.trim_ascii().len() < SHORTEST { None } else { from_stated_base64(text) }
}

/// The same of a text that is said to be base64, however short it is.
pub(super) fn from_stated_base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    if !text.iter().all(|byte| is_base64(*byte)) {
        return None;
    }
    let mut text = Cow::Borrowed(text);
    if text.iter().any(u8::is_ascii_whitespace) {
        text.to_mut().retain(|byte| !byte.is_ascii_whitespace());
    }
    PLAIN.decode(&text).or_else(|_| URL.decode(&text)).ok()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        String::from_utf8(unescaped(raw.as_bytes()).into_owned()).expect("UTF-8")
    }

    #[test]
    fn escapes_are_read_and_what_is_none_stays() {
        assert_eq!(text(r#"\"a\" \/ \\ \n\t"#), "\"a\" / \\ \n\t");
        assert_eq!(text(r"\x22\xC3\xA9\x22 \u00e9 \ud83d\ude00"), "\"é\" é 😀");
        assert_eq!(text(r"\ud83d! \ude00"), "\u{fffd}! \u{fffd}");
        assert_eq!(text(r"\q \xZZ \u12 \"), r"\q \xZZ \u12 \");
    }

    #[test]
    fn an_escape_is_read_wherever_it_stands() {
        for (before, between) in
            (0..20).flat_map(|before| (0..20).map(move |other| (before, other)))
        {
            let (before, between) = ("é-".repeat(before), "x".repeat(between));
            let raw = format!("{before}\\n{between}\\\"{before}");
            assert_eq!(text(&raw), format!("{before}\n{between}\"{before}"));
        }
    }

    #[test]
    fn base64_is_read_however_it_is_written() {
        let body = br#"{"trigger":"call_started","a":">>>???"}"#;
        let padded = PLAIN.encode(body);
        let url = URL.encode(body).replace('=', "");
        assert_ne!(padded, url);
        let wrapped = format!("{}\r\n{}\n", &padded[..20], &padded[20..]);
        for text in [padded, url, wrapped] {
            assert_eq!(from_base64(text.as_bytes()).as_deref(), Some(&body[..]), "{text}");
        }
        assert_eq!(from_base64(b"call_participant_joined of Ana Ruiz, and more"), None);
        assert_eq!(from_base64(b"c2hvcnQ="), None);
        assert_eq!(from_stated_base64(b"c2hvcnQ=").as_deref(), Some(&b"short"[..]));
        assert_eq!(from_stated_base64(b"no base64"), None);
    }
}
