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
    /// What it says, in a few words; empty where its key says it all.
    pub about: &'static str,
    /// Where it is known from.
    pub origin: Origin,
    /// What becomes of its text when a capture is redacted.
    pub mask: Mask,
}

/// Where a field is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// CometChat's documentation has it in a payload of this event.
    Documented,
    /// It is read where it stands, but no documented payload of this event has it; the words say
    /// why it is known.
    Observed(&'static str),
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

/// What becomes of a text when a capture is redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// A pseudonym stands for it.
    Private(Private),
    /// A trigger: it stays where CometChat is known to send it.
    Trigger,
    /// One of these words, which stay; any other becomes a pseudonym.
    Word(&'static [&'static str]),
    /// A version: it stays where it looks like one.
    Version,
    /// A counter: it stays where it is a number.
    Counter,
}

/// What a text tells of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Private {
    /// A display name.
    Name,
    /// The id of a person or a group.
    Uid,
    /// The id of a conversation, which is made of theirs.
    Conversation,
    /// The id of a session, which may be made of its app's.
    Session,
    /// The id of an app.
    App,
    /// The id of a webhook configuration.
    Webhook,
    /// Where a recording or a picture is.
    Url,
    /// What nobody knows: it may be anything.
    Other,
}

impl Private {
    /// Those that are something known.
    pub const KNOWN: [Self; 7] = [
        Self::Name,
        Self::Uid,
        Self::Conversation,
        Self::Session,
        Self::App,
        Self::Webhook,
        Self::Url,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Uid => "uid",
            Self::Conversation => "conversation",
            Self::Session => "session",
            Self::App => "app",
            Self::Webhook => "webhook",
            Self::Url => "url",
            Self::Other => "other",
        }
    }
}

impl Slot {
    /// How many there are.
    pub const COUNT: usize = Self::RecordingUrl as usize + 1;
}

const fn must(key: &'static str, shape: Shape, about: &'static str) -> Field {
    let (alias, slot, origin) = (None, None, Origin::Documented);
    // Whatever is not known to be harmless may be private.
    let mask = Mask::Private(Private::Other);
    Field { key, alias, required: true, shape, slot, about, origin, mask }
}

const fn may(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { required: false, ..must(key, shape, about) }
}

impl Field {
    const fn keep(self, slot: Slot) -> Self {
        Self { slot: Some(slot), ..self }
    }

    const fn or(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }

    const fn observed(self, why: &'static str) -> Self {
        Self { origin: Origin::Observed(why), ..self }
    }

    const fn hides(self, private: Private) -> Self {
        Self { mask: Mask::Private(private), ..self }
    }

    const fn keeps(self, words: &'static [&'static str]) -> Self {
        Self { mask: Mask::Word(words), ..self }
    }

    const fn counts(self) -> Self {
        Self { mask: Mask::Counter, ..self }
    }
}

const TEXT: Shape = Shape::Text(Form::Any);
const ID: Shape = Shape::Text(Form::Id);
const TIME: Shape = Shape::Time(Written::Number);

/// Words of CometChat's that say nothing of anybody, by their fields.
pub(super) const REGIONS: &[&str] = &["us", "eu", "in"];
const FLOWS: &[&str] = &["call", "meet"];
const ACTIONS: &[&str] = &[
    "initiated",
    "ongoing",
    "started",
    "ended",
    "busy",
    "cancelled",
    "canceled",
    "rejected",
    "unanswered",
];
const PRESENCE: &[&str] = &["available", "unavailable", "online", "offline", "away", "busy"];
const PLATFORMS: &[&str] =
    &["web", "android", "ios", "Web", "Android", "iOS", "WEB", "ANDROID", "IOS"];
const SDKS: &[&str] = &[
    "javascript",
    "react",
    "react-native",
    "reactnative",
    "angular",
    "vue",
    "flutter",
    "ionic",
    "android",
    "ios",
    "web",
    "unity",
];
const MODES: &[&str] = &[
    "DEFAULT",
    "SPOTLIGHT",
    "SINGLE",
    "TILE",
    "SIDEBAR",
    "GRID",
    "default",
    "spotlight",
    "single",
    "tile",
    "sidebar",
    "grid",
];

const fn one_of(words: &'static [&'static str]) -> Shape {
    Shape::Text(Form::OneOf(words))
}

macro_rules! envelope {
    ($type:expr, $data:expr) => {
        &[
            Field { mask: Mask::Trigger, ..must("trigger", ID, "The event.").keep(Slot::Trigger) },
            must("data", Shape::Object($data), "What the event says."),
            must("appId", ID, "The app, in hexadecimal or decimal digits.")
                .keep(Slot::AppId)
                .hides(Private::App),
            must("region", ID, "The app's region: `us`, `eu`, `in` and so on.")
                .keep(Slot::Region)
                .keeps(REGIONS),
            must("webhook", ID, "The webhook configuration that delivered it; an app may have 25.")
                .keep(Slot::Webhook)
                .hides(Private::Webhook),
            // Whether it belongs there is a matter of the trigger: S007.
            $type.keep(Slot::Type),
        ]
    };
}

