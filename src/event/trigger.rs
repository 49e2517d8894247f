//! The fourteen triggers of the calling events, and the other triggers that arrive beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A calling event's trigger. The order is that of CometChat's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each variant is the trigger of its name")]
pub enum Trigger {
    CallInitiated,
    CallStarted,
    CallParticipantJoined,
    CallParticipantLeft,
    CallEnded,
    CallBusy,
    CallCancelled,
    CallRejected,
    CallUnanswered,
    MeetingStarted,
    MeetingParticipantJoined,
    MeetingParticipantLeft,
    MeetingEnded,
    RecordingGenerated,
}

use Trigger::{
    CallBusy, CallCancelled, CallEnded, CallInitiated, CallParticipantJoined, CallParticipantLeft,
    CallRejected, CallStarted, CallUnanswered, MeetingEnded, MeetingParticipantJoined,
    MeetingParticipantLeft, MeetingStarted, RecordingGenerated,
};

/// What a trigger's payload is about, whichever flow it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody calls.
    Initiated,
    /// The ringing ended without an answer: busy, cancelled, rejected, unanswered.
    RingOutcome,
    /// The first participant is in.
    Started,
    /// A participant came.
    Joined,
    /// A participant went.
    Left,
    /// Everybody has left.
    Ended,
    /// A recording can be fetched.
    Recording,
}

/// One of CometChat's two flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    /// Somebody is called, and answers or not.
    Ringing,
    /// A meeting that people join by its session id.
    Session,
}

impl Flow {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ringing, Self::Session];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Session => "session",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Ringing => "somebody is called, and answers or not",
            Self::Session => "people join a meeting by its session id",
        }
    }
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Trigger {
    /// All fourteen.
    pub const ALL: [Self; 14] = [
        CallInitiated,
        CallStarted,
        CallParticipantJoined,
        CallParticipantLeft,
        CallEnded,
        CallBusy,
        CallCancelled,
        CallRejected,
        CallUnanswered,
        MeetingStarted,
        MeetingParticipantJoined,
        MeetingParticipantLeft,
        MeetingEnded,
        RecordingGenerated,
    ];

    /// The trigger as a payload spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CallInitiated => "call_initiated",
            CallStarted => "call_started",
            CallParticipantJoined => "call_participant_joined",
            CallParticipantLeft => "call_participant_left",
            CallEnded => "call_ended",
            CallBusy => "call_busy",
            CallCancelled => "call_cancelled",
            CallRejected => "call_rejected",
            CallUnanswered => "call_unanswered",
            MeetingStarted => "meeting_started",
            MeetingParticipantJoined => "meeting_participant_joined",
            MeetingParticipantLeft => "meeting_participant_left",
            MeetingEnded => "meeting_ended",
            RecordingGenerated => "recording_generated",
        }
    }

    /// The calling event that `name` spells; `None` for any other.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.name() == name)
    }

    /// What it tells, in a few words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            CallInitiated => "somebody calls a user or a group",
            CallBusy => "the callee is in another call",
            CallCancelled => "the caller gave up before the answer",
            CallRejected => "the callee declined",
            CallUnanswered => "nobody answered in time",
            CallStarted => "the call was answered: the first participant is in",
            MeetingStarted => "a meeting began: the first participant is in",
            CallParticipantJoined | MeetingParticipantJoined => "a participant came",
            CallParticipantLeft | MeetingParticipantLeft => "a participant went",
            CallEnded | MeetingEnded => "everybody has left; with the roster of all stays",
            RecordingGenerated => "a recording can be fetched",
        }
    }

    /// What it is about.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            CallInitiated => Kind::Initiated,
            CallBusy | CallCancelled | CallRejected | CallUnanswered => Kind::RingOutcome,
            CallStarted | MeetingStarted => Kind::Started,
            CallParticipantJoined | MeetingParticipantJoined => Kind::Joined,
            CallParticipantLeft | MeetingParticipantLeft => Kind::Left,
            CallEnded | MeetingEnded => Kind::Ended,
            RecordingGenerated => Kind::Recording,
        }
    }

    /// The flow it belongs to; `None` for a recording, which may follow in either.
    #[must_use]
    pub fn flow(self) -> Option<Flow> {
        match self {
            RecordingGenerated => None,
            MeetingStarted | MeetingParticipantJoined | MeetingParticipantLeft | MeetingEnded => {
                Some(Flow::Session)
            }
            _ => Some(Flow::Ringing),
        }
    }

    /// What the envelope's `type` says; `None` where the documentation has no `type`.
    #[must_use]
    pub fn envelope_type(self) -> Option<&'static str> {
        match (self.kind(), self.flow()) {
            (Kind::Initiated | Kind::RingOutcome | Kind::Recording, _) | (_, None) => None,
            (_, Some(Flow::Ringing)) => Some("call"),
            (_, Some(Flow::Session)) => Some("meet"),
        }
    }

    /// What a ring record's `action` says; `None` for triggers without a ring record.
    #[must_use]
    pub fn action(self) -> Option<&'static str> {
        match self.kind() {
            Kind::Initiated | Kind::RingOutcome => self.name().strip_prefix("call_"),
            _ => None,
        }
    }
}

/// Beginnings of the triggers that arrive at the same endpoint and are no calling events: message,
/// user, group, moderation and campaign webhooks, and the legacy ones. CometChat adds triggers to
/// these families, so that a list of names would call the next one unknown.
const COMPANIONS: [&str; 7] =
    ["message_", "user_", "group_", "moderation_", "campaign_", "before_", "after_"];

/// Whether `name` is a CometChat trigger that is no calling event. `transcription_generated` is
/// about a call, but its payload tells nothing of the call's course.
#[must_use]
pub fn is_companion(name: &str) -> bool {
    name == "transcription_generated" || companion_family(name).is_some()
}

/// The family that a companion's trigger begins with, and what is behind it.
pub(crate) fn companion_family(name: &str) -> Option<(&'static str, &str)> {
    COMPANIONS.iter().find_map(|family| Some((*family, name.strip_prefix(family)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trigger_is_found_by_its_name() {
        for trigger in Trigger::ALL {
            assert_eq!(Trigger::parse(trigger.name()), Some(trigger));
            assert!(!is_companion(trigger.name()));
        }
        assert_eq!(Trigger::parse("call_strated"), None);
    }

    #[test]
    fn only_what_happens_in_a_session_has_a_type() {
        let types = Trigger::ALL.map(Trigger::envelope_type);
        assert_eq!(types.iter().filter(|kind| **kind == Some("call")).count(), 4);
        assert_eq!(types.iter().filter(|kind| **kind == Some("meet")).count(), 4);
    }
}
