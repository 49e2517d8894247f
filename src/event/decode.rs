//! The fast path: one walk over a body's text along the compiled field tables.
//!
//! The trigger may stand behind the data, so the tables of all triggers are walked as one tree; what
//! only the trigger can tell is checked at the end. Nothing is allocated for a good event but its
//! roster. A body that is not exactly as documented is marked, and [`super::explain`] reads it again.

use std::fmt;
use std::sync::OnceLock;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::content::Content;
use super::moment::Moment;
use super::schema::{self, Field, Shape, Slot};
use super::trigger::Trigger;
use super::value::{Fit, Scalar, Text, Value};

/// Deepest nesting of a body.
const MAX_DEPTH: u32 = 128;

/// The kept values of a body.
#[derive(Debug)]
pub(crate) struct Fields<'de>([Option<Value<'de>>; Slot::COUNT]);

impl Default for Fields<'_> {
    fn default() -> Self {
        Self([const { None }; Slot::COUNT])
    }
}

impl<'de> Fields<'de> {
    pub(crate) fn set(&mut self, slot: Slot, value: Option<Value<'de>>) {
        self.0[slot as usize] = value;
    }

    fn take(&mut self, slot: Slot) -> Option<Value<'de>> {
        self.0[slot as usize].take()
    }

    pub(crate) fn text(&self, slot: Slot) -> Option<&str> {
        match &self.0[slot as usize] {
            Some(Value::Text(text)) => Some(&text.0),
            _ => None,
        }
    }

    pub(crate) fn moment(&self, slot: Slot) -> Option<Moment> {
        match self.0[slot as usize] {
            Some(Value::Moment(moment)) => Some(moment),
            _ => None,
        }
    }

    pub(crate) fn span(&self, slot: Slot) -> Option<super::moment::Span> {
        match self.0[slot as usize] {
            Some(Value::Span(span)) => Some(span),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, slot: Slot) -> Option<bool> {
        match self.0[slot as usize] {
            Some(Value::Flag(flag)) => Some(flag),
            _ => None,
        }
    }

    /// Takes the values of one roster entry out, so that the next may come.
    pub(crate) fn take_entry(&mut self) -> Entry<'de> {
        let name = match self.take(Slot::Name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        let entry = Entry {
            name,
            joined_at: self.moment(Slot::JoinedAt),
            left_at: self.moment(Slot::LeftAt),
            audio: self.flag(Slot::AudioCall),
        };
        for slot in [Slot::JoinedAt, Slot::LeftAt, Slot::AudioCall] {
            self.take(slot);
        }
        entry
    }
}

/// One entry of a roster (`all_occupants`); each value is `None` where it cannot be read.
#[derive(Debug)]
pub(crate) struct Entry<'de> {
    pub(crate) name: Option<Text<'de>>,
    pub(crate) joined_at: Option<Moment>,
    pub(crate) left_at: Option<Moment>,
    pub(crate) audio: Option<bool>,
}

/// A body, read.
#[derive(Debug, Default)]
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
    present: u128,
    objects: u128,
}

impl Decoded<'_> {
    /// Whether all that `trigger` requires is there and goes with it.
    pub(crate) fn fits(&self, trigger: Trigger) -> bool {
        let required = &table().required[trigger as usize];
        let complete = required
            .iter()
            .all(|(parent, children)| self.objects & parent == 0 || self.present & children == *children);
        complete && type_fits(trigger, &self.fields) && action_fits(trigger, &self.fields)
    }
}

/// Whether the envelope's `type` is the trigger's (else S007).
pub(crate) fn type_fits(trigger: Trigger, fields: &Fields<'_>) -> bool {
    let found = fields.text(Slot::Type);
    match (trigger.envelope_type(), found) {
        (Some(documented), found) => found == Some(documented),
        (None, Some(found)) => trigger.flow().is_none() || found == "call",
        (None, None) => true,
    }
}

/// Whether a ring record's `action` is the trigger's (else S008). An unreadable one is told elsewhere.
pub(crate) fn action_fits(trigger: Trigger, fields: &Fields<'_>) -> bool {
    match (trigger.action(), fields.text(Slot::Action)) {
        (Some(documented), Some(found)) => documented == found,
        _ => true,
    }
}

