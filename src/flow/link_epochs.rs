//! Initiations without a session id → ringing sessions without an initiation.
//!
//! A ringing session's id reads `v1.<region>.<appId>.<10-digit epoch seconds><40 hex>` (seen in the wild,
//! not documented), and the epoch is the second of the initiation.

use super::link::{Board, Session};
use super::rules;
use crate::event::{Capture, Sym};

/// What a ringing session's id says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RingingId<'s> {
    pub(super) region: &'s str,
    pub(super) app: &'s str,
    pub(super) epoch: i64,
}

impl<'s> RingingId<'s> {
    /// Reads a session id; `None` where it has another form.
    pub(super) fn parse(id: &'s str) -> Option<Self> {
        let rest = id.strip_prefix("v1.")?;
        let (region, rest) = rest.split_once('.')?;
        let (app, tail) = rest.rsplit_once('.')?;
        let (epoch, hex) = tail.split_at_checked(10)?;
        let well_formed = epoch.bytes().all(|byte| byte.is_ascii_digit())
            && hex.len() == 40
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let epoch = epoch.parse().ok().filter(|_| well_formed)?;
        Some(Self { region, app, epoch })
    }
}

/// Who may be joined, each with its app and second.
struct Open {
    initiations: Vec<(Option<Sym>, i64, usize)>,
    sessions: Vec<(Option<Sym>, i64, usize)>,
}

impl Open {
    fn new(board: &Board<'_>) -> Self {
        let initiations = board.initiations.iter().enumerate();
        let sessions = board.sessions.iter().enumerate();
        let mut open = Self {
            initiations: initiations
                .filter(|(_, initiation)| initiation.session.is_none() && !initiation.has_outcome)
                .map(|(at, initiation)| (initiation.app, initiation.ring.sent_at.seconds(), at))
                .collect(),
            sessions: sessions
                .filter(|(_, session)| session.is_open())
                .filter_map(|(at, session)| Some((session.app, epoch(board.capture, session)?, at)))
                .collect(),
        };
        open.initiations.sort_unstable();
        open.sessions.sort_unstable();
        open
    }

    /// Those of one app between two seconds.
    fn within(
        list: &[(Option<Sym>, i64, usize)],
        app: Option<Sym>,
        from: i64,
        to: i64,
    ) -> Vec<usize> {
        let first = list.partition_point(|entry| (entry.0, entry.1) < (app, from));
        let behind = list[first..].iter().take_while(|entry| entry.0 == app && entry.1 <= to);
        behind.map(|entry| entry.2).collect()
    }
}

/// The second that a session's id carries, if it also carries the session's app.
fn epoch(capture: &Capture, session: &Session) -> Option<i64> {
    let id = RingingId::parse(capture.string(session.id))?;
    (Some(id.app) == session.app.map(|app| capture.string(app))).then_some(id.epoch)
}

/// Joins an initiation and a session that are alone in their second.
pub(super) fn unique(board: &mut Board<'_>) {
    let open = Open::new(board);
    for (app, second, initiation) in &open.initiations {
        let twins = Open::within(&open.initiations, *app, *second, *second);
        let sessions = Open::within(&open.sessions, *app, *second, *second);
        if let ([_], [session]) = (&twins[..], &sessions[..]) {
            join(board, *initiation, *session);
        }
    }
}

/// The same among initiations that have got no outcome; then with the second before or after, where
/// neither side has a partner in its own second. What is still several is told and left apart.
pub(super) fn rest(board: &mut Board<'_>) {
    unique(board);
    let open = Open::new(board);
    for (app, second, initiation) in &open.initiations {
        let own = Open::within(&open.sessions, *app, *second, *second);
        let own: Vec<usize> =
            own.into_iter().filter(|session| regions_agree(board, *initiation, *session)).collect();
        if !own.is_empty() {
            let twins = Open::within(&open.initiations, *app, *second, *second);
            ambiguous(board, *initiation, &twins, &own);
            continue;
        }
        let near = neighbours(board, &open, *app, *second);
        match near[..] {
            [] => {}
            [session] => {
                let rivals = rivals(board, &open, *app, session);
                if rivals.len() == 1 {
                    join(board, *initiation, session);
                } else {
                    ambiguous(board, *initiation, &rivals, &near);
                }
            }
            _ => ambiguous(board, *initiation, &[*initiation], &near),
        }
    }
}

/// Sessions of the second before or after, that have no initiation in their own.
fn neighbours(board: &Board<'_>, open: &Open, app: Option<Sym>, second: i64) -> Vec<usize> {
    let near = Open::within(&open.sessions, app, second - 1, second + 1);
    near.into_iter()
        .filter(|session| {
            let epoch = epoch(board.capture, &board.sessions[*session]).unwrap_or(second);
            epoch != second && Open::within(&open.initiations, app, epoch, epoch).is_empty()
        })
        .collect()
}

/// Initiations that have the session as a neighbour and no session in their own second.
fn rivals(board: &Board<'_>, open: &Open, app: Option<Sym>, session: usize) -> Vec<usize> {
    let Some(epoch) = epoch(board.capture, &board.sessions[session]) else {
        return Vec::new();
    };
    let alone = |second| Open::within(&open.sessions, app, second, second).is_empty();
    [epoch - 1, epoch + 1]
        .into_iter()
        .filter(|second| alone(*second))
        .flat_map(|second| Open::within(&open.initiations, app, second, second))
        .collect()
}

fn regions_agree(board: &Board<'_>, initiation: usize, session: usize) -> bool {
    let region = board.initiations[initiation].region.map(|region| board.capture.string(region));
    let id = RingingId::parse(board.capture.string(board.sessions[session].id));
    id.is_some_and(|id| region == Some(id.region))
}

fn join(board: &mut Board<'_>, initiation: usize, session: usize) {
    if !regions_agree(board, initiation, session) {
        return;
    }
    board.initiations[initiation].session = Some(session);
    board.sessions[session].has_initiation = true;
    let how = "the session's id carries the second of `call_initiated`";
    board.inferred(board.initiations[initiation].event, how);
}

fn ambiguous(board: &mut Board<'_>, at: usize, initiations: &[usize], sessions: &[usize]) {
    let mut ids: Vec<&str> = initiations
        .iter()
        .map(|initiation| board.capture.string(board.initiations[*initiation].ring.id))
        .collect();
    let mut names: Vec<&str> =
        sessions.iter().map(|session| board.capture.string(board.sessions[*session].id)).collect();
    ids.sort_unstable();
    names.sort_unstable();
    let message = format!(
        "nothing tells which of `call_initiated` {} began which session of {}; linked to none",
        ids.join(", "),
        names.join(", ")
    );
    board.find(&rules::AMBIGUOUS_LINK, board.initiations[at].event, message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ringing_session_id_carries_region_app_and_second() {
        let hex = "a3".repeat(20);
        let id = format!("v1.us.239414efb0e4882a.1767346800{hex}");
        let read = RingingId::parse(&id).expect("the ringing form");
        assert_eq!((read.region, read.app, read.epoch), ("us", "239414efb0e4882a", 1_767_346_800));
        for other in ["weekly-sync", "v1.us.a.17673468", &id[..id.len() - 1], &format!("{id}0")] {
            assert_eq!(RingingId::parse(other), None, "{other}");
        }
    }
}
