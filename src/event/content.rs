//! What a webhook says, as a number: equal for equal JSON, whatever the order of keys and the
//! spaces.
//!
//! 128 bits with a seed of the process, so that no capture can be made to look like another.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_128_with_seed;

/// The content of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Content(pub(crate) u128);

const ODD: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;

/// The seed of this process.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().build_hasher().finish())
}

impl Content {
    /// An object or array before its first member.
    pub(crate) fn object() -> Self {
        Self(1)
    }

    pub(crate) fn array() -> Self {
        Self(2)
    }

    pub(crate) fn null() -> Self {
        Self(3)
    }

    pub(crate) fn text(text: &str) -> Self {
        Self(xxh3_128_with_seed(text.as_bytes(), seed()))
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self(4 + u128::from(value))
    }

    /// A number by its value: `5` and `5.0` are one.
    pub(crate) fn int(value: i128) -> Self {
        Self(xxh3_128_with_seed(&value.to_le_bytes(), seed() ^ 1))
    }

    pub(crate) fn float(value: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
        if value.fract() == 0.0 && value.abs() < 1e18 {
            return Self::int(value as i128);
        }
        Self(xxh3_128_with_seed(&value.to_le_bytes(), seed() ^ 2))
    }

    /// Adds a member; their order does not matter.
    pub(crate) fn add_member(&mut self, key: Content, value: Content) {
        self.0 = self.0.wrapping_add(mix(key.0, value.0));
    }

    /// Adds an element; their order matters.
    pub(crate) fn add_element(&mut self, value: Content) {
        self.0 = mix(self.0, value.0);
    }
}

fn mix(one: u128, other: u128) -> u128 {
    let mixed = (one.wrapping_mul(ODD) ^ other).wrapping_mul(ODD);
    (mixed ^ mixed >> 67).wrapping_mul(ODD)
}
