//! The figures of some calls. Fields, their order and their text are the machine contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call_tally::{CallTally, DayTally};
use super::group_by::GroupBy;
use super::histogram::Histogram;
use super::merge::{Merge, merge_fields};
use super::presence;
use super::quantiles::Quantiles;
use crate::event::{Flow, Moment, Span};
use crate::flow::Outcome;

/// The figures of some calls. The fields and their order are the machine contract.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Stats")]
pub struct CallStats {
    /// What the calls have in common; `None` for all that are selected.
    pub grouped_by: Option<GroupBy>,
    /// What that is; `None` also where it is unknown.
    pub group_key: Option<String>,
    /// Zone of `days` and `hours`.
    pub zone: String,
    /// The first event.
    pub first_at: Option<Moment>,
    /// The last.
    pub last_at: Option<Moment>,
    /// How many calls there are.
    pub call_count: u64,
    /// By flow and outcome, those that occur.
    pub outcomes: Vec<OutcomeCount>,
    /// Ringing calls that were answered: `ended` or `ongoing`.
    pub answered_count: u64,
    /// Ringing calls with a known outcome: neither `initiated` nor `unknown`.
    pub answerable_count: u64,
    /// The one over the other; `None` where there is none.
    pub answer_rate: Option<f64>,
    /// How long calls rang, of those of which that is known; likewise the next two.
    pub ring_seconds: Quantiles<Span>,
    /// Start to end.
    pub duration_seconds: Quantiles<Span>,
    /// How long two or more were in the call.
    pub connected_seconds: Quantiles<Span>,
    /// Distinct names in a call, of calls that somebody was in.
    pub participants: Quantiles<u64>,
    /// The most calls that went on at once.
    pub peak_calls: PeakCount,
    /// The most stays that were open at once, over all calls.
    pub peak_participants: PeakCount,
    /// The sum of all known stays: an estimate of what is billed.
    pub participant_seconds: ParticipantSeconds,
    /// By the day on which calls began, in the zone.
    pub days: Vec<DayStats>,
    /// Calls by the hour of the day in which they began, from 0 to 23, in the zone.
    pub hours: [u64; 24],
    /// Recordings.
    pub recordings: RecordingStats,
    /// Stays by platform, the most frequent first.
    pub platforms: Vec<NamedCount>,
    /// Stays by SDK.
    pub sdks: Vec<NamedCount>,
    /// Stays by the SDK's version.
    pub call_versions: Vec<NamedCount>,
    /// Distinct events.
    pub event_count: u64,
    /// Deliveries of them.
    pub delivery_count: u64,
    /// The same event again through the same webhook.
    pub duplicates: u64,
    /// The same event through another webhook.
    pub copies: u64,
    /// The same event with another content.
    pub conflicts: u64,
    /// Events that a receiver which deduplicates by the documented key loses.
    pub collisions: u64,
    /// Webhooks that were lost.
    pub lost_webhooks: LostWebhooks,
    /// First arrival behind the event, of events of which arrivals were captured, recordings aside.
    pub lag_seconds: Quantiles<Span>,
    /// Deliveries of which the arrival was captured, by attempt.
    pub attempts: AttemptCounts,
}

/// Calls of a flow that turned out so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Turnout")]
pub struct OutcomeCount {
    /// `None` where nothing but recordings is known.
    pub flow: Option<Flow>,
    /// How they turned out.
    pub outcome: Outcome,
    /// How many.
    pub call_count: u64,
}

/// The most at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Peak")]
pub struct PeakCount {
    /// How many.
    pub count: u64,
    /// When that was reached first; `None` where there was nothing.
    pub reached_at: Option<Moment>,
}

/// A sum of stays by what was sent in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ParticipantSeconds {
    /// All of it.
    pub total: Span,
    /// Audio alone.
    pub audio: Span,
    /// Video.
    pub video: Span,
    /// No source tells.
    pub unknown: Span,
}

/// What began on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Day")]
pub struct DayStats {
    /// The day, in the zone.
    pub date: String,
    /// Calls.
    pub call_count: u64,
    /// The known stays in them.
    pub participant_seconds: ParticipantSeconds,
}

/// Recordings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Recordings")]
pub struct RecordingStats {
    /// How many.
    pub count: u64,
    /// Those of which no length is known.
    pub unknown_count: u64,
    /// How long the others are together.
    pub duration_seconds: Span,
}

/// A word that clients tell, and how many stays have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Named")]
pub struct NamedCount {
    /// `None` where no joined event tells.
    pub name: Option<String>,
    /// Stays with it.
    pub stay_count: u64,
}

/// Webhooks that were not captured, as far as findings (warnings and worse) tell of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LostWebhooks {
    /// Of starts (F004).
    pub starts: u64,
    /// Of joins (R001, F008).
    pub joins: u64,
    /// Of leaves (R002, F009).
    pub leaves: u64,
    /// Of ends (F006).
    pub ends: u64,
    /// Of answers or of one of the four ring outcomes, whichever it was (F007).
    pub outcomes: u64,
}

