//! Which events are one call.
//!
//! An id joins a session's events, the initiation and an outcome that carry it. Where there is no
//! id, the epoch in a ringing session's id and the conversation of an outcome tell; see
//! [`super::link_epochs`] and [`super::link_outcomes`]. What nothing tells apart is left apart.

use rustc_hash::{FxHashMap, FxHashSet};

use super::edge::Edges;
use super::{link_epochs, link_outcomes, order, rules, runs};
use crate::event::key::Identities;
use crate::event::{Body, Capture, Flow, Kind, Moment, Ring, Span, Sym, Trigger};
use crate::finding::{Finding, Rule};

/// How the parts of a call came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// An id said so, for every join.
    Session,
    /// At least one join was inferred.
    Inferred,
    /// There was nothing to join.
    None,
}

/// What an inferred join rests on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkReason {
    /// An outcome of the initiation's conversation, shortly after it.
    Conversation,
    /// A session whose id carries the second of the initiation.
    SessionEpoch,
}

/// The events of one call.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// Indexes of the deliveries that stand for them, in no particular order.
    pub(super) events: Vec<u32>,
    /// How they came together.
    pub(super) link: Link,
    /// What an inferred join rests on.
    pub(super) link_reason: Option<LinkReason>,
}

/// All calls' events, and what is odd about their links.
#[derive(Debug)]
pub(super) struct Links {
    /// One entry a call, in no particular order.
    pub(super) calls: Vec<Parts>,
    /// The findings of the family L.
    pub(super) findings: Vec<Finding>,
    /// The ring records that no id joins to the rest of their calls, and what does.
    pub(super) inferred: FxHashMap<u32, LinkReason>,
    /// All events that were candidates for a link that nothing decides (L002).
    pub(super) undecided: FxHashSet<u32>,
}

/// An initiation that is being linked.
#[derive(Clone, Debug)]
pub(super) struct Initiation {
    pub(super) event: u32,
    pub(super) app: Option<Sym>,
    pub(super) region: Option<Sym>,
    pub(super) ring: Ring,
    /// The session whose id it carries, or that an epoch has joined to it.
    pub(super) session: Option<usize>,
    /// Whether the id is its own.
    pub(super) has_id: bool,
    pub(super) has_outcome: bool,
}

/// A ring outcome that is being linked.
#[derive(Clone, Copy, Debug)]
pub(super) struct RingOutcome {
    pub(super) event: u32,
    pub(super) app: Option<Sym>,
    pub(super) ring: Ring,
    pub(super) trigger: Trigger,
    pub(super) session: Option<usize>,
    pub(super) initiation: Option<usize>,
}

/// All events that carry one session id in one app.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) app: Option<Sym>,
    pub(super) id: Sym,
    /// Session events and recordings.
    pub(super) events: Vec<u32>,
    /// When it started, as far as an outcome is concerned.
    pub(super) answered_at: Option<Moment>,
    pub(super) has_initiation: bool,
    /// It has an event of the ringing flow.
    pub(super) ringing: bool,
    pub(super) meeting: bool,
}

impl Session {
    /// Whether it may be that of an initiation without an id: something happened in it, and it is
    /// no meeting. An id that an outcome alone tells leads to the initiation by the outcome.
    pub(super) fn is_open(&self) -> bool {
        !self.has_initiation && !self.meeting && !self.events.is_empty()
    }
}

/// What the passes work on.
pub(super) struct Board<'c> {
    pub(super) capture: &'c Capture,
    pub(super) initiations: Vec<Initiation>,
    pub(super) outcomes: Vec<RingOutcome>,
    pub(super) sessions: Vec<Session>,
    pub(super) ring_window: Span,
    pub(super) findings: Vec<Finding>,
    pub(super) inferred: FxHashMap<u32, LinkReason>,
    pub(super) undecided: FxHashSet<u32>,
    pub(super) edges: &'c Edges,
}

