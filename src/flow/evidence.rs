//! The events of one call, asked for what a call needs.

use std::borrow::Cow;

use super::call::Outcome;
use super::order::by_time;
use crate::event::{
    Body, Capture, Event, Flow, Kind, Moment, Recording, Ring, RingingId, Sym, Trigger,
};

/// The events of one call at hand while it is reconstructed.
pub(super) struct Events<'c> {
    pub(super) capture: &'c Capture,
    /// The events, each with the delivery that stands for it.
    pub(super) all: Vec<(u32, &'c Event)>,
}

impl<'c> Events<'c> {
    /// The events of these deliveries, in their order.
    pub(super) fn of(capture: &'c Capture, events: &[u32]) -> Self {
        let event = |index: &u32| Some((*index, capture.event(*index)?));
        Self { capture, all: events.iter().filter_map(event).collect() }
    }

    /// The app, which is that of all of them; `None` where there is no event.
    pub(super) fn app(&self) -> Option<Sym> {
        self.all.iter().find_map(|(delivery, _)| self.capture.hook(*delivery).app)
    }

    pub(super) fn string(&self, sym: Option<Sym>) -> Option<&'c str> {
        sym.map(|sym| self.capture.string(sym))
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &'c Event> {
        self.all.iter().map(|(_, event)| *event)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.events().any(|event| event.trigger.kind() == kind)
    }

    pub(super) fn rings(&self, kind: Kind) -> impl Iterator<Item = (Trigger, &'c Ring)> {
        self.events()
            .filter(move |event| event.trigger.kind() == kind)
            .filter_map(|event| Some((event.trigger, event.ring()?)))
    }

    pub(super) fn initiation(&self) -> Option<&'c Ring> {
        let rings = self.rings(Kind::Initiated).map(|(_, ring)| ring);
        rings.min_by(|one, other| by_time(self.capture, one, other))
    }

    /// The latest ring outcome.
    pub(super) fn ring_outcome(&self) -> Option<(Trigger, &'c Ring)> {
        self.rings(Kind::RingOutcome).max_by(|(trigger, one), (other_trigger, other)| {
            by_time(self.capture, one, other).then(trigger.cmp(other_trigger))
        })
    }

    pub(super) fn recordings(&self) -> impl Iterator<Item = Recording> {
        self.events().filter_map(|event| match event.body {
            Body::Recording(recording) => Some(recording),
            _ => None,
        })
    }

    /// `created_at` of the start, else of the end.
    pub(super) fn created_at(&self) -> Option<Moment> {
        let started = self.events().filter_map(|event| match event.body {
            Body::Started { created_at } => Some(created_at),
            _ => None,
        });
        let ended = self.events().filter_map(|event| match event.body {
            Body::Ended(ended) => ended.created_at,
            _ => None,
        });
        started.min().or_else(|| ended.min())
    }

    pub(super) fn ended_at(&self) -> Option<Moment> {
        let ends = self.events().filter_map(|event| match event.body {
            Body::Ended(ended) => Some(ended.destroyed_at),
            _ => None,
        });
        ends.max()
    }

    pub(super) fn first_at(&self) -> Option<Moment> {
        self.events().map(Event::at).min()
    }

    pub(super) fn flow(&self) -> Option<Flow> {
        let flows = || self.events().filter_map(|event| event.trigger.flow());
        if flows().any(|flow| flow == Flow::Ringing) {
            return Some(Flow::Ringing);
        }
        flows().next()
    }

    pub(super) fn session_id(&self) -> Option<&'c str> {
        // All of one call have the same; where outcome and session brought two, the session's
        // counts.
        let sessions = self.all.iter().filter(|(_, event)| event.ring().is_none());
        let rings = self.all.iter().filter(|(_, event)| event.ring().is_some());
        let ids = sessions.chain(rings).filter_map(|(delivery, _)| self.capture.session(*delivery));
        self.string(ids.into_iter().next())
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.has(Kind::Ended) {
            return Outcome::Ended;
        }
        if self.has(Kind::Started) || self.has(Kind::Joined) {
            return Outcome::Ongoing;
        }
        match self.ring_outcome() {
            Some((Trigger::CallBusy, _)) => Outcome::Busy,
            Some((Trigger::CallCancelled, _)) => Outcome::Cancelled,
            Some((Trigger::CallRejected, _)) => Outcome::Rejected,
            Some(_) => Outcome::Unanswered,
            None if self.has(Kind::Initiated) => Outcome::Initiated,
            None => Outcome::Unknown,
        }
    }

    pub(super) fn call_id(&self) -> Cow<'c, str> {
        let run = |session: &str, at: Option<Moment>| {
            Cow::Owned(format!("{session}@{}", at.map_or_else(String::new, Moment::number)))
        };
        match (self.flow(), self.session_id()) {
            (Some(Flow::Ringing), Some(session)) => session.into(),
            (_, None) => format!("ring:{}", self.first_ring_id()).into(),
            (Some(Flow::Session), Some(session)) => {
                run(session, self.created_at().or(self.first_at()))
            }
            (None, Some(session)) if RingingId::parse(session).is_some() => session.into(),
            (None, Some(session)) => run(session, self.first_at()),
        }
    }

    pub(super) fn first_ring_id(&self) -> &'c str {
        let rings = self.events().filter_map(Event::ring);
        let first = rings.min_by(|one, other| by_time(self.capture, one, other));
        self.string(first.map(|ring| ring.id)).unwrap_or_default()
    }
}

/// What tells two calls apart that have one id and one first second: their conversations and
/// triggers.
pub(super) fn words<'c>(
    capture: &'c Capture,
    events: &[u32],
) -> Vec<(Option<&'c str>, Option<&'static str>)> {
    let mut words: Vec<_> = events
        .iter()
        .map(|event| {
            let event = capture.event(*event);
            let conversation = event.and_then(Event::ring).map(|ring| ring.conversation);
            let conversation = conversation.map(|conversation| capture.string(conversation));
            (conversation, event.map(|event| event.trigger.name()))
        })
        .collect();
    words.sort_unstable();
    words
}
