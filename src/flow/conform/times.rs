//! The times that the events of a call tell, against each other.

use super::case::Case;
use super::course::TIE;
use crate::event::{Body, Capture, Ended, Event, Flow, Kind, Moment, Recording, Span, Trigger};
use crate::flow::Outcome;
use crate::flow::edge::known_at;
use crate::flow::rules::{
    ANSWERED_ALONE, BEFORE_START, ENDED_EARLY, NEGATIVE_TIME, NEVER_ENDED, NO_OUTCOME,
    NOT_FOR_GROUPS, RECORDING_OUTSIDE,
};
use crate::flow::stays::Evidence;

/// How far a recording may reach beyond its call.
const RECORDING_SLACK: Span = Span::from_seconds(5);

pub(super) fn judge(case: &mut Case<'_, '_>) {
    silent(case);
    alone(case);
    // Without a start nothing tells when the call began: its first joins may be missing too.
    let started_at = plausible(case.created_at);
    let ended_at = plausible(case.end().map(|(_, at)| at));
    let group = case.events.initiation().and_then(|ring| ring.group);
    for place in 0..case.order.len() {
        let (index, event) = (case.order[place], *case.events.all[place].1);
        match event.body {
            Body::Ring(ring) => not_for_groups(case, index, event.trigger, group.or(ring.group)),
            Body::Joined(joined) => before_start(case, index, joined.joined_at),
            Body::Left(left) => {
                let pointer = "/data/occupant/left_at";
                negative(case, index, pointer, (left.joined_at, left.left_at), STAY);
            }
            Body::Ended(ended) => end(case, index, &ended),
            Body::Recording(recording) => outside(case, index, &recording, started_at, ended_at),
            Body::Started { .. } => {}
        }
    }
}

/// A time, unless it cannot be (S009).
fn plausible(at: Option<Moment>) -> Option<Moment> {
    at.filter(|at| at.is_plausible())
}

/// F006 and F007: nothing has come of it, and the capture goes on. Whoever left had been in it, so
/// that something has come of it.
fn silent(case: &mut Case<'_, '_>) {
    let limits = case.measure.limits;
    let rang_alone = |case: &Case<'_, '_>| {
        case.events.events().all(|event| event.trigger.kind() == Kind::Initiated)
    };
    let (rule, longer) = match case.events.outcome() {
        Outcome::Ongoing => (&NEVER_ENDED, limits.open_after),
        Outcome::Initiated if rang_alone(case) => (&NO_OUTCOME, limits.ring_window),
        _ => return,
    };
    let last = case.each().filter_map(|(index, event)| Some((known_at(event)?, index)));
    let Some((last_at, last)) = last.max_by_key(|(at, _)| *at) else {
        return;
    };
    let undecided = case.order.iter().any(|index| case.measure.undecided.contains(index));
    if !case.measure.edges.goes_on(case.app, last_at, longer) || (rule == &NO_OUTCOME && undecided)
    {
        return;
    }
    let lacks = if rule == &NEVER_ENDED { "no end" } else { "no outcome" };
    let message = format!(
        "{lacks}, and nothing since {last_at}, though the capture goes on for over {longer} s"
    );
    let initiation = case.of_kind(Kind::Initiated).first().map(|(index, _)| *index);
    let place = if rule == &NEVER_ENDED { last } else { initiation.unwrap_or(last) };
    case.tell(rule, place, "", message, Vec::new());
}

/// F017: nobody but one was in a call that was answered.
fn alone(case: &mut Case<'_, '_>) {
    let Some((end, _)) = case.end() else {
        return;
    };
    let mut names = case.stays.iter().filter_map(Evidence::name);
    let Some(name) = names.next().filter(|name| names.all(|other| other == *name)) else {
        return;
    };
    if case.events.flow() == Some(Flow::Ringing)
        && case.created_at.is_some()
        && !case.has_partial_roster()
    {
        let message = format!("{} was alone in a call that was answered", case.name(name));
        case.tell(&ANSWERED_ALONE, end, "/data/all_occupants", message, Vec::new());
    }
}

