//! The field tables, compiled: the tables of all triggers as one tree, each field a bit.

use std::sync::OnceLock;

use super::content;
use super::schema::{self, Field, Mask, Private, Shape};
use super::trigger::Trigger;

/// One place of the tables, all triggers together.
pub(super) struct Node {
    pub(super) field: Option<&'static Field>,
    pub(super) shape: Shape,
    /// The hash of its key.
    pub(super) key: u64,
    pub(super) quoted: Quoted,
    /// In the documented order.
    pub(super) children: Vec<u8>,
    /// A bit for each of them.
    pub(super) inner: u128,
    /// What an element of a list must have.
    pub(super) entry: u128,
}

/// A key as it is written: with its quotes and the colon behind them.
pub(super) struct Quoted {
    text: String,
    /// Its first bytes as one number, and which of that are its own.
    word: u128,
    mask: u128,
}

/// Bytes of a number.
const WORD: usize = size_of::<u128>();

impl Quoted {
    fn of(key: &str) -> Self {
        let text = format!("\"{key}\":");
        let (mut word, mut mask) = ([0; WORD], [0; WORD]);
        for (at, byte) in text.bytes().enumerate().take(WORD) {
            (word[at], mask[at]) = (byte, u8::MAX);
        }
        Self { text, word: u128::from_le_bytes(word), mask: u128::from_le_bytes(mask) }
    }

    /// How long it is, if a text begins with it.
    pub(super) fn begins(&self, text: &[u8]) -> Option<usize> {
        let begins = match text.first_chunk() {
            Some(first) => {
                u128::from_le_bytes(*first) & self.mask == self.word
                    && (self.text.len() <= WORD
                        || text[WORD..].starts_with(&self.text.as_bytes()[WORD..]))
            }
            None => text.starts_with(self.text.as_bytes()),
        };
        begins.then_some(self.text.len())
    }
}

/// Which field of an object came behind which: what is written by one program comes in one order,
/// mostly. It begins as documented.
#[derive(Clone, Debug)]
pub(super) struct Order([[u8; 2]; 2 * NODES]);

/// Most places of the tables.
const NODES: usize = 128;

/// What an object's key stands behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind(u8);

impl Behind {
    /// Nothing: the object at this place begins.
    pub(super) fn start(parent: u8) -> Self {
        Self(parent | 1 << 7)
    }

    /// The field at this place.
    pub(super) fn field(node: u8) -> Self {
        Self(node)
    }
}

impl Default for Order {
    fn default() -> Self {
        table().order.clone()
    }
}

impl Order {
    /// The fields that came there, the last two of them; none is at the root's place.
    #[inline]
    pub(super) fn likely(&self, behind: Behind) -> [u8; 2] {
        self.0[usize::from(behind.0)]
    }

    /// Another field came there.
    pub(super) fn learn(&mut self, behind: Behind, node: u8) {
        let [last, before] = &mut self.0[usize::from(behind.0)];
        (*last, *before) = (node, *last);
    }
}

pub(super) struct Table {
    nodes: Vec<Node>,
    /// The documented order.
    pub(super) order: Order,
    /// For each trigger, for each object: its own bit and those of the fields it must have.
    pub(super) required: [Vec<(u128, u128)>; 14],
    /// For each trigger the bits of all its fields.
    pub(super) known: [u128; 14],
    pub(super) webhook: u8,
    pub(super) data: u128,
}

/// The tables, compiled once a process.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::compile)
}

impl Table {
    pub(super) const ROOT: u8 = 0;

    fn compile() -> Self {
        let mut table = Self {
            nodes: vec![Node {
                field: None,
                shape: Shape::Object(&[]),
                key: 0,
                quoted: Quoted::of(""),
                children: Vec::new(),
                inner: 0,
                entry: 0,
            }],
            order: Order([[Self::ROOT; 2]; 2 * NODES]),
            required: Default::default(),
            known: [0; 14],
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
        table.document_order();
        table
    }

    fn document_order(&mut self) {
        for (parent, node) in (0..).zip(&self.nodes) {
            let mut behind = Behind::start(parent);
            for child in &node.children {
                self.order.learn(behind, *child);
                behind = Behind::field(*child);
            }
        }
    }

    fn insert(&mut self, parent: u8, fields: &'static [Field], trigger: Trigger) {
        let mut required = 0;
        for field in fields {
            let node = match self.child(parent, field.key) {
                Some(node) => node,
                None => self.push(parent, field),
            };
            self.known[trigger as usize] |= bit(node);
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

    /// The place of an object's member: that of the field with this key, else of one that is read
    /// under this spelling too.
    pub(super) fn member(&self, parent: u8, key: &str) -> Option<u8> {
        let children = &self.node(parent).children;
        let alias =
            |child: &&u8| self.node(**child).field.is_some_and(|field| field.alias == Some(key));
        self.child(parent, key).or_else(|| children.iter().find(alias).copied())
    }

    fn child(&self, parent: u8, key: &str) -> Option<u8> {
        let children = &self.nodes[usize::from(parent)].children;
        children.iter().copied().find(|child| {
            self.nodes[usize::from(*child)].field.is_some_and(|field| field.key == key)
        })
    }

    /// Any field of this key; one whose text is something known, if there is one.
    pub(super) fn named(&self, key: &str) -> Option<&'static Field> {
        let fields = self.nodes.iter().filter_map(|node| node.field);
        let is_known = |field: &&'static Field| matches!(field.mask, Mask::Private(private) if private != Private::Other);
        let mut named = fields.filter(|field| field.key == key || field.alias == Some(key));
        named.clone().find(is_known).or_else(|| named.next())
    }

    #[expect(clippy::cast_possible_truncation, reason = "a test holds it below 128")]
    fn push(&mut self, parent: u8, field: &'static Field) -> u8 {
        let node = self.nodes.len() as u8;
        self.nodes.push(Node {
            field: Some(field),
            shape: field.shape,
            key: content::key(field.key),
            quoted: Quoted::of(field.key),
            children: Vec::new(),
            inner: 0,
            entry: 0,
        });
        let parent = &mut self.nodes[usize::from(parent)];
        parent.children.push(node);
        parent.inner |= bit(node);
        node
    }

    pub(super) fn node(&self, node: u8) -> &Node {
        &self.nodes[usize::from(node)]
    }
}

pub(super) fn bit(node: u8) -> u128 {
    1 << node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_bit() {
        assert!(table().nodes.len() <= NODES, "{} nodes", table().nodes.len());
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
                assert_eq!(compiled.mask, field.mask, "{}", field.key);
                if let Shape::Object(inner) | Shape::List(inner) = field.shape {
                    walk(table, node, inner);
                }
            }
        }
        for trigger in Trigger::ALL {
            walk(table(), Table::ROOT, schema::fields(trigger));
        }
    }
}
