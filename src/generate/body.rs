//! The webhook of an event, as the documentation has it.

use super::app::{App, Form};
use super::call::{Call, Receiver, Recording, Ring, Stay, Step, Talk, What};
use super::mix::Fate;
use super::party::Party;
use super::written::{number, texts, thousandths, timestamp};

/// An event, with all that its webhook tells.
#[derive(Clone, Copy)]
pub(super) struct Event<'c> {
    pub(super) app: &'c App,
    pub(super) call: &'c Call,
    pub(super) step: Step,
    /// `call.id` of a ring record.
    pub(super) ring_id: u64,
}

/// The trigger of an event of a call.
pub(super) fn trigger(call: &Call, what: What) -> &'static str {
    let missed = call.ring.and_then(|ring| ring.missed).map(|(_, fate)| fate);
    match (what, call.ring.is_some()) {
        (What::Initiated, _) => "call_initiated",
        (What::Missed, _) => match missed {
            Some(Fate::Rejected) => "call_rejected",
            Some(Fate::Busy) => "call_busy",
            Some(Fate::Cancelled) => "call_cancelled",
            _ => "call_unanswered",
        },
        (What::Started, true) => "call_started",
        (What::Started, false) => "meeting_started",
        (What::Joined(_), true) => "call_participant_joined",
        (What::Joined(_), false) => "meeting_participant_joined",
        (What::Left(_) | What::LeftAtOnce(_), true) => "call_participant_left",
        (What::Left(_) | What::LeftAtOnce(_), false) => "meeting_participant_left",
        (What::Ended, true) => "call_ended",
        (What::Ended, false) => "meeting_ended",
        (What::Recorded(_), _) => "recording_generated",
    }
}

