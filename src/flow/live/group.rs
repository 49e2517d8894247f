//! Deliveries that may belong together, and what was told of their calls.

use std::rc::Rc;

use super::Patience;
use super::told::Printed;
use crate::event::{Capture, Kind, Moment, Seen, Sight, Span};

/// One group.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) capture: Capture,
    seen: Seen,
    /// By delivery, what the clock said when it came.
    pub(super) came_at: Vec<Moment>,
    pub(super) printed: Vec<Printed>,
    /// Deliveries since it was last looked at.
    pub(super) fresh: usize,
    /// When it is looked at next.
    pub(super) due: Option<Moment>,
    /// What leads to it.
    pub(super) keys: Vec<Rc<str>>,
    /// Where it may meet others.
    pub(super) seconds: Vec<Rc<str>>,
}

/// A group of more deliveries is not looked at for each event that tells something.
const CHEAP: usize = 2000;

/// How long is waited for more of a late change.
pub(super) const PAUSE: Span = Span::from_seconds(5);

impl Group {
    /// When its last delivery came.
    pub(super) fn latest(&self) -> Option<Moment> {
        self.came_at.iter().copied().max()
    }

    /// How many deliveries it holds.
    pub(super) fn len(&self) -> usize {
        self.came_at.len()
    }

    /// Takes the deliveries of `one`; what the first of them is.
    pub(super) fn add(&mut self, one: &Capture, clock: Moment) -> Option<Sight> {
        self.fresh += 1;
        let moved = self.capture.absorb(one, |index| index == 0);
        let index = moved.first().copied().flatten()?;
        self.came_at.push(clock);
        self.seen.take(&self.capture, index)
    }

    /// Takes over another group.
    pub(super) fn absorb(&mut self, other: Self) {
        let moved = self.capture.absorb(&other.capture, |_| true);
        let at = |index: u32| moved.get(index as usize).copied().flatten();
        for index in moved.iter().flatten() {
            self.seen.take(&self.capture, *index);
        }
        self.came_at.extend(other.came_at);
        for mut printed in other.printed {
            if let Some(delivery) = at(printed.delivery) {
                printed.delivery = delivery;
                self.printed.push(printed);
            }
        }
        self.fresh += other.fresh;
        self.due = [self.due, other.due].into_iter().flatten().min();
        self.keys.extend(other.keys);
        self.seconds.extend(other.seconds);
    }

    /// All that it holds came at `clock`.
    pub(super) fn move_to(&mut self, clock: Moment) {
        self.came_at.fill(clock);
    }

    /// Whether it may be looked at for every event that tells something.
    pub(super) fn is_cheap(&self) -> bool {
        self.len() <= CHEAP || 16 * self.fresh >= self.len()
    }

    /// How long after an event of this kind it is looked at.
    pub(super) fn wait(&self, kind: Kind, patience: &Patience) -> Span {
        match kind {
            Kind::Initiated if self.printed.is_empty() => patience.limits.ring_window,
            Kind::Started | Kind::Joined | Kind::Left if self.printed.is_empty() => {
                patience.limits.open_after
            }
            // What was told may have changed; a long story is not told anew for every word.
            _ => (0..self.len() / 1000).map(|_| PAUSE).chain([PAUSE]).sum(),
        }
    }

    /// Lets go of all deliveries but those that stay.
    pub(super) fn shrink(&mut self, stays: &[bool]) {
        let old = std::mem::take(&mut self.capture);
        let moved = self.capture.absorb(&old, |index| stays[index as usize]);
        let at = |index: u32| moved.get(index as usize).copied().flatten();
        let mut stay = stays.iter();
        self.came_at.retain(|_| stay.next().is_some_and(|stays| *stays));
        self.printed.retain_mut(|printed| {
            let delivery = at(printed.delivery);
            printed.delivery = delivery.unwrap_or_default();
            delivery.is_some()
        });
        self.seen = Seen::default();
        for index in moved.into_iter().flatten() {
            self.seen.take(&self.capture, index);
        }
    }
}
