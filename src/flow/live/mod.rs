//! Calls as their events come in, with as little kept of each as tells it whole.
//!
//! Deliveries that may belong together stand in one group: those of a session, of a conversation,
//! of a ring record's id, of a second in which a ringing session and an initiation without an id may meet. A group is
//! reconstructed as a whole capture is, but only when something has happened in it that matters, or
//! nothing for long enough. Time is the capture's own: the latest event's, and what has passed
//! without one since.

mod group;
mod groups;
mod memory;
mod settle;
mod told;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::call::Call;
use super::edge::{Reach, known_at};
use super::limits::Limits;
use crate::event::key::Status;
use crate::event::{Capture, Delivery, Event, Kind, Moment, Sight, Span};
use groups::{GroupId, Groups};
use memory::Memory;
use settle::Now;

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long a ringing may say nothing, and a call that goes on.
    pub limits: Limits,
    /// How long a call is remembered that is over or has fallen silent.
    pub linger: Span,
}

/// A call as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The call.
    pub call: &'t Call<'t>,
    /// From 1; the highest of a call counts.
    pub revision: u32,
    /// Whether the call is forgotten now.
    pub is_final: bool,
    /// Whether anything is told that the revision before did not tell.
    pub is_new: bool,
    /// Whether that is what matters in a line: who, what came of it, its figures, its rules.
    pub is_news: bool,
}

/// A call that was told under an id which has turned out to be another's.
#[derive(Clone, Copy, Debug)]
pub struct Replaced<'t> {
    /// The id that it was told under.
    pub call_id: &'t str,
    /// `appId`.
    pub app_id: Option<&'t str>,
    /// Higher than all that was told under the id.
    pub revision: u32,
    /// The id of the call that has its events.
    pub by: &'t str,
}

/// Takes what is told of calls.
pub trait Tell {
    /// A call as it stands.
    fn call(&mut self, told: &Told<'_>);

    /// There is no such call any more.
    fn replaced(&mut self, replaced: &Replaced<'_>);
}

/// What is open.
#[derive(Debug)]
pub struct Live {
    patience: Patience,
    groups: Groups,
    /// When a group is to be looked at, the next first.
    due: BTreeSet<(Moment, GroupId)>,
    /// The latest event's time, and what has passed since; `None` before the first event with a
    /// plausible time.
    clock: Option<Moment>,
    /// From when to when each app was captured, and what had been waited by its last event.
    edges: HashMap<String, (Reach, Span)>,
    /// For how long nothing came in all.
    waited: Span,
    memory: Memory,
    /// The group in which something has happened that is told at once.
    at_once: Option<GroupId>,
    calls: u64,
    late: u64,
}

impl Live {
    /// Nothing yet.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            groups: Groups::default(),
            due: BTreeSet::new(),
            clock: None,
            edges: HashMap::new(),
            waited: Span::default(),
            memory: Memory::default(),
            at_once: None,
            calls: 0,
            late: 0,
        }
    }

    /// The capture's time.
    #[must_use]
    pub fn clock(&self) -> Option<Moment> {
        self.clock
    }

    /// How many calls were told for the last time.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// How many deliveries came of calls that were over and forgotten by then. No call's row tells of
    /// them.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    /// How many deliveries are remembered.
    #[must_use]
    pub fn held(&self) -> usize {
        self.groups.held()
    }

    /// How long nothing may come until something is to be told; `None` where nothing is open.
    #[must_use]
    pub fn patience(&self) -> Option<Span> {
        let (due, _) = self.due.first()?;
        Some((*due - self.clock?).known().unwrap_or_default())
    }

    /// Takes the first delivery of `one` if it is an event, and says what it is among those that
    /// are remembered, with where the other delivery stands that this is about. Whatever has fallen
    /// silent by its time is told first; what comes of the event itself is told by [`Self::tell`].
    pub fn add(&mut self, one: &Capture, tell: &mut dyn Tell) -> Option<(Sight, Option<Delivery>)> {
        let delivery = &one.deliveries.iter().next()?;
        let event = delivery.what.event()?;
        let edge = delivery.app.and_then(|app| self.edges.get(one.string(app)).copied());
        self.widen(one, delivery);
        if is_of_its_time(delivery, event) {
            self.advance(event.at(), tell);
        }
        let at = event.at();
        let names: Vec<_> = groups::names(one, delivery).collect();
        if self.is_late(&names, at) {
            self.late += 1;
            return Some((Sight { status: Status::Event, other: None }, None));
        }
        let id = self.groups.home(one, delivery, names);
        let clock = self.clock;
        let group = self.groups.group(id)?;
        let sight = group.add(one, clock.unwrap_or(at))?;
        let other = sight.other.map(|other| group.capture.delivery(other));
        if sight.status == Status::Conflict {
            self.narrow(one, delivery, edge);
        }
        self.plan_for(id, event.trigger.kind());
        Some((sight, other))
    }

