//! What figures are made of.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::{Attempts, LostWebhooks, Stats, Turnout};
use super::filed::{Entry, Lost};
use super::mix::Mix;
use super::sums::Sums;
use super::words::Words;
use super::{arrivals, presence};
use crate::event::key::Status;
use crate::event::{Event, Media, Moment, Span};
use crate::flow::{Call, Recorded};

/// What the figures of some calls are made of. Two tallies of different calls make the tally of all
/// of them, whichever is added to which. Times and lengths are in microseconds, times since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// The first event.
    pub(super) first_at: Option<i64>,
    /// The last.
    pub(super) last_at: Option<i64>,
    /// Calls by flow and outcome, in the order of their ranks.
    pub(super) turnouts: Vec<Turnout>,
    /// Calls by how long they rang.
    pub(super) ring: Sums,
    /// Calls by how long they lasted.
    pub(super) duration: Sums,
    /// Calls by how long two were in them.
    pub(super) connected: Sums,
    /// Calls by how many people were in them; those that nobody was in are left out.
    pub(super) participants: Sums,
    /// How many more, or fewer, calls go on from a time on.
    pub(super) calls_open: Sums,
    /// Likewise stays.
    pub(super) stays_open: Sums,
    /// By the day on which calls began, as 2026-01-02.
    pub(super) days: Words<DayTally>,
    /// Calls by the hour of the day in which they began, from 0.
    pub(super) hours: [u64; 24],
    /// Recordings.
    pub(super) recordings: u64,
    /// Those of which no length is known.
    pub(super) unknown_recordings: u64,
    /// How long the others are together.
    pub(super) recorded: i64,
    /// Stays by platform.
    pub(super) platforms: Mix,
    /// Stays by SDK.
    pub(super) sdks: Mix,
    /// Stays by the SDK's version.
    pub(super) call_versions: Mix,
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
    pub(super) lag: Sums,
    /// Deliveries by attempt.
    pub(super) attempts: Attempts,
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

impl Tally {
    /// Adds a call; days and hours are those of a zone.
    pub fn add(&mut self, entry: &Entry<'_>, zone: &TimeZone) {
        let call = &entry.call;
        self.add_turnout(&Turnout { flow: call.flow, outcome: call.outcome, call_count: 1 });
        add_length(&mut self.ring, call.ring_seconds);
        add_length(&mut self.duration, call.duration_seconds);
        add_length(&mut self.connected, call.connected_seconds);
        if call.participant_count > 0 {
            self.participants.add(i64::try_from(call.participant_count).unwrap_or(i64::MAX), 1);
        }
        presence::add(call, &mut self.calls_open, &mut self.stays_open);
        self.add_day(call, zone);
        call.recordings.iter().for_each(|recording| self.add_recording(recording));
        for stay in &call.stays {
            self.platforms.add(stay.platform);
            self.sdks.add(stay.sdk);
            self.call_versions.add(stay.call_version);
        }
        self.add_deliveries(entry);
        entry.lost.iter().for_each(|(_, lost)| self.add_lost(*lost));
        arrivals::add(entry, &mut self.lag, &mut self.attempts);
    }

    fn add_turnout(&mut self, more: &Turnout) {
        match self.turnouts.binary_search_by_key(&more.rank(), Turnout::rank) {
            Ok(at) => {
                let known = &mut self.turnouts[at];
                known.call_count = known.call_count.saturating_add(more.call_count);
            }
            Err(at) => self.turnouts.insert(at, more.clone()),
        }
    }

    fn add_day(&mut self, call: &Call<'_>, zone: &TimeZone) {
        let Some(first_at) = call.first_at else {
            return;
        };
        let began = zone.to_datetime(first_at.timestamp());
        self.hours[usize::try_from(began.hour()).unwrap_or_default() % 24] += 1;
        let day = self.days.of(&began.date().to_string());
        day.calls += 1;
        for stay in &call.stays {
            let sum = match stay.media {
                Some(Media::Audio) => &mut day.audio,
                Some(Media::Video) => &mut day.video,
                None => &mut day.unknown,
            };
            *sum = sum.saturating_add(stay.duration_seconds.map_or(0, Span::micros));
        }
    }

    fn add_recording(&mut self, recording: &Recorded<'_>) {
        self.recordings += 1;
        match recording.duration_seconds {
            Some(length) => self.recorded = self.recorded.saturating_add(length.micros()),
            None => self.unknown_recordings += 1,
        }
    }

    fn add_deliveries(&mut self, entry: &Entry<'_>) {
        let (capture, identities) = (entry.calls.capture, &entry.calls.identities);
        for delivery in entry.deliveries {
            match identities.status[*delivery as usize] {
                Status::Event => {
                    self.events += 1;
                    self.add_time(capture.event(*delivery).map(Event::at));
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

    fn add_time(&mut self, at: Option<Moment>) {
        let at = at.map(presence::micros);
        self.first_at = earlier(self.first_at, at);
        self.last_at = self.last_at.max(at);
    }

    fn add_lost(&mut self, lost: Lost) {
        let sum = match lost {
            Lost::Started => &mut self.lost.starts,
            Lost::Joined => &mut self.lost.joins,
            Lost::Left => &mut self.lost.leaves,
            Lost::Ended => &mut self.lost.ends,
            Lost::Outcome => &mut self.lost.outcomes,
        };
        *sum += 1;
    }

    /// Adds all that another tally has.
    pub fn merge(&mut self, other: Self) {
        self.first_at = earlier(self.first_at, other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        other.turnouts.iter().for_each(|turnout| self.add_turnout(turnout));
        self.ring.merge(other.ring);
        self.duration.merge(other.duration);
        self.connected.merge(other.connected);
        self.participants.merge(other.participants);
        self.calls_open.merge(other.calls_open);
        self.stays_open.merge(other.stays_open);
        for (date, more) in other.days.0 {
            self.days.of(&date).merge(&more);
        }
        for (hour, more) in self.hours.iter_mut().zip(other.hours) {
            *hour = hour.saturating_add(more);
        }
        self.recorded = self.recorded.saturating_add(other.recorded);
        self.platforms.merge(other.platforms);
        self.sdks.merge(other.sdks);
        self.call_versions.merge(other.call_versions);
        self.lag.merge(other.lag);
        self.lost.merge(&other.lost);
        self.attempts.merge(&other.attempts);
        for (sum, more) in [
            (&mut self.recordings, other.recordings),
            (&mut self.unknown_recordings, other.unknown_recordings),
            (&mut self.events, other.events),
            (&mut self.duplicates, other.duplicates),
            (&mut self.copies, other.copies),
            (&mut self.conflicts, other.conflicts),
            (&mut self.collisions, other.collisions),
        ] {
            *sum = sum.saturating_add(more);
        }
    }

    /// How many calls were added.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.turnouts.iter().fold(0, |sum, one| sum.saturating_add(one.call_count))
    }

    /// What it comes to; the name of the zone is that of its days and hours.
    #[must_use]
    pub fn stats(&self, zone: &str) -> Stats {
        Stats::new(self, zone)
    }
}

impl DayTally {
    fn merge(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.audio = self.audio.saturating_add(other.audio);
        self.video = self.video.saturating_add(other.video);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }
}

fn add_length(lengths: &mut Sums, length: Option<Span>) {
    if let Some(length) = length {
        lengths.add(length.micros(), 1);
    }
}

/// The lesser of two of which one may be unknown.
fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}
