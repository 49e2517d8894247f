//! A look at a group: what is to be told of its calls, and which of them are over.

use std::collections::HashMap;

use super::group::{Group, PAUSE};
use super::groups::names;
use super::memory::Memory;
use super::told::{Before, Own, is_over};
use super::{Patience, Tell};
use crate::event::{Flow, Moment, Span};
use crate::flow::edge::Reach;
use crate::flow::{Call, Outcome, Reconstruction};

/// What a group must know to be looked at.
pub(super) struct Now<'n> {
    pub(super) clock: Moment,
    pub(super) patience: Patience,
    /// From when to when each app was captured, and what had been waited by its last event.
    pub(super) edges: &'n HashMap<String, (Reach, Span)>,
    /// For how long nothing came in all.
    pub(super) waited: Span,
    /// Whether nothing comes any more.
    pub(super) is_over: bool,
}

/// What came of a look.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// When the next is due.
    pub(super) due: Option<Moment>,
    /// How many calls were told for the last time.
    pub(super) closed: u64,
    /// Whether deliveries were let go.
    pub(super) shrunk: bool,
}

/// When a call's deliveries came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace {
    first: Moment,
    last: Moment,
    /// The first of them.
    pub(super) delivery: u32,
    /// Whether the call was told for the last time.
    closed: bool,
}

impl Group {
    /// Looks at all calls: tells those that are to be told, and lets go of those that are over.
    pub(super) fn settle(
        &mut self,
        now: &Now<'_>,
        memory: &mut Memory,
        tell: &mut dyn Tell,
    ) -> Settled {
        self.fresh = 0;
        let mut settled = Settled::default();
        let beside = |app: &str| now.reach(app);
        let calls = Reconstruction::beside(&self.capture, &now.patience.limits, &|_| None, &beside);
        let mut traces = self.traces(&calls);
        let printed = std::mem::take(&mut self.printed);
        let mut before = Before::new(&printed, &calls, &traces, memory, tell);
        let many = calls.len() > MANY;
        for (at, trace) in (0..).zip(&mut traces) {
            let call = calls.call(at);
            let own = before.take(at);
            let stand = now.stand(&call, trace, &own, many);
            trace.closed = matches!(stand, Stand::Closed | Stand::Final);
            let own = match stand {
                Stand::Closed | Stand::Silent(_) => own,
                Stand::Told(_) => own.tell(&call, None, memory, tell),
                Stand::Final => own.tell(&call, Some(now.clock), memory, tell),
            };
            settled.closed += u64::from(matches!(stand, Stand::Final));
            settled.due = [settled.due, stand.due()].into_iter().flatten().min();
            self.printed.extend(own.into_printed(&call, trace.delivery));
        }
        let gone: Vec<bool> =
            traces.iter().map(|trace| trace.closed && now.may_go(trace, &traces)).collect();
        if gone.contains(&true) {
            settled.shrunk = true;
            self.bury(&calls, &gone, memory);
            let stays = |delivery| calls.call_of(delivery).is_some_and(|at| !gone[at as usize]);
            let stays: Vec<bool> = (0..).take(self.len()).map(stays).collect();
            self.shrink(&stays);
        }
        settled
    }

    /// Keeps the names of those calls that are over and let go. A meeting's session may come back
    /// another day.
    fn bury(&self, calls: &Reconstruction<'_>, gone: &[bool], memory: &mut Memory) {
        let until: Vec<Option<Option<Moment>>> = (calls.calls().zip(gone))
            .map(|(call, gone)| {
                let until = call.ended_at.filter(|_| call.flow == Some(Flow::Session));
                (*gone && is_over(&call)).then_some(until)
            })
            .collect();
        for (index, delivery) in (0..).zip(self.capture.deliveries.iter()) {
            let call = calls.call_of(index);
            if let Some(until) = call.and_then(|call| until[call as usize]) {
                names(&self.capture, &delivery).for_each(|name| memory.bury(&name, until));
            }
        }
    }

    /// When the deliveries of each call came.
    fn traces(&self, calls: &Reconstruction<'_>) -> Vec<Trace> {
        let mut traces: Vec<Option<Trace>> = vec![None; calls.len()];
        for (delivery, came_at) in (0..).zip(&self.came_at) {
            let Some(call) = calls.call_of(delivery) else {
                continue;
            };
            let (first, last) = (*came_at, *came_at);
            let trace = Trace { first, last, delivery, closed: false };
            let trace = traces[call as usize].get_or_insert(trace);
            trace.first = trace.first.min(*came_at);
            trace.last = trace.last.max(*came_at);
        }
        traces.into_iter().flatten().collect()
    }
}

/// What is to be done about a call, and when it is looked at again.
#[derive(Clone, Copy, Debug)]
enum Stand {
    /// It was told for the last time.
    Closed,
    /// It is told for the last time.
    Final,
    /// It is told.
    Told(Moment),
    /// There is nothing to tell yet.
    Silent(Moment),
}

impl Stand {
    fn due(self) -> Option<Moment> {
        match self {
            Self::Told(due) | Self::Silent(due) => Some(due),
            Self::Closed | Self::Final => None,
        }
    }
}

impl Now<'_> {
    /// From when to when an app was captured. What was waited for it behind its last event counts.
    fn reach(&self, app: &str) -> Option<Reach> {
        let (reach, waited) = *self.edges.get(app)?;
        Some(Reach { last: reach.last + (self.waited - waited), ..reach })
    }

    /// Where a call stands; it may be one of `many`.
    fn stand(&self, call: &Call<'_>, trace: &Trace, own: &Own, many: bool) -> Stand {
        // What came after the last word makes it speak again.
        if own.closed_at.is_some_and(|closed_at| trace.last < closed_at) {
            return Stand::Closed;
        }
        let silent_at = trace.last + silence(call, &self.patience);
        let gone_at = silent_at + self.patience.linger;
        if self.is_over || self.clock > gone_at {
            return Stand::Final;
        }
        if is_over(call) || own.revision > 0 || self.clock > silent_at {
            // One look for many, not one for each.
            let more = if many { self.patience.linger.seconds() / 8 } else { 0 };
            return Stand::Told(gone_at + Span::from_seconds(more));
        }
        Stand::Silent(silent_at)
    }

    /// Whether nothing that stays could be taken for a part of a call that was told for the last
    /// time, or the other way round.
    fn may_go(&self, trace: &Trace, all: &[Trace]) -> bool {
        let reach = |from: Moment| from + self.patience.limits.ring_window + PAUSE;
        let near =
            |other: &Trace| other.first <= reach(trace.last) && trace.first <= reach(other.last);
        self.is_over || !all.iter().any(|other| !other.closed && near(other))
    }
}

/// So many calls in one group are looked at together.
const MANY: usize = 16;

/// How long nothing may come of a call before that is told.
fn silence(call: &Call<'_>, patience: &Patience) -> Span {
    match call.outcome {
        Outcome::Initiated => patience.limits.ring_window,
        Outcome::Unknown if call.flow.is_none() => patience.limits.ring_window,
        Outcome::Ongoing | Outcome::Unknown => patience.limits.open_after,
        _ => Span::default(),
    }
}
