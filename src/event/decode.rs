//! The fast path: one walk over a body's text along the compiled field tables.
//!
//! The trigger may stand behind the data, so the tables of all triggers are walked as one tree;
//! what only the trigger can tell is checked at the end. Nothing is allocated for a good event but
//! its roster. A body that is not exactly as documented is marked, and [`super::explain`] reads it
//! again.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::compiled::{Quoted, Table, bit, table};
use super::content::Content;
use super::entry::EntrySeed;
use super::fields::{Entry, Fields, action_fits, type_fits};
use super::plain;
use super::schema::{Shape, Slot};
use super::trigger::Trigger;
use super::value::{Fit, Scalar};
use crate::input::json::Text;

/// Deepest nesting of a body.
const MAX_DEPTH: u32 = 128;

/// A body, read.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four things that a body can be at once")]
pub(crate) struct Decoded<'de> {
    pub(crate) fields: Fields<'de>,
    pub(crate) roster: Vec<Entry<'de>>,
    /// What the whole of it says, but for `webhook`: two configurations deliver the same content.
    pub(crate) content: Content,
    /// A string `trigger` and an object `data`: the shape of a webhook.
    pub(crate) webhook: bool,
    /// Something is not as documented, beyond a type that reads as the right one.
    pub(crate) refused: bool,
    /// A type reads as the right one (S005).
    pub(crate) lenient: bool,
    /// There are fields that no table has (S006).
    pub(crate) unknown: bool,
    /// A bit for each field that is there, and for each that is there as an object.
    pub(super) present: u128,
    objects: u128,
}

impl Decoded<'_> {
    /// Whether all that `trigger` requires is there and goes with it.
    pub(crate) fn fits(&self, trigger: Trigger) -> bool {
        if self.present & !table().known[trigger as usize] != 0 {
            // A field of another trigger was read as if it belonged here.
            return false;
        }
        let required = &table().required[trigger as usize];
        let complete = required.iter().all(|(parent, children)| {
            self.objects & parent == 0 || self.present & children == *children
        });
        complete && type_fits(trigger, &self.fields) && action_fits(trigger, &self.fields)
    }
}

/// Reads a body.
///
/// # Errors
/// When the text is not one JSON object, or the reader cannot hold one of its values.
pub(crate) fn decode(text: &str) -> Result<Decoded<'_>, serde_json::Error> {
    let mut walk = Walk::new();
    walk.read(text)?;
    Ok(walk.decoded)
}

/// A walk over a body along the tables.
pub(crate) struct Walk<'de> {
    pub(super) table: &'static Table,
    /// What was read, complete at the walk's end.
    pub(crate) decoded: Decoded<'de>,
    pub(super) depth: u32,
    /// The trigger is a string. (One that is a number would read as text elsewhere.)
    named: bool,
}

impl<'de> Walk<'de> {
    /// One that has not begun.
    pub(crate) fn new() -> Self {
        Self { table: table(), decoded: Decoded::default(), depth: 0, named: false }
    }

    /// Walks a body from its beginning to its end.
    ///
    /// # Errors
    /// Those of [`decode`].
    pub(crate) fn read(&mut self, text: &'de str) -> Result<(), serde_json::Error> {
        if plain::read(text, self) {
            return Ok(());
        }
        *self = Self::new();
        self.read_any(text)
    }

    /// The same, whatever JSON it is.
    pub(super) fn read_any(&mut self, text: &'de str) -> Result<(), serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        // The walk has its own limit, one level beyond the parser's.
        json.disable_recursion_limit();
        let content = self.seed(Some(Table::ROOT)).deserialize(&mut json)?;
        json.end()?;
        self.end(content);
        Ok(())
    }

    /// Says what a body is that has this content and has been walked to its end.
    pub(super) fn end(&mut self, content: Content) {
        let webhook = self.named && self.decoded.objects & self.table.data != 0;
        self.decoded.content = content;
        self.decoded.webhook = webhook;
    }

    pub(super) fn seed(&mut self, node: Option<u8>) -> Seed<'_, 'de> {
        Seed { walk: self, node }
    }