/// Of the events in a session.
const TYPE: Field =
    may("type", TEXT, "`call` in the ringing flow, `meet` in the session flow.").keeps(FLOWS);
/// Of all others.
const STRAY_TYPE: Field = may("type", TEXT, "The flow.")
    .observed("documented for the events in a session alone")
    .keeps(FLOWS);

static INITIATED: &[Field] =
    envelope!(STRAY_TYPE, &[must("call", Shape::Object(&ring(INITIATION)), RING)]);
static OUTCOME: &[Field] =
    envelope!(STRAY_TYPE, &[must("call", Shape::Object(&ring(RING_OUTCOME)), RING)]);
static STARTED: &[Field] = envelope!(
    TYPE,
    &[
        must("created_at", TIME, "When the session began: the event's time.").keep(Slot::CreatedAt),
        SESSION_ID
    ]
);
static JOINED: &[Field] = envelope!(
    TYPE,
    &[
        must(
            "occupant",
            Shape::Object(&[OCCUPANT_JOINED_AT, OCCUPANT_AUDIO_CALL, OCCUPANT_NAME]),
            "Who came; `joined_at` is the event's time.",
        ),
        SESSION_ID,
        may("initial_config", Shape::Object(INITIAL_CONFIG), "What the client began with."),
    ]
);
static LEFT: &[Field] = envelope!(
    TYPE,
    &[
        must("occupant", Shape::Object(OCCUPANT), "Who went; `left_at` is the event's time."),
        SESSION_ID
    ]
);
static ENDED: &[Field] = envelope!(
    TYPE,
    &[
        must("all_occupants", Shape::List(OCCUPANT), "The roster: every stay of everybody."),
        must("destroyed_at", TIME, "When the session ended: the event's time.")
            .keep(Slot::DestroyedAt),
        must("created_at", TIME, "When the session began.").keep(Slot::CreatedAt),
        SESSION_ID,
    ]
);
static RECORDING: &[Field] = envelope!(
    STRAY_TYPE,
    &[
        must("recordingDate", Shape::Text(Form::Date), "The day of the recording."),
        must("duration", Shape::Span(Written::Text), "How long it is.").keep(Slot::Duration),
        must("startTime", Shape::Time(Written::Text), "When it began: the event's time.")
            .keep(Slot::StartTime),
        SESSION_ID,
        must("recording_url", Shape::Text(Form::Url), "Where it can be fetched; may be signed.")
            .keep(Slot::RecordingUrl)
            .hides(Private::Url),
    ]
);

/// The whole body of a webhook with this trigger.
#[must_use]
pub fn fields(trigger: Trigger) -> &'static [Field] {
    match trigger.kind() {
        Kind::Initiated => INITIATED,
        Kind::RingOutcome => OUTCOME,
        Kind::Started => STARTED,
        Kind::Joined => JOINED,
        Kind::Left => LEFT,
        Kind::Ended => ENDED,
        Kind::Recording => RECORDING,
    }
}

const SESSION_ID: Field =
    must("sessionId", ID, "The session; a meeting's may come back another day.")
        .or("sessionid")
        .keep(Slot::SessionId)
        .hides(Private::Session);

const OCCUPANT_JOINED_AT: Field =
    must("joined_at", TIME, "When the stay began.").keep(Slot::JoinedAt);
const OCCUPANT_AUDIO_CALL: Field =
    must("audio_call", Shape::Flag, "Whether it is a call without video.").keep(Slot::AudioCall);
// Neither unique nor, by any documentation, never empty.
const OCCUPANT_NAME: Field = must("name", TEXT, "The display name, which need not be unique.")
    .keep(Slot::Name)
    .hides(Private::Name);

const OCCUPANT: &[Field] = &[
    OCCUPANT_JOINED_AT,
    OCCUPANT_AUDIO_CALL,
    must("left_at", TIME, "When the stay ended.").keep(Slot::LeftAt),
    OCCUPANT_NAME,
];

const INITIAL_CONFIG: &[Field] = &[
    may("is_video_muted", Shape::Flag, ""),
    may("start_recording_on_call_start", Shape::Flag, ""),
    Field {
        mask: Mask::Version,
        ..may("call_version", TEXT, "The version of the client library.").keep(Slot::CallVersion)
    },
    may("is_audio_muted", Shape::Flag, ""),
    may("sdk", TEXT, "The client library.").keep(Slot::Sdk).keeps(SDKS),
    may("mode", TEXT, "How the client lays people out.").keeps(MODES),
    may("platform", TEXT, "What the client runs on.").keep(Slot::Platform).keeps(PLATFORMS),
    may("is_audio_only", Shape::Flag, ""),
];

