//! The truth about a call: its row, field by field as `calls --format ndjson` has it, and what was
//! lost of it.

use super::app::{App, Form};
use super::body::{conversation, receiver, trigger};
use super::call::{Call, Recording, Ring, Stay, Step, Talk, What};
use super::row::Row;
use super::written::{texts, thousandths};

/// The session's id, where a webhook of the call tells it.
fn told_session<'c>(app: &App, call: &'c Call) -> Option<&'c str> {
    (call.talk.is_some() || app.form != Form::Bare).then_some(&*call.session)
}

/// What the call is called.
pub(super) fn call_id(app: &App, call: &Call) -> String {
    match (told_session(app, call), &call.ring, &call.talk) {
        (Some(session), None, Some(talk)) => format!("{session}@{}", talk.created_at),
        (Some(session), ..) => session.to_owned(),
        (None, ring, _) => format!("ring:{}", ring.map_or(0, |ring| ring.id)),
    }
}

/// How the parts of the call come together, and by what.
fn link(app: &App, call: &Call) -> (&'static str, Option<&'static str>) {
    match (&call.ring, &call.talk) {
        (None, _) => ("none", None),
        // No outcome tells which attempt it ended.
        (Some(_), None) => ("inferred", Some("conversation")),
        (Some(_), Some(_)) if app.form == Form::Bare => ("inferred", Some("session_epoch")),
        (Some(_), Some(_)) => ("session", None),
    }
}

/// Adds the row of a call.
pub(super) fn row(out: &mut Vec<u8>, app: &App, call: &Call, call_id: &str) {
    Row(out).object(|row| {
        row.text("call_id", Some(call_id));
        row.text("session_id", told_session(app, call));
        who(row, app, call);
        how(row, app, call);
        let talk = call.talk.as_ref();
        presence(row, app, talk);
        let recordings = talk.map_or(&[][..], |talk| &talk.recordings);
        row.list("recordings", recordings, recorded);
        row.count("event_count", call.steps.len() - call.lost.len());
        row.number("delivery_count", Some(call.deliveries));
        let rules: &[&str] = if call.late { &["D001"] } else { &[] };
        row.list("rules", rules, |row, rule| texts(row.0, &["\"", rule, "\""]));
        if !call.lost.is_empty() {
            row.list("lost", &call.lost, |row, step| lost(row, app, call, *step));
        }
    });
    out.push(b'\n');
}

fn who(row: &mut Row<'_>, app: &App, call: &Call) {
    let ring = call.ring.as_ref();
    let id = ring.map(|ring| ring.id.to_string());
    row.text("ring_id", id.as_deref());
    row.text("app_id", Some(&app.id));
    row.text("region", Some(app.region));
    row.text("flow", Some(if ring.is_some() { "ringing" } else { "session" }));
    row.text("media", Some(if is_video(call) { "video" } else { "audio" }));
    let to = ring.map(|ring| receiver(app, ring));
    row.text("receiver_type", to.map(|(_, kind)| kind));
    let conversation = ring.map(|ring| conversation_of(app, ring));
    row.text("conversation_id", conversation.as_deref());
    let caller = ring.map(|ring| &app.people[ring.caller]);
    row.text("caller", caller.map(|caller| &*caller.id));
    let named = caller.filter(|_| app.form != Form::Bare);
    row.text("caller_name", named.map(|caller| &*caller.name));
    row.text("receiver", to.map(|(receiver, _)| &*receiver.id));
}

fn is_video(call: &Call) -> bool {
    match (&call.ring, &call.talk) {
        (Some(ring), _) => ring.video,
        (None, talk) => talk.iter().flat_map(|talk| &talk.stays).any(|stay| !stay.audio),
    }
}

fn conversation_of(app: &App, ring: &Ring) -> String {
    let mut id = Vec::new();
    conversation(&mut id, app, ring);
    String::from_utf8_lossy(&id).into_owned()
}

