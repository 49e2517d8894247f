//! What is kept of calls that are forgotten: a tombstone for each name that they had.

use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::event::Moment;

/// A name of a call that was forgotten.
#[derive(Clone, Copy, Debug)]
struct Tombstone {
    /// Name and app as a number, with a seed of the process: nobody can make a call look like
    /// another.
    name: u64,
    /// Second up to which what comes under the name belongs to the call. None has passed by then
    /// where the name has only had revisions.
    until: u32,
    /// The highest revision that was told under the name.
    revision: u32,
}

/// The tombstones. Of very many the oldest are let go.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seed: RandomState,
    /// A ring, once it is full.
    tombstones: Vec<Tombstone>,
    /// The oldest, once it is full.
    oldest: u32,
    by_name: HashTable<u32>,
}

/// How many are kept: with what leads to them, some megabytes.
const MOST: u32 = 1 << 17;

impl Memory {
    /// The highest revision of a call that was forgotten.
    pub(super) fn revision(&self, app: Option<&str>, id: &str) -> u32 {
        self.find(self.name((app, id))).map_or(0, |tombstone| tombstone.revision)
    }

    /// Keeps the highest revision of a call.
    pub(super) fn keep(&mut self, app: Option<&str>, id: &str, revision: u32) {
        let name = self.name((app, id));
        self.tombstone(name).revision = revision;
    }

    /// Keeps that a call is over and forgotten which has events under this key; later than `until`
    /// there may be another. `None` where nothing else ever has the key.
    pub(super) fn bury(&mut self, key: &str, until: Option<Moment>) {
        let until = until.map_or(u32::MAX, |until| second(until).saturating_add(1));
        let name = self.name(key);
        let tombstone = self.tombstone(name);
        tombstone.until = tombstone.until.max(until);
    }

    /// Whether what happened under this key at this time is a forgotten call's.
    pub(super) fn is_buried(&self, key: &str, at: Moment) -> bool {
        self.find(self.name(key)).is_some_and(|tombstone| second(at) < tombstone.until)
    }

    fn name(&self, of: impl Hash) -> u64 {
        self.seed.hash_one(of)
    }

    fn find(&self, name: u64) -> Option<&Tombstone> {
        let at = self.by_name.find(name, |at| self.tombstones[*at as usize].name == name)?;
        self.tombstones.get(*at as usize)
    }

    /// The tombstone of a name; a new one if it has none.
    fn tombstone(&mut self, name: u64) -> &mut Tombstone {
        let Self { tombstones, oldest, by_name, .. } = self;
        let new = Tombstone { name, until: 0, revision: 0 };
        let next = u32::try_from(tombstones.len()).unwrap_or(MOST).min(MOST);
        let is_full = next == MOST;
        let place = if is_full { *oldest } else { next };
        let at = match by_name.find(name, |at| tombstones[*at as usize].name == name) {
            Some(at) => *at,
            None if is_full => {
                *oldest = (place + 1) % MOST;
                let gone = tombstones[place as usize].name;
                if let Ok(entry) = by_name.find_entry(gone, |at| *at == place) {
                    entry.remove();
                }
                tombstones[place as usize] = new;
                place
            }
            None => {
                tombstones.push(new);
                place
            }
        };
        let is_it = |other: &u32| *other == at;
        if let Entry::Vacant(entry) = by_name.entry(name, is_it, |at| tombstones[*at as usize].name)
        {
            entry.insert(at);
        }
        &mut tombstones[at as usize]
    }
}

/// The second of a time; of one before 1970 the first, of one behind 2106 the last.
fn second(at: Moment) -> u32 {
    u32::try_from(at.seconds().max(0)).unwrap_or(u32::MAX - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Moment {
        Moment::from_number(second).expect("a time").0
    }

    #[test]
    fn a_tombstone_takes_sixteen_bytes() {
        assert_eq!(size_of::<Tombstone>(), 16);
    }

    #[test]
    fn the_oldest_of_very_many_is_let_go_and_the_others_are_found() {
        let mut memory = Memory::default();
        let many = MOST + 1000;
        for nth in 0..many {
            memory.keep(Some("app"), &nth.to_string(), nth + 1);
        }
        let revision = |nth: u32| memory.revision(Some("app"), &nth.to_string());
        assert!((0..1000).all(|nth| revision(nth) == 0));
        assert!((1000..many).all(|nth| revision(nth) == nth + 1));
        assert_eq!((memory.tombstones.len(), memory.by_name.len()), (MOST as usize, MOST as usize));
    }

    #[test]
    fn what_happens_behind_the_end_of_a_buried_call_is_another_calls() {
        let mut memory = Memory::default();
        memory.bury("room", Some(at(1_767_346_800)));
        memory.bury("record", None);
        let buried = |key, second| memory.is_buried(key, at(second));
        assert!(buried("room", 1_767_346_000) && buried("room", 1_767_346_800));
        assert!(!buried("room", 1_767_346_801) && !buried("hall", 1_767_346_000));
        assert!(buried("record", 4_000_000_000));
        memory.keep(None, "room", 3);
        assert!(!memory.is_buried("hall", at(0)));
    }
}
