//! What is linked: the events of each session, and the ring records.

use std::ops::Range;

use super::numbered::Numbered;
use crate::event::key::Identities;
use crate::event::{Body, Capture, Flow, Hook, Kind, Moment, Ring, Sym, Trigger};
use crate::threads::{SHARES, Threads};

/// An initiation that is being linked.
#[derive(Clone, Debug)]
pub(super) struct Initiation {
    pub(super) event: u32,
    pub(super) app: Option<Sym>,
    pub(super) region: Option<Sym>,
    pub(super) ring: Ring,
    /// The session whose id it carries, or that an epoch has joined to it.
    pub(super) session: Option<u32>,
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
    pub(super) session: Option<u32>,
    pub(super) initiation: Option<u32>,
}

/// All events that carry one session id in one app.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) app: Option<Sym>,
    pub(super) id: Sym,
    /// Session events and recordings: where they stand among those of all sessions.
    events: Range<u32>,
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

/// The records of a capture, in an order that means nothing.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) initiations: Numbered<Initiation>,
    pub(super) outcomes: Numbered<RingOutcome>,
    pub(super) sessions: Numbered<Session>,
    /// Those of one session behind one another.
    events: Numbered<u32>,
}

/// Events whose sessions are asked for at a time.
const SHARED: usize = 1 << 16;

/// An event behind the number of its session, which is 0 where it has none.
fn keyed(session: Option<Sym>, event: u32) -> u64 {
    u64::from(session.map_or(0, Sym::number)) << 32 | u64::from(event)
}

impl Records {
    /// The records of a capture's distinct events.
    pub(super) fn of(capture: &Capture, identities: &Identities, threads: Threads) -> Self {
        let keys = |range: Range<usize>, take: &mut dyn FnMut(u64)| {
            for event in identities.events_in(range) {
                take(keyed(capture.session(event), event));
            }
        };
        // Sessions that were met one behind the other have something to do with the same pages.
        let end = u64::from(capture.strings.end().number()) << 32;
        let shift = (u64::BITS - end.leading_zeros()).saturating_sub(SHARES.ilog2()).max(u32::BITS);
        let share = |keyed: u64| keyed >> shift;
        let work = |keyed: &[u64]| Self::of_sorted(capture, keyed);
        let mut records = Self::default();
        threads.in_shares(capture.deliveries.len(), SHARED, keys, share, work, |own| {
            records.append(own);
        });
        records
    }

    fn of_sorted(capture: &Capture, keyed: &[u64]) -> Self {
        let mut records = Self::default();
        let mut own: Vec<(Option<Sym>, u32)> = Vec::new();
        for group in keyed.chunk_by(|one, other| one >> 32 == other >> 32) {
            own.clear();
            #[expect(clippy::cast_possible_truncation, reason = "the event is the lower half")]
            own.extend(
                group
                    .iter()
                    .map(|keyed| *keyed as u32)
                    .map(|event| (capture.hook(event).app, event)),
            );
            // Two apps may have one session id, and all have ring records without.
            own.sort_unstable();
            for of_app in own.chunk_by(|one, other| one.0 == other.0) {
                records.add_session(capture, of_app);
            }
        }
        records
    }

    /// Takes over the records of another share.
    fn append(&mut self, mut other: Self) {
        let (sessions, events) = (self.sessions.next(), self.events.next());
        let moved = |session: &mut Option<u32>| {
            *session = session.map(|session| session + sessions);
        };
        other.initiations.iter_mut().for_each(|initiation| moved(&mut initiation.session));
        other.outcomes.iter_mut().for_each(|outcome| moved(&mut outcome.session));
        for session in other.sessions.iter_mut() {
            session.events = session.events.start + events..session.events.end + events;
        }
        self.initiations.append(other.initiations);
        self.outcomes.append(other.outcomes);
        self.sessions.append(other.sessions);
        self.events.append(other.events);
    }

    /// Session events and recordings of a session.
    pub(super) fn events(&self, session: &Session) -> &[u32] {
        self.events.range(&session.events)
    }

    /// How many events there are, ring records too.
    pub(super) fn events_in_all(&self) -> u32 {
        self.events.next() + self.initiations.next() + self.outcomes.next()
    }

    /// Takes one session's events, or one app's ring records without a session id.
    fn add_session(&mut self, capture: &Capture, group: &[(Option<Sym>, u32)]) {
        let (app, event) = group[0];
        let session = capture.session(event);
        let first = self.events.next();
        let at = session.map(|id| {
            self.sessions.push(Session {
                app,
                id,
                events: first..first,
                answered_at: None,
                has_initiation: false,
                ringing: false,
                meeting: false,
            })
        });
        for (_, event) in group {
            self.add_event(capture, *event, at);
        }
        if let Some(at) = at {
            let session = &mut self.sessions[at];
            session.events = first..self.events.next();
            session.answered_at = answered_at(capture, self.events.range(&session.events));
        }
    }

    fn add_event(&mut self, capture: &Capture, index: u32, session: Option<u32>) {
        let Some(event) = capture.event(index) else {
            return;
        };
        let Hook { app, region, .. } = capture.hook(index);
        if let Some(session) = session.map(|session| &mut self.sessions[session]) {
            session.ringing |= event.trigger.flow() == Some(Flow::Ringing);
            session.meeting |= event.trigger.flow() == Some(Flow::Session);
            session.has_initiation |= event.trigger.kind() == Kind::Initiated;
        }
        match (event.trigger.kind(), event.body) {
            (Kind::Initiated, Body::Ring(ring)) => {
                self.initiations.push(Initiation {
                    event: index,
                    app,
                    region,
                    ring,
                    session,
                    has_id: session.is_some(),
                    has_outcome: false,
                });
            }
            (_, Body::Ring(ring)) => {
                self.outcomes.push(RingOutcome {
                    event: index,
                    app,
                    ring,
                    trigger: event.trigger,
                    session,
                    initiation: None,
                });
            }
            _ => {
                if session.is_some() {
                    self.events.push(index);
                }
            }
        }
    }
}

/// When a session started: *_started, else `created_at` of *_ended, else the first join.
fn answered_at(capture: &Capture, events: &[u32]) -> Option<Moment> {
    let bodies = || events.iter().filter_map(|index| Some(capture.event(*index)?.body));
    let started = bodies().filter_map(|body| match body {
        Body::Started { created_at } => Some(created_at),
        _ => None,
    });
    let created = bodies().filter_map(|body| match body {
        Body::Ended(ended) => ended.created_at,
        _ => None,
    });
    let joined = bodies().filter_map(|body| match body {
        Body::Joined(joined) => Some(joined.joined_at),
        Body::Left(left) => Some(left.joined_at),
        _ => None,
    });
    started.min().or_else(|| created.min()).or_else(|| joined.min())
}