const RECEIVER_TYPE: Shape = one_of(&["user", "group"]);
const MEDIA: Shape = one_of(&["audio", "video"]);

/// What a ring record is.
const RING: &str = "The ring record: a message of the conversation.";

/// A ring record; each action is a message of its own.
const fn ring(data: &'static [Field]) -> [Field; 10] {
    [
        must("id", ID, "The message's id, in digits: each action has its own.")
            .keep(Slot::RingId)
            .counts(),
        must(
            "conversationId",
            ID,
            "`<uid>_user_<uid>`, the same for both directions; for a group `group_<guid>`, which \
             no documented payload shows.",
        )
        .keep(Slot::ConversationId)
        .hides(Private::Conversation),
        must("sender", ID, "Uid of whoever acted: caller or callee.")
            .keep(Slot::Sender)
            .hides(Private::Uid),
        must("receiverType", RECEIVER_TYPE, "What `receiver` is.").keep(Slot::ReceiverType),
        must("receiver", ID, "Uid or guid of the other side.")
            .keep(Slot::Receiver)
            .hides(Private::Uid),
        must("category", one_of(&["call"]), ""),
        must("type", MEDIA, "What is sent in the call.").keep(Slot::Media),
        must("data", Shape::Object(data), "What happened, and to whom."),
        must("sentAt", TIME, "When it was sent: the event's time.").keep(Slot::SentAt),
        must("updatedAt", TIME, ""),
    ]
}

const ACTION: Field =
    must("action", TEXT, "The trigger without its `call_`.").keep(Slot::Action).keeps(ACTIONS);
const RESOURCE: Field = may("resource", TEXT, "The device of whoever acted.");

const INITIATION: &[Field] =
    &[ACTION, may("entities", Shape::Object(ENTITIES), "Who calls whom."), RESOURCE];

const RING_OUTCOME: &[Field] = &[
    ACTION,
    may("entities", Shape::Object(ENTITIES), "Who called whom.")
        .observed("documented for call_initiated alone, and read here too for its session id"),
    RESOURCE,
];

const ENTITIES: &[Field] = &[
    must(
        "by",
        Shape::Object(&[
            must("entity", Shape::Object(CALLER), "The user."),
            must("entityType", one_of(&["user"]), ""),
        ]),
        "Whoever acted.",
    ),
    must(
        "on",
        Shape::Object(&[
            must("entity", Shape::Object(RINGING_CALL), "The call."),
            must("entityType", one_of(&["call"]), ""),
        ]),
        "The call that it is about.",
    ),
    may(
        "for",
        Shape::Object(&[
            must("entity", Shape::Object(CALLED), "The user or group."),
            must("entityType", RECEIVER_TYPE, ""),
        ]),
        "The other side.",
    ),
];

const CALLER: &[Field] = &[
    must("uid", ID, "").hides(Private::Uid),
    must("name", TEXT, "The display name.").keep(Slot::CallerName).hides(Private::Name),
    may("avatar", TEXT, "Where the picture is.").hides(Private::Url),
    must("status", TEXT, "Whether the user is online.").keeps(PRESENCE),
    must("role", TEXT, ""),
    may("lastActiveAt", TIME, ""),
];

const RINGING_CALL: &[Field] = &[
    // The one place where the documentation spells the key in lower case.
    must("sessionid", ID, "The session that an answer opens.")
        .or("sessionId")
        .keep(Slot::RingSession)
        .hides(Private::Session),
    must("status", TEXT, "The action.").keeps(ACTIONS),
    must("type", TEXT, "What is sent in the call.").keeps(&["audio", "video"]),
    must("initiatedAt", TIME, "When the ringing began."),
    may("conversationId", ID, "").hides(Private::Conversation),
    may("sender", ID, "").hides(Private::Uid),
    may("receiverType", RECEIVER_TYPE, ""),
    may("receiver", ID, "").hides(Private::Uid),
    may("joinedAt", TIME, ""),
    may("data", Shape::Any, ""),
];

/// Why the fields of a called group are known.
const GROUP: &str = "from CometChat's groups; no documented payload is of a group's call";

const CALLED: &[Field] = &[
    may("uid", ID, "Of a user.").hides(Private::Uid),
    may("guid", ID, "Of a group.").hides(Private::Uid),
    must("name", TEXT, "The display name.").hides(Private::Name),
    may("avatar", TEXT, "Where the picture is.").hides(Private::Url),
    may("status", TEXT, "Whether the user is online.").keeps(PRESENCE),
    may("role", TEXT, ""),
    may("lastActiveAt", TIME, ""),
    may("type", TEXT, "Who may join the group.").observed(GROUP).keeps(&[
        "public",
        "private",
        "password",
        "protected",
    ]),
    may("owner", TEXT, "Uid of the group's owner.").observed(GROUP).hides(Private::Uid),
    may("membersCount", Shape::Any, "").observed(GROUP),
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
