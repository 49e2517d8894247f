//! How late webhooks arrive, and at which attempt.

use super::call_index::IndexedCall;
use super::call_stats::AttemptCounts;
use super::histogram::Histogram;
use crate::flow::{Arrival, is_retry};

/// Adds the captured arrivals of a call's webhooks.
pub(super) fn add_call(
    indexed: &IndexedCall<'_>,
    lag: &mut Histogram,
    attempts: &mut AttemptCounts,
) {
    let (capture, identities) = (indexed.calls.capture, &indexed.calls.identities);
    let deliveries = indexed.deliveries.iter();
    let arrived = deliveries.filter_map(|delivery| Arrival::of(capture, identities, *delivery));
    let mut sorted: Vec<Arrival> = arrived.collect();
    sorted.sort_unstable();
    for arrivals in sorted.chunk_by(|one, other| one.event == other.event) {
        let first = arrivals.iter().min_by_key(|arrival| (arrival.at, arrival.delivery));
        if let Some(behind) = first.and_then(|first| first.behind(capture)) {
            lag.add(behind.micros(), 1);
        }
        for same_webhook in arrivals.chunk_by(|one, other| one.webhook == other.webhook) {
            count_attempts(indexed, same_webhook, attempts);
        }
    }
}

/// Counts the arrivals of one event through one webhook, given in their order.
fn count_attempts(indexed: &IndexedCall<'_>, arrivals: &[Arrival], attempts: &mut AttemptCounts) {
    let content = |delivery: u32| indexed.calls.capture.content(delivery);
    // A delivery with different content is a conflict, not an attempt.
    let same =
        arrivals.iter().filter(|arrival| content(arrival.delivery) == content(arrival.event));
    let (mut first, mut number) = (None, 0);
    for arrival in same {
        let first_at = *first.get_or_insert(arrival.at);
        let counted = match number {
            0 => &mut attempts.first,
            1 if is_retry(arrival.at - first_at) => &mut attempts.second,
            2 if is_retry(arrival.at - first_at) => &mut attempts.third,
            _ => {
                attempts.unexplained += 1;
                continue;
            }
        };
        *counted += 1;
        number += 1;
    }
}
