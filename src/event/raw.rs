//! What values of a body say, read from the text as it is written.

use std::borrow::Cow;
use std::collections::HashMap;

use super::content::{self, Content, Path, Word};
use super::value::{Scalar, Spare};
use crate::input::json::{Text, elements, members, offset};

/// The value that `raw`, valid JSON, stands for.
pub(super) fn scalar<'de>(raw: &'de str, spare: &'de Spare) -> Scalar<'de> {
    match raw.as_bytes().first() {
        Some(b'{') => Scalar::Object,
        Some(b'[') => Scalar::Array,
        Some(b'"') => match serde_json::from_str::<Text<'_>>(raw) {
            Ok(Text(Cow::Borrowed(text))) => Scalar::Text(text),
            Ok(Text(Cow::Owned(text))) => Scalar::Text(spare.alloc_str(&text)),
            Err(_) => Scalar::Null,
        },
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
        let found = if value.trim_start().starts_with('[') {
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
    let (mut content, spare) = (Content::default(), Spare::new());
    content.add_word(Path::root(), Word::Object);
    for (key, value) in members(object).iter().filter(|(key, _)| key.0 != but) {
        let path = Path::root().member(content::key(&key.0));
        add_content(&mut content, path, value.get(), &spare, 1);
    }
    content
}

fn add_content(content: &mut Content, path: Path, raw: &str, spare: &Spare, depth: u32) {
    match scalar(raw, spare) {
        _ if depth > 128 => content.add_text(path, raw),
        Scalar::Null => content.add_word(path, Word::Null),
        Scalar::Bool(value) => content.add_word(path, Word::of(value)),
        Scalar::Int(value) => content.add_int(path, value.into()),
        Scalar::Float(value) if value.is_finite() => content.add_float(path, value),
        Scalar::Float(_) => content.add_text(path, raw),
        Scalar::Text(text) => content.add_text(path, text),
        Scalar::Array => {
            content.add_word(path, Word::Array);
            for (at, element) in elements(raw).into_iter().enumerate() {
                add_content(content, path.element(at), element.get(), spare, depth + 1);
            }
        }
        Scalar::Object => {
            content.add_word(path, Word::Object);
            for (key, value) in members(raw) {
                let path = path.member(content::key(&key.0));
                add_content(content, path, value.get(), spare, depth + 1);
            }
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
        assert_eq!(content(body, "webhook"), decode(body, &Spare::new()).expect("valid").content);
        let odd = |number: &str, hook: &str| {
            content(&format!(r#"{{"a":{number},"webhook":"{hook}"}}"#), "webhook")
        };
        assert_eq!(odd("1e400", "w1"), odd("1e400", "w2"));
        assert_ne!(odd("1e400", "w1"), odd("2e400", "w1"));
    }
}
