//! The expected result of a call: its row as `calls --format ndjson` prints it, and its lost events.

use super::json_text::{JsonObject, texts, thousandths};
use super::webhook_body::{conversation_id, receiver, trigger};
use crate::generate::scenario::app::{InitiatedForm, SimulatedApp};
use crate::generate::scenario::call::{
    CallStep, PlannedCall, PlannedRecording, PlannedSession, PlannedStay, StepKind,
};

/// The session's id, if a webhook of the call contains it.
fn known_session_id<'c>(app: &SimulatedApp, call: &'c PlannedCall) -> Option<&'c str> {
    (call.session.is_some() || app.form != InitiatedForm::Bare).then_some(&*call.session_id)
}

/// The id that the call must get.
pub(crate) fn call_id(app: &SimulatedApp, call: &PlannedCall) -> String {
    match (known_session_id(app, call), &call.ring, &call.session) {
        (Some(id), None, Some(session)) => format!("{id}@{}", session.created_at),
        (Some(id), ..) => id.to_owned(),
        (None, ring, _) => format!("ring:{}", ring.map_or(0, |ring| ring.id)),
    }
}

/// `link` and `link_reason`.
fn link(app: &SimulatedApp, call: &PlannedCall) -> (&'static str, Option<&'static str>) {
    match (&call.ring, &call.session) {
        (None, _) => ("none", None),
        // No outcome names the attempt that it ends.
        (Some(_), None) => ("inferred", Some("conversation")),
        (Some(_), Some(_)) if app.form == InitiatedForm::Bare => {
            ("inferred", Some("session_epoch"))
        }
        (Some(_), Some(_)) => ("session", None),
    }
}

/// Appends the row of a call.
pub(crate) fn write_row(out: &mut Vec<u8>, app: &SimulatedApp, call: &PlannedCall, call_id: &str) {
    JsonObject(out).object(|row| {
        row.text("call_id", Some(call_id));
        row.text("session_id", known_session_id(app, call));
        write_parties(row, app, call);
        write_times(row, app, call);
        let session = call.session.as_ref();
        write_presence(row, app, session);
        let recordings = session.map_or(&[][..], |session| &session.recordings);
        row.list("recordings", recordings, write_recording);
        row.count("event_count", call.steps.len() - call.lost.len());
        row.number("delivery_count", Some(call.deliveries));
        let rules: &[&str] = if call.late { &["D001"] } else { &[] };
        row.list("rules", rules, |row, rule| texts(row.0, &["\"", rule, "\""]));
        if !call.lost.is_empty() {
            row.list("lost", &call.lost, |row, step| write_lost_event(row, app, call, *step));
        }
    });
    out.push(b'\n');
}

fn write_parties(row: &mut JsonObject<'_>, app: &SimulatedApp, call: &PlannedCall) {
    let ring = call.ring.as_ref();
    let id = ring.map(|ring| ring.id.to_string());
    row.text("ring_id", id.as_deref());
    row.text("app_id", Some(&app.id));
    row.text("region", Some(app.region));
    row.text("flow", Some(if ring.is_some() { "ringing" } else { "session" }));
    row.text("media", Some(if is_video(call) { "video" } else { "audio" }));
    let to = ring.map(|ring| receiver(app, ring));
    row.text("receiver_type", to.map(|(_, kind)| kind));
    let conversation = ring.map(|ring| conversation_id(app, ring));
    row.text("conversation_id", conversation.as_deref());
    let caller = ring.map(|ring| &app.people[ring.parties.caller]);
    row.text("caller", caller.map(|caller| &*caller.id));
    let named = caller.filter(|_| app.form != InitiatedForm::Bare);
    row.text("caller_name", named.map(|caller| &*caller.name));
    row.text("receiver", to.map(|(receiver, _)| &*receiver.id));
}

fn is_video(call: &PlannedCall) -> bool {
    match (&call.ring, &call.session) {
        (Some(ring), _) => ring.video,
        (None, session) => {
            session.iter().flat_map(|session| &session.stays).any(|stay| !stay.audio)
        }
    }
}