/// Reads a body.
///
/// # Errors
/// When the text is not one JSON object, or the reader cannot hold one of its values.
pub(crate) fn decode(text: &str) -> Result<Decoded<'_>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    // The walk has its own limit, one level beyond the parser's.
    json.disable_recursion_limit();
    let mut walk = Walk {
        table: table(),
        decoded: Decoded::default(),
        depth: 0,
    };
    let content = walk.seed(Some(Table::ROOT)).deserialize(&mut json)?;
    json.end()?;
    let mut decoded = walk.decoded;
    decoded.content = content;
    decoded.webhook =
        decoded.fields.text(Slot::Trigger).is_some() && decoded.objects & walk.table.data != 0;
    Ok(decoded)
}

/// One place of the tables, all triggers together.
struct Node {
    field: Option<&'static Field>,
    shape: Shape,
    key: Content,
    /// In the documented order.
    children: Vec<u8>,
    /// What an element of a list must have.
    entry: u128,
}

struct Table {
    nodes: Vec<Node>,
    /// For each trigger, for each object: its own bit and those of the fields it must have.
    required: [Vec<(u128, u128)>; 14],
    webhook: u8,
    data: u128,
}

/// The tables, compiled once a process.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::compile)
}

impl Table {
    const ROOT: u8 = 0;

    fn compile() -> Self {
        let mut table = Self {
            nodes: vec![Node {
                field: None,
                shape: Shape::Object(&[]),
                key: Content::null(),
                children: Vec::new(),
                entry: 0,
            }],
            required: Default::default(),
            webhook: 0,
            data: 0,
        };
        for trigger in Trigger::ALL {
            table.insert(Self::ROOT, schema::fields(trigger), trigger);
        }
        let child = |key| table.child(Self::ROOT, key).unwrap_or_default();
        let (webhook, data) = (child("webhook"), child("data"));
        table.webhook = webhook;
        table.data = bit(data);
        table
    }

    fn insert(&mut self, parent: u8, fields: &'static [Field], trigger: Trigger) {
        let mut required = 0;
        for field in fields {
            let node = match self.child(parent, field.key) {
                Some(node) => node,
                None => self.push(parent, field),
            };
            if field.required {
                required |= bit(node);
            }
            if let Shape::Object(inner) | Shape::List(inner) = field.shape {
                self.insert(node, inner, trigger);
            }
        }
        if matches!(self.nodes[usize::from(parent)].shape, Shape::List(_)) {
            self.nodes[usize::from(parent)].entry = required;
        } else {
            self.required[trigger as usize].push((bit(parent), required));
        }
    }

    fn child(&self, parent: u8, key: &str) -> Option<u8> {
        let children = &self.nodes[usize::from(parent)].children;
        children.iter().copied().find(|child| {
            self.nodes[usize::from(*child)]
                .field
                .is_some_and(|field| field.key == key)
        })
    }

    #[expect(clippy::cast_possible_truncation, reason = "a test holds it below 128")]
    fn push(&mut self, parent: u8, field: &'static Field) -> u8 {
        let node = self.nodes.len() as u8;
        self.nodes.push(Node {
            field: Some(field),
            shape: field.shape,
            key: Content::text(field.key),
            children: Vec::new(),
            entry: 0,
        });
        self.nodes[usize::from(parent)].children.push(node);
        node
    }

    fn node(&self, node: u8) -> &Node {
        &self.nodes[usize::from(node)]
    }
}

fn bit(node: u8) -> u128 {
    1 << node
}

struct Walk<'de> {
    table: &'static Table,
    decoded: Decoded<'de>,
    depth: u32,
}

impl<'de> Walk<'de> {
    fn seed(&mut self, node: Option<u8>) -> Seed<'_, 'de> {
        Seed { walk: self, node }
    }

