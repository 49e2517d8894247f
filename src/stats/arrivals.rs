//! How late webhooks came, and at which attempt.

use super::figures::Attempts;
use super::filed::Entry;
use super::sums::Sums;
use crate::flow::{Arrival, is_retry};

/// Adds what is known of when a call's webhooks came.
pub(super) fn add(entry: &Entry<'_>, lag: &mut Sums, attempts: &mut Attempts) {
    let (capture, identities) = (entry.calls.capture, &entry.calls.identities);
    let deliveries = entry.deliveries.iter();
    let arrived = deliveries.filter_map(|delivery| Arrival::of(capture, identities, *delivery));
    let mut all: Vec<Arrival> = arrived.collect();
    all.sort_unstable();
    for arrivals in all.chunk_by(|one, other| one.event == other.event) {
        let first = arrivals.iter().min_by_key(|arrival| (arrival.at, arrival.delivery));
        if let Some(behind) = first.and_then(|first| first.behind(capture)) {
            lag.add(behind.micros(), 1);
        }
        for through in arrivals.chunk_by(|one, other| one.webhook == other.webhook) {
            count(entry, through, attempts);
        }
    }
}

/// Counts what came through one webhook of one event, the first to arrive first. What differs is a
/// conflict and no attempt.
fn count(entry: &Entry<'_>, arrivals: &[Arrival], attempts: &mut Attempts) {
    let content = |delivery: u32| entry.calls.capture.content(delivery);
    let same =
        arrivals.iter().filter(|arrival| content(arrival.delivery) == content(arrival.event));
    let (mut first, mut number) = (None, 0);
    for arrival in same {
        let begun = *first.get_or_insert(arrival.at);
        let counted = match number {
            0 => &mut attempts.first,
            1 if is_retry(arrival.at - begun) => &mut attempts.second,
            2 if is_retry(arrival.at - begun) => &mut attempts.third,
            _ => {
                attempts.unexplained += 1;
                continue;
            }
        };
        *counted += 1;
        number += 1;
    }
}
