//! The body of a webhook, in the form that CometChat documents.
//!
//! Bodies are written as text, since `generate` took 3.2 times as long with serde and structs (60,000
//! calls, plain), and this file had half as many lines again.

use super::json_text::{number, texts, thousandths, timestamp};
use crate::generate::plan::CallFate;
use crate::generate::scenario::app::{InitiatedForm, SimulatedApp};
use crate::generate::scenario::call::{
    CallStep, PlannedCall, PlannedRecording, PlannedSession, PlannedStay, RingAttempt,
    RingReceiver, StepKind,
};
use crate::generate::scenario::people::CallParty;

/// An event with all that its body says.
#[derive(Clone, Copy)]
pub(crate) struct WebhookEvent<'c> {
    pub(crate) app: &'c SimulatedApp,
    pub(crate) call: &'c PlannedCall,
    pub(crate) step: CallStep,
    /// `call.id` of a ring record.
    pub(crate) ring_id: u64,
}

/// The trigger of an event of a call.
pub(crate) fn trigger(call: &PlannedCall, kind: StepKind) -> &'static str {
    let missed = call.ring.and_then(|ring| ring.missed).map(|(_, fate)| fate);
    let (ringing, meeting) = match kind {
        StepKind::Initiated => return "call_initiated",
        StepKind::RingOutcome => match missed {
            Some(CallFate::Rejected) => return "call_rejected",
            Some(CallFate::Busy) => return "call_busy",
            Some(CallFate::Cancelled) => return "call_cancelled",
            _ => return "call_unanswered",
        },
        StepKind::Started => ("call_started", "meeting_started"),
        StepKind::Joined(_) => ("call_participant_joined", "meeting_participant_joined"),
        StepKind::Left(_) | StepKind::LeftSameSecond(_) => {
            ("call_participant_left", "meeting_participant_left")
        }
        StepKind::Ended => ("call_ended", "meeting_ended"),
        StepKind::Recorded(_) => return "recording_generated",
    };
    if call.ring.is_some() { ringing } else { meeting }
}

