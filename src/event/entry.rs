//! The fast path through one entry of a roster.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::compiled::bit;
use super::content::Content;
use super::decode::{Seed, Walk, walk_object};

impl Walk<'_> {
    /// Begins an entry of a list.
    pub(super) fn open_entry(&mut self, list: u8) {
        let children = &self.table.node(list).children;
        self.decoded.present &= !children.iter().fold(0, |bits, node| bits | bit(*node));
    }

    /// Keeps the entry that has been walked.
    pub(super) fn close_entry(&mut self, list: u8) {
        let entry = self.table.node(list).entry;
        self.decoded.refused |= self.decoded.present & entry != entry;
        let entry = self.decoded.fields.take_entry();
        self.decoded.roster.push(entry);
    }
}

/// Reads one entry of a roster.
pub(super) struct EntrySeed<'w, 'de> {
    pub(super) walk: &'w mut Walk<'de>,
    pub(super) list: u8,
}

impl<'w, 'de> EntrySeed<'w, 'de> {
    /// An element that is no object: nothing is read from it but its content.
    fn refuse(self) -> Seed<'w, 'de> {
        self.walk.decoded.refused = true;
        self.walk.seed(None)
    }
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
        walk.enter()?;
        walk.open_entry(list);
        let content = walk_object(walk, Some(list), &mut map)?;
        walk.close_entry(list);
        walk.depth -= 1;
        Ok(content)
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        self.refuse().visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        self.refuse().visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        self.refuse().visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        self.refuse().visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        self.refuse().visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
        self.refuse().visit_str(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Content, A::Error> {
        self.refuse().visit_seq(seq)
    }
}
