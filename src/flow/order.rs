//! The causal order of events, which their times alone do not give: they are whole seconds.

use std::cmp::Ordering;

use crate::event::{Body, Capture, Event, Kind, Moment, Ring};

/// What comes first within the second of `at`: the lower. Of a left event it matters whether its
/// stay, which has lasted `since` then, began in an earlier second.
#[must_use]
pub fn rank(kind: Kind, at: Moment, since: Option<Moment>) -> u8 {
    let began_earlier = since.is_some_and(|since| since.seconds() < at.seconds());
    match kind {
        Kind::Initiated => 0,
        Kind::RingOutcome => 1,
        Kind::Started => 2,
        Kind::Left if began_earlier => 3,
        Kind::Joined => 4,
        Kind::Left => 5,
        Kind::Ended => 6,
        Kind::Recording => 7,
    }
}

/// Sorts the events of one call. Ties that causality leaves open go by words and numbers of the
/// events themselves, so that the order of arrival does not matter.
pub(crate) fn sort(capture: &Capture, events: &mut [u32]) {
    if events.len() < 2 {
        return;
    }
    let mut keyed: Vec<_> = events.iter().map(|index| (time(capture, *index), *index)).collect();
    keyed.sort_unstable_by(|(one_time, one), (other_time, other)| {
        (one_time.cmp(other_time))
            .then_with(|| tie(capture, *one).cmp(&tie(capture, *other)))
            .then(one.cmp(other))
    });
    for (event, (_, index)) in events.iter_mut().zip(keyed) {
        *event = index;
    }
}

/// The first of events, as [`sort`] would have it.
pub(super) fn first(capture: &Capture, events: &[u32]) -> Option<u32> {
    events.iter().copied().min_by(|one, other| {
        (time(capture, *one).cmp(&time(capture, *other)))
            .then_with(|| tie(capture, *one).cmp(&tie(capture, *other)))
    })
}

/// What orders an event among those of its call as a rule: its time, and what it is.
fn time(capture: &Capture, index: u32) -> Option<(i64, u8, Moment)> {
    let event = capture.event(index)?;
    let rank = rank(event.trigger.kind(), event.at(), since(event));
    Some((event.at().seconds(), rank, event.at()))
}

/// What orders events of one time. Ring outcomes of one second go by their message ids, as they do
/// where the outcome of the call is decided.
fn tie(capture: &Capture, index: u32) -> impl Ord + use<'_> {
    let event = capture.event(index);
    (
        event.and_then(Event::ring).map(|ring| words(capture, ring)),
        event.map(|event| event.trigger),
        event.and_then(Event::participant).map(|name| capture.string(name)),
        event.and_then(since),
    )
}

/// When the stay began that an event ends.
fn since(event: &Event) -> Option<Moment> {
    match event.body {
        Body::Left(left) => Some(left.joined_at),
        _ => None,
    }
}

/// In the order of sending; of one second, in that of the message ids.
pub(super) fn by_time(capture: &Capture, one: &Ring, other: &Ring) -> Ordering {
    (one.sent_at, words(capture, one)).cmp(&(other.sent_at, words(capture, other)))
}

/// What orders ring records of one second: their ids, which rise as numbers (one that is no number
/// comes behind them, by its letters), then their conversations.
fn words<'c>(capture: &'c Capture, ring: &Ring) -> ((bool, u128), &'c str, &'c str) {
    let id = capture.string(ring.id);
    let number = id.parse::<u128>().map_or((true, 0), |number| (false, number));
    (number, id, capture.string(ring.conversation))
}
