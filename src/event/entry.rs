//! The fast path through one entry of a roster.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::any::{Seed, walk_object};
use super::content::{Path, Word};
use super::decode::Walk;

impl Walk<'_, '_> {
    /// Begins an entry of a list.
    pub(super) fn open_entry(&mut self, list: u8) {
        self.decoded.present &= !self.table.node(list).inner;
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
pub(super) struct EntrySeed<'w, 'o, 'de> {
    pub(super) walk: &'w mut Walk<'o, 'de>,
    pub(super) list: u8,
    pub(super) path: Path,
}

impl<'w, 'o, 'de> EntrySeed<'w, 'o, 'de> {
    /// An element that is no object: nothing is read from it but its content.
    fn refuse(self) -> Seed<'w, 'o, 'de> {
        self.walk.decoded.refused = true;
        Seed { walk: self.walk, node: None, path: self.path }
    }
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a roster entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { walk, list, path } = self;
        walk.enter()?;
        walk.open_entry(list);
        walk.decoded.content.add_word(path, Word::Object);
        walk_object(walk, Some(list), path, &mut map)?;
        walk.close_entry(list);
        walk.depth -= 1;
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.refuse().visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.refuse().visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.refuse().visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.refuse().visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.refuse().visit_f64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.refuse().visit_str(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        self.refuse().visit_seq(seq)
    }
}
