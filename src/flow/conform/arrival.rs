//! When webhooks came: the family D. Without arrival times there is nothing to tell.

use rustc_hash::FxHashMap;

use super::Measure;
use super::case::Case;
use super::course::TIE;
use crate::event::key::Identities;
use crate::event::{Capture, Moment, Span};
use crate::finding::Finding;
use crate::flow::arrival::{Arrival, is_retry};
use crate::flow::rules::{LATE, OUT_OF_ORDER, RETRIED, UNEXPLAINED_REPEAT};

/// All arrivals that were captured.
pub(super) struct Arrivals {
    /// By event and webhook, the first to arrive first.
    all: Vec<Arrival>,
    /// By event, the first.
    first: FxHashMap<u32, Arrival>,
}

impl Arrivals {
    pub(super) fn of(capture: &Capture, identities: &Identities) -> Self {
        let deliveries = 0..u32::try_from(capture.deliveries.len()).unwrap_or(u32::MAX);
        let arrived = deliveries.filter_map(|delivery| Arrival::of(capture, identities, delivery));
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
        let capture = case.capture();
        let mut events: Vec<(Moment, Arrival)> = (case.each())
            .filter_map(|(index, event)| Some((event.at(), *self.first.get(&index)?)))
            .filter(|(_, arrival)| arrival.behind(capture).is_some())
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

/// D001: the event's first webhook came late.
fn late(capture: &Capture, arrival: &Arrival, late_after: Span) -> Option<Finding> {
    let behind = arrival.behind(capture)?;
    (behind > late_after).then(|| {
        let message = format!("arrived {behind} s behind its event");
        capture.finding_at(&LATE, arrival.delivery, message, Vec::new())
    })
}

/// D003 and D004: what came again through one webhook.
fn repeats<'a>(
    capture: &'a Capture,
    arrivals: &'a [Arrival],
) -> impl Iterator<Item = Finding> + 'a {
    let content = |arrival: &Arrival| capture.content(arrival.delivery);
    let kept = arrivals.first().map(|arrival| capture.content(arrival.event));
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
        Some(capture.finding_at(rule, arrival.delivery, message, vec![first.delivery]))
    })
}
