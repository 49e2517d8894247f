//! Ring outcomes → their initiations: by session id, else by conversation.

use std::cmp::Reverse;

use super::joined::of;
use super::link::{Board, LinkReason, NAMED};
use super::order::by_time;
use super::records::{Initiation, RingOutcome};
use super::rules;
use crate::event::{Moment, Ring, Span, Sym, Trigger};

/// Links each outcome to an initiation: the one whose session id it carries; else, among those of
/// its conversation that lie within the ring window, have no outcome yet and were not answered
/// before it, the one that fits best. The actor counts most, then an earlier second than the
/// outcome's, then the latest.
pub(super) fn by_conversation(board: &mut Board<'_>) {
    by_id(board);
    let capture = board.capture;
    let initiations = board.records.initiations.each();
    let mut initiations: Vec<(Key, u32)> =
        initiations.map(|(at, initiation)| (key(initiation.app, &initiation.ring), at)).collect();
    initiations.sort_unstable();
    let outcomes = board.records.outcomes.each();
    let mut outcomes: Vec<(Key, u32)> = outcomes
        .filter(|(_, outcome)| outcome.initiation.is_none())
        .map(|(at, outcome)| (key(outcome.app, &outcome.ring), at))
        .collect();
    outcomes.sort_unstable_by(|(key, one), (other_key, other)| {
        let outcome = |at: u32| &board.records.outcomes[at];
        (key.cmp(other_key))
            .then_with(|| by_time(capture, &outcome(*one).ring, &outcome(*other).ring))
            .then_with(|| outcome(*one).trigger.cmp(&outcome(*other).trigger))
            .then(one.cmp(other))
    });
    let mut candidates = Vec::new();
    for (to, outcome) in outcomes {
        let (app, conversation, sent_at) = to;
        let from = (app, conversation, sent_at - board.ring_window);
        let first = initiations.partition_point(|(key, _)| *key < from);
        let own = initiations[first..].iter().take_while(|(key, _)| *key <= to);
        candidates.clear();
        candidates.extend(own.map(|(_, at)| *at));
        link_one(board, outcome, &candidates);
    }
}

/// What an outcome and its initiation have in common, and when they were sent.
type Key = (Option<Sym>, Sym, Moment);

fn key(app: Option<Sym>, ring: &Ring) -> Key {
    (app, ring.conversation, ring.sent_at)
}

/// An outcome that carries a session id belongs to the initiation with that id.
fn by_id(board: &mut Board<'_>) {
    let with_session = board.records.outcomes.each();
    let with_session: Vec<(u32, u32)> =
        with_session.filter_map(|(at, outcome)| Some((at, outcome.session?))).collect();
    if with_session.is_empty() {
        return;
    }
    let with_id = board.records.initiations.each().filter(|(_, initiation)| initiation.has_id);
    let mut with_id: Vec<(u32, u32)> =
        with_id.filter_map(|(at, initiation)| Some((initiation.session?, at))).collect();
    with_id.sort_unstable();
    for (at, session) in with_session {
        let outcome = &board.records.outcomes[at];
        let of_session = of(&with_id, session).map(|(_, initiation)| *initiation);
        let best = of_session.max_by(|one, other| {
            let (one, other) =
                (&board.records.initiations[*one], &board.records.initiations[*other]);
            let key = |initiation: &Initiation| {
                (initiation.ring.sent_at <= outcome.ring.sent_at, preference(outcome, initiation))
            };
            key(one).cmp(&key(other)).then_with(|| by_time(board.capture, &one.ring, &other.ring))
        });
        if let Some(initiation) = best {
            board.records.outcomes[at].initiation = Some(initiation);
            board.records.initiations[initiation].has_outcome = true;
        }
    }
}

/// How well an initiation fits an outcome: the greatest is preferred.
type Preference = (bool, bool, Moment);