    /// Takes the value of a field.
    pub(super) fn take(&mut self, node: Option<u8>, scalar: Scalar<'de>) {
        let Some(field) = node.and_then(|node| self.table.node(node).field) else {
            return;
        };
        if field.slot == Some(Slot::Trigger) {
            self.named = matches!(scalar, Scalar::Text(_));
        }
        let (value, fit) = field.shape.read(scalar);
        match fit {
            Fit::Exact => {}
            Fit::Lenient => self.decoded.lenient = true,
            // A time that no call is made from may be as it likes.
            Fit::Milliseconds | Fit::Implausible => self.decoded.refused |= field.slot.is_some(),
            Fit::WrongType | Fit::Invalid(_) => self.decoded.refused = true,
        }
        if let Some(slot) = field.slot {
            self.decoded.fields.set(slot, value);
        }
    }

    /// Takes an object; the place of the tables along which it is walked.
    pub(super) fn open_object(&mut self, node: Option<u8>) -> Option<u8> {
        self.take(node, Scalar::Object);
        let node = node.filter(|node| matches!(self.table.node(*node).shape, Shape::Object(_)))?;
        self.decoded.objects |= bit(node);
        Some(node)
    }

    /// Takes an array; the place of the tables along which its elements are walked.
    pub(super) fn open_array(&mut self, node: Option<u8>) -> Option<u8> {
        self.take(node, Scalar::Array);
        node.filter(|node| matches!(self.table.node(*node).shape, Shape::List(_)))
    }

    /// Takes a key of the object at a place of the tables, behind the one that was found before the
    /// place `guess`.
    pub(super) fn key(&mut self, node: Option<u8>, key: &str, guess: usize) -> Key {
        let found = node.and_then(|node| self.find(node, key, guess));
        let content = match found {
            Some((node, _))
                if self.table.node(node).field.is_some_and(|field| field.key == key) =>
            {
                self.table.node(node).key
            }
            Some(_) => {
                self.decoded.unknown = true;
                Content::text(key)
            }
            None => Content::text(key),
        };
        Key { content, found }
    }

    /// The key that is likely behind the one that was found before the place `guess`: as it is
    /// written, and what it is if it is there.
    pub(super) fn likely(&self, node: Option<u8>, guess: usize) -> Option<(&'static Quoted, Key)> {
        let table = self.table;
        let child = *table.node(node?).children.get(guess)?;
        let likely = table.node(child);
        Some((&likely.quoted, Key { content: likely.key, found: Some((child, guess + 1)) }))
    }

    /// The place of the value behind a key; `guess` moves on.
    pub(super) fn member(&mut self, node: Option<u8>, key: &Key, guess: &mut usize) -> Option<u8> {
        let Some((found, next)) = key.found else {
            self.decoded.unknown |= node.is_some();
            return None;
        };
        *guess = next;
        // A key that comes twice is left to the slow path, which takes the last.
        self.decoded.refused |= self.decoded.present & bit(found) != 0;
        self.decoded.present |= bit(found);
        Some(found)
    }

    pub(super) fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(E::custom("recursion limit exceeded"));
        }
        Ok(())
    }

    /// Finds a key among an object's fields, trying the one that follows the last first.
    fn find(&mut self, node: u8, key: &str, guess: usize) -> Option<(u8, usize)> {
        let table = self.table;
        let children = &table.node(node).children;
        let is = |at: usize, alias: bool| {
            let field = table.node(children[at]).field;
            field.is_some_and(|field| field.key == key || alias && field.alias == Some(key))
        };
        if guess < children.len() && is(guess, false) {
            return Some((children[guess], guess + 1));
        }
        let at = (0..children.len())
            .find(|at| is(*at, false))
            .or_else(|| (0..children.len()).find(|at| is(*at, true)))?;
        Some((children[at], at + 1))
    }
}