fn write_times(row: &mut JsonObject<'_>, app: &SimulatedApp, call: &PlannedCall) {
    let missed = call.ring.and_then(|ring| ring.missed);
    row.text("outcome", Some(missed.map_or("ended", |(_, fate)| fate.name())));
    let (link, link_reason) = link(app, call);
    row.text("link", Some(link));
    row.text("link_reason", link_reason);
    let initiated_at = call.ring.map(|_| call.first_at);
    let session = call.session.as_ref();
    let started_at = session.map(|session| session.created_at);
    let ended_at = session.map(|session| session.destroyed_at);
    row.time("initiated_at", initiated_at.map(|at| at * 1000));
    row.time("started_at", started_at.map(|at| at * 1000));
    row.time("ended_at", ended_at.map(|at| at * 1000));
    let rang_until = started_at.or(missed.map(|(at, _)| at));
    let rang = initiated_at.and_then(|from| Some(rang_until? - from));
    row.number("ring_seconds", rang);
    row.number("duration_seconds", started_at.and_then(|from| Some(ended_at? - from)));
}

fn write_presence(row: &mut JsonObject<'_>, app: &SimulatedApp, session: Option<&PlannedSession>) {
    let mut stays: Vec<&PlannedStay> =
        session.map_or(Vec::new(), |session| session.stays.iter().collect());
    let name = |stay: &PlannedStay| &*app.people[stay.person].name;
    stays.sort_by_key(|stay| (stay.joined_at, stay.left_at, name(stay)));
    let (peak, connected) = peak_and_connected(&stays);
    let mut people: Vec<usize> = stays.iter().map(|stay| stay.person).collect();
    people.sort_unstable();
    people.dedup();
    row.number("connected_seconds", session.map(|_| connected));
    row.count("participant_count", people.len());
    row.count("peak_concurrent", peak);
    let all = stays.iter().map(|stay| stay.left_at - stay.joined_at).sum();
    row.number("participant_seconds", Some(all));
    row.list("stays", &stays, |row, stay| row.object(|row| write_stay(row, app, stay)));
}

/// The greatest number of stays at once, and the seconds with two or more.
fn peak_and_connected(stays: &[&PlannedStay]) -> (usize, u64) {
    let long = stays.iter().filter(|stay| stay.joined_at < stay.left_at);
    // In one second, leaves come before joins: `false` sorts first.
    let mut turns: Vec<(u64, bool)> =
        long.flat_map(|stay| [(stay.joined_at, true), (stay.left_at, false)]).collect();
    turns.sort_unstable();
    let (mut present, mut peak, mut connected, mut since) = (0_usize, 0, 0, 0);
    for (at, joins) in turns {
        connected += if present > 1 { at - since } else { 0 };
        since = at;
        present = if joins { present + 1 } else { present - 1 };
        peak = peak.max(present);
    }
    (peak, connected)
}

fn write_stay(row: &mut JsonObject<'_>, app: &SimulatedApp, stay: &PlannedStay) {
    let person = &app.people[stay.person];
    row.text("name", Some(&person.name));
    row.text("media", Some(if stay.audio { "audio" } else { "video" }));
    row.time("joined_at", Some(stay.joined_at * 1000));
    row.time("left_at", Some(stay.left_at * 1000));
    row.number("duration_seconds", Some(stay.left_at - stay.joined_at));
    row.text("seen", Some("both"));
    let device = stay.configured.then_some(person.device);
    row.text("platform", device.map(|device| device.platform));
    row.text("sdk", device.map(|device| device.sdk));
    row.text("call_version", device.map(|device| device.call_version));
}

fn write_recording(row: &mut JsonObject<'_>, recording: &PlannedRecording) {
    row.object(|row| {
        row.text("url", Some(&recording.url));
        row.time("started_at", Some(recording.started_at));
        row.key("duration_seconds");
        thousandths(row.0, recording.duration);
    });
}

/// An event without an intact delivery.
fn write_lost_event(
    row: &mut JsonObject<'_>,
    app: &SimulatedApp,
    call: &PlannedCall,
    step: CallStep,
) {
    let session = call.session.as_ref();
    let (at, who) = match step.kind {
        StepKind::Joined(stay) | StepKind::Left(stay) | StepKind::LeftSameSecond(stay) => {
            (step.at * 1000, session.map(|session| session.stays[stay].person))
        }
        StepKind::Recorded(at) => {
            (session.map_or(0, |session| session.recordings[at].started_at), None)
        }
        _ => (step.at * 1000, None),
    };
    row.object(|row| {
        row.text("trigger", Some(trigger(call, step.kind)));
        row.time("event_at", Some(at));
        row.text("participant_name", who.map(|who| &*app.people[who].name));
    });
}
