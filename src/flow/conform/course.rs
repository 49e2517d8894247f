//! A call's events against the tables of the flows.

use super::case::Case;
use super::table::State;
use crate::event::{Body, Event, Flow, Kind, Moment, RingingId, Span, Trigger};
use crate::finding::Rule;
use crate::flow::rules::{
    AFTER_END, CONTRADICTING_OUTCOMES, ENDED_TWICE, MISSING_INITIATION, MISSING_START, MIXED_FLOWS,
    RECORDING_WITHOUT_CALL, STARTED_TWICE,
};
use crate::flow::stays::Evidence;

/// How far apart events may be that belong together.
pub(super) const TIE: Span = Span::from_seconds(1);

/// Walks the events of a call, and tells what they break.
pub(super) fn judge(case: &mut Case<'_, '_>) {
    let flow = case.events.flow().unwrap_or(Flow::Session);
    let mut state = State::Nothing;
    let mut asked: Vec<&'static Rule> = Vec::new();
    for place in 0..case.order.len() {
        let (index, event) = (case.order[place], *case.events.all[place].1);
        let foreign = event.trigger.flow().is_some_and(|own| own != flow);
        let (next, breaks) = state.next(flow, event.trigger);
        let mixed = foreign.then_some(&MIXED_FLOWS);
        for rule in breaks.iter().copied().chain(mixed) {
            let Some((_, often, check)) = CHECKS.iter().find(|(checked, ..)| *checked == rule)
            else {
                continue;
            };
            if *often == Often::Once && asked.contains(&rule) {
                continue;
            }
            asked.push(rule);
            if let Some(Broken { pointer, message, others }) = check(case, index, &event) {
                case.tell(rule, index, pointer, message, others);
            }
        }
        state = next;
    }
}

/// How often a rule is asked of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Often {
    /// It is about the call as a whole.
    Once,
    /// It is about single events.
    AtEach,
}

/// How a rule is broken.
struct Broken {
    /// Into the body; empty where it is about all of it.
    pointer: &'static str,
    message: String,
    others: Vec<u32>,
}

impl Broken {
    fn at(pointer: &'static str, message: String) -> Self {
        Self { pointer, message, others: Vec::new() }
    }

    fn with(self, others: Vec<u32>) -> Self {
        Self { others, ..self }
    }
}

/// Says whether, and how, an event breaks a rule.
type Check = fn(&Case<'_, '_>, u32, &Event) -> Option<Broken>;

/// What is asked where a step may break a rule.
static CHECKS: &[(&Rule, Often, Check)] = &[
    (&CONTRADICTING_OUTCOMES, Often::Once, contradicting),
    (&MIXED_FLOWS, Often::Once, mixed),
    (&MISSING_START, Often::Once, no_start),
    (&MISSING_INITIATION, Often::Once, no_initiation),
    (&AFTER_END, Often::AtEach, after_end),
    (&RECORDING_WITHOUT_CALL, Often::Once, recording_alone),
    (&STARTED_TWICE, Often::AtEach, again),
    (&ENDED_TWICE, Often::AtEach, again),
];

/// What an event says came of a call; `None` for those that say nothing of it.
fn verdict(trigger: Trigger) -> Option<&'static str> {
    match trigger.kind() {
        Kind::Started | Kind::Joined | Kind::Ended => Some("answered"),
        Kind::RingOutcome => trigger.action(),
        _ => None,
    }
}

/// Stands at the event that says another thing than those before it.
fn contradicting(case: &Case<'_, '_>, index: u32, _: &Event) -> Option<Broken> {
    let mut verdicts: Vec<(&str, u32, Trigger)> = Vec::new();
    for (other, event) in case.each() {
        if let Some(word) = verdict(event.trigger)
            && verdicts.iter().all(|(known, _, _)| *known != word)
        {
            verdicts.push((word, other, event.trigger));
        }
        if other == index {
            break;
        }
    }
    let (_, _, here) = verdicts.pop_if(|(_, at, _)| *at == index)?;
    let before: Vec<String> =
        verdicts.iter().map(|(_, _, trigger)| format!("`{}`", trigger.name())).collect();
    let others: Vec<u32> = verdicts.iter().map(|(_, at, _)| *at).collect();
    if others.is_empty() {
        return None;
    }
    let message = format!("`{}` behind {}: a call has one outcome", here.name(), before.join(", "));
    Some(Broken::at("", message).with(others))
}