    /// Whether what has these names is of a call that is over and forgotten. It changes nothing that
    /// was told.
    fn is_late(&self, names: &[Rc<str>], at: Moment) -> bool {
        !self.groups.knows(names) && names.iter().any(|name| self.memory.is_buried(name, at))
    }

    /// Moves the edges of the app back to where they were. What another stands for moves none: its
    /// time is the same, but written in another way it may be plausible where the other's is not.
    fn narrow(&mut self, one: &Capture, delivery: &Delivery, edge: Option<(Reach, Span)>) {
        let Some(app) = delivery.app.map(|app| one.string(app)) else {
            return;
        };
        match edge {
            Some(edge) => drop(self.edges.insert(app.to_owned(), edge)),
            None => drop(self.edges.remove(app)),
        }
    }

    /// Moves the edges of the app.
    fn widen(&mut self, one: &Capture, delivery: &Delivery) {
        let at = delivery.what.event().and_then(known_at);
        let (Some(at), Some(app)) = (at, delivery.app) else {
            return;
        };
        let (app, here) = (one.string(app), Reach { first: at, last: at });
        match self.edges.get_mut(app) {
            Some((reach, waited)) => {
                if at > reach.last {
                    *waited = self.waited;
                }
                *reach = reach.with(here);
            }
            None => drop(self.edges.insert(app.to_owned(), (here, self.waited))),
        }
    }

    /// Decides when a group is looked at that has got an event.
    fn plan_for(&mut self, id: GroupId, kind: Kind) {
        let (Some(clock), Some(group)) = (self.clock, self.groups.group(id)) else {
            return;
        };
        let tells = matches!(kind, Kind::Ended | Kind::RingOutcome | Kind::Recording);
        let due = match group.wait(kind, &self.patience) {
            _ if tells && group.is_cheap() => {
                self.at_once = Some(id);
                return;
            }
            wait => clock + wait,
        };
        let before = group.due.unwrap_or(due);
        self.plan(id, Some(due.min(before)));
    }

    fn plan(&mut self, id: GroupId, due: Option<Moment>) {
        let Some(group) = self.groups.group(id) else {
            return;
        };
        if let Some(before) = std::mem::replace(&mut group.due, due) {
            self.due.remove(&(before, id));
        }
        if let Some(due) = due {
            self.due.insert((due, id));
        }
    }

    /// Tells what the last event has changed, if that is to be told at once.
    pub fn tell(&mut self, tell: &mut dyn Tell) {
        if let Some(id) = self.at_once.take() {
            self.settle(id, tell);
        }
    }

    /// Lets time pass in which nothing came.
    pub fn pass(&mut self, waited: Span, tell: &mut dyn Tell) {
        if let Some(clock) = self.clock {
            self.waited = [self.waited, waited].into_iter().sum();
            self.advance(clock + waited, tell);
        }
    }

    fn advance(&mut self, at: Moment, tell: &mut dyn Tell) {
        match self.clock {
            Some(clock) if at <= clock => return,
            Some(_) => self.clock = Some(at),
            None => self.begin(at),
        }
        while let Some((due, id)) = self.due.first().copied().filter(|(due, _)| *due < at) {
            self.due.remove(&(due, id));
            self.settle(id, tell);
        }
    }

    /// The first event with a plausible time: what came before it came now.
    fn begin(&mut self, at: Moment) {
        self.clock = Some(at);
        for id in self.groups.ids() {
            if let Some(group) = self.groups.group(id) {
                group.move_to(at);
            }
            self.plan(id, Some(at + self.patience.limits.ring_window));
        }
    }

    fn settle(&mut self, id: GroupId, tell: &mut dyn Tell) {
        let Some(clock) = self.clock else {
            return;
        };
        let (edges, waited) = (&self.edges, self.waited);
        let now = Now { clock, patience: self.patience, edges, waited, is_over: false };
        let Some(group) = self.groups.group(id) else {
            return;
        };
        if let Some(due) = group.due.take() {
            self.due.remove(&(due, id));
        }
        let settled = group.settle(&now, &mut self.memory, tell);
        self.calls += settled.closed;
        if settled.shrunk {
            self.groups.index(id);
        }
        self.plan(id, settled.due);
    }

    /// The input has ended: tells all calls that are open, by first event, then id.
    pub fn finish(mut self, tell: &mut dyn Tell) -> u64 {
        let Some(mut all) = self.groups.into_one() else {
            return self.calls;
        };
        let Some(clock) = self.clock.or(all.latest()) else {
            return self.calls;
        };
        let (edges, waited) = (&self.edges, self.waited);
        let now = Now { clock, patience: self.patience, edges, waited, is_over: true };
        self.calls + all.settle(&now, &mut self.memory, tell).closed
    }
}

/// Whether an event's time may be that of the capture's clock.
fn is_of_its_time(delivery: &Delivery, event: &Event) -> bool {
    const AHEAD: Span = Span::from_seconds(86_400);
    let ahead = delivery.received_at.is_some_and(|received| event.at() - received > AHEAD);
    event.at().is_plausible() && !ahead
}
