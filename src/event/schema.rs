//! The one table of fields per trigger.
//!
//! Decoding, the checks of the family S and everything that describes a payload read these tables;
//! no other place knows a field. They hold the union of the documented generations: what only some
//! of them have is optional.

use super::trigger::{Kind, Trigger};

/// One field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub key: &'static str,
    /// Another spelling that is read too where the key is absent.
    pub alias: Option<&'static str>,
    /// Whether its object must have it.
    pub required: bool,
    /// What its value looks like.
    pub shape: Shape,
    /// What a call needs it for; `None` where it is only checked.
    pub slot: Option<Slot>,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// An object with these fields, and perhaps others.
    Object(&'static [Field]),
    /// An array of objects with these fields.
    List(&'static [Field]),
    /// A string.
    Text(Form),
    /// A truth value, which CometChat writes as the string `"true"` or `"false"`.
    Flag,
    /// Seconds since 1970.
    Time(Written),
    /// A length in seconds, not negative.
    Span(Written),
    /// Anything.
    Any,
}

/// What a string has to look like.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Anything.
    Any,
    /// Not empty.
    Id,
    /// `YYYY-MM-DD`.
    Date,
    /// An absolute `http` or `https` URL.
    Url,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// How the documentation writes a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As a JSON number of whole seconds.
    Number,
    /// As a decimal number in a string.
    Text,
}

/// A value that an event, and so a call, is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of the field that names it below")]
pub enum Slot {
    Trigger,
    Type,
    AppId,
    Region,
    Webhook,
    SessionId,
    CreatedAt,
    DestroyedAt,
    JoinedAt,
    LeftAt,
    AudioCall,
    Name,
    Platform,
    Sdk,
    CallVersion,
    RingId,
    RingSession,
    ConversationId,
    Sender,
    Receiver,
    ReceiverType,
    Media,
    Action,
    SentAt,
    CallerName,
    StartTime,
    Duration,
    RecordingUrl,
}

impl Slot {
    /// How many there are.
    pub const COUNT: usize = Self::RecordingUrl as usize + 1;
}

const fn must(key: &'static str, shape: Shape) -> Field {
    Field { key, alias: None, required: true, shape, slot: None }
}

const fn may(key: &'static str, shape: Shape) -> Field {
    Field { required: false, ..must(key, shape) }
}

impl Field {
    const fn keep(self, slot: Slot) -> Self {
        Self { slot: Some(slot), ..self }
    }

    const fn or(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }
}

const TEXT: Shape = Shape::Text(Form::Any);
const ID: Shape = Shape::Text(Form::Id);
const TIME: Shape = Shape::Time(Written::Number);

const fn one_of(words: &'static [&'static str]) -> Shape {
    Shape::Text(Form::OneOf(words))
}

macro_rules! envelope {
    ($data:expr) => {
        &[
            must("trigger", ID).keep(Slot::Trigger),
            must("data", Shape::Object($data)),
            must("appId", ID).keep(Slot::AppId),
            must("region", ID).keep(Slot::Region),
            must("webhook", ID).keep(Slot::Webhook),
            // Whether it belongs there is a matter of the trigger: S007.
            may("type", TEXT).keep(Slot::Type),
        ]
    };
}

static RINGING: &[Field] = envelope!(&[must("call", Shape::Object(RING))]);
static STARTED: &[Field] = envelope!(&[must("created_at", TIME).keep(Slot::CreatedAt), SESSION_ID]);
static JOINED: &[Field] = envelope!(&[
    must("occupant", Shape::Object(&[OCCUPANT_JOINED_AT, OCCUPANT_AUDIO_CALL, OCCUPANT_NAME])),
    SESSION_ID,
    may("initial_config", Shape::Object(INITIAL_CONFIG)),
]);
static LEFT: &[Field] = envelope!(&[must("occupant", Shape::Object(OCCUPANT)), SESSION_ID]);
static ENDED: &[Field] = envelope!(&[
    must("all_occupants", Shape::List(OCCUPANT)),
    must("destroyed_at", TIME).keep(Slot::DestroyedAt),
    must("created_at", TIME).keep(Slot::CreatedAt),
    SESSION_ID,
]);
static RECORDING: &[Field] = envelope!(&[
    must("recordingDate", Shape::Text(Form::Date)),
    must("duration", Shape::Span(Written::Text)).keep(Slot::Duration),
    must("startTime", Shape::Time(Written::Text)).keep(Slot::StartTime),
    SESSION_ID,
    must("recording_url", Shape::Text(Form::Url)).keep(Slot::RecordingUrl),
]);

