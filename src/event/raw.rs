//! What values of a body say, read from the text as it is written.

use super::content::Content;
use super::value::Scalar;
use crate::input::json::{elements, members, offset};

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

/// Where the value that an RFC 6901 pointer names begins in `body`, and how long it is; of equal
/// keys the last counts. `None` where nothing is there.
#[must_use]
pub fn pointed(body: &str, pointer: &str) -> Option<(usize, usize)> {
    let mut value = body;
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        value = match scalar(value.trim_start()) {
            Scalar::Array => elements(value).get(key.parse::<usize>().ok()?)?.get(),
            _ => members(value).iter().rev().find(|(name, _)| name.0 == key)?.1.get(),
        };
    }
    Some((offset(body, value), value.len()))
}

/// Where the value of an object's member begins, the last of that name, and how long it is; its
/// bracket where there is none.
pub(super) fn extent_of_member(object: &str, key: &str) -> (usize, usize) {
    let members = members(object);
    let value = members.iter().rev().find(|(name, _)| name.0 == key).map(|(_, value)| value.get());
    value.map_or((0, 1), |value| (offset(object, value), value.len()))
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

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::*;

    #[test]
    fn a_pointer_leads_to_its_value() {
        let body = r#" {"a":0,"a":[1,{"b/~":"x"}]}"#;
        let at = |pointer| pointed(body, pointer).map(|(at, length)| &body[at..at + length]);
        assert_eq!(at(""), Some(body));
        assert_eq!(at("/a/1/b~1~0"), Some("\"x\""));
        assert_eq!(at("/a/2"), None);
        assert_eq!(at("/b"), None);
    }

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
}
