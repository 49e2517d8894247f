//! One webhook as it was delivered, cut down to what calls and rows need.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::capture::Capture;
use super::content::Content;
use super::moment::{Moment, Span};
use super::strings::Sym;
use super::trigger::Trigger;
use crate::input::Place;

/// One delivery: a webhook body in a capture. What a call asks for alone can be had of a
/// [`Capture`] for less.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    /// Where it stands.
    pub place: Place,
    /// When the receiver got it; `None` where the capture does not tell, as plain JSON never does.
    pub received_at: Option<Moment>,
    /// All that the body says, `webhook` aside.
    pub content: Content,
    /// `appId`. Every event has one.
    pub app: Option<Sym>,
    /// `region`.
    pub region: Option<Sym>,
    /// `webhook`: the id of the configuration that delivered it.
    pub webhook: Option<Sym>,
    /// The session's id, from `data.sessionId` or from a ring record's entities. All session events
    /// and recordings have one.
    pub session: Option<Sym>,
    /// What it tells.
    pub what: What,
}

/// What a webhook tells.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// A calling event whose trigger, identity and time can be read.
    Event(Event),
    /// A calling event of which they cannot.
    Invalid(Trigger),
    /// Another trigger, by its name.
    Other(Sym),
}

/// A calling event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its trigger.
    pub trigger: Trigger,
    /// Whether one of its times is implausible (S009): such an event does not tell when a capture
    /// began.
    pub is_implausible: bool,
    /// The rest, by the trigger's kind.
    pub body: Body,
}

/// What a calling event says, by kind.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// `call_initiated` and the four ring outcomes.
    Ring(Ring),
    /// `*_started`.
    Started {
        /// When the session began, by the server.
        created_at: Moment,
    },
    /// `*_participant_joined`.
    Joined(Joined),
    /// `*_participant_left`.
    Left(Left),
    /// `*_ended`.
    Ended(Ended),
    /// `recording_generated`.
    Recording(Recording),
}

/// A ring record.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    /// `call.id`: a message id, new for every action.
    pub id: Sym,
    /// `conversationId`: the same for both directions.
    pub conversation: Sym,
    /// When it was sent.
    pub sent_at: Moment,
    /// Uid of whoever acted.
    pub sender: Option<Sym>,
    /// Uid or guid of the other side.
    pub receiver: Option<Sym>,
    /// The caller's display name, where the entities tell it.
    pub caller_name: Option<Sym>,
    /// Whether a group is called; `None` where it does not say.
    pub group: Option<bool>,
    /// Audio or video; `None` where it does not say.
    pub media: Option<Media>,
}

/// What is sent in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Media {
    /// Voice alone.
    Audio,
    /// Picture too.
    Video,
}

impl Media {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

impl Serialize for Media {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A participant came.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    /// The display name, which is all that a session event knows of a person.
    pub name: Sym,
    /// When.
    pub joined_at: Moment,
    /// `audio_call`; `None` where it cannot be read.
    pub media: Option<Media>,
    /// `initial_config.platform`.
    pub platform: Option<Sym>,
    /// `initial_config.sdk`.
    pub sdk: Option<Sym>,
    /// `initial_config.call_version`.
    pub call_version: Option<Sym>,
}

/// A participant went.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// The display name.
    pub name: Sym,
    /// When the stay began that ends here.
    pub joined_at: Moment,
    /// When it ended.
    pub left_at: Moment,
    /// `audio_call`; `None` where it cannot be read.
    pub media: Option<Media>,
}

/// Everybody has left.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// When.
    pub destroyed_at: Moment,
    /// When the session began; `None` where it cannot be read.
    pub created_at: Option<Moment>,
    /// The roster: first and one past the last of the capture's occupants.
    pub roster: (u32, u32),
    /// Whether there is no list, or one with entries without a readable name or `joined_at`, which
    /// are no stays.
    pub is_partial: bool,
}

/// One entry of a roster whose name and `joined_at` can be read.
#[derive(Clone, Copy, Debug)]
pub struct Occupant {
    /// The display name.
    pub name: Sym,
    /// When the stay began.
    pub joined_at: Moment,
    /// When it ended; `None` where it cannot be read.
    pub left_at: Option<Moment>,
    /// `audio_call`; `None` where it cannot be read.
    pub media: Option<Media>,
    /// Its place in `all_occupants`, from 0; of those behind the 65,535th that one's.
    pub number: u16,
}

/// A recording can be fetched.
#[derive(Clone, Copy, Debug)]
pub struct Recording {
    /// When it began.
    pub started_at: Moment,
    /// How long it is; `None` where it cannot be read.
    pub duration: Option<Span>,
    /// Where it is.
    pub url: Option<Sym>,
}

impl Event {
    /// How long what ends with it lasted: the stay of a left, the session of an ended, a recording;
    /// `None` for other events, and where that is unknown or cannot be.
    #[must_use]
    pub fn lasted(&self) -> Option<Span> {
        let span = match self.body {
            Body::Left(left) => left.left_at - left.joined_at,
            Body::Ended(ended) => ended.destroyed_at - ended.created_at?,
            Body::Recording(recording) => recording.duration?,
            _ => return None,
        };
        span.known()
    }

    /// The event's own time, by the table of events.
    #[must_use]
    pub fn at(&self) -> Moment {
        match self.body {
            Body::Ring(ring) => ring.sent_at,
            Body::Started { created_at } => created_at,
            Body::Joined(joined) => joined.joined_at,
            Body::Left(left) => left.left_at,
            Body::Ended(ended) => ended.destroyed_at,
            Body::Recording(recording) => recording.started_at,
        }
    }

    /// The display name of who came or went.
    #[must_use]
    pub fn participant(&self) -> Option<Sym> {
        match self.body {
            Body::Joined(joined) => Some(joined.name),
            Body::Left(left) => Some(left.name),
            _ => None,
        }
    }

    /// The roster of an end; empty for other events.
    #[must_use]
    pub fn roster<'c>(&self, capture: &'c Capture) -> &'c [Occupant] {
        match &self.body {
            Body::Ended(ended) => capture.roster(ended),
            _ => &[],
        }
    }

    /// The ring record, if it has one.
    #[must_use]
    pub fn ring(&self) -> Option<&Ring> {
        match &self.body {
            Body::Ring(ring) => Some(ring),
            _ => None,
        }
    }
}

impl What {
    /// The event, unless it is invalid or no calling event.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The trigger, whichever it is, as the payload spells it.
    #[must_use]
    pub fn trigger_name<'c>(&self, capture: &'c Capture) -> &'c str {
        match *self {
            Self::Event(event) => event.trigger.name(),
            Self::Invalid(trigger) => trigger.name(),
            Self::Other(name) => capture.string(name),
        }
    }

    /// The trigger, if that is a calling event's.
    #[must_use]
    pub fn trigger(&self) -> Option<Trigger> {
        match *self {
            Self::Event(event) => Some(event.trigger),
            Self::Invalid(trigger) => Some(trigger),
            Self::Other(_) => None,
        }
    }
}
