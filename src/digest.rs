//! Proof that bytes read a second time are those of the first reading.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A seeded 64-bit digest of bytes. Stored byte by byte, so that it needs no alignment in packed
/// records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 8]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_64_with_seed(bytes, process_seed()).to_le_bytes())
    }
}

/// The seed of all hashes of this process: random, so that nobody can prepare two inputs that hash
/// alike.
pub(crate) fn process_seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().build_hasher().finish())
}
