//! What values of a body say, read from the text as it is written.

use std::collections::HashMap;

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

/// A body whose values are asked for by RFC 6901 pointers. What was found is remembered: a roster
/// may be as long as a body can be, and each of its entries asked for.
#[derive(Debug)]
pub struct Pointed {
    body: String,
    /// Where the values of pointers begin, and how long they are.
    known: HashMap<String, (usize, usize)>,
    /// The elements of arrays, by the pointers of these.
    lists: HashMap<String, Vec<(usize, usize)>>,
}

impl Pointed {
    /// The values of `body`, valid JSON.
    #[must_use]
    pub fn new(body: String) -> Self {
        Self { body, known: HashMap::new(), lists: HashMap::new() }
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Where the value begins that `pointer` names, and how long it is; of equal keys the last
    /// counts. `None` where nothing is there.
    pub fn at(&mut self, pointer: &str) -> Option<(usize, usize)> {
        if let Some(known) = self.known.get(pointer) {
            return Some(*known);
        }
        let Some((parent, key)) = pointer.rsplit_once('/') else {
            return Some((0, self.body.len()));
        };
        let (from, length) = self.at(parent)?;
        let value = &self.body[from..from + length];
        let key = key.replace("~1", "/").replace("~0", "~");
        let found = if matches!(scalar(value.trim_start()), Scalar::Array) {
            let body = &self.body;
            let extents =
                || elements(value).into_iter().map(|one| extent(body, one.get())).collect();
            let list = self.lists.entry(parent.to_owned()).or_insert_with(extents);
            *list.get(key.parse::<usize>().ok()?)?
        } else {
            let members = members(value);
            extent(&self.body, members.iter().rev().find(|(name, _)| name.0 == key)?.1.get())
        };
        self.known.insert(pointer.to_owned(), found);
        Some(found)
    }
}

/// Where a piece of a text begins, and how long it is.
fn extent(text: &str, piece: &str) -> (usize, usize) {
    (offset(text, piece), piece.len())
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
        let mut pointed = Pointed::new(body.to_owned());
        let mut at = |pointer| pointed.at(pointer).map(|(at, length)| &body[at..at + length]);
        assert_eq!(at(""), Some(body));
        assert_eq!(at("/a/1/b~1~0"), Some("\"x\""));
        assert_eq!(at("/a/0"), Some("1"));
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
