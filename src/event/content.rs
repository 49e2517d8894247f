//! What a webhook says, as a number: equal for equal JSON, whatever the order of keys and the
//! spaces.
//!
//! It is the sum of all values, each hashed with where it stands. With a seed of the process, so that
//! no capture can be made to look like another; 64 bits, for only deliveries of one identity are
//! compared: of a thousand million pairs that differ, one in 10¹⁰ captures would have two alike.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::value::whole;
use crate::digest::process_seed;

/// The content of a JSON value; aligned to four bytes, as all else that a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(Rust, packed(4))]
pub struct Content(pub(crate) u64);

/// Where a value stands: the keys and numbers that lead to it, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Path(u64);

/// A value of which there are few.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word {
    Null,
    True,
    False,
    /// An array, whatever is in it.
    Array,
    /// An object, likewise.
    Object,
}

impl Word {
    pub(crate) fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// Two odd numbers without a pattern: keys and numbers of elements are told apart by them.
const KEY: u64 = 0x9E37_79B9_7F4A_7C15;
const ELEMENT: u64 = 0xF39C_C060_5CED_C835;

/// The hash of a key.
pub(crate) fn key(key: &str) -> u64 {
    xxh3_64_with_seed(key.as_bytes(), process_seed())
}

impl Path {
    /// What stands here does not count, nor what is in it.
    pub(crate) const NOWHERE: Self = Self(0);

    /// That of the whole.
    pub(crate) fn root() -> Self {
        Self(process_seed() | 1)
    }

    /// That of the member of an object whose [`key`] hashes to this.
    pub(crate) fn member(self, key: u64) -> Self {
        self.below(key, KEY)
    }

    /// That of an element of an array.
    pub(crate) fn element(self, number: usize) -> Self {
        self.below(number as u64, ELEMENT)
    }

    fn below(self, name: u64, kind: u64) -> Self {
        if self == Self::NOWHERE {
            return self;
        }
        let product = u128::from(self.0 ^ name) * u128::from(kind);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half of a number")]
        let folded = product as u64 ^ (product >> 64) as u64;
        Self(folded.max(1))
    }
}

impl Content {
    /// Adds a string.
    pub(crate) fn add_text(&mut self, path: Path, text: &str) {
        self.add(path, text.as_bytes(), 0);
    }

    /// Adds a number by its value: `5` and `5.0` are one.
    pub(crate) fn add_int(&mut self, path: Path, value: i128) {
        self.add(path, &value.to_le_bytes(), 1);
    }

    /// The same for a number with a fraction.
    pub(crate) fn add_float(&mut self, path: Path, value: f64) {
        match whole(value) {
            Some(whole) => self.add_int(path, whole.into()),
            None => self.add(path, &value.to_le_bytes(), 2),
        }
    }

    /// Adds one of the words, or that a container stands there.
    pub(crate) fn add_word(&mut self, path: Path, word: Word) {
        self.add(path, &[word as u8], 3);
    }

    /// Adds a value of a kind; the order in which values are added does not matter.
    fn add(&mut self, path: Path, bytes: &[u8], kind: u32) {
        if path != Path::NOWHERE {
            let hash = xxh3_64_with_seed(bytes, path.0.rotate_left(kind * 16));
            self.0 = self.0.wrapping_add(hash);
        }
    }
}
