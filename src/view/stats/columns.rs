//! The columns of the figures of all calls or of a group.

use crate::event::Span;
use crate::flow::Outcome;
use crate::stats::CallStats;
use crate::view::cell::Cell;
use crate::view::column::{Column, column, length, text, time};
use crate::view::ink::Ink;

fn count<'r>(number: Option<u64>) -> Cell<'r> {
    number.map_or(Cell::Nothing, Cell::Count)
}

fn share<'r>(part: u64, whole: u64) -> Cell<'r> {
    if whole == 0 { Cell::Nothing } else { Cell::Share(part, whole) }
}

/// A number that is highlighted unless it is 0.
fn odd<'r>(number: u64) -> Cell<'r> {
    if number == 0 { Cell::Count(0) } else { Cell::Figure(Ink::Odd, number.to_string().into()) }
}

fn minutes<'r>(span: Span) -> Cell<'r> {
    Cell::Count(super::draw::minutes(span))
}

/// Columns in the order of CSV; `shown` gives the place in tables.
#[must_use]
pub fn columns<T: AsRef<CallStats>>() -> Vec<Column<T>> {
    macro_rules! of {
        ($name:expr, |$stats:ident| $cell:expr) => {
            column($name, |row: &T| {
                let $stats = row.as_ref();
                $cell
            })
        };
    }
    vec![
        of!("key", |stats| text(stats.group_key.as_deref())).shown(0, 10, 48).only_table(),
        of!("grouped_by", |stats| Cell::word(stats.grouped_by)),
        of!("group_key", |stats| text(stats.group_key.as_deref())),
        of!("first_at", |stats| time(stats.first_at)),
        of!("last_at", |stats| time(stats.last_at)),
        of!("calls", |stats| Cell::Count(stats.call_count)).shown(1, 5, 10).only_table(),
        of!("call_count", |stats| Cell::Count(stats.call_count)),
        of!("ended", |stats| Cell::Count(stats.outcome_count(Outcome::Ended))).shown(11, 5, 10),
        of!("ongoing", |stats| Cell::Count(stats.outcome_count(Outcome::Ongoing))).shown(16, 7, 10),
        of!("busy", |stats| Cell::Count(stats.outcome_count(Outcome::Busy))).shown(15, 4, 10),
        of!("cancelled", |stats| Cell::Count(stats.outcome_count(Outcome::Cancelled)))
            .shown(14, 9, 10),
        of!("rejected", |stats| Cell::Count(stats.outcome_count(Outcome::Rejected)))
            .shown(12, 8, 10),
        of!("unanswered", |stats| Cell::Count(stats.outcome_count(Outcome::Unanswered)))
            .shown(13, 10, 10),
        of!("initiated", |stats| Cell::Count(stats.outcome_count(Outcome::Initiated))),
        of!("unknown", |stats| Cell::Count(stats.outcome_count(Outcome::Unknown))),
        of!("answered_count", |stats| Cell::Count(stats.answered_count)),
        of!("answerable_count", |stats| Cell::Count(stats.answerable_count)),
        of!("answer_rate", |stats| share(stats.answered_count, stats.answerable_count)),
        of!("answered", |stats| share(stats.answered_count, stats.answerable_count))
            .shown(2, 8, 8)
            .only_table(),
        of!("ring_p50_seconds", |stats| length(stats.ring_seconds.p50)),
        of!("ring_p95_seconds", |stats| length(stats.ring_seconds.p95)),
        of!("ring_p99_seconds", |stats| length(stats.ring_seconds.p99)),
        of!("ring_p50", |stats| length(stats.ring_seconds.p50)).shown(3, 8, 11).only_table(),
        of!("ring_p95", |stats| length(stats.ring_seconds.p95)).shown(17, 8, 11).only_table(),
        of!("duration_p50_seconds", |stats| length(stats.duration_seconds.p50)),
        of!("duration_p95_seconds", |stats| length(stats.duration_seconds.p95)),
        of!("duration_p99_seconds", |stats| length(stats.duration_seconds.p99)),
        of!("duration_p50", |stats| length(stats.duration_seconds.p50))
            .shown(4, 12, 12)
            .only_table(),
        of!("duration_p95", |stats| length(stats.duration_seconds.p95))
            .shown(10, 12, 12)
            .only_table(),
        of!("connected_p50_seconds", |stats| length(stats.connected_seconds.p50)),
        of!("connected_p95_seconds", |stats| length(stats.connected_seconds.p95)),
        of!("connected_p99_seconds", |stats| length(stats.connected_seconds.p99)),
        of!("participants_p50", |stats| count(stats.participants.p50)),
        of!("participants_max", |stats| count(stats.participants.max)),
        of!("peak_calls", |stats| Cell::Count(stats.peak_calls.count)).shown(18, 10, 10),
        of!("peak_calls_at", |stats| time(stats.peak_calls.reached_at)),
        of!("peak_participants", |stats| Cell::Count(stats.peak_participants.count)),
        of!("peak_participants_at", |stats| time(stats.peak_participants.reached_at)),
        of!("minutes", |stats| minutes(stats.participant_seconds.total))
            .shown(5, 7, 12)
            .only_table(),
        of!("participant_seconds", |stats| Cell::Length(stats.participant_seconds.total)),
        of!("audio_seconds", |stats| Cell::Length(stats.participant_seconds.audio)),
        of!("video_seconds", |stats| Cell::Length(stats.participant_seconds.video)),
        of!("recordings", |stats| Cell::Count(stats.recordings.count)).shown(19, 10, 10),
        of!("recording_seconds", |stats| Cell::Length(stats.recordings.duration_seconds)),
        of!("event_count", |stats| Cell::Count(stats.event_count)),
        of!("delivery_count", |stats| Cell::Count(stats.delivery_count)),
        of!("duplicates", |stats| Cell::Count(stats.duplicates)).shown(20, 10, 10),
        of!("copies", |stats| Cell::Count(stats.copies)),
        of!("conflicts", |stats| Cell::Count(stats.conflicts)),
        of!("collisions", |stats| Cell::Count(stats.collisions)),
        of!("lost_webhooks", |stats| Cell::Count(stats.lost_webhooks.total())),
        of!("lost", |stats| odd(stats.lost_webhooks.total())).shown(6, 5, 10).only_table(),
        of!("lag_p50_seconds", |stats| length(stats.lag_seconds.p50)),
        of!("lag_p95_seconds", |stats| length(stats.lag_seconds.p95)),
        of!("lag_p99_seconds", |stats| length(stats.lag_seconds.p99)),
        of!("lag_p95", |stats| length(stats.lag_seconds.p95)).shown(21, 8, 11).only_table(),
        of!("first_attempts", |stats| Cell::Count(stats.attempts.first)),
        of!("second_attempts", |stats| Cell::Count(stats.attempts.second)),
        of!("third_attempts", |stats| Cell::Count(stats.attempts.third)),
        of!("unexplained_repeats", |stats| Cell::Count(stats.attempts.unexplained)),
    ]
}
