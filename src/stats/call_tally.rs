//! Counts calls.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call_index::IndexedCall;
use super::call_stats::{AttemptCounts, CallStats, LostWebhooks, OutcomeCount};
use super::histogram::Histogram;
use super::merge::{Merge, merge_fields};
use super::word_counts::{WordCounts, pairs};
use super::{arrivals, presence};
use crate::event::key::Status;
use crate::event::{Media, Span};
use crate::flow::Call;

/// What the figures of some calls are made of. Two tallies of different calls make the tally of all
/// of them, whichever is added to which. Times and lengths are in microseconds, times since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Tally")]
pub struct CallTally {
    /// The first event.
    pub(super) first_at: Option<i64>,
    /// The last.
    #[schemars(with = "Option<i64>")]
    pub(super) last_at: Option<Reverse<i64>>,
    /// Calls by flow and outcome, in the order of their ranks.
    pub(super) turnouts: Vec<OutcomeCount>,
    /// Calls by how long they rang.
    pub(super) ring: Histogram,
    /// Calls by how long they lasted.
    pub(super) duration: Histogram,
    /// Calls by how long two were in them.
    pub(super) connected: Histogram,
    /// Calls by how many people were in them; those that nobody was in are left out.
    pub(super) participants: Histogram,
    /// How many more, or fewer, calls go on from a time on.
    pub(super) calls_open: Histogram,
    /// Likewise stays.
    pub(super) stays_open: Histogram,
    /// By the day on which calls began, as 2026-01-02.
    #[serde(with = "pairs")]
    #[schemars(with = "Vec<(String, DayTally)>")]
    pub(super) days: BTreeMap<String, DayTally>,
    /// Calls by the hour of the day in which they began, from 0.
    pub(super) hours: [u64; 24],
    /// Recordings.
    pub(super) recordings: u64,
    /// Those of which no length is known.
    pub(super) unknown_recordings: u64,
    /// How long the others are together.
    pub(super) recorded: i64,
    /// Stays by platform.
    pub(super) platforms: WordCounts,
    /// Stays by SDK.
    pub(super) sdks: WordCounts,
    /// Stays by the SDK's version.
    pub(super) call_versions: WordCounts,
    /// Distinct events.
    pub(super) events: u64,
    /// Deliveries of them beside the first, by what they are, as the next two.
    pub(super) duplicates: u64,
    /// Through another webhook.
    pub(super) copies: u64,
    /// With another content.
    pub(super) conflicts: u64,
    /// Events that a receiver loses which goes by the documented key.
    pub(super) collisions: u64,
    /// Webhooks that were lost.
    pub(super) lost: LostWebhooks,
    /// Events by how long their first webhook took.
    pub(super) lag: Histogram,
    /// Deliveries by attempt.
    pub(super) attempts: AttemptCounts,
}

/// What there is of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct DayTally {
    pub(super) calls: u64,
    /// How long the known stays are together, with audio alone.
    pub(super) audio: i64,
    /// With video.
    pub(super) video: i64,
    /// With what is not known.
    pub(super) unknown: i64,
}

merge_fields!(DayTally { calls, audio, video, unknown });
merge_fields!(CallTally {
    first_at,
    last_at,
    turnouts,
    ring,
    duration,
    connected,
    participants,
    calls_open,
    stays_open,
    days,
    hours,
    recordings,
    unknown_recordings,
    recorded,
    platforms,
    sdks,
    call_versions,
    events,
    duplicates,
    copies,
    conflicts,
    collisions,
    lost,
    lag,
    attempts,
});

/// Sorted by rank.
impl Merge for Vec<OutcomeCount> {
    fn merge_from(&mut self, other: Self) {
        for more in other {
            match self.binary_search_by_key(&more.rank(), OutcomeCount::rank) {
                Ok(at) => self[at].call_count.merge_from(more.call_count),
                Err(at) => self.insert(at, more),
            }
        }
    }
}

impl CallTally {
    /// Adds a call. Its day and hour are those of `zone`.
    pub fn add(&mut self, indexed: &IndexedCall<'_>, zone: &TimeZone) {
        let call = &indexed.call;
        let (flow, outcome) = (call.flow, call.outcome);
        self.turnouts.merge_from(vec![OutcomeCount { flow, outcome, call_count: 1 }]);
        add_length(&mut self.ring, call.ring_seconds);
        add_length(&mut self.duration, call.duration_seconds);
        add_length(&mut self.connected, call.connected_seconds);
        if call.participant_count > 0 {
            self.participants.add(i64::try_from(call.participant_count).unwrap_or(i64::MAX), 1);
        }
        presence::add_call(call, &mut self.calls_open, &mut self.stays_open);
        self.add_day(call, zone);
        for recording in &call.recordings {
            self.recordings += 1;
            match recording.duration_seconds {
                Some(length) => self.recorded.merge_from(length.micros()),
                None => self.unknown_recordings += 1,
            }
        }
        for stay in &call.stays {
            self.platforms.add(stay.platform);
            self.sdks.add(stay.sdk);
            self.call_versions.add(stay.call_version);
        }
        self.add_deliveries(indexed);
        indexed.count_lost_webhooks(&mut self.lost);
        arrivals::add_call(indexed, &mut self.lag, &mut self.attempts);
    }

    fn add_day(&mut self, call: &Call<'_>, zone: &TimeZone) {
        let Some(first_at) = call.first_at else {
            return;
        };
        let began = zone.to_datetime(first_at.timestamp());
        self.hours[usize::try_from(began.hour()).unwrap_or_default() % 24] += 1;
        let day = self.days.entry(began.date().to_string()).or_default();
        day.calls += 1;
        for stay in &call.stays {
            let sum = match stay.media {
                Some(Media::Audio) => &mut day.audio,
                Some(Media::Video) => &mut day.video,
                None => &mut day.unknown,
            };
            sum.merge_from(stay.duration_seconds.map_or(0, Span::micros));
        }
    }

    fn add_deliveries(&mut self, indexed: &IndexedCall<'_>) {
        let (capture, identities) = (indexed.calls.capture, &indexed.calls.identities);
        for delivery in indexed.deliveries {
            match identities.status[*delivery as usize] {
                Status::Event => {
                    self.events += 1;
                    let at = capture.event(*delivery).map(|event| presence::micros(event.at()));
                    self.first_at.merge_from(at);
                    self.last_at.merge_from(at.map(Reverse));
                    let from =
                        identities.collisions.partition_point(|other| other.event < *delivery);
                    let own = identities.collisions[from..].iter();
                    let own = own.take_while(|collision| collision.event == *delivery);
                    self.collisions += own.filter(|collision| collision.lost).count() as u64;
                }
                Status::Duplicate => self.duplicates += 1,
                Status::Copy => self.copies += 1,
                Status::Conflict => self.conflicts += 1,
                Status::Invalid | Status::Other => {}
            }
        }
    }

    /// Adds the calls of `other`.
    pub fn merge(&mut self, other: Self) {
        self.merge_from(other);
    }

    /// The number of calls.
    #[must_use]
    pub fn call_count(&self) -> u64 {
        self.turnouts.iter().fold(0, |sum, count| sum.saturating_add(count.call_count))
    }

    /// The figures of the calls. `zone` is the name of the zone of days and hours.
    #[must_use]
    pub fn stats(&self, zone: &str) -> CallStats {
        CallStats::new(self, zone)
    }
}

fn add_length(lengths: &mut Histogram, length: Option<Span>) {
    if let Some(length) = length {
        lengths.add(length.micros(), 1);
    }
}
