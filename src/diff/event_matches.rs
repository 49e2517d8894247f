//! The events that both captures have.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::side::{BothSides, DiffSide};
use crate::event::key::Named;
use crate::flow::Reconstruction;

/// By delivery of each side, the first delivery of the same event on the other side. `None` if the
/// other side lacks the event, and for deliveries other than the first of an event.
#[derive(Debug)]
pub(super) struct EventMatches(BothSides<Vec<Option<u32>>>);

impl EventMatches {
    pub(super) fn new(sides: &BothSides<&Reconstruction<'_>>) -> Self {
        let identity = |side: DiffSide, event: u32| Named::of(sides.on(side).capture, event);
        let mut hashed: Vec<(u64, DiffSide, u32)> = Vec::new();
        for side in DiffSide::ALL {
            let events = sides.on(side).identities.events();
            let hash = |event| FxBuildHasher.hash_one(identity(side, event));
            hashed.extend(events.map(|event| (hash(event), side, event)));
        }
        // Hashes first: an identity is built from the capture each time, so that few are compared.
        hashed.sort_unstable_by(|one, other| {
            (one.0.cmp(&other.0))
                .then_with(|| identity(one.1, one.2).cmp(&identity(other.1, other.2)))
                .then(one.1.cmp(&other.1))
        });
        let mut matches = sides.map(|side| vec![None; side.capture.deliveries.len()]);
        for pair in hashed.windows(2) {
            let [(hash, DiffSide::A, a), (other_hash, DiffSide::B, b)] = *pair else {
                continue;
            };
            if hash == other_hash && identity(DiffSide::A, a) == identity(DiffSide::B, b) {
                matches.a[a as usize] = Some(b);
                matches.b[b as usize] = Some(a);
            }
        }
        Self(matches)
    }

    /// The first delivery of the event on the other side.
    pub(super) fn of_event(&self, side: DiffSide, event: u32) -> Option<u32> {
        self.0.on(side)[event as usize]
    }
}
