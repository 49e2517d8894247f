//! How much of two captures differs, in figures.

use super::change::{Change, EventKind, Kind};
use super::side::Both;

/// Calls and events that differ. An event counts once, however often it was delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls in which nothing differs.
    pub same: u64,
    /// Calls that both have, and that differ.
    pub changed: u64,
    /// Calls that one side alone has.
    pub only: Both<u64>,
    /// Events that one side alone has.
    pub events_only: Both<u64>,
    /// Events that both have, with another content.
    pub events_changed: u64,
    /// Events that are part of one call here and of another there.
    pub events_moved: u64,
}

impl Tally {
    /// Counts a pair of calls.
    pub fn count(&mut self, change: Option<&Change<'_>>) {
        let Some(change) = change else {
            self.same += 1;
            return;
        };
        match change.kind {
            Kind::OnlyA => self.only.a += 1,
            Kind::OnlyB => self.only.b += 1,
            Kind::Changed => self.changed += 1,
        }
        for event in &change.events {
            match event.kind {
                EventKind::OnlyA => self.events_only.a += 1,
                EventKind::OnlyB => self.events_only.b += 1,
                EventKind::Changed => self.events_changed += 1,
                // Where it has moved to another pair, that one tells it too.
                EventKind::Moved => self.events_moved += u64::from(event.is_own),
            }
        }
    }

    /// The sum of two.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let sum =
            |one: Both<u64>, other: Both<u64>| Both { a: one.a + other.a, b: one.b + other.b };
        Self {
            same: self.same + other.same,
            changed: self.changed + other.changed,
            only: sum(self.only, other.only),
            events_only: sum(self.events_only, other.events_only),
            events_changed: self.events_changed + other.events_changed,
            events_moved: self.events_moved + other.events_moved,
        }
    }

    /// Calls that differ.
    #[must_use]
    pub fn differing(&self) -> u64 {
        self.changed + self.only.a + self.only.b
    }
}
