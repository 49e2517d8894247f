//! The fast path: one walk over a body's text along the compiled field tables.
//!
//! The trigger may stand behind the data, so the tables of all triggers are walked as one tree;
//! what only the trigger can tell is checked at the end. Nothing is allocated for a good event but
//! its roster. A body that is not exactly as documented is marked, and [`super::explain`] reads it
//! again.

use serde::de::Error;

use super::any;
use super::compiled::{Behind, Order, Table, bit, table};
use super::content::{self, Content, Path, Word};
use super::fields::{Entry, Fields, action_fits, type_fits};
use super::plain;
use super::schema::{Field, Shape, Slot};
use super::trigger::Trigger;
use super::value::{Fit, Scalar, Spare, Value};

/// Deepest nesting of a body.
pub(super) const MAX_DEPTH: u32 = 128;

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

/// Reads a body; `spare` is for what does not stand in it as it is.
///
/// # Errors
/// When the text is not one JSON object, or the reader cannot hold one of its values.
pub(crate) fn decode<'de>(
    text: &'de str,
    spare: &'de Spare,
) -> Result<Decoded<'de>, serde_json::Error> {
    let mut order = Order::default();
    let mut walk = Walk::new(&mut order, spare);
    walk.read(text)?;
    Ok(walk.decoded)
}

/// A walk over a body along the tables.
pub(crate) struct Walk<'o, 'de> {
    pub(super) table: &'static Table,
    pub(super) order: &'o mut Order,
    pub(super) spare: &'de Spare,
    /// What was read, complete at the walk's end.
    pub(crate) decoded: Decoded<'de>,
    pub(super) depth: u32,
    /// The trigger is a string. (One that is a number would read as text elsewhere.)
    named: bool,
}

impl<'o, 'de> Walk<'o, 'de> {
    /// One that has not begun.
    pub(crate) fn new(order: &'o mut Order, spare: &'de Spare) -> Self {
        let decoded = Decoded::default();
        Self { table: table(), order, spare, decoded, depth: 0, named: false }
    }

    /// Walks a body from its beginning to its end.
    ///
    /// # Errors
    /// Those of [`decode`].
    pub(crate) fn read(&mut self, text: &'de str) -> Result<(), serde_json::Error> {
        if plain::read(text, self) {
            return Ok(());
        }
        (self.decoded, self.depth, self.named) = (Decoded::default(), 0, false);
        any::read(text, self)
    }

    /// Says what a body is that has been walked to its end.
    pub(super) fn end(&mut self) {
        self.decoded.webhook = self.named && self.decoded.objects & self.table.data != 0;
    }

    /// Takes a string.
    pub(super) fn text(&mut self, node: Option<u8>, path: Path, text: &'de str) {
        self.decoded.content.add_text(path, text);
        let Some(field) = self.field(node) else {
            return;
        };
        match field.shape.read_documented(text) {
            Some(value) => self.keep(field, value),
            None => self.take(field, Scalar::Text(text)),
        }
        self.named |= field.slot == Some(Slot::Trigger);
    }

    /// Takes a whole number.
    pub(super) fn whole(&mut self, node: Option<u8>, path: Path, number: i128) {
        self.decoded.content.add_int(path, number);
        let Some(field) = self.field(node) else {
            return;
        };
        #[expect(clippy::cast_precision_loss, reason = "beyond any time or id anyway")]
        let Ok(whole) = i64::try_from(number) else {
            return self.take(field, Scalar::Float(number as f64));
        };
        match field.shape.read_documented_number(whole) {
            Some(value) => self.keep(field, value),
            None => self.take(field, Scalar::Int(whole)),
        }
    }

    /// Takes a number with a fraction.
    pub(super) fn fraction(&mut self, node: Option<u8>, path: Path, number: f64) {
        self.decoded.content.add_float(path, number);
        if let Some(field) = self.field(node) {
            self.take(field, Scalar::Float(number));
        }
    }

    /// Takes one of the words that JSON has.
    pub(super) fn word(&mut self, node: Option<u8>, path: Path, word: Word) {
        self.decoded.content.add_word(path, word);
        let scalar = match word {
            Word::Null => Scalar::Null,
            Word::True => Scalar::Bool(true),
            Word::False => Scalar::Bool(false),
            Word::Array => Scalar::Array,
            Word::Object => Scalar::Object,
        };
        if let Some(field) = self.field(node) {
            self.take(field, scalar);
        }
    }

