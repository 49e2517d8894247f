//! A call, reconstructed from its events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::evidence::Events;
use super::link::{Link, LinkReason, Parts};
use super::stays::{self, Evidence};
use crate::event::{Capture, Event, Flow, Media, Moment, Span, Sym};

/// How a call turned out, in CometChat's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It ended.
    Ended,
    /// It started or somebody joined, and no end is known.
    Ongoing,
    /// The callee was in another call.
    Busy,
    /// The caller gave up.
    Cancelled,
    /// The callee declined.
    Rejected,
    /// Nobody answered.
    Unanswered,
    /// It was initiated, and nothing is known since.
    Initiated,
    /// Only recordings or leaves are known.
    Unknown,
}

impl Outcome {
    /// All eight.
    pub const ALL: [Self; 8] = [
        Self::Ended,
        Self::Ongoing,
        Self::Busy,
        Self::Cancelled,
        Self::Rejected,
        Self::Unanswered,
        Self::Initiated,
        Self::Unknown,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Ongoing => "ongoing",
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
            Self::Unanswered => "unanswered",
            Self::Initiated => "initiated",
            Self::Unknown => "unknown",
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Which sources tell of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// Joined or left alone.
    Events,
    /// The roster of the end alone.
    Roster,
    /// Both.
    Both,
}

/// One stay of one participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stay<'c> {
    /// The display name.
    pub name: &'c str,
    /// `None` where no source tells.
    pub media: Option<Media>,
    /// When it began.
    pub joined_at: Moment,
    /// When it ended; `None` while that is unknown.
    pub left_at: Option<Moment>,
    /// `None` while the end is unknown or lies before the beginning.
    pub duration_seconds: Option<Span>,
    /// Which sources tell of it.
    pub seen: Seen,
    /// From the joined event, as are the next two; `None` where that was not captured or does not
    /// say.
    pub platform: Option<&'c str>,
    /// The client library.
    pub sdk: Option<&'c str>,
    /// Its version.
    pub call_version: Option<&'c str>,
    /// Whether its joined event was captured. (Machine formats have `seen`.)
    #[serde(skip)]
    pub has_joined: bool,
    /// Whether its left event was captured.
    #[serde(skip)]
    pub has_left: bool,
}

/// One recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recorded<'c> {
    /// Where it is.
    pub url: Option<&'c str>,
    /// When it began.
    pub started_at: Moment,
    /// How long it is; `None` where that cannot be read.
    pub duration_seconds: Option<Span>,
}

/// A call. What is unknown is `None`; the fields and their order are the machine contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call<'c> {
    /// Unique in an app, and the same whatever else was captured.
    pub call_id: &'c str,
    /// The session's id, where any event tells it.
    pub session_id: Option<&'c str>,
    /// `call.id` of the initiation, else of the outcome.
    pub ring_id: Option<&'c str>,
    /// `appId`.
    pub app_id: Option<&'c str>,
    /// `region`.
    pub region: Option<&'c str>,
    /// `None` where nothing but recordings is known.
    pub flow: Option<Flow>,
    /// From the ring record, else from the occupants.
    pub media: Option<Media>,
    /// `user` or `group`, from a ring record.
    pub receiver_type: Option<&'static str>,
    /// From a ring record.
    pub conversation_id: Option<&'c str>,
    /// Uid of the caller; like the next two from the initiation alone.
    pub caller: Option<&'c str>,
    /// Display name of the caller.
    pub caller_name: Option<&'c str>,
    /// Uid or guid that was called.
    pub receiver: Option<&'c str>,
    /// How it turned out.
    pub outcome: Outcome,
    /// How ring records, outcome and session came together.
    pub link: Link,
    /// What an inferred link rests on.
    pub link_reason: Option<LinkReason>,
    /// `sentAt` of the initiation.
    pub initiated_at: Option<Moment>,
    /// `created_at` of the start, else of the end, else the first join.
    pub started_at: Option<Moment>,
    /// `destroyed_at`.
    pub ended_at: Option<Moment>,
    /// Initiation to start, or to the ring outcome.
    pub ring_seconds: Option<Span>,
    /// Start to end.
    pub duration_seconds: Option<Span>,
    /// How long two stays or more were open; `None` while the call or a stay has no end.
    pub connected_seconds: Option<Span>,
    /// Distinct names.
    pub participant_count: usize,
    /// Most stays open at once.
    pub peak_concurrent: usize,
    /// Sum of the known stays.
    pub participant_seconds: Span,
    /// By `joined_at`, then `left_at` with the unknown last, then name.
    pub stays: Vec<Stay<'c>>,
    /// By `started_at`, then URL.
    pub recordings: Vec<Recorded<'c>>,
    /// Distinct events.
    pub event_count: usize,
    /// Deliveries of them.
    pub delivery_count: u64,
    /// Codes of its findings of warning or worse, sorted, each once.
    pub rules: Vec<&'static str>,
    /// Its first event, for people. (Machine formats have each event's time in its timeline.)
    #[serde(skip)]
    pub first_at: Option<Moment>,
}