fn how(row: &mut Row<'_>, app: &App, call: &Call) {
    let missed = call.ring.and_then(|ring| ring.missed);
    row.text("outcome", Some(missed.map_or("ended", |(_, fate)| fate.name())));
    let (link, link_reason) = link(app, call);
    row.text("link", Some(link));
    row.text("link_reason", link_reason);
    let initiated_at = call.ring.map(|_| call.first_at);
    let talk = call.talk.as_ref();
    let started_at = talk.map(|talk| talk.created_at);
    let ended_at = talk.map(|talk| talk.destroyed_at);
    for (key, at) in
        [("initiated_at", initiated_at), ("started_at", started_at), ("ended_at", ended_at)]
    {
        row.time(key, at.map(|at| at * 1000));
    }
    let rang_until = started_at.or(missed.map(|(at, _)| at));
    let rang = initiated_at.and_then(|from| Some(rang_until? - from));
    row.number("ring_seconds", rang);
    row.number("duration_seconds", talk.map(|talk| talk.destroyed_at - talk.created_at));
}

fn presence(row: &mut Row<'_>, app: &App, talk: Option<&Talk>) {
    let mut stays: Vec<&Stay> = talk.map_or(Vec::new(), |talk| talk.stays.iter().collect());
    let name = |stay: &Stay| &*app.people[stay.person].name;
    stays.sort_by_key(|stay| (stay.joined_at, stay.left_at, name(stay)));
    let (peak, connected) = together(&stays);
    let mut people: Vec<usize> = stays.iter().map(|stay| stay.person).collect();
    people.sort_unstable();
    people.dedup();
    row.number("connected_seconds", talk.map(|_| connected));
    row.count("participant_count", people.len());
    row.count("peak_concurrent", peak);
    let all = stays.iter().map(|stay| stay.left_at - stay.joined_at).sum();
    row.number("participant_seconds", Some(all));
    row.list("stays", &stays, |row, stay| row.object(|row| stayed(row, app, stay)));
}

/// How many were there at once at the most, and for how many seconds there were two or more.
fn together(stays: &[&Stay]) -> (usize, u64) {
    let long = stays.iter().filter(|stay| stay.joined_at < stay.left_at);
    // Of one second those who leave go first.
    let mut turns: Vec<(u64, bool)> =
        long.flat_map(|stay| [(stay.joined_at, true), (stay.left_at, false)]).collect();
    turns.sort_unstable();
    let (mut there, mut peak, mut connected, mut since) = (0_usize, 0, 0, 0);
    for (at, comes) in turns {
        connected += if there > 1 { at - since } else { 0 };
        since = at;
        there = if comes { there + 1 } else { there - 1 };
        peak = peak.max(there);
    }
    (peak, connected)
}

fn stayed(row: &mut Row<'_>, app: &App, stay: &Stay) {
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

fn recorded(row: &mut Row<'_>, recording: &Recording) {
    row.object(|row| {
        row.text("url", Some(&recording.url));
        row.time("started_at", Some(recording.started_at));
        row.key("duration_seconds");
        thousandths(row.0, recording.duration);
    });
}

/// An event of which no sound delivery was written.
fn lost(row: &mut Row<'_>, app: &App, call: &Call, step: Step) {
    let talk = call.talk.as_ref();
    let (at, who) = match step.what {
        What::Joined(stay) | What::Left(stay) | What::LeftAtOnce(stay) => {
            (step.at * 1000, talk.map(|talk| talk.stays[stay].person))
        }
        What::Recorded(at) => (talk.map_or(0, |talk| talk.recordings[at].started_at), None),
        _ => (step.at * 1000, None),
    };
    row.object(|row| {
        row.text("trigger", Some(trigger(call, step.what)));
        row.time("event_at", Some(at));
        row.text("participant_name", who.map(|who| &*app.people[who].name));
    });
}