    /// Takes the value of a field.
    fn take(&mut self, node: Option<u8>, scalar: Scalar<'de>) {
        let Some(field) = node.and_then(|node| self.table.node(node).field) else {
            return;
        };
        let (value, fit) = field.shape.read(scalar);
        match fit {
            Fit::Exact => {}
            Fit::Lenient => self.decoded.lenient = true,
            // A time that no call is made from may be as it likes.
            Fit::Implausible => self.decoded.refused |= field.slot.is_some(),
            Fit::WrongType | Fit::Invalid(_) => self.decoded.refused = true,
        }
        if let Some(slot) = field.slot {
            self.decoded.fields.set(slot, value);
        }
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
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
struct Seed<'w, 'de> {
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
        walk.take(node, Scalar::Object);
        let node = node.filter(|node| matches!(walk.table.node(*node).shape, Shape::Object(_)));
        if let Some(node) = node {
            walk.decoded.objects |= bit(node);
        }
        let content = walk_object(walk, node, &mut map)?;
        walk.depth -= 1;
        Ok(content)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let Self { walk, node } = self;
        walk.enter()?;
        walk.take(node, Scalar::Array);
        let list = node.filter(|node| matches!(walk.table.node(*node).shape, Shape::List(_)));
        let mut content = Content::array();
        match list {
            Some(list) => {
                while let Some(entry) = seq.next_element_seed(EntrySeed { walk, list })? {
                    content.add_element(entry);
                }
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

fn whole(value: u64) -> Scalar<'static> {
    #[expect(clippy::cast_precision_loss, reason = "beyond any time or id anyway")]
    i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int)
}

fn walk_object<'de, A: MapAccess<'de>>(
    walk: &mut Walk<'de>,
    node: Option<u8>,
    map: &mut A,
) -> Result<Content, A::Error> {
    let mut content = Content::object();
    let mut guess = 0;
    while let Some(key) = map.next_key_seed(KeySeed { walk, node, guess })? {
        let mut child = None;
        if let Some((found, next)) = key.found {
            guess = next;
            // A key that comes twice is left to the slow path, which takes the last.
            walk.decoded.refused |= walk.decoded.present & bit(found) != 0;
            walk.decoded.present |= bit(found);
            child = Some(found);
        } else if node.is_some() {
            walk.decoded.unknown = true;
        }
        let value = map.next_value_seed(walk.seed(child))?;
        if child != Some(walk.table.webhook) {
            content.add_member(key.content, value);
        }
    }
    Ok(content)
}

struct Key {
    content: Content,
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
        let found = self.node.and_then(|node| self.walk.find(node, key, self.guess));
        let content = match found {
            Some((node, _)) if self.walk.table.node(node).field.is_some_and(|field| field.key == key) => {
                self.walk.table.node(node).key
            }
            Some(_) => {
                self.walk.decoded.unknown = true;
                Content::text(key)
            }
            None => Content::text(key),
        };
        Ok(Key { content, found })
    }
}

/// Reads one entry of a roster.
struct EntrySeed<'w, 'de> {
    walk: &'w mut Walk<'de>,
    list: u8,
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, 'de> {
    type Value = Content;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, 'de> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a roster entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let Self { walk, list } = self;
        let children = (walk.table.node(list).children.iter()).fold(0, |bits, node| bits | bit(*node));
        walk.enter()?;
        walk.decoded.present &= !children;
        let content = walk_object(walk, Some(list), &mut map)?;
        let entry = walk.table.node(list).entry;
        walk.decoded.refused |= walk.decoded.present & entry != entry;
        let entry = walk.decoded.fields.take_entry();
        walk.decoded.roster.push(entry);
        walk.depth -= 1;
        Ok(content)
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        refuse(self).visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        refuse(self).visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        refuse(self).visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        refuse(self).visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        refuse(self).visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
        refuse(self).visit_str(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Content, A::Error> {
        refuse(self).visit_seq(seq)
    }
}

/// An element of the roster that is no object: nothing is read from it but its content.
fn refuse<'w, 'de>(entry: EntrySeed<'w, 'de>) -> Seed<'w, 'de> {
    entry.walk.decoded.refused = true;
    entry.walk.seed(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_bit() {
        assert!(table().nodes.len() <= 128, "{} nodes", table().nodes.len());
    }

    #[test]
    fn a_field_has_one_shape_in_all_tables() {
        fn walk(table: &Table, parent: u8, fields: &'static [Field]) {
            for field in fields {
                let node = table.child(parent, field.key).expect("a node");
                let compiled = table.node(node).field.expect("a field");
                assert_eq!(format!("{:?}", compiled.slot), format!("{:?}", field.slot));
                let (one, other) = (compiled.shape.describe(), field.shape.describe());
                assert_eq!(one, other, "{}", field.key);
                if let Shape::Object(inner) | Shape::List(inner) = field.shape {
                    walk(table, node, inner);
                }
            }
        }
        for trigger in Trigger::ALL {
            walk(table(), Table::ROOT, schema::fields(trigger));
        }
    }

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
