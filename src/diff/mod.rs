//! The calls of two captures → what differs, call by call.
//!
//! `twins` finds the events that are in both, by their identity; `pairs` the calls that are one, by
//! their ids and by the events that they share, so that a call that lost a webhook, and with it
//! perhaps its id, is still the same call; `change` then says what differs between the two sides of
//! a pair. Each takes time in proportion to what was captured, but for sorting. Nothing here depends
//! on the order of arrival, and nothing but the names of the sides on which of the two comes first.

mod change;
mod pairs;
mod side;
mod tally;
mod twins;

pub use change::{Change, EventChange, EventKind, Field, Kind};
pub use pairs::Pair;
pub use side::{Both, Side};
pub use tally::Tally;

use crate::flow::Reconstruction;
use twins::Twins;

/// Two captures held against each other.
#[derive(Debug)]
pub struct Diff<'r> {
    /// Their calls.
    pub sides: Both<&'r Reconstruction<'r>>,
    /// Every call of either side, with its counterpart if it has one: by first event, then id.
    pub pairs: Vec<Pair>,
    twins: Twins,
}

impl<'r> Diff<'r> {
    /// Finds which events and calls of the two sides are one.
    #[must_use]
    pub fn new(sides: Both<&'r Reconstruction<'r>>) -> Self {
        let twins = Twins::of(&sides);
        let pairs = pairs::pairs(&sides, &twins);
        Self { sides, pairs, twins }
    }

    /// What differs in one of the pairs; `None` where nothing does.
    #[must_use]
    pub fn change(&self, pair: &Pair) -> Option<Change<'r>> {
        change::change(&self.sides, &self.twins, pair)
    }
}