impl WebhookEvent<'_> {
    /// Appends the body that one of the app's two webhook configurations sends.
    pub(crate) fn write_body(&self, out: &mut Vec<u8>, webhook: usize) {
        texts(out, &[r#"{"trigger":""#, trigger(self.call, self.step.kind), r#"","data":{"#]);
        match (self.step.kind, self.call.ring.as_ref(), self.call.session.as_ref()) {
            (StepKind::Initiated | StepKind::RingOutcome, Some(ring), _) => {
                self.write_ring(out, ring);
            }
            (StepKind::Recorded(at), _, Some(session)) => {
                self.write_recording(out, &session.recordings[at]);
            }
            (kind, _, Some(session)) => self.write_session(out, kind, session),
            _ => {}
        }
        texts(out, &["},", &self.app.envelopes[webhook]]);
        let family = match (self.step.kind, self.call.ring.is_some()) {
            (StepKind::Initiated | StepKind::RingOutcome | StepKind::Recorded(_), _) => "}",
            (_, true) => r#","type":"call"}"#,
            (_, false) => r#","type":"meet"}"#,
        };
        out.extend_from_slice(family.as_bytes());
    }

    fn write_ring(&self, out: &mut Vec<u8>, ring: &RingAttempt) {
        let action = match (self.step.kind, ring.missed) {
            (StepKind::RingOutcome, Some((_, fate))) => fate.name(),
            _ => "initiated",
        };
        let caller = &self.app.people[ring.parties.caller];
        let (receiver, receiver_type) = receiver(self.app, ring);
        // The sender is who acted: the callee, if a person declines or is busy.
        let by_callee = matches!(action, "rejected" | "busy");
        let (from, to) = if by_callee { (receiver, caller) } else { (caller, receiver) };
        let media = if ring.video { "video" } else { "audio" };
        out.extend_from_slice(br#""call":{"id":""#);
        number(out, self.ring_id);
        texts(out, &[r#"","conversationId":""#, &conversation_id(self.app, ring)]);
        texts(out, &[r#"","sender":""#, &from.id, r#"","receiverType":""#, receiver_type]);
        texts(out, &[r#"","receiver":""#, &to.id, r#"","category":"call","type":""#, media]);
        texts(out, &[r#"","data":{"action":""#, action, "\""]);
        if self.step.kind == StepKind::Initiated && self.app.form != InitiatedForm::Bare {
            self.write_entities(out, caller, receiver, receiver_type, media);
        }
        out.extend_from_slice(br#"},"sentAt":"#);
        number(out, self.step.at);
        out.extend_from_slice(br#","updatedAt":"#);
        number(out, self.step.at);
        out.push(b'}');
    }

    fn write_entities(
        &self,
        out: &mut Vec<u8>,
        caller: &CallParty,
        receiver: &CallParty,
        receiver_type: &str,
        media: &str,
    ) {
        texts(out, &[r#","entities":{"by":{"entity":{"uid":""#, &caller.id, r#"","name":""#]);
        texts(out, &[&caller.json_name, r#"","status":"available","role":"default"}"#]);
        texts(
            out,
            &[r#","entityType":"user"},"on":{"entity":{"sessionid":""#, &self.call.session_id],
        );
        texts(out, &[r#"","status":"initiated","type":""#, media, r#"","initiatedAt":"#]);
        number(out, self.step.at);
        out.extend_from_slice(br#"},"entityType":"call"}"#);
        if self.app.form == InitiatedForm::AllEntities {
            let key = if receiver_type == "group" { "guid" } else { "uid" };
            texts(out, &[r#","for":{"entity":{""#, key, r#"":""#, &receiver.id, r#"","name":""#]);
            texts(out, &[&receiver.json_name, r#""},"entityType":""#, receiver_type, "\"}"]);
        }
        out.push(b'}');
    }

    fn write_session(&self, out: &mut Vec<u8>, kind: StepKind, session: &PlannedSession) {
        match kind {
            StepKind::Joined(at) => self.write_occupant(out, &session.stays[at], false),
            StepKind::Left(at) | StepKind::LeftSameSecond(at) => {
                self.write_occupant(out, &session.stays[at], true);
            }
            StepKind::Ended => self.write_roster(out, session),
            _ => {}
        }
        if matches!(kind, StepKind::Started | StepKind::Ended) {
            out.extend_from_slice(br#""created_at":"#);
            number(out, session.created_at);
            out.push(b',');
        }
        texts(out, &[r#""sessionId":""#, &self.call.session_id, "\""]);
        if let StepKind::Joined(at) = kind
            && session.stays[at].configured
        {
            self.write_config(out, &session.stays[at]);
        }
    }

    fn write_occupant(&self, out: &mut Vec<u8>, stay: &PlannedStay, has_left: bool) {
        out.extend_from_slice(br#""occupant":"#);
        self.write_stay(out, stay, has_left);
        out.push(b',');
    }

    fn write_roster(&self, out: &mut Vec<u8>, session: &PlannedSession) {
        out.extend_from_slice(br#""all_occupants":["#);
        for (at, stay) in session.stays.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.write_stay(out, stay, true);
        }
        out.extend_from_slice(br#"],"destroyed_at":"#);
        number(out, session.destroyed_at);
        out.push(b',');
    }

    fn write_stay(&self, out: &mut Vec<u8>, stay: &PlannedStay, has_left: bool) {
        out.extend_from_slice(br#"{"joined_at":"#);
        number(out, stay.joined_at);
        texts(out, &[r#","audio_call":""#, flag(stay.audio), "\""]);
        if has_left {
            out.extend_from_slice(br#","left_at":"#);
            number(out, stay.left_at);
        }
        texts(out, &[r#","name":""#, &self.app.people[stay.person].json_name, "\"}"]);
    }

    fn write_config(&self, out: &mut Vec<u8>, stay: &PlannedStay) {
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

    fn write_recording(&self, out: &mut Vec<u8>, recording: &PlannedRecording) {
        let day = timestamp(recording.started_at).strftime("%Y-%m-%d").to_string();
        texts(out, &[r#""recordingDate":""#, &day, r#"","duration":""#]);
        thousandths(out, recording.duration);
        out.extend_from_slice(br#"","startTime":""#);
        thousandths(out, recording.started_at);
        texts(out, &[r#"","sessionId":""#, &self.call.session_id, r#"","recording_url":""#]);
        texts(out, &[&recording.url, "\""]);
    }
}

/// Who is called, and the `receiverType`.
pub(crate) fn receiver<'a>(
    app: &'a SimulatedApp,
    ring: &RingAttempt,
) -> (&'a CallParty, &'static str) {
    match ring.parties.receiver {
        RingReceiver::Person(at) => (&app.people[at], "user"),
        RingReceiver::Group(at) => (&app.groups[at], "group"),
    }
}

/// The same id whichever of two people calls the other.
pub(super) fn conversation_id(app: &SimulatedApp, ring: &RingAttempt) -> String {
    let caller = &app.people[ring.parties.caller].id;
    match ring.parties.receiver {
        RingReceiver::Group(at) => format!("group_{}", app.groups[at].id),
        RingReceiver::Person(at) => {
            let other = &app.people[at].id;
            format!("{}_user_{}", caller.min(other), caller.max(other))
        }
    }
}

/// CometChat sends booleans as text.
fn flag(is_set: bool) -> &'static str {
    if is_set { "true" } else { "false" }
}
