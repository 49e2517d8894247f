//! Counts of what differs.

use std::ops::AddAssign;

use super::call_change::{CallChange, CallDifference, EventChange};
use super::side::BothSides;

/// Calls and events that differ. An event counts once, however often it was delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffCounts {
    /// Calls in which nothing differs.
    pub same: u64,
    /// Calls that both sides have, and that differ.
    pub changed: u64,
    /// Calls that only one side has.
    pub only: BothSides<u64>,
    /// Events that only one side has.
    pub events_only: BothSides<u64>,
    /// Events that both sides have, with different content.
    pub events_changed: u64,
    /// Events that belong to different calls on the two sides.
    pub events_moved: u64,
}

impl DiffCounts {
    /// Counts a pair of calls.
    pub fn count(&mut self, change: Option<&CallChange<'_>>) {
        let Some(change) = change else {
            self.same += 1;
            return;
        };
        match change.difference() {
            CallDifference::OnlyA => self.only.a += 1,
            CallDifference::OnlyB => self.only.b += 1,
            CallDifference::Changed => self.changed += 1,
        }
        for event in &change.events {
            match event {
                EventChange::OnlyA(_) => self.events_only.a += 1,
                EventChange::OnlyB(_) => self.events_only.b += 1,
                EventChange::Changed(..) => self.events_changed += 1,
                // An event that moved to another pair is listed in both, and counted in one.
                EventChange::Moved { is_own, .. } => self.events_moved += u64::from(*is_own),
            }
        }
    }

    /// Calls that differ.
    #[must_use]
    pub fn differing(&self) -> u64 {
        self.changed + self.only.a + self.only.b
    }
}

impl AddAssign for BothSides<u64> {
    fn add_assign(&mut self, other: Self) {
        self.a += other.a;
        self.b += other.b;
    }
}

impl AddAssign for DiffCounts {
    fn add_assign(&mut self, other: Self) {
        let Self { same, changed, only, events_only, events_changed, events_moved } = other;
        self.same += same;
        self.changed += changed;
        self.only += only;
        self.events_only += events_only;
        self.events_changed += events_changed;
        self.events_moved += events_moved;
    }
}