/// Reads one value: along the tables where it has a node, else for its content alone.
pub(super) struct Seed<'w, 'de> {
    walk: &'w mut Walk<'de>,
    node: Option<u8>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_, 'de> {
    type Value = Content;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, 'de> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        self.walk.take(self.node, Scalar::Null);
        Ok(Content::null())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        self.walk.take(self.node, Scalar::Bool(value));
        Ok(Content::bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        self.walk.take(self.node, Scalar::Int(value));
        Ok(Content::int(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        self.walk.take(self.node, whole(value));
        Ok(Content::int(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        self.walk.take(self.node, Scalar::Float(value));
        Ok(Content::float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Content, E> {
        let content = Content::text(text);
        self.walk.take(self.node, Scalar::Text(Text(text.into())));
        Ok(content)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
        let content = Content::text(text);
        if self.node.is_some() {
            let text = Text(text.to_owned().into());
            self.walk.take(self.node, Scalar::Text(text));
        }
        Ok(content)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let Self { walk, node } = self;
        walk.enter()?;
        let node = walk.open_object(node);
        let content = walk_object(walk, node, &mut map)?;
        walk.depth -= 1;
        Ok(content)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let Self { walk, node } = self;
        walk.enter()?;
        let list = walk.open_array(node);
        let mut content = Content::array();
        match list {
            Some(list) => {
                // A body may have an `occupant` of its own beside a roster: its values stay as they
                // are.
                let outside = std::mem::take(&mut walk.decoded.fields);
                while let Some(entry) = seq.next_element_seed(EntrySeed { walk, list })? {
                    content.add_element(entry);
                }
                walk.decoded.fields = outside;
            }
            None => {
                while let Some(element) = seq.next_element_seed(walk.seed(None))? {
                    content.add_element(element);
                }
            }
        }
        walk.depth -= 1;
        Ok(content)
    }
}

pub(super) fn whole(value: u64) -> Scalar<'static> {
    #[expect(clippy::cast_precision_loss, reason = "beyond any time or id anyway")]
    i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int)
}

pub(super) fn walk_object<'de, A: MapAccess<'de>>(
    walk: &mut Walk<'de>,
    node: Option<u8>,
    map: &mut A,
) -> Result<Content, A::Error> {
    let mut content = Content::object();
    let mut guess = 0;
    while let Some(key) = map.next_key_seed(KeySeed { walk, node, guess })? {
        let child = walk.member(node, &key, &mut guess);
        let value = map.next_value_seed(walk.seed(child))?;
        if child != Some(walk.table.webhook) {
            content.add_member(key.content, value);
        }
    }
    Ok(content)
}

/// A key of an object.
pub(super) struct Key {
    pub(super) content: Content,
    /// Its field's place in the tables, and where among its object's fields the next is looked for.
    found: Option<(u8, usize)>,
}

struct KeySeed<'w, 'de> {
    walk: &'w mut Walk<'de>,
    node: Option<u8>,
    guess: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, 'de> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, 'de> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(self.walk.key(self.node, key, self.guess))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_does_not_change_with_spaces_key_order_or_the_configuration() {
        let content = |text: &str| decode(text).expect("valid").content;
        let one = r#"{"trigger":"x","data":{"a":1,"b":[1,2]},"webhook":"w1"}"#;
        let same = r#"{ "webhook": "w2", "data": {"b":[1, 2], "a":1.0}, "trigger":"x" }"#;
        assert_eq!(content(one), content(same));
        for other in [
            r#"{"trigger":"x","data":{"a":"1","b":[1,2]}}"#,
            r#"{"trigger":"x","data":{"a":1,"b":[2,1]}}"#,
            r#"{"trigger":"x","data":{"a":1,"b":[1,2],"c":null}}"#,
        ] {
            assert_ne!(content(one), content(other));
        }
    }

    #[test]
    fn a_webhook_is_an_object_with_a_string_trigger_and_an_object_data() {
        let webhook = |text: &str| decode(text).expect("valid").webhook;
        assert!(webhook(r#"{"data":{},"trigger":"x"}"#));
        for other in [
            "{}",
            r#"{"trigger":"x"}"#,
            r#"{"trigger":5,"data":{}}"#,
            r#"{"trigger":"x","data":null}"#,
        ] {
            assert!(!webhook(other), "{other}");
        }
    }

    #[test]
    fn nesting_is_read_to_128_levels() {
        let nested = |levels: usize| {
            let inner = "[".repeat(levels - 1) + &"]".repeat(levels - 1);
            format!(r#"{{"a":{inner}}}"#)
        };
        assert!(decode(&nested(128)).is_ok());
        assert!(decode(&nested(129)).is_err());
    }
}
