//! Which events are in both captures.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::side::{Both, Side};
use crate::event::key::Named;
use crate::flow::Reconstruction;

/// By delivery of each side, the delivery that stands for the same event on the other; `None` where
/// it has none, and for a delivery that stands for no event.
#[derive(Debug)]
pub(super) struct Twins(Both<Vec<Option<u32>>>);

impl Twins {
    pub(super) fn of(sides: &Both<&Reconstruction<'_>>) -> Self {
        let named = |side: Side, event: u32| {
            let capture = sides.of(side).capture;
            Named::of(capture, event)
        };
        let mut hashed: Vec<(u64, Side, u32)> = Vec::new();
        for side in Side::ALL {
            let events = sides.of(side).identities.events();
            hashed.extend(
                events.map(|event| (FxBuildHasher.hash_one(named(side, event)), side, event)),
            );
        }
        // Only equal hashes look at their events.
        hashed.sort_unstable_by(|one, other| {
            (one.0.cmp(&other.0))
                .then_with(|| named(one.1, one.2).cmp(&named(other.1, other.2)))
                .then(one.1.cmp(&other.1))
        });
        let none = |side: &Reconstruction<'_>| vec![None; side.capture.deliveries.len()];
        let mut twins = sides.map(none);
        for pair in hashed.windows(2) {
            let [(hash, Side::A, a), (other_hash, Side::B, b)] = *pair else {
                continue;
            };
            if hash == other_hash && named(Side::A, a) == named(Side::B, b) {
                twins.a[a as usize] = Some(b);
                twins.b[b as usize] = Some(a);
            }
        }
        Self(twins)
    }

    /// The delivery that stands on the other side for the event for which this one stands.
    pub(super) fn of_event(&self, side: Side, event: u32) -> Option<u32> {
        self.0.of(side)[event as usize]
    }
}