    fn field(&self, node: Option<u8>) -> Option<&'static Field> {
        self.table.node(node?).field
    }

    /// Keeps the value of a field, if a call needs it.
    fn keep(&mut self, field: &Field, value: Value<'de>) {
        if let Some(slot) = field.slot {
            self.decoded.fields.set(slot, Some(value));
        }
    }

    /// Takes the value of a field.
    fn take(&mut self, field: &Field, scalar: Scalar<'de>) {
        if field.slot == Some(Slot::Trigger) {
            self.named = matches!(scalar, Scalar::Text(_));
        }
        let (value, fit) = field.shape.read(scalar, self.spare);
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
    pub(super) fn open_object(&mut self, node: Option<u8>, path: Path) -> Option<u8> {
        self.word(node, path, Word::Object);
        let node = node.filter(|node| matches!(self.table.node(*node).shape, Shape::Object(_)))?;
        self.decoded.objects |= bit(node);
        Some(node)
    }

    /// Takes an array; the place of the tables along which its elements are walked.
    pub(super) fn open_array(&mut self, node: Option<u8>, path: Path) -> Option<u8> {
        self.word(node, path, Word::Array);
        node.filter(|node| matches!(self.table.node(*node).shape, Shape::List(_)))
    }

    /// Begins an entry of a list.
    pub(super) fn open_entry(&mut self, list: u8, path: Path) {
        self.decoded.content.add_word(path, Word::Object);
        self.decoded.present &= !self.table.node(list).inner;
    }

    /// Keeps the entry that has been walked.
    pub(super) fn close_entry(&mut self, list: u8) {
        let entry = self.table.node(list).entry;
        self.decoded.refused |= self.decoded.present & entry != entry;
        let entry = self.decoded.fields.take_entry();
        self.decoded.roster.push(entry);
    }

    /// Takes a key of the object at a place of the tables.
    pub(super) fn key(&mut self, node: Option<u8>, behind: Behind, key: &str) -> Key {
        let found = node.and_then(|node| self.find(node, behind, key));
        if let Some(node) = found {
            let found = self.table.node(node);
            if found.field.is_some_and(|field| field.key == key) {
                return Key { hash: found.key, found: Some(node) };
            }
            self.decoded.unknown = true;
        }
        Key { hash: content::key(key), found }
    }

    /// The place of the tables and the path of the value behind a key of an object at `path`;
    /// `behind` moves on.
    #[inline]
    pub(super) fn member(
        &mut self,
        node: Option<u8>,
        path: Path,
        key: Key,
        behind: &mut Behind,
    ) -> (Option<u8>, Path) {
        let Some(found) = key.found else {
            self.decoded.unknown |= node.is_some();
            return (None, path.member(key.hash));
        };
        *behind = Behind::field(found);
        // A key that comes twice is left to the slow path, which takes the last.
        self.decoded.refused |= self.decoded.present & bit(found) != 0;
        self.decoded.present |= bit(found);
        let is_counted = found != self.table.webhook;
        (Some(found), if is_counted { path.member(key.hash) } else { Path::NOWHERE })
    }

    pub(super) fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(E::custom("recursion limit exceeded"));
        }
        Ok(())
    }

    /// Finds a key among an object's fields, trying those first that came there before.
    fn find(&mut self, node: u8, behind: Behind, key: &str) -> Option<u8> {
        let table = self.table;
        let is = |child: u8, alias: bool| {
            let field = table.node(child).field;
            field.is_some_and(|field| field.key == key || alias && field.alias == Some(key))
        };
        let mut likely = self.order.likely(behind).into_iter();
        if let Some(child) = likely.find(|child| is(*child, false)) {
            return Some(child);
        }
        let mut children = table.node(node).children.iter().copied();
        let found = children
            .clone()
            .find(|child| is(*child, false))
            .or_else(|| children.find(|child| is(*child, true)))?;
        self.order.learn(behind, found);
        Some(found)
    }
}

/// A key of an object.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) hash: u64,
    /// Its field's place in the tables.
    pub(super) found: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_does_not_change_with_spaces_key_order_or_the_configuration() {
        let content = |text: &str| decode(text, &Spare::new()).expect("valid").content;
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
    fn a_whole_number_is_the_same_content_with_an_exponent() {
        let content = |number: &str| {
            decode(&format!(r#"{{"a":{number}}}"#), &Spare::new()).expect("valid").content
        };
        for (one, other) in [
            ("1", "1e0"),
            ("-9223372036854775808", "-9.223372036854775808e18"),
            ("4611686018427387904", "4611686018427387904.0"),
        ] {
            assert_eq!(content(one), content(other), "{one}");
        }
        assert_ne!(content("1"), content("1.5"));
        assert_ne!(content("4611686018427387905"), content("4611686018427387904.0"));
    }

    #[test]
    fn a_webhook_is_an_object_with_a_string_trigger_and_an_object_data() {
        let webhook = |text: &str| decode(text, &Spare::new()).expect("valid").webhook;
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
        assert!(decode(&nested(128), &Spare::new()).is_ok());
        assert!(decode(&nested(129), &Spare::new()).is_err());
    }
}
