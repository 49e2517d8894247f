//! The stays of a call against the roster of its end.

use rustc_hash::FxHashSet;

use super::case::Case;
use super::course::TIE;
use crate::event::{Body, Ended, Flow, Moment, Occupant, Span, Sym, Trigger};
use crate::flow::rules::{
    LEFT_WITHOUT_JOINED, LOST_JOIN, LOST_LEAVE, NEVER_LEFT, NOT_IN_ROSTER, START_TIMES,
    TIMES_DIFFER,
};
use crate::flow::stays::Evidence;

pub(super) fn judge(case: &mut Case<'_, '_>) {
    start_times(case);
    let roster = Roster::of(case);
    let told = Told::of(case);
    for place in 0..case.stays.len() {
        let stay = case.stays[place];
        lost(case, &stay, &told);
        times(case, &stay);
        if stay.entry.is_none() {
            unlisted(case, &stay, roster);
        }
    }
}

/// The joins and leaves that webhooks tell of, whichever stays they went to.
#[derive(Default)]
struct Told {
    joined: FxHashSet<(Sym, Moment)>,
    left: FxHashSet<(Sym, Moment, Moment)>,
}

impl Told {
    /// Those of a call; none where each entry of the roster has its own.
    fn of(case: &Case<'_, '_>) -> Self {
        let lacks = |stay: &Evidence<'_>| {
            stay.entry.is_some() && (stay.joined.is_none() || stay.left.is_none())
        };
        let mut told = Self::default();
        if !case.stays.iter().any(lacks) {
            return told;
        }
        for (_, event) in case.each() {
            match &event.body {
                Body::Joined(joined) => {
                    told.joined.insert((joined.name, joined.joined_at));
                }
                Body::Left(left) => {
                    told.left.insert((left.name, left.joined_at, left.left_at));
                }
                _ => {}
            }
        }
        told
    }
}

/// What there is of a roster.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roster {
    /// The call has not ended, as far as is known.
    None,
    /// It has entries that cannot be read, or is none.
    Partial,
    /// It can be read, and this is the end's delivery.
    Whole(u32),
}

impl Roster {
    fn of(case: &Case<'_, '_>) -> Self {
        match case.end() {
            None => Self::None,
            Some(_) if case.has_partial_roster() => Self::Partial,
            Some((end, _)) => Self::Whole(end),
        }
    }
}

const ROSTER: &str = "though the roster has it: that webhook was lost";

/// The name of a trigger of the flow to which an end belongs.
fn of_flow(case: &Case<'_, '_>, end: u32, meeting: Trigger, ringing: Trigger) -> &'static str {
    let flow = case.capture().event(end).and_then(|event| event.trigger.flow());
    if flow == Some(Flow::Session) { meeting.name() } else { ringing.name() }
}

/// R001 and R002: the roster knows what no webhook tells. Two who join under one name in one second
/// are told of by one joined event, and by one left event if they leave in one second too.
fn lost(case: &mut Case<'_, '_>, stay: &Evidence<'_>, told: &Told) {
    let Some((end, entry)) = stay.entry else {
        return;
    };
    let is_told = stay.joined.is_some() || told.joined.contains(&(entry.name, entry.joined_at));
    if !is_told && case.is_captured(entry.joined_at) {
        let seen = stay.left.map(|(left, _)| left);
        let trigger =
            of_flow(case, end, Trigger::MeetingParticipantJoined, Trigger::CallParticipantJoined);
        let name = case.name(entry.name);
        let message = format!("no `{trigger}` of {name} at {}, {ROSTER}", entry.joined_at);
        case.tell(&LOST_JOIN, end, &entry_at(entry), message, seen.into_iter().collect());
    }
    // By the end everybody has left.
    let left_at = entry.left_at.or(case.end().map(|(_, at)| at));
    if stay.left.is_none()
        && let Some(left_at) = left_at
        && !told.left.contains(&(entry.name, entry.joined_at, left_at))
        && case.is_captured(left_at)
    {
        let seen = stay.joined.map(|(joined, _)| joined);
        let trigger =
            of_flow(case, end, Trigger::MeetingParticipantLeft, Trigger::CallParticipantLeft);
        let name = case.name(entry.name);
        let message = format!("no `{trigger}` of {name} at {left_at}, {ROSTER}");
        case.tell(&LOST_LEAVE, end, &entry_at(entry), message, seen.into_iter().collect());
    }
}

/// A pointer to the entry of a roster.
fn entry_at(entry: &Occupant) -> String {
    format!("/data/all_occupants/{}", entry.number)
}

