//! How late webhooks came, and at which attempt.

use super::figures::Attempts;
use super::filed::Entry;
use super::sums::Sums;
use crate::event::{Delivery, Kind, Moment, Sym};
use crate::flow::is_retry;

/// An arrival of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    /// The delivery that stands for the event.
    event: u32,
    webhook: Option<Sym>,
    at: Moment,
    delivery: u32,
}

/// Adds what is known of when a call's webhooks came.
pub(super) fn add(entry: &Entry<'_>, lag: &mut Sums, attempts: &mut Attempts) {
    let (capture, identities) = (entry.calls.capture, &entry.calls.identities);
    let arrived = entry.deliveries.iter().filter_map(|delivery| {
        let Delivery { webhook, received_at, .. } = *capture.delivery(*delivery);
        let event = identities.kept[*delivery as usize];
        Some(Arrival { event, webhook, at: received_at?, delivery: *delivery })
    });
    let mut all: Vec<Arrival> = arrived.collect();
    all.sort_unstable();
    for arrivals in all.chunk_by(|one, other| one.event == other.event) {
        let first = arrivals.iter().min_by_key(|arrival| (arrival.at, arrival.delivery));
        if let Some(behind) = first.and_then(|first| behind(entry, first)) {
            lag.add(behind, 1);
        }
        for through in arrivals.chunk_by(|one, other| one.webhook == other.webhook) {
            count(entry, through, attempts);
        }
    }
}

/// Microseconds from an event to its arrival; `None` where its webhook is not sent when it happens
/// (that of a recording comes minutes after), and of a time that cannot be (S009).
fn behind(entry: &Entry<'_>, arrival: &Arrival) -> Option<i64> {
    let delivery = entry.calls.capture.delivery(arrival.delivery);
    let event = delivery.event().filter(|event| {
        event.trigger.kind() != Kind::Recording
            && event.at().is_plausible()
            && !delivery.implausible
    })?;
    Some((arrival.at - event.at()).micros())
}

/// Counts what came through one webhook of one event, the first to arrive first. What differs is a
/// conflict and no attempt.
fn count(entry: &Entry<'_>, arrivals: &[Arrival], attempts: &mut Attempts) {
    let content = |delivery: u32| entry.calls.capture.delivery(delivery).content;
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
