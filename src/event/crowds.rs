//! Deliveries that have something in common.

use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use super::capture::Capture;
use super::delivery::Delivery;
use super::key::Identity;
use crate::threads::Threads;

/// Deliveries whose keys are hashed, or grouped, at a time.
const SHARED: usize = 1 << 16;

/// Parts in which deliveries are grouped, each for itself.
const SHARES: u32 = 16;

/// The deliveries of events whose documented key is not theirs alone, those of one key (or of two
/// that hash alike) together, in no particular order. Most events are alone with theirs.
pub(super) fn crowds(capture: &Capture, threads: Threads) -> Vec<Vec<u32>> {
    let mut hashed: Vec<u64> = Vec::with_capacity(capture.deliveries.len());
    let work = |range: Range<usize>| {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let deliveries = (first..).zip(&capture.deliveries[range]);
        let hashed = deliveries.filter_map(|(index, delivery)| {
            let identity = Identity::of(delivery)?;
            let hash = FxBuildHasher.hash_one((identity.trigger, identity.key));
            Some(hash >> 32 << 32 | u64::from(index))
        });
        hashed.collect::<Vec<_>>()
    };
    threads.all(capture.deliveries.len(), SHARED, work, |some| {
        hashed.extend(some);
    });
    let mut crowds = Vec::new();
    let shares = if hashed.len() < SHARED { 1 } else { SHARES };
    let work =
        |range: Range<usize>| range.flat_map(|nth| crowds_of(&hashed, nth, shares)).collect();
    threads.all(shares as usize, 1, work, |some: Vec<_>| {
        crowds.extend(some);
    });
    crowds
}

/// Those of the `nth` of so many shares of all hashes.
fn crowds_of(hashed: &[u64], nth: usize, shares: u32) -> Vec<Vec<u32>> {
    let share = |hash: u64| (((hash >> 32) * u64::from(shares)) >> 32) as usize;
    let mut own: Vec<u64> = hashed.iter().copied().filter(|hash| share(*hash) == nth).collect();
    own.sort_unstable();
    let groups = own.chunk_by(|one, other| one >> 32 == other >> 32);
    #[expect(clippy::cast_possible_truncation, reason = "the index is the lower half")]
    let crowd = |group: &[u64]| group.iter().map(|hashed| *hashed as u32).collect();
    groups.filter(|group| group.len() > 1).map(crowd).collect()
}

/// Groups deliveries by a key, those of one key in input order.
pub(super) fn group_by<'g, K: Ord>(
    capture: &'g Capture,
    members: &'g mut [u32],
    key: impl Fn(&Delivery) -> K + 'g,
) -> impl Iterator<Item = &'g [u32]> {
    let key = move |index: &u32| key(capture.delivery(*index));
    members.sort_by(|one, other| key(one).cmp(&key(other)).then(one.cmp(other)));
    members.chunk_by(move |one, other| key(one) == key(other))
}