/// F008, F009 and R003: stays that the roster does not have.
fn unlisted(case: &mut Case<'_, '_>, stay: &Evidence<'_>, roster: Roster) {
    let Some(name) = stay.name().map(|name| case.name(name)) else {
        return;
    };
    let pointer = "/data/occupant/name";
    if let (None, Some((left, leave))) = (stay.joined, stay.left)
        && case.is_captured(leave.joined_at)
    {
        let message = format!("{name} left, and was not seen to join at {}", leave.joined_at);
        let joined_at = "/data/occupant/joined_at";
        case.tell(&LEFT_WITHOUT_JOINED, left, joined_at, message, Vec::new());
    }
    let (Roster::Whole(end), Some(place)) =
        (roster, stay.joined.map(|(at, _)| at).or(stay.left.map(|(at, _)| at)))
    else {
        return;
    };
    if stay.left.is_none() && case.end().is_some_and(|(_, at)| case.is_captured(at)) {
        let message = format!("{name} joined, and neither a left event nor the roster has an end");
        case.tell(&NEVER_LEFT, place, pointer, message, vec![end]);
    }
    let message = format!("{name} is not in the roster of the call's end");
    case.tell(&NOT_IN_ROSTER, place, pointer, message, vec![end]);
}

/// R004: the three that tell of one stay differ. It stands at the webhook that the others
/// contradict.
fn times(case: &mut Case<'_, '_>, stay: &Evidence<'_>) {
    let differ = |one: Option<Moment>, other: Option<Moment>| {
        one.zip(other).is_some_and(|(one, other)| is_apart(one - other))
    };
    let joined = stay.joined.map(|(_, joined)| joined.joined_at);
    let since = stay.left.map(|(_, left)| left.joined_at);
    let listed = stay.entry.map(|(_, entry)| entry.joined_at);
    let left = stay.left.map(|(_, left)| left.left_at);
    let until = stay.entry.and_then(|(_, entry)| entry.left_at);
    let begins_apart = differ(joined, since) || differ(joined, listed);
    let place = match (begins_apart, stay.joined, stay.left) {
        (true, Some((place, _)), _) => (place, "/data/occupant/joined_at"),
        (_, _, Some((place, _))) if differ(since, listed) => (place, "/data/occupant/joined_at"),
        (_, _, Some((place, _))) if differ(left, until) => (place, "/data/occupant/left_at"),
        _ => return,
    };
    let mut told = Vec::new();
    let word = |what: &str, at: Option<Moment>| at.map(|at| format!("{at} by {what}"));
    if begins_apart || differ(since, listed) {
        let times =
            [word("its joined", joined), word("its left", since), word("the roster", listed)];
        told.push(format!("joined at {}", all(times)));
    }
    if differ(left, until) {
        told.push(format!(
            "left at {}",
            all([word("its left", left), word("the roster", until), None])
        ));
    }
    let Some(name) = stay.name().map(|name| case.name(name)) else {
        return;
    };
    let others =
        [stay.joined.map(|(at, _)| at), stay.left.map(|(at, _)| at), stay.entry.map(|(at, _)| at)];
    let others = others.into_iter().flatten().filter(|other| *other != place.0).collect();
    let message = format!("{name} {}", told.join(", and "));
    case.tell(&TIMES_DIFFER, place.0, place.1, message, others);
}

fn all(times: [Option<String>; 3]) -> String {
    times.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Whether times of one thing are no tie.
fn is_apart(gap: Span) -> bool {
    gap.abs() >= TIE
}

/// R005: an end that knows of another start. It stands at the nearest.
fn start_times(case: &mut Case<'_, '_>) {
    let mut told = FxHashSet::default();
    for place in 0..case.ends.len() {
        let end = case.ends[place].0;
        let Some(Body::Ended(Ended { created_at: Some(created_at), .. })) =
            case.capture().event(end).map(|event| event.body)
        else {
            continue;
        };
        let Some((start, at)) = nearest(&case.starts, created_at) else {
            continue;
        };
        if is_apart(at - created_at) && told.insert(start) {
            let message = format!("started at {at}, at {created_at} by its end");
            case.tell(&START_TIMES, start, "/data/created_at", message, vec![end]);
        }
    }
}

/// The start that is nearest to `at`; they come sorted.
fn nearest(starts: &[(u32, Moment)], at: Moment) -> Option<(u32, Moment)> {
    let later = starts.partition_point(|(_, start)| *start < at);
    let near = [later.checked_sub(1), Some(later)].into_iter().flatten();
    let near = near.filter_map(|place| starts.get(place).copied());
    near.min_by_key(|(_, start)| (*start - at).abs())
}