/// The whole body of a webhook with this trigger.
#[must_use]
pub fn fields(trigger: Trigger) -> &'static [Field] {
    match trigger.kind() {
        Kind::Initiated | Kind::RingOutcome => RINGING,
        Kind::Started => STARTED,
        Kind::Joined => JOINED,
        Kind::Left => LEFT,
        Kind::Ended => ENDED,
        Kind::Recording => RECORDING,
    }
}

const SESSION_ID: Field = must("sessionId", ID).or("sessionid").keep(Slot::SessionId);

const OCCUPANT_JOINED_AT: Field = must("joined_at", TIME).keep(Slot::JoinedAt);
const OCCUPANT_AUDIO_CALL: Field = must("audio_call", Shape::Flag).keep(Slot::AudioCall);
// A display name: neither unique nor, by any documentation, never empty.
const OCCUPANT_NAME: Field = must("name", TEXT).keep(Slot::Name);

const OCCUPANT: &[Field] = &[
    OCCUPANT_JOINED_AT,
    OCCUPANT_AUDIO_CALL,
    must("left_at", TIME).keep(Slot::LeftAt),
    OCCUPANT_NAME,
];

const INITIAL_CONFIG: &[Field] = &[
    may("is_video_muted", Shape::Flag),
    may("start_recording_on_call_start", Shape::Flag),
    may("call_version", TEXT).keep(Slot::CallVersion),
    may("is_audio_muted", Shape::Flag),
    may("sdk", TEXT).keep(Slot::Sdk),
    may("mode", TEXT),
    may("platform", TEXT).keep(Slot::Platform),
    may("is_audio_only", Shape::Flag),
];

const RECEIVER_TYPE: Shape = one_of(&["user", "group"]);
const MEDIA: Shape = one_of(&["audio", "video"]);

const RING: &[Field] = &[
    must("id", ID).keep(Slot::RingId),
    must("conversationId", ID).keep(Slot::ConversationId),
    must("sender", ID).keep(Slot::Sender),
    must("receiverType", RECEIVER_TYPE).keep(Slot::ReceiverType),
    must("receiver", ID).keep(Slot::Receiver),
    must("category", one_of(&["call"])),
    must("type", MEDIA).keep(Slot::Media),
    must("data", Shape::Object(RING_DATA)),
    must("sentAt", TIME).keep(Slot::SentAt),
    must("updatedAt", TIME),
];

const RING_DATA: &[Field] = &[
    must("action", TEXT).keep(Slot::Action),
    may("entities", Shape::Object(ENTITIES)),
    may("resource", TEXT),
];

const ENTITIES: &[Field] = &[
    must(
        "by",
        Shape::Object(&[
            must("entity", Shape::Object(CALLER)),
            must("entityType", one_of(&["user"])),
        ]),
    ),
    must(
        "on",
        Shape::Object(&[
            must("entity", Shape::Object(RINGING_CALL)),
            must("entityType", one_of(&["call"])),
        ]),
    ),
    may(
        "for",
        Shape::Object(&[must("entity", Shape::Object(CALLED)), must("entityType", RECEIVER_TYPE)]),
    ),
];

const CALLER: &[Field] = &[
    must("uid", ID),
    must("name", TEXT).keep(Slot::CallerName),
    may("avatar", TEXT),
    must("status", TEXT),
    must("role", TEXT),
    may("lastActiveAt", TIME),
];

const RINGING_CALL: &[Field] = &[
    // The one place where the documentation spells the key in lower case.
    must("sessionid", ID).or("sessionId").keep(Slot::RingSession),
    must("status", TEXT),
    must("type", TEXT),
    must("initiatedAt", TIME),
    may("conversationId", ID),
    may("sender", ID),
    may("receiverType", RECEIVER_TYPE),
    may("receiver", ID),
    may("joinedAt", TIME),
    may("data", Shape::Any),
];

const CALLED: &[Field] = &[
    may("uid", ID),
    may("guid", ID),
    must("name", TEXT),
    may("avatar", TEXT),
    may("status", TEXT),
    may("role", TEXT),
    may("lastActiveAt", TIME),
    may("type", TEXT),
    may("owner", TEXT),
    may("membersCount", Shape::Any),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_are_unique(fields: &[Field]) {
        for (at, field) in fields.iter().enumerate() {
            assert!(fields[..at].iter().all(|other| other.key != field.key), "{}", field.key);
            if let Shape::Object(inner) | Shape::List(inner) = field.shape {
                keys_are_unique(inner);
            }
        }
    }

    #[test]
    fn no_object_has_two_fields_of_one_key() {
        for trigger in Trigger::ALL {
            keys_are_unique(fields(trigger));
        }
    }
}
