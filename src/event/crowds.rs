//! Deliveries that have something in common.

use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use super::capture::Capture;
use super::key::Identity;
use crate::threads::{SHARES, Threads};

/// Deliveries whose keys are hashed at a time.
const SHARED: usize = 1 << 16;

/// The deliveries of events whose documented key is not theirs alone, those of one key (or of two
/// that hash alike) together, in no particular order. Most events are alone with theirs.
pub(super) fn crowds(capture: &Capture, threads: Threads) -> Vec<Vec<u32>> {
    let keys = |range: Range<usize>, take: &mut dyn FnMut(u64)| {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        for index in (first..).take(range.len()) {
            if let Some(identity) = Identity::of(capture, index) {
                let hash = FxBuildHasher.hash_one((identity.trigger, identity.key));
                take(hash >> 32 << 32 | u64::from(index));
            }
        }
    };
    let share = |hashed: u64| hashed >> (u64::BITS - SHARES.ilog2());
    let work = |hashed: &[u64]| {
        let groups = hashed.chunk_by(|one, other| one >> 32 == other >> 32);
        #[expect(clippy::cast_possible_truncation, reason = "the index is the lower half")]
        let crowd = |group: &[u64]| group.iter().map(|hashed| *hashed as u32).collect();
        groups.filter(|group| group.len() > 1).map(crowd).collect::<Vec<_>>()
    };
    let mut crowds = Vec::new();
    threads.in_shares(capture.deliveries.len(), SHARED, keys, share, work, |some| {
        crowds.extend(some);
    });
    crowds
}

/// Groups deliveries by a key, those of one key in input order.
pub(super) fn group_by<'g, K: Ord>(
    members: &'g mut [u32],
    key: impl Fn(u32) -> K + 'g,
) -> impl Iterator<Item = &'g [u32]> {
    members.sort_by(|one, other| key(*one).cmp(&key(*other)).then(one.cmp(other)));
    members.chunk_by(move |one, other| key(*one) == key(*other))
}