impl Event<'_> {
    /// Adds the body as one of the app's webhooks delivers it.
    pub(super) fn write(&self, out: &mut Vec<u8>, webhook: usize) {
        texts(out, &[r#"{"trigger":""#, trigger(self.call, self.step.what), r#"","data":{"#]);
        match (self.step.what, self.call.ring.as_ref(), self.call.talk.as_ref()) {
            (What::Initiated | What::Missed, Some(ring), _) => self.ring(out, ring),
            (What::Recorded(at), _, Some(talk)) => self.recording(out, &talk.recordings[at]),
            (what, _, Some(talk)) => self.session(out, what, talk),
            _ => {}
        }
        texts(out, &["},", &self.app.envelopes[webhook]]);
        let family = match (self.step.what, self.call.ring.is_some()) {
            (What::Initiated | What::Missed | What::Recorded(_), _) => "}",
            (_, true) => r#","type":"call"}"#,
            (_, false) => r#","type":"meet"}"#,
        };
        out.extend_from_slice(family.as_bytes());
    }

    /// The sender is whoever acted: the callee, where a person declines or is busy.
    fn ring(&self, out: &mut Vec<u8>, ring: &Ring) {
        let action = match (self.step.what, ring.missed) {
            (What::Missed, Some((_, fate))) => fate.name(),
            _ => "initiated",
        };
        let caller = &self.app.people[ring.caller];
        let (receiver, receiver_type) = receiver(self.app, ring);
        let is_callee = matches!(action, "rejected" | "busy");
        let (from, to) = if is_callee { (receiver, caller) } else { (caller, receiver) };
        let media = if ring.video { "video" } else { "audio" };
        out.extend_from_slice(br#""call":{"id":""#);
        number(out, self.ring_id);
        out.extend_from_slice(br#"","conversationId":""#);
        conversation(out, self.app, ring);
        texts(out, &[r#"","sender":""#, &from.id, r#"","receiverType":""#, receiver_type]);
        texts(out, &[r#"","receiver":""#, &to.id, r#"","category":"call","type":""#, media]);
        texts(out, &[r#"","data":{"action":""#, action, "\""]);
        if self.step.what == What::Initiated && self.app.form != Form::Bare {
            self.entities(out, caller, receiver, receiver_type, media);
        }
        out.extend_from_slice(br#"},"sentAt":"#);
        number(out, self.step.at);
        out.extend_from_slice(br#","updatedAt":"#);
        number(out, self.step.at);
        out.push(b'}');
    }

    fn entities(
        &self,
        out: &mut Vec<u8>,
        caller: &Party,
        receiver: &Party,
        receiver_type: &str,
        media: &str,
    ) {
        texts(out, &[r#","entities":{"by":{"entity":{"uid":""#, &caller.id, r#"","name":""#]);
        texts(out, &[&caller.written_name, r#"","status":"available","role":"default"}"#]);
        texts(out, &[r#","entityType":"user"},"on":{"entity":{"sessionid":""#, &self.call.session]);
        texts(out, &[r#"","status":"initiated","type":""#, media, r#"","initiatedAt":"#]);
        number(out, self.step.at);
        out.extend_from_slice(br#"},"entityType":"call"}"#);
        if self.app.form == Form::EntitiesFor {
            let key = if receiver_type == "group" { "guid" } else { "uid" };
            texts(out, &[r#","for":{"entity":{""#, key, r#"":""#, &receiver.id, r#"","name":""#]);
            texts(out, &[&receiver.written_name, r#""},"entityType":""#, receiver_type, "\"}"]);
        }
        out.push(b'}');
    }

    fn session(&self, out: &mut Vec<u8>, what: What, talk: &Talk) {
        match what {
            What::Joined(at) => self.occupant(out, &talk.stays[at], false),
            What::Left(at) | What::LeftAtOnce(at) => self.occupant(out, &talk.stays[at], true),
            What::Ended => self.roster(out, talk),
            _ => {}
        }
        if matches!(what, What::Started | What::Ended) {
            out.extend_from_slice(br#""created_at":"#);
            number(out, talk.created_at);
            out.push(b',');
        }
        texts(out, &[r#""sessionId":""#, &self.call.session, "\""]);
        if let What::Joined(at) = what
            && talk.stays[at].configured
        {
            self.config(out, &talk.stays[at]);
        }
    }

    fn occupant(&self, out: &mut Vec<u8>, stay: &Stay, leaves: bool) {
        out.extend_from_slice(br#""occupant":"#);
        self.stay(out, stay, leaves);
        out.push(b',');
    }

    fn roster(&self, out: &mut Vec<u8>, talk: &Talk) {
        out.extend_from_slice(br#""all_occupants":["#);
        for (at, stay) in talk.stays.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.stay(out, stay, true);
        }
        out.extend_from_slice(br#"],"destroyed_at":"#);
        number(out, talk.destroyed_at);
        out.push(b',');
    }

    fn stay(&self, out: &mut Vec<u8>, stay: &Stay, leaves: bool) {
        out.extend_from_slice(br#"{"joined_at":"#);
        number(out, stay.joined_at);
        texts(out, &[r#","audio_call":""#, flag(stay.audio), "\""]);
        if leaves {
            out.extend_from_slice(br#","left_at":"#);
            number(out, stay.left_at);
        }
        texts(out, &[r#","name":""#, &self.app.people[stay.person].written_name, "\"}"]);
    }

    fn config(&self, out: &mut Vec<u8>, stay: &Stay) {
        let device = &self.app.people[stay.person].device;
        texts(
            out,
            &[
                r#","initial_config":{"is_video_muted":"false","start_recording_on_call_start":"false""#,
                r#","call_version":""#,
                device.call_version,
                r#"","is_audio_muted":"false","sdk":""#,
                device.sdk,
                r#"","mode":"DEFAULT","platform":""#,
                device.platform,
                r#"","is_audio_only":""#,
                flag(stay.audio),
                "\"}",
            ],
        );
    }

    fn recording(&self, out: &mut Vec<u8>, recording: &Recording) {
        let day = timestamp(recording.started_at).strftime("%Y-%m-%d").to_string();
        texts(out, &[r#""recordingDate":""#, &day, r#"","duration":""#]);
        thousandths(out, recording.duration);
        out.extend_from_slice(br#"","startTime":""#);
        thousandths(out, recording.started_at);
        texts(out, &[r#"","sessionId":""#, &self.call.session, r#"","recording_url":""#]);
        texts(out, &[&recording.url, "\""]);
    }
}

/// Who is called, and the word for what that is.
pub(super) fn receiver<'a>(app: &'a App, ring: &Ring) -> (&'a Party, &'static str) {
    match ring.receiver {
        Receiver::Person(at) => (&app.people[at], "user"),
        Receiver::Group(at) => (&app.groups[at], "group"),
    }
}

/// Adds the id of the conversation: the same whichever of two people calls.
pub(super) fn conversation(out: &mut Vec<u8>, app: &App, ring: &Ring) {
    let caller = &app.people[ring.caller].id;
    match ring.receiver {
        Receiver::Group(at) => texts(out, &["group_", &app.groups[at].id]),
        Receiver::Person(at) => {
            let other = &app.people[at].id;
            texts(out, &[caller.min(other), "_user_", caller.max(other)]);
        }
    }
}

fn flag(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}
