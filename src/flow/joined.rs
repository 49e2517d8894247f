//! What the passes of linking have joined → calls.

use std::iter;
use std::ops::Range;

use super::link::{Board, Link, LinkReason, Parts};
use super::numbered::Numbered;
use super::records::{Initiation, RingOutcome, Session};
use super::{order, runs};
use crate::event::Capture;
use crate::threads::Threads;

/// The ring records by what they were joined to.
pub(super) struct Joined<'b> {
    board: &'b Board<'b>,
    /// Sessions with their ring records, by session.
    of_session: Vec<(u32, Ringing)>,
    /// Initiations with their outcomes, by initiation.
    of_initiation: Vec<(u32, u32)>,
    /// Those that are of no session.
    alone: Vec<Ringing>,
}

/// A ring record of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ringing {
    Initiation(u32),
    Outcome(u32),
}

/// Sessions, or ring records without one, whose calls are made at a time.
const SHARED: usize = 4000;

impl<'b> Joined<'b> {
    pub(super) fn of(board: &'b Board<'b>) -> Self {
        let mut joined =
            Self { board, of_session: Vec::new(), of_initiation: Vec::new(), alone: Vec::new() };
        for (at, outcome) in board.records.outcomes.each() {
            match outcome.initiation {
                Some(initiation) => joined.of_initiation.push((initiation, at)),
                None => joined.add(outcome.session, Ringing::Outcome(at)),
            }
        }
        joined.of_initiation.sort_unstable();
        for (at, initiation) in board.records.initiations.each() {
            // An outcome with an id of its own may have brought its session along.
            let brought = || joined.outcomes(at).find_map(|outcome| outcome.session);
            let session = initiation.session.or_else(brought);
            joined.add(session, Ringing::Initiation(at));
        }
        joined.of_session.sort_unstable();
        joined
    }

    fn add(&mut self, session: Option<u32>, ringing: Ringing) {
        match session {
            Some(session) => self.of_session.push((session, ringing)),
            None => self.alone.push(ringing),
        }
    }

    /// The outcomes of an initiation.
    fn outcomes(&self, initiation: u32) -> impl Iterator<Item = &'b RingOutcome> {
        let of = of(&self.of_initiation, initiation);
        of.map(|(_, outcome)| &self.board.records.outcomes[*outcome])
    }

    fn initiation(&self, at: u32) -> &'b Initiation {
        &self.board.records.initiations[at]
    }

    /// The calls.
    pub(super) fn calls(&self, threads: Threads) -> Calls {
        let records = &self.board.records;
        let mut calls = Calls::default();
        calls.events.reserve(records.events_in_all());
        let mut take = |some| {
            calls.append(some);
        };
        let alone = |range: Range<usize>| {
            let mut calls = Calls::default();
            self.alone[range]
                .iter()
                .for_each(|ringing| self.add_call(None, iter::once(*ringing), &mut calls));
            calls
        };
        threads.all(self.alone.len(), SHARED, alone, &mut take);
        let of_sessions = |range: Range<usize>| {
            let mut calls = Calls::default();
            for (at, session) in records.sessions.each_in(range) {
                self.add_calls(at, session, &mut calls);
            }
            calls
        };
        threads.all(records.sessions.next() as usize, SHARED, of_sessions, &mut take);
        calls
    }

    /// The calls of a session: one, or the runs of a meeting.
    fn add_calls(&self, at: u32, session: &Session, calls: &mut Calls) {
        let mut ringing = of(&self.of_session, at).map(|(_, ringing)| *ringing).peekable();
        if session.ringing || ringing.peek().is_some() {
            return self.add_call(Some(session), ringing, calls);
        }
        let Board { capture, records, .. } = self.board;
        for run in runs::runs(capture, records.events(session)) {
            calls.events.extend(&run);
            calls.end(capture, Link::None, None);
        }
    }

    fn add_call(
        &self,
        session: Option<&Session>,
        ringing: impl Iterator<Item = Ringing>,
        calls: &mut Calls,
    ) {
        let Board { capture, records, .. } = self.board;
        let of_session = session.map_or(&[][..], |session| records.events(session));
        let events = &mut calls.events;
        events.extend(of_session);
        let mut pieces = usize::from(!of_session.is_empty());
        let mut reason = None;
        for part in ringing {
            pieces += 1;
            match part {
                Ringing::Outcome(at) => {
                    events.push(records.outcomes[at].event);
                }
                Ringing::Initiation(at) => {
                    let initiation = self.initiation(at);
                    events.push(initiation.event);
                    if !initiation.has_id && initiation.session.is_some() {
                        reason = reason.max(Some(LinkReason::SessionEpoch));
                    }
                    for outcome in self.outcomes(at) {
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
        calls.end(capture, link, reason);
    }
}

/// Those of a list sorted by what they belong to.
pub(super) fn of<T>(sorted: &[(u32, T)], to: u32) -> impl Iterator<Item = &(u32, T)> {
    let first = sorted.partition_point(|(of, _)| *of < to);
    sorted[first..].iter().take_while(move |(of, _)| *of == to)
}

/// Calls and their events.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) calls: Vec<Parts>,
    /// Those of one call behind one another, in causal order.
    pub(super) events: Numbered<u32>,
}

impl Calls {
    /// Makes a call of the events that came since the last.
    fn end(&mut self, capture: &Capture, link: Link, link_reason: Option<LinkReason>) {
        let first = self.calls.last().map_or(0, |parts| parts.events.end);
        order::sort(capture, self.events.since(first));
        self.calls.push(Parts { events: first..self.events.next(), link, link_reason });
    }

    fn append(&mut self, mut other: Self) {
        let first = self.events.next();
        for parts in &mut other.calls {
            parts.events = parts.events.start + first..parts.events.end + first;
        }
        self.events.append(other.events);
        self.calls.append(&mut other.calls);
    }
}