impl<'c> Call<'c> {
    /// Reconstructs a call from its events.
    pub(super) fn new(
        capture: &'c Capture,
        events: &[u32],
        parts: &Parts,
        call_id: &'c str,
        delivery_count: u64,
        rules: Vec<&'static str>,
    ) -> Self {
        let stays = stays(capture, events);
        let events = Events::of(capture, events);
        let initiation = events.initiation();
        let outcome_ring = events.ring_outcome().map(|(_, ring)| ring);
        let ring = initiation.or(outcome_ring);
        let ended_at = events.ended_at();
        let first_join = || stays.iter().map(|stay| stay.joined_at).min();
        let started_at = events.created_at().or_else(first_join);
        let answered_or_not = started_at.or(outcome_ring.map(|ring| ring.sent_at));
        let initiated_at = initiation.map(|ring| ring.sent_at);
        let presence =
            stays::presence((stays.iter()).map(|stay| (stay.joined_at, stay.left_at.or(ended_at))));
        let complete = ended_at.is_some() && stays.iter().all(|stay| stay.left_at.is_some());
        Self {
            call_id,
            session_id: events.session_id(),
            ring_id: events.string(ring.map(|ring| ring.id)),
            app_id: events.string(events.app()),
            region: region(&events),
            flow: events.flow(),
            media: ring.and_then(|ring| ring.media).or_else(|| media_of(&stays)),
            receiver_type: (ring.and_then(|ring| ring.group))
                .map(|group| if group { "group" } else { "user" }),
            conversation_id: events.string(ring.map(|ring| ring.conversation)),
            caller: events.string(initiation.and_then(|ring| ring.sender)),
            caller_name: events.string(initiation.and_then(|ring| ring.caller_name)),
            receiver: events.string(initiation.and_then(|ring| ring.receiver)),
            outcome: events.outcome(),
            link: parts.link,
            link_reason: parts.link_reason,
            initiated_at,
            started_at,
            ended_at,
            ring_seconds: length(initiated_at, answered_or_not),
            duration_seconds: length(started_at, ended_at),
            connected_seconds: complete.then_some(presence.connected),
            participant_count: distinct_names(&stays),
            peak_concurrent: presence.peak,
            participant_seconds: stays.iter().filter_map(|stay| stay.duration_seconds).sum(),
            stays,
            recordings: recordings(&events),
            event_count: events.all.len(),
            delivery_count,
            rules,
            first_at: events.events().map(Event::at).min(),
        }
    }
}

/// The time between two moments; `None` where one is unknown or they are the wrong way round.
fn length(from: Option<Moment>, to: Option<Moment>) -> Option<Span> {
    (to? - from?).known()
}

/// The region, which all events of an app share; the smallest word should they not.
fn region<'c>(events: &Events<'c>) -> Option<&'c str> {
    let mut regions =
        events.all.iter().filter_map(|(delivery, _)| events.capture.hook(*delivery).region);
    let first = regions.next()?;
    let others = regions.filter(|region| *region != first);
    let string = |region| events.capture.string(region);
    Some(others.map(string).fold(string(first), Ord::min))
}

fn stays<'c>(capture: &'c Capture, events: &[u32]) -> Vec<Stay<'c>> {
    let mut stays: Vec<Stay<'c>> = stays::stays(capture, events)
        .into_iter()
        .filter_map(|evidence| stay(capture, &evidence))
        .collect();
    stays.sort_by(|one, other| {
        let key =
            |stay: &Stay<'c>| (stay.joined_at, stay.left_at.is_none(), stay.left_at, stay.name);
        key(one).cmp(&key(other)).then_with(|| {
            let rest =
                |stay: &Stay<'c>| (stay.platform, stay.sdk, stay.call_version, stay.seen as u8);
            rest(one).cmp(&rest(other))
        })
    });
    stays
}

fn stay<'c>(capture: &'c Capture, evidence: &Evidence<'_>) -> Option<Stay<'c>> {
    let joined = evidence.joined.map(|(_, joined)| joined);
    let string = |sym: Option<Sym>| sym.map(|sym| capture.string(sym));
    let joined_at = evidence.joined_at()?;
    let left_at = evidence.left_at();
    let from_events = joined.is_some() || evidence.left.is_some();
    Some(Stay {
        name: string(evidence.name())?,
        media: evidence.media(),
        joined_at,
        left_at,
        duration_seconds: length(Some(joined_at), left_at),
        seen: match (from_events, evidence.entry.is_some()) {
            (true, true) => Seen::Both,
            (true, false) => Seen::Events,
            (false, _) => Seen::Roster,
        },
        platform: string(joined.and_then(|joined| joined.platform)),
        sdk: string(joined.and_then(|joined| joined.sdk)),
        call_version: string(joined.and_then(|joined| joined.call_version)),
        has_joined: joined.is_some(),
        has_left: evidence.left.is_some(),
    })
}

/// Audio where everybody who says so had audio alone.
fn media_of(stays: &[Stay<'_>]) -> Option<Media> {
    let mut media = stays.iter().filter_map(|stay| stay.media).peekable();
    media.peek()?;
    Some(if media.all(|media| media == Media::Audio) { Media::Audio } else { Media::Video })
}

fn distinct_names(stays: &[Stay<'_>]) -> usize {
    let mut names: Vec<&str> = stays.iter().map(|stay| stay.name).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

fn recordings<'c>(events: &Events<'c>) -> Vec<Recorded<'c>> {
    let mut recordings: Vec<Recorded<'c>> = events
        .recordings()
        .map(|recording| Recorded {
            url: events.string(recording.url),
            started_at: recording.started_at,
            duration_seconds: recording.duration,
        })
        .collect();
    recordings.sort_by_key(|recording| (recording.started_at, recording.url));
    recordings
}