/// Deliveries of which the arrival was captured, by the attempt that they must have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Attempts")]
pub struct AttemptCounts {
    /// The first to arrive of an event through a webhook.
    pub first: u64,
    /// The first after it at a gap that CometChat's retries explain (D003).
    pub second: u64,
    /// The next such.
    pub third: u64,
    /// Any other repetition.
    pub unexplained: u64,
}

impl OutcomeCount {
    /// The order of the output: ringing calls, then sessions, then calls without a flow; each by
    /// outcome.
    pub(super) fn rank(&self) -> (usize, u8) {
        let flow = Flow::ALL.iter().position(|flow| Some(*flow) == self.flow);
        (flow.unwrap_or(Flow::ALL.len()), self.outcome as u8)
    }
}

merge_fields!(LostWebhooks { starts, joins, leaves, ends, outcomes });
merge_fields!(AttemptCounts { first, second, third, unexplained });

impl LostWebhooks {
    /// The sum of all kinds.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { starts, joins, leaves, ends, outcomes } = *self;
        [starts, joins, leaves, ends, outcomes].into_iter().fold(0, u64::saturating_add)
    }
}

impl AttemptCounts {
    /// The sum of all kinds.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { first, second, third, unexplained } = *self;
        [first, second, third, unexplained].into_iter().fold(0, u64::saturating_add)
    }
}

impl ParticipantSeconds {
    fn new(day: &DayTally) -> Self {
        let [audio, video, unknown] = [day.audio, day.video, day.unknown].map(Span::from_micros);
        Self { total: [audio, video, unknown].into_iter().sum(), audio, video, unknown }
    }
}

impl CallStats {
    pub(super) fn new(tally: &CallTally, zone: &str) -> Self {
        let moment = |micros: Option<i64>| micros.and_then(Moment::from_micros);
        let lengths = |values: &Histogram| Quantiles::new(values).map(Span::from_micros);
        let mut all_days = DayTally::default();
        let mut days = Vec::with_capacity(tally.days.len());
        for (date, day) in &tally.days {
            let participant_seconds = ParticipantSeconds::new(day);
            days.push(DayStats { date: date.clone(), call_count: day.calls, participant_seconds });
            all_days.merge_from(day.clone());
        }
        let outcomes = tally.turnouts.clone();
        let (answered_count, answerable_count) = answered(&outcomes);
        Self {
            grouped_by: None,
            group_key: None,
            zone: zone.to_owned(),
            first_at: moment(tally.first_at),
            last_at: moment(tally.last_at.map(|last| last.0)),
            call_count: tally.call_count(),
            outcomes,
            answered_count,
            answerable_count,
            answer_rate: rate(answered_count, answerable_count),
            ring_seconds: lengths(&tally.ring),
            duration_seconds: lengths(&tally.duration),
            connected_seconds: lengths(&tally.connected),
            participants: Quantiles::new(&tally.participants).map(i64::unsigned_abs),
            peak_calls: presence::peak(&tally.calls_open),
            peak_participants: presence::peak(&tally.stays_open),
            participant_seconds: ParticipantSeconds::new(&all_days),
            days,
            hours: tally.hours,
            recordings: RecordingStats {
                count: tally.recordings,
                unknown_count: tally.unknown_recordings,
                duration_seconds: Span::from_micros(tally.recorded),
            },
            platforms: tally.platforms.by_count(),
            sdks: tally.sdks.by_count(),
            call_versions: tally.call_versions.by_count(),
            event_count: tally.events,
            delivery_count: [tally.duplicates, tally.copies, tally.conflicts]
                .into_iter()
                .fold(tally.events, u64::saturating_add),
            duplicates: tally.duplicates,
            copies: tally.copies,
            conflicts: tally.conflicts,
            collisions: tally.collisions,
            lost_webhooks: tally.lost,
            lag_seconds: lengths(&tally.lag),
            attempts: tally.attempts,
        }
    }

    /// The number of calls with this outcome.
    #[must_use]
    pub fn outcome_count(&self, outcome: Outcome) -> u64 {
        let counts = self.outcomes.iter().filter(|count| count.outcome == outcome);
        counts.fold(0, |sum, count| sum.saturating_add(count.call_count))
    }
}

/// The number of answered ringing calls, and of ringing calls with a known outcome.
fn answered(outcomes: &[OutcomeCount]) -> (u64, u64) {
    let (mut answered, mut known) = (0_u64, 0_u64);
    for count in outcomes.iter().filter(|count| count.flow == Some(Flow::Ringing)) {
        let (is_answered, is_known) = match count.outcome {
            Outcome::Ended | Outcome::Ongoing => (true, true),
            Outcome::Initiated | Outcome::Unknown => (false, false),
            _ => (false, true),
        };
        answered = answered.saturating_add(u64::from(is_answered) * count.call_count);
        known = known.saturating_add(u64::from(is_known) * count.call_count);
    }
    (answered, known)
}

#[expect(clippy::cast_precision_loss, reason = "a share is not told in more digits")]
fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