/// Stands at the first event of the other flow.
fn mixed(case: &Case<'_, '_>, _: u32, event: &Event) -> Option<Broken> {
    let own = case.each().find(|(_, own)| own.trigger.flow() == Some(Flow::Ringing));
    let (other, first) = own?;
    let message = format!(
        "`{}` in the session of `{}`: the events of both flows have one session id",
        event.trigger.name(),
        first.trigger.name()
    );
    Some(Broken::at("/trigger", message).with(vec![other]))
}

fn no_start(case: &Case<'_, '_>, _: u32, event: &Event) -> Option<Broken> {
    if !case.starts.is_empty() {
        return None;
    }
    let first_stay = || case.stays.iter().filter_map(Evidence::joined_at).min();
    let created_at = case.created_at.or_else(first_stay).unwrap_or(event.at());
    let started = match case.events.flow() {
        Some(Flow::Session) => Trigger::MeetingStarted,
        _ => Trigger::CallStarted,
    };
    case.is_captured(created_at).then(|| {
        let message = format!(
            "no `{}` in its session, which began at {created_at}: that webhook was lost",
            started.name()
        );
        Broken::at("/data/sessionId", message)
    })
}

fn no_initiation(case: &Case<'_, '_>, _: u32, event: &Event) -> Option<Broken> {
    let undecided = case.order.iter().any(|index| case.measure.undecided.contains(index));
    if case.events.has(Kind::Initiated) || undecided {
        return None;
    }
    let epoch = case.events.session_id().and_then(RingingId::parse).map(|id| id.epoch);
    let epoch = epoch.and_then(Moment::from_seconds);
    let first_stay = || case.stays.iter().filter_map(Evidence::joined_at).min();
    let started_at = case.created_at.or_else(first_stay).unwrap_or(event.at());
    let rung_at = epoch.unwrap_or(started_at - case.measure.limits.ring_window);
    case.is_captured(rung_at).then(|| {
        let message = match epoch {
            Some(at) => format!("no `call_initiated` of its session, whose id says {at}"),
            None => "no `call_initiated` of its session".to_owned(),
        };
        Broken::at("/data/sessionId", message)
    })
}

fn after_end(case: &Case<'_, '_>, _: u32, event: &Event) -> Option<Broken> {
    let (end, ended_at) = case.end()?;
    let behind = event.at() - ended_at;
    let plausible = event.at().is_plausible() && ended_at.is_plausible();
    let (pointer, what) = match event.body {
        Body::Joined(_) => ("/data/occupant/joined_at", "joined"),
        _ => ("/data/occupant/left_at", "left"),
    };
    (plausible && behind > TIE).then(|| {
        let name = event.participant().map_or_else(String::new, |name| case.name(name));
        let message = format!("{name} {what} {behind} s after the end of the call");
        Broken::at(pointer, message).with(vec![end])
    })
}

/// Stands at the first recording that would not be alone, had the rest been captured.
fn recording_alone(case: &Case<'_, '_>, _: u32, _: &Event) -> Option<Broken> {
    let alone = case.each().all(|(_, event)| event.trigger.kind() == Kind::Recording);
    let mut starts = case.events.recordings().map(|recording| recording.started_at);
    let message =
        "nothing but recordings of its call: the webhooks of the rest were lost".to_owned();
    (alone && starts.any(|at| case.is_captured(at)))
        .then(|| Broken::at("/data/sessionId", message).with(case.order[1..].to_vec()))
}

/// Stands at an event that says another time than the first of its kind.
fn again(case: &Case<'_, '_>, index: u32, event: &Event) -> Option<Broken> {
    let (all, pointer, word) = match event.trigger.kind() {
        Kind::Started => (&case.starts, "/data/created_at", "started"),
        _ => (&case.ends, "/data/destroyed_at", "ended"),
    };
    let (first, at) = *all.first()?;
    (index != first && (event.at() - at).abs() >= TIE).then(|| {
        let message = format!("{word} at {}, and at {at} before", event.at());
        Broken::at(pointer, message).with(vec![first])
    })
}

#[cfg(test)]
mod tests {
    use super::super::table::broken;
    use super::*;

    #[test]
    fn every_rule_that_a_step_may_break_is_asked() {
        for rule in broken() {
            assert!(CHECKS.iter().any(|(checked, ..)| *checked == rule), "{}", rule.code);
        }
    }
}
