//! When webhooks came: the family D. Without arrival times there is nothing to tell.

use rustc_hash::FxHashMap;

use super::Measure;
use super::case::{Case, finding};
use super::course::TIE;
use crate::event::key::Identities;
use crate::event::{Capture, Delivery, Event, Kind, Moment, Span, Sym};
use crate::finding::Finding;
use crate::flow::rules::{LATE, OUT_OF_ORDER, RETRIED, UNEXPLAINED_REPEAT};

/// An arrival of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    /// The delivery that stands for the event.
    event: u32,
    webhook: Option<Sym>,
    at: Moment,
    delivery: u32,
}

/// All arrivals that were captured.
pub(super) struct Arrivals {
    /// By event and webhook, the first to arrive first.
    all: Vec<Arrival>,
    /// By event, the first.
    first: FxHashMap<u32, Arrival>,
}

impl Arrivals {
    pub(super) fn of(capture: &Capture, identities: &Identities) -> Self {
        let arrived = (0..).zip(&capture.deliveries).filter_map(|(delivery, told)| {
            let Delivery { webhook, received_at, .. } = *told;
            told.event()?;
            let event = identities.kept[delivery as usize];
            Some(Arrival { event, webhook, at: received_at?, delivery })
        });
        let mut all: Vec<Arrival> = arrived.collect();
        all.sort_unstable();
        let mut first = FxHashMap::default();
        for arrival in &all {
            let known = first.entry(arrival.event).or_insert(*arrival);
            if (arrival.at, arrival.delivery) < (known.at, known.delivery) {
                *known = *arrival;
            }
        }
        Self { all, first }
    }

    /// D001, D003 and D004, which each event is asked for alone.
    pub(super) fn findings(&self, measure: &Measure<'_>) -> Vec<Finding> {
        let capture = measure.capture;
        let mut findings: Vec<Finding> = (self.first.values())
            .filter_map(|arrival| late(capture, arrival, measure.limits.late_after))
            .collect();
        if capture.tells_infos() {
            let through = |one: &Arrival, other: &Arrival| {
                (one.event, one.webhook) == (other.event, other.webhook)
            };
            for arrivals in self.all.chunk_by(through) {
                findings.extend(repeats(capture, arrivals));
            }
        }
        findings
    }

    /// D002: what came before an event that precedes it.
    pub(super) fn judge(&self, case: &mut Case<'_, '_>) {
        if self.all.is_empty() || !case.capture().tells_infos() {
            return;
        }
        let mut events: Vec<(Moment, Arrival)> = (case.each())
            .filter(|(_, delivery, event)| is_timed(event) && !delivery.implausible)
            .filter_map(|(index, _, event)| Some((event.at(), *self.first.get(&index)?)))
            .collect();
        events.sort_by_key(|(at, arrival)| (*at, arrival.at));
        // The last to arrive of those that precede an event by over a second.
        let (mut before, mut latest): (usize, Option<(Moment, Arrival)>) = (0, None);
        for (at, arrival) in &events {
            while *at - events[before].0 > TIE {
                let other = events[before];
                if latest.is_none_or(|(_, known)| known.at < other.1.at) {
                    latest = Some(other);
                }
                before += 1;
            }
            if let Some((earlier_at, other)) = latest
                && arrival.at < other.at
            {
                let message = format!(
                    "arrived {} s before an event that precedes it by {} s",
                    other.at - arrival.at,
                    *at - earlier_at
                );
                case.tell(&OUT_OF_ORDER, arrival.delivery, "", message, vec![other.delivery]);
            }
        }
    }
}

/// Whether an event's webhook is sent when it happens: that of a recording comes minutes after. Of
/// a time that cannot be (S009) nothing can be told.
fn is_timed(event: &Event) -> bool {
    event.trigger.kind() != Kind::Recording && event.at().is_plausible()
}

/// D001: the event's first webhook came late.
fn late(capture: &Capture, arrival: &Arrival, late_after: Span) -> Option<Finding> {
    let delivery = capture.delivery(arrival.delivery);
    let event = delivery.event().filter(|event| is_timed(event) && !delivery.implausible)?;
    let behind = arrival.at - event.at();
    (behind > late_after).then(|| {
        let message = format!("arrived {behind} s behind its event");
        finding(capture, &LATE, arrival.delivery, message, Vec::new())
    })
}

/// D003 and D004: what came again through one webhook.
fn repeats<'a>(
    capture: &'a Capture,
    arrivals: &'a [Arrival],
) -> impl Iterator<Item = Finding> + 'a {
    let content = |arrival: &Arrival| capture.delivery(arrival.delivery).content;
    let kept = arrivals.first().map(|arrival| capture.delivery(arrival.event).content);
    // What differs is told as a conflict.
    let same = arrivals.iter().filter(move |arrival| Some(content(arrival)) == kept);
    let first = same.clone().next();
    same.skip(1).filter_map(move |arrival| {
        let first = first?;
        let gap = arrival.at - first.at;
        let (rule, why) = if is_retry(gap) {
            (&RETRIED, "as CometChat tries again what was not answered")
        } else {
            (&UNEXPLAINED_REPEAT, "when CometChat does not try again")
        };
        let message = format!("delivered again {gap} s after the first time, {why}");
        Some(finding(capture, rule, arrival.delivery, message, vec![first.delivery]))
    })
}

/// Whether a retry comes so long after the first delivery: after 10 s, 30 s after that, or 30 s
/// where the first retry came through; each a little more, for the answer that is waited for.
#[must_use]
pub fn is_retry(gap: Span) -> bool {
    const RETRIES: [(i64, i64); 3] = [(10, 15), (20, 35), (40, 50)];
    let within = |(from, to): &(i64, i64)| {
        (Span::from_seconds(*from)..=Span::from_seconds(*to)).contains(&gap)
    };
    RETRIES.iter().any(within)
}
