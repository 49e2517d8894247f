//! Strings met in a capture, each kept once.

use std::num::NonZeroU32;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use xxhash_rust::xxh3::xxh3_64;

/// A string of a [`Strings`]. Two are equal when their strings are; their order means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(NonZeroU32);

/// The strings themselves, one behind another.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    /// Where each string ends in `text`.
    ends: Vec<usize>,
    table: HashTable<u32>,
}

impl Sym {
    /// Its place among the symbols of its table.
    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl Strings {
    /// The symbol of `string`.
    pub fn intern(&mut self, string: &str) -> Sym {
        let Self { text, ends, table } = self;
        let at = |index: u32| slice(text, ends, index);
        let entry = table.entry(
            xxh3_64(string.as_bytes()),
            |index| at(*index) == string,
            |index| xxh3_64(at(*index).as_bytes()),
        );
        let index = match entry {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                // Four thousand million distinct strings do not fit in memory; past them all are
                // one.
                let index = u32::try_from(ends.len()).unwrap_or(u32::MAX - 1);
                entry.insert(index);
                text.push_str(string);
                ends.push(text.len());
                index
            }
        };
        Sym(NonZeroU32::MIN.saturating_add(index))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Takes over all strings of another table, and says which symbol each has here, by the symbol
    /// it had there.
    pub(super) fn join(&mut self, other: &Self) -> Vec<Sym> {
        let indexes = 0..u32::try_from(other.ends.len()).unwrap_or(u32::MAX);
        indexes.map(|index| self.intern(slice(&other.text, &other.ends, index))).collect()
    }

    /// The string of a symbol that this table gave out.
    #[must_use]
    pub fn get(&self, sym: Sym) -> &str {
        slice(&self.text, &self.ends, sym.0.get() - 1)
    }
}

fn slice<'t>(text: &'t str, ends: &[usize], index: u32) -> &'t str {
    let index = index as usize;
    let start = index.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start..ends[index]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_symbol() {
        let mut strings = Strings::default();
        let words: Vec<_> = (0..1000).map(|n| format!("name {}", n % 100)).collect();
        let syms: Vec<_> = words.iter().map(|word| strings.intern(word)).collect();
        for (word, sym) in words.iter().zip(&syms) {
            assert_eq!(strings.get(*sym), word);
            assert_eq!(strings.intern(word), *sym);
        }
        assert_eq!(strings.ends.len(), 100);
        let empty = strings.intern("");
        assert_eq!(strings.get(empty), "");
    }
}