fn link_one(board: &mut Board<'_>, at: u32, initiations: &[u32]) {
    let outcome = &board.records.outcomes[at];
    let mut candidates: Vec<(Preference, u32)> = initiations
        .iter()
        .filter(|initiation| is_candidate(board, outcome, &board.records.initiations[**initiation]))
        .map(|initiation| {
            (preference(outcome, &board.records.initiations[*initiation]), *initiation)
        })
        .collect();
    candidates.sort_unstable_by_key(|(preference, _)| Reverse(*preference));
    match candidates[..] {
        [] => unlinked(board, at, initiations),
        [(one, _), (other, _), ..] if one == other => {
            let tied = candidates.iter().filter(|(preference, _)| *preference == one);
            let tied: Vec<u32> = tied.map(|(_, initiation)| *initiation).collect();
            ambiguous(board, at, &tied);
        }
        [(_, initiation), ..] => {
            board.records.initiations[initiation].has_outcome = true;
            board.records.outcomes[at].initiation = Some(initiation);
            if let Some(session) = board.records.outcomes[at].session {
                // The outcome has brought its session along.
                board.records.sessions[session].has_initiation = true;
            }
            let outcome = board.records.outcomes[at];
            board.inferred(outcome.event, LinkReason::Conversation, |board| {
                let Initiation { event, ring, .. } = &board.records.initiations[initiation];
                let how = format!(
                    "the conversation is that of `call_initiated` {}, {} s before",
                    board.capture.string(ring.id),
                    outcome.ring.sent_at - ring.sent_at
                );
                (*event, how)
            });
        }
    }
}

fn is_candidate(board: &Board<'_>, outcome: &RingOutcome, initiation: &Initiation) -> bool {
    is_in_window(board, outcome, initiation)
        && !has_other_id(outcome, initiation)
        && !initiation.has_outcome
        && !answered_before(board, outcome, initiation)
}

/// Whether an outcome may be that of an initiation, as far as time tells.
fn is_in_window(board: &Board<'_>, outcome: &RingOutcome, initiation: &Initiation) -> bool {
    let behind = outcome.ring.sent_at - initiation.ring.sent_at;
    (Span::default()..=board.ring_window).contains(&behind)
}

/// Whether both carry an id, and not the same.
fn has_other_id(outcome: &RingOutcome, initiation: &Initiation) -> bool {
    outcome.session.is_some()
        && initiation.session.is_some()
        && outcome.session != initiation.session
}

fn answered_before(board: &Board<'_>, outcome: &RingOutcome, initiation: &Initiation) -> bool {
    let answered_at =
        initiation.session.and_then(|session| board.records.sessions[session].answered_at);
    answered_at.is_some_and(|answered_at| answered_at < outcome.ring.sent_at)
}

fn preference(outcome: &RingOutcome, initiation: &Initiation) -> Preference {
    let (sent, initiated) = (outcome.ring.sent_at, initiation.ring.sent_at);
    (actor_fits(outcome, &initiation.ring), initiated.seconds() < sent.seconds(), initiated)
}

/// The caller cancels and is told of no answer; the callee rejects and is busy.
fn actor_fits(outcome: &RingOutcome, initiation: &Ring) -> bool {
    let expected = match outcome.trigger {
        Trigger::CallCancelled | Trigger::CallUnanswered => initiation.sender,
        _ => initiation.receiver,
    };
    expected.is_some() && expected == outcome.ring.sender
}

fn ambiguous(board: &mut Board<'_>, at: u32, candidates: &[u32]) {
    let ids =
        candidates.iter().map(|at| board.capture.string(board.records.initiations[*at].ring.id));
    let message = format!(
        "nothing tells which of `call_initiated` {} this ended; linked to none",
        named(ids.collect())
    );
    let others = candidates.iter().map(|at| board.records.initiations[*at].event).collect();
    board.find(&rules::AMBIGUOUS_LINK, board.records.outcomes[at].event, message, others);
}

/// The words in order; of very many the first alone, with how many more there are.
pub(super) fn named(mut words: Vec<&str>) -> String {
    words.sort_unstable();
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    match more {
        0 => words.join(", "),
        more => format!("{} and {more} more", words.join(", ")),
    }
}

/// No initiation fits. Silent where the initiation may lie before the capture's beginning.
fn unlinked(board: &mut Board<'_>, at: u32, initiations: &[u32]) {
    let outcome = &board.records.outcomes[at];
    if !board.edges.is_captured(outcome.app, outcome.ring.sent_at - board.ring_window) {
        return;
    }
    let attempts: Vec<&Initiation> = (initiations.iter())
        .map(|initiation| &board.records.initiations[*initiation])
        .filter(|initiation| is_in_window(board, outcome, initiation))
        .collect();
    let message = match attempts[..] {
        [] => "no `call_initiated` of its conversation lies within the ring window before it",
        [only] if !has_other_id(outcome, only) && answered_before(board, outcome, only) => {
            "the only call it could end had been answered before; a second device may have declined"
        }
        [only] if has_other_id(outcome, only) => "the only call before it has another session id",
        [_] => "the only call it could end has another outcome",
        _ => "every call before it had been answered, or has another outcome or session id",
    };
    let (event, others) = (outcome.event, attempts.iter().map(|attempt| attempt.event).collect());
    board.find(&rules::UNLINKED_OUTCOME, event, message.to_owned(), others);
}