/// F002: the documentation has these outcomes for calls of two people only.
fn not_for_groups(case: &mut Case<'_, '_>, index: u32, trigger: Trigger, group: Option<bool>) {
    if matches!(trigger, Trigger::CallBusy | Trigger::CallRejected) && group == Some(true) {
        let message = format!("`{}` of a group call, which has none", trigger.name());
        case.tell(&NOT_FOR_GROUPS, index, "/data/call/receiverType", message, Vec::new());
    }
}

/// F011.
fn before_start(case: &mut Case<'_, '_>, index: u32, joined_at: Moment) {
    let Some(started_at) = plausible(case.created_at) else {
        return;
    };
    let before = started_at - joined_at;
    if joined_at.is_plausible() && before > TIE {
        // Without a start an end tells.
        let other = case.starts.first().or(case.ends.first()).map(|(index, _)| *index);
        let name = case.capture().event(index).and_then(Event::participant);
        let name = name.map_or_else(String::new, |name| case.name(name));
        let message = format!("{name} joined {before} s before the call started");
        let pointer = "/data/occupant/joined_at";
        case.tell(&BEFORE_START, index, pointer, message, other.into_iter().collect());
    }
}

/// How the end and the beginning of a stay are called.
const STAY: [&str; 2] = ["left", "joining"];

/// F013: what ends before it begins.
fn negative(
    case: &mut Case<'_, '_>,
    index: u32,
    pointer: &str,
    (from, to): (Moment, Moment),
    [ended, begun]: [&str; 2],
) {
    let before = from - to;
    if before >= TIE {
        let message = format!("{ended} at {to}, {before} s before {begun}");
        case.tell(&NEGATIVE_TIME, index, pointer, message, Vec::new());
    }
}

/// What an end tells: F012 and F013.
fn end(case: &mut Case<'_, '_>, index: u32, ended: &Ended) {
    if let Some(created_at) = ended.created_at {
        let pointer = "/data/destroyed_at";
        let words = ["ended", "it was created"];
        negative(case, index, pointer, (created_at, ended.destroyed_at), words);
    }
    let capture: &Capture = case.capture();
    let mut last: Option<Moment> = None;
    for entry in capture.roster(ended) {
        let Some(left_at) = entry.left_at else { continue };
        last = last.max(Some(left_at).filter(|at| at.is_plausible()));
        let pointer = format!("/data/all_occupants/{}/left_at", entry.number);
        negative(case, index, &pointer, (entry.joined_at, left_at), STAY);
    }
    if let (Some(last), true) = (last, ended.destroyed_at.is_plausible())
        && last - ended.destroyed_at > TIE
    {
        let early = last - ended.destroyed_at;
        let message = format!("ended {early} s before the last of its roster left");
        case.tell(&ENDED_EARLY, index, "/data/destroyed_at", message, Vec::new());
    }
}

/// F014.
fn outside(
    case: &mut Case<'_, '_>,
    index: u32,
    recording: &Recording,
    started_at: Option<Moment>,
    ended_at: Option<Moment>,
) {
    if !recording.started_at.is_plausible() {
        return;
    }
    let early = started_at.map(|at| at - recording.started_at);
    let late = recording.duration.zip(ended_at).map(|(duration, at)| {
        // The end of a recording is its start and a length with fractions.
        recording.started_at + duration - at
    });
    let over = |beyond: Option<Span>| beyond.filter(|beyond| *beyond > RECORDING_SLACK);
    if let Some(early) = over(early) {
        let message = format!("the recording starts {early} s before its call");
        case.tell(&RECORDING_OUTSIDE, index, "/data/startTime", message, Vec::new());
    }
    if let Some(late) = over(late) {
        let message = format!("the recording ends {late} s after its call");
        case.tell(&RECORDING_OUTSIDE, index, "/data/duration", message, Vec::new());
    }
}
