//! The way through a body for any JSON that there is: serde's. It gives up only at what is none, or
//! what the parser cannot hold.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::compiled::{Behind, Table};
use super::content::{Path, Word};
use super::decode::{Key, Walk};

/// Walks a body.
///
/// # Errors
/// Those of [`decode`](super::decode::decode).
pub(super) fn read<'de>(text: &'de str, walk: &mut Walk<'_, 'de>) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    // The walk has its own limit, one level beyond the parser's.
    json.disable_recursion_limit();
    Seed { walk, place: Place::Value(Some(Table::ROOT)), path: Path::root() }
        .deserialize(&mut json)?;
    json.end()?;
    walk.end();
    Ok(())
}

/// What a value is to the tables.
#[derive(Clone, Copy)]
enum Place {
    /// The field at this place; where there is none, it is read for its content alone.
    Value(Option<u8>),
    /// An entry of the list at this place.
    Entry(u8),
}

/// Reads one value.
struct Seed<'w, 'o, 'de> {
    walk: &'w mut Walk<'o, 'de>,
    place: Place,
    path: Path,
}

impl Seed<'_, '_, '_> {
    /// The place of what is no object: of an entry that is none nothing is read but its content.
    fn node(&mut self) -> Option<u8> {
        match self.place {
            Place::Value(node) => node,
            Place::Entry(_) => {
                self.walk.decoded.refused = true;
                None
            }
        }
    }
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

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        let node = self.node();
        self.walk.word(node, self.path, Word::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        let node = self.node();
        self.walk.word(node, self.path, Word::of(value));
        Ok(())
    }

    fn visit_i64<E: Error>(mut self, value: i64) -> Result<(), E> {
        let node = self.node();
        self.walk.whole(node, self.path, value.into());
        Ok(())
    }

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<(), E> {
        let node = self.node();
        self.walk.whole(node, self.path, value.into());
        Ok(())
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<(), E> {
        let node = self.node();
        self.walk.fraction(node, self.path, value);
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(mut self, text: &'de str) -> Result<(), E> {
        let node = self.node();
        self.walk.text(node, self.path, text);
        Ok(())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        let text = self.walk.spare.alloc_str(text);
        let node = self.node();
        self.walk.text(node, self.path, text);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { walk, place, path } = self;
        walk.enter()?;
        match place {
            Place::Value(node) => {
                let node = walk.open_object(node, path);
                walk_object(walk, node, path, &mut map)?;
            }
            Place::Entry(list) => {
                walk.open_entry(list, path);
                walk_object(walk, Some(list), path, &mut map)?;
                walk.close_entry(list);
            }
        }
        walk.depth -= 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let node = self.node();
        let Self { walk, path, .. } = self;
        walk.enter()?;
        let list = walk.open_array(node, path);
        let aside = walk.decoded.fields.set_aside();
        let place = list.map_or(Place::Value(None), Place::Entry);
        for number in 0.. {
            let path = path.element(number);
            if seq.next_element_seed(Seed { walk, place, path })?.is_none() {
                break;
            }
        }
        walk.decoded.fields.put_back(aside);
        walk.depth -= 1;
        Ok(())
    }
}

fn walk_object<'de, A: MapAccess<'de>>(
    walk: &mut Walk<'_, 'de>,
    node: Option<u8>,
    path: Path,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut behind = Behind::start(node.unwrap_or(Table::ROOT));
    while let Some(key) = map.next_key_seed(KeySeed { walk, node, behind })? {
        let (child, path) = walk.member(node, path, key, &mut behind);
        map.next_value_seed(Seed { walk, place: Place::Value(child), path })?;
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
