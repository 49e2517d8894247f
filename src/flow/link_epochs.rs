//! Initiations without a session id → ringing sessions without an initiation.
//!
//! A ringing session's id reads `v1.<region>.<appId>.<10-digit epoch seconds><40 hex>` (seen in the
//! wild, not documented), and the epoch is the second of the initiation.

use std::collections::BTreeMap;

use super::link::{Board, LinkReason};
use super::link_outcomes::named;
use super::rules;
use crate::event::{RingingId, Sym};

/// What an initiation and a session must have in common: app, region and second.
type Second<'c> = (Option<Sym>, &'c str, i64);

/// Who may be joined in one second.
#[derive(Default)]
struct Open {
    initiations: Vec<u32>,
    sessions: Vec<u32>,
}

/// All who may be joined, by second.
fn open<'c>(board: &Board<'c>) -> BTreeMap<Second<'c>, Open> {
    let mut open: BTreeMap<Second<'c>, Open> = BTreeMap::new();
    for (at, initiation) in board.records.initiations.each() {
        if let (None, false, Some(region)) =
            (initiation.session, initiation.has_outcome, initiation.region)
        {
            let second = initiation.ring.sent_at.seconds();
            let key = (initiation.app, board.capture.string(region), second);
            open.entry(key).or_default().initiations.push(at);
        }
    }
    for (at, session) in board.records.sessions.each().filter(|(_, session)| session.is_open()) {
        let id = RingingId::parse(board.capture.string(session.id));
        // An id of another app tells nothing of this one's calls.
        let app = session.app.map(|app| board.capture.string(app));
        if let Some(id) = id.filter(|id| Some(id.app) == app) {
            let key = (session.app, id.region, id.epoch);
            open.entry(key).or_default().sessions.push(at);
        }
    }
    open
}

/// Joins an initiation and a session that are alone in their second.
pub(super) fn unique(board: &mut Board<'_>) {
    for second in open(board).into_values() {
        if let ([initiation], [session]) = (&second.initiations[..], &second.sessions[..]) {
            join(board, *initiation, *session);
        }
    }
}

/// The same among initiations that have got no outcome; then with the second before or after, where
/// neither side has a partner in its own second. What is still several is told and left apart.
pub(super) fn rest(board: &mut Board<'_>) {
    unique(board);
    let open = open(board);
    for (key, second) in &open {
        match (&second.initiations[..], &second.sessions[..]) {
            ([], _) => {}
            (initiations, []) => {
                let sessions = beside(&open, *key, |near| (&near.sessions, &near.initiations));
                let rivals = rivals(&open, *key);
                match (initiations, &sessions[..]) {
                    (_, []) => {}
                    ([initiation], [session]) if rivals.len() == 1 => {
                        join(board, *initiation, *session);
                    }
                    _ => ambiguous(board, initiations, &rivals, &sessions),
                }
            }
            (initiations, sessions) => ambiguous(board, initiations, initiations, sessions),
        }
    }
}

/// Those of one kind in the second before or after that have nobody of the other kind in their own.
fn beside<'o>(
    open: &'o BTreeMap<Second<'o>, Open>,
    (app, region, second): Second<'o>,
    kinds: impl Fn(&'o Open) -> (&'o Vec<u32>, &'o Vec<u32>),
) -> Vec<u32> {
    let near = [second - 1, second + 1].into_iter();
    let near = near.filter_map(|near| open.get(&(app, region, near))).map(kinds);
    near.filter(|(_, others)| others.is_empty()).flat_map(|(wanted, _)| wanted).copied().collect()
}

/// All initiations that could have begun one of the sessions beside this second.
fn rivals<'o>(open: &'o BTreeMap<Second<'o>, Open>, (app, region, second): Second<'o>) -> Vec<u32> {
    let has_sessions = |near: i64| {
        let near = open.get(&(app, region, near));
        near.is_some_and(|near| near.initiations.is_empty() && !near.sessions.is_empty())
    };
    let mut rivals: Vec<u32> = [second - 1, second + 1]
        .into_iter()
        .filter(|near| has_sessions(*near))
        .flat_map(|near| {
            beside(open, (app, region, near), |near| (&near.initiations, &near.sessions))
        })
        .collect();
    rivals.sort_unstable();
    rivals.dedup();
    rivals
}

fn join(board: &mut Board<'_>, initiation: u32, session: u32) {
    board.records.initiations[initiation].session = Some(session);
    board.records.sessions[session].has_initiation = true;
    let event = board.records.initiations[initiation].event;
    board.inferred(event, LinkReason::SessionEpoch, |board| {
        let how = "the session's id carries the second of `call_initiated`";
        (board.first_of(session).unwrap_or(event), how.to_owned())
    });
}

/// Tells at each of the initiations `at` who is among the candidates.
fn ambiguous(board: &mut Board<'_>, at: &[u32], initiations: &[u32], sessions: &[u32]) {
    let capture = board.capture;
    let ids = initiations.iter().map(|at| capture.string(board.records.initiations[*at].ring.id));
    let names = sessions.iter().map(|at| capture.string(board.records.sessions[*at].id));
    let message = format!(
        "nothing tells which of `call_initiated` {} began which session of {}; linked to none",
        named(ids.collect()),
        named(names.collect())
    );
    let sessions = sessions.iter().filter_map(|session| board.first_of(*session));
    let others: Vec<u32> =
        initiations.iter().map(|at| board.records.initiations[*at].event).chain(sessions).collect();
    for initiation in at {
        let event = board.records.initiations[*initiation].event;
        board.find(&rules::AMBIGUOUS_LINK, event, message.clone(), others.clone());
    }
}
