//! The way through a body for any JSON that there is: serde's. It gives up only at what is none, or
//! what the parser cannot hold.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::compiled::{Behind, Table};
use super::content::{Path, Word};
use super::decode::{Key, Walk};
use super::entry::EntrySeed;

/// Walks a body.
///
/// # Errors
/// Those of [`decode`](super::decode::decode).
pub(super) fn read<'de>(text: &'de str, walk: &mut Walk<'_, 'de>) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    // The walk has its own limit, one level beyond the parser's.
    json.disable_recursion_limit();
    Seed { walk, node: Some(Table::ROOT), path: Path::root() }.deserialize(&mut json)?;
    json.end()?;
    walk.end();
    Ok(())
}

/// Reads one value: along the tables where it has a node, else for its content alone.
pub(super) struct Seed<'w, 'o, 'de> {
    pub(super) walk: &'w mut Walk<'o, 'de>,
    pub(super) node: Option<u8>,
    pub(super) path: Path,
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.walk.word(self.node, self.path, Word::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.walk.word(self.node, self.path, Word::of(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.walk.whole(self.node, self.path, value.into());
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.walk.whole(self.node, self.path, value.into());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.walk.fraction(self.node, self.path, value);
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.walk.text(self.node, self.path, text);
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let text = self.walk.spare.alloc_str(text);
        self.walk.text(self.node, self.path, text);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { walk, node, path } = self;
        walk.enter()?;
        let node = walk.open_object(node, path);
        walk_object(walk, node, path, &mut map)?;
        walk.depth -= 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { walk, node, path } = self;
        walk.enter()?;
        let list = walk.open_array(node, path);
        let aside = walk.decoded.fields.set_aside();
        for number in 0.. {
            let path = path.element(number);
            let more = match list {
                Some(list) => seq.next_element_seed(EntrySeed { walk, list, path })?,
                None => seq.next_element_seed(Seed { walk, node: None, path })?,
            };
            if more.is_none() {
                break;
            }
        }
        walk.decoded.fields.put_back(aside);
        walk.depth -= 1;
        Ok(())
    }
}

pub(super) fn walk_object<'de, A: MapAccess<'de>>(
    walk: &mut Walk<'_, 'de>,
    node: Option<u8>,
    path: Path,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut behind = Behind::start(node.unwrap_or(Table::ROOT));
    while let Some(key) = map.next_key_seed(KeySeed { walk, node, behind })? {
        let (child, path) = walk.member(node, path, key, &mut behind);
        map.next_value_seed(Seed { walk, node: child, path })?;
    }
    Ok(())
}

struct KeySeed<'w, 'o, 'de> {
    walk: &'w mut Walk<'o, 'de>,
    node: Option<u8>,
    behind: Behind,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, 'de> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_, 'de> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(self.walk.key(self.node, self.behind, key))
    }
}
