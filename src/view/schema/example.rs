//! An example of each event: a payload with all its documented fields.

use crate::event::Trigger;

/// A payload of the samples.
macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/payloads/", $name, ".json"))
    };
}

/// The payload, as JSON for people, a line feed behind it.
#[must_use]
pub fn example(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::CallInitiated => sample!("call_initiated.entities-for"),
        Trigger::CallStarted => sample!("call_started"),
        Trigger::CallParticipantJoined => sample!("call_participant_joined"),
        Trigger::CallParticipantLeft => sample!("call_participant_left"),
        Trigger::CallEnded => sample!("call_ended"),
        Trigger::CallBusy => sample!("call_busy"),
        Trigger::CallCancelled => sample!("call_cancelled"),
        Trigger::CallRejected => sample!("call_rejected"),
        Trigger::CallUnanswered => sample!("call_unanswered"),
        Trigger::MeetingStarted => sample!("meeting_started"),
        Trigger::MeetingParticipantJoined => sample!("meeting_participant_joined"),
        Trigger::MeetingParticipantLeft => sample!("meeting_participant_left"),
        Trigger::MeetingEnded => sample!("meeting_ended"),
        Trigger::RecordingGenerated => sample!("recording_generated"),
    }
}
