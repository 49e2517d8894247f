//! Compares the calls of two captures.
//!
//! `event_matches` finds the events that both captures have, by their identity. `call_pairs` finds
//! the calls that both have, by id and by shared events, so that a call that lost a webhook, and with
//! it perhaps its id, is still recognised. `call_change` then finds what differs in a pair. Each step
//! but sorting takes time in proportion to the number of deliveries. The result does not depend on
//! the order of arrival; if the captures are swapped, only the sides are.

mod call_change;
mod call_pairs;
mod diff_counts;
mod event_matches;
mod side;

pub use call_change::{CallChange, CallDifference, EventChange, EventDifference, FieldChange};
pub use call_pairs::CallPair;
pub use diff_counts::DiffCounts;
pub use side::{BothSides, DiffSide, EitherOrBoth};

use crate::flow::Reconstruction;
use event_matches::EventMatches;

/// The comparison of two captures.
#[derive(Debug)]
pub struct CaptureDiff<'r> {
    /// Their calls.
    pub sides: BothSides<&'r Reconstruction<'r>>,
    /// Every call of either side, with its counterpart if it has one. Ordered by first event, then
    /// id.
    pub pairs: Vec<CallPair>,
    matches: EventMatches,
}

impl<'r> CaptureDiff<'r> {
    /// Finds the events and calls that both sides have.
    #[must_use]
    pub fn new(sides: BothSides<&'r Reconstruction<'r>>) -> Self {
        let matches = EventMatches::new(&sides);
        let pairs = call_pairs::pair_calls(&sides, &matches);
        Self { sides, pairs, matches }
    }

    /// What differs in one of the pairs; `None` if nothing does.
    #[must_use]
    pub fn change(&self, pair: &CallPair) -> Option<CallChange<'r>> {
        call_change::compare_pair(&self.sides, &self.matches, pair)
    }
}