/// Finds the calls among the distinct events. An outcome without an id may lie `ring_window` behind
/// its initiation.
#[must_use]
pub(super) fn link(
    capture: &Capture,
    identities: &Identities,
    ring_window: Span,
    edges: &Edges,
) -> Links {
    let mut board = Board::new(capture, identities, ring_window, edges);
    link_epochs::unique(&mut board);
    link_outcomes::by_conversation(&mut board);
    link_epochs::rest(&mut board);
    let calls = board.calls();
    let Board { findings, inferred, undecided, .. } = board;
    Links { calls, findings, inferred, undecided }
}

impl<'c> Board<'c> {
    fn new(
        capture: &'c Capture,
        identities: &Identities,
        ring_window: Span,
        edges: &'c Edges,
    ) -> Self {
        let mut board = Self {
            capture,
            initiations: Vec::new(),
            outcomes: Vec::new(),
            sessions: Vec::new(),
            ring_window,
            findings: Vec::new(),
            inferred: FxHashMap::default(),
            undecided: FxHashSet::default(),
            edges,
        };
        let mut keyed: Vec<(Option<Sym>, Option<Sym>, u32)> =
            Vec::with_capacity(identities.events.len());
        for folded in &identities.events {
            let delivery = capture.delivery(folded.delivery);
            keyed.push((delivery.app, delivery.session, folded.delivery));
        }
        keyed.sort_unstable();
        for group in keyed.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            board.add_session(group);
        }
        board
    }

    /// Takes one session's events, or one app's ring records without a session id.
    fn add_session(&mut self, group: &[(Option<Sym>, Option<Sym>, u32)]) {
        let (app, id, _) = group[0];
        let session = id.map(|id| {
            self.sessions.push(Session {
                app,
                id,
                events: Vec::new(),
                answered_at: None,
                has_initiation: false,
                ringing: false,
                meeting: false,
            });
            self.sessions.len() - 1
        });
        for (_, _, index) in group {
            self.add_event(*index, session);
        }
        if let Some(session) = session {
            self.sessions[session].answered_at = self.answered_at(session);
        }
    }

    fn add_event(&mut self, index: u32, session: Option<usize>) {
        let delivery = self.capture.delivery(index);
        let Some(event) = delivery.event() else {
            return;
        };
        if let Some(session) = session.map(|session| &mut self.sessions[session]) {
            session.ringing |= event.trigger.flow() == Some(Flow::Ringing);
            session.meeting |= event.trigger.flow() == Some(Flow::Session);
            session.has_initiation |= event.trigger.kind() == Kind::Initiated;
        }
        match (event.trigger.kind(), event.body) {
            (Kind::Initiated, Body::Ring(ring)) => self.initiations.push(Initiation {
                event: index,
                app: delivery.app,
                region: delivery.region,
                ring,
                session,
                has_id: session.is_some(),
                has_outcome: false,
            }),
            (_, Body::Ring(ring)) => self.outcomes.push(RingOutcome {
                event: index,
                app: delivery.app,
                ring,
                trigger: event.trigger,
                session,
                initiation: None,
            }),
            _ => {
                if let Some(session) = session {
                    self.sessions[session].events.push(index);
                }
            }
        }
    }

    /// When the session started: *_started, else `created_at` of *_ended, else the first join.
    fn answered_at(&self, session: usize) -> Option<Moment> {
        let events = || {
            (self.sessions[session].events.iter()).filter_map(|index| self.capture.event(*index))
        };
        let started = events().filter_map(|event| match event.body {
            Body::Started { created_at } => Some(created_at),
            _ => None,
        });
        let created = events().filter_map(|event| match event.body {
            Body::Ended(ended) => ended.created_at,
            _ => None,
        });
        let joined = events().filter_map(|event| match event.body {
            Body::Joined(joined) => Some(joined.joined_at),
            Body::Left(left) => Some(left.joined_at),
            _ => None,
        });
        started.min().or_else(|| created.min()).or_else(|| joined.min())
    }

    /// Keeps a finding at an event; `others` are the other events that it is about, of which the
    /// first few are kept.
    pub(super) fn find(
        &mut self,
        rule: &'static Rule,
        event: u32,
        message: String,
        mut others: Vec<u32>,
    ) {
        let delivery = self.capture.delivery(event);
        if rule == &rules::AMBIGUOUS_LINK {
            self.undecided.insert(event);
            self.undecided.extend(&others);
        }
        others.retain(|other| *other != event);
        others.sort_by_key(|other| self.capture.delivery(*other).place.spot());
        others.truncate(NAMED);
        self.findings.push(Finding {
            delivery: Some(event),
            others,
            trigger: delivery.trigger().map(Trigger::name),
            ..Finding::new(rule, delivery.place.spot(), message)
        });
    }

    /// Brings together what the passes have joined.
    fn calls(&mut self) -> Vec<Parts> {
        let mut calls = Vec::new();
        let mut by_session = vec![Vec::new(); self.sessions.len()];
        let mut by_initiation = vec![Vec::new(); self.initiations.len()];
        for (at, outcome) in self.outcomes.iter().enumerate() {
            match (outcome.initiation, outcome.session) {
                (Some(initiation), _) => by_initiation[initiation].push(at),
                (None, Some(session)) => by_session[session].push(Ringing::Outcome(at)),
                (None, None) => calls.push(Parts::alone(outcome.event)),
            }
        }
        for (at, initiation) in self.initiations.iter().enumerate() {
            let outcomes = &by_initiation[at];
            // An outcome with an id of its own may have brought its session along.
            let session = initiation
                .session
                .or_else(|| outcomes.iter().find_map(|outcome| self.outcomes[*outcome].session));
            let ringing = Ringing::Initiation(at);
            match session {
                Some(session) => by_session[session].push(ringing),
                None => calls.push(self.parts(None, &[ringing], &by_initiation)),
            }
        }
        for (session, ringing) in by_session.iter().enumerate() {
            let found = &self.sessions[session];
            if found.ringing || !ringing.is_empty() {
                calls.push(self.parts(Some(session), ringing, &by_initiation));
            } else {
                calls.extend(runs::runs(self.capture, &found.events).into_iter().map(Parts::whole));
            }
        }
        calls
    }

    fn parts(
        &self,
        session: Option<usize>,
        ringing: &[Ringing],
        by_initiation: &[Vec<usize>],
    ) -> Parts {
        let mut events =
            session.map_or(Vec::new(), |session| self.sessions[session].events.clone());
        let mut pieces = usize::from(!events.is_empty());
        let mut reason = None;
        for part in ringing {
            pieces += 1;
            match *part {
                Ringing::Outcome(at) => events.push(self.outcomes[at].event),
                Ringing::Initiation(at) => {
                    let initiation = &self.initiations[at];
                    events.push(initiation.event);
                    if !initiation.has_id && initiation.session.is_some() {
                        reason = reason.max(Some(LinkReason::SessionEpoch));
                    }
                    for outcome in &by_initiation[at] {
                        let outcome = &self.outcomes[*outcome];
                        pieces += 1;
                        events.push(outcome.event);
                        // An initiation with an id of its own has no outcome with another.
                        if !initiation.has_id || outcome.session != initiation.session {
                            reason = reason.max(Some(LinkReason::Conversation));
                        }
                    }
                }
            }
        }
        let link = match (pieces, reason) {
            (_, Some(_)) => Link::Inferred,
            (0 | 1, None) => Link::None,
            (_, None) => Link::Session,
        };
        Parts { events, link, link_reason: reason }
    }

    /// Tells that an event was joined to another without an id.
    pub(super) fn inferred(&mut self, event: u32, to: u32, reason: LinkReason, how: &str) {
        self.inferred.insert(event, reason);
        let message = format!("joined without an id: {how}");
        self.find(&rules::INFERRED_LINK, event, message, vec![to]);
    }

    /// The first event of a session, however they arrived.
    pub(super) fn first_of(&self, session: usize) -> Option<u32> {
        order::first(self.capture, &self.sessions[session].events)
    }
}

/// The most candidates that a finding names.
pub(super) const NAMED: usize = 20;

/// A ring record of a session.
#[derive(Clone, Copy, Debug)]
enum Ringing {
    Initiation(usize),
    Outcome(usize),
}

impl Parts {
    fn alone(event: u32) -> Self {
        Self::whole(vec![event])
    }

    fn whole(events: Vec<u32>) -> Self {
        Self { events, link: Link::None, link_reason: None }
    }
}
