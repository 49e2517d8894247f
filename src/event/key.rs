//! Identity: which deliveries are one event.
//!
//! The documented idempotency key collides for people who join or leave in one second, and differs
//! between two webhook configurations. An event's own identity is `appId`, the trigger, the
//! documented key without `webhook`, for joined and left the name and `joined_at` too, for ring
//! records the `conversationId`.

use std::cmp::Ordering;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::capture::Capture;
use super::crowds::{crowds, group_by};
use super::delivery::{Body, What};
use super::moment::Moment;
use super::rules;
use super::strings::Sym;
use super::trigger::{Kind, Trigger};
use crate::finding::{Finding, Rule};
use crate::input::Place;
use crate::threads::Threads;

/// What tells an event from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    app: Option<Sym>,
    pub(super) trigger: Trigger,
    pub(super) key: Documented,
    /// The participant's name, or the conversation.
    other: Option<Sym>,
    /// A leave's `joined_at`.
    since: Option<Moment>,
}

/// The documented key without `webhook` and the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Documented {
    /// The session id, or `call.id`.
    id: Option<Sym>,
    at: Moment,
}

impl Identity {
    /// That of a delivery; `None` where it is no event.
    pub(super) fn of(capture: &Capture, delivery: u32) -> Option<Self> {
        let event = capture.event(delivery)?;
        let session = capture.session(delivery);
        let (id, other, since) = match event.body {
            Body::Ring(ring) => (Some(ring.id), Some(ring.conversation), None),
            Body::Joined(joined) => (session, Some(joined.name), None),
            Body::Left(left) => (session, Some(left.name), Some(left.joined_at)),
            _ => (session, None, None),
        };
        Some(Self {
            app: capture.hook(delivery).app,
            trigger: event.trigger,
            key: Documented { id, at: event.at() },
            other,
            since,
        })
    }
}

/// An identity in words: equal for one event in two captures, each of which has symbols of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named<'c> {
    app: Option<&'c str>,
    trigger: Trigger,
    id: Option<&'c str>,
    at: Option<Moment>,
    other: Option<&'c str>,
    since: Option<Moment>,
}

impl<'c> Named<'c> {
    /// What tells a delivery's event from all others. `None` where it is no event.
    #[must_use]
    pub fn of(capture: &'c Capture, delivery: u32) -> Option<Self> {
        let Identity { app, trigger, key, other, since } = Identity::of(capture, delivery)?;
        let string = |sym: Option<Sym>| sym.map(|sym| capture.string(sym));
        let (app, id, other) = (string(app), string(key.id), string(other));
        Some(Self { app, trigger, id, at: Some(key.at), other, since })
    }

    /// The same but for when it was, as far as the rest tells it from the other events of its call:
    /// `None` for a join and a recording, of which a call may have several.
    #[must_use]
    pub fn at_any_time(self) -> Option<Self> {
        let is_one = !matches!(self.trigger.kind(), Kind::Joined | Kind::Recording);
        is_one.then_some(Self { at: None, ..self })
    }
}

/// The documented idempotency key of a delivery, its parts joined by `:`. `None` where it is no
/// event.
#[must_use]
pub fn documented(capture: &Capture, delivery: u32) -> Option<String> {
    let identity = Identity::of(capture, delivery)?;
    let string = |sym: Option<Sym>| sym.map_or("", |sym| capture.string(sym));
    Some(format!(
        "{}:{}:{}:{}",
        string(capture.hook(delivery).webhook),
        identity.trigger.name(),
        string(identity.key.id),
        identity.key.at.number()
    ))
}

/// What a delivery is among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The one that stands for its event.
    Event,
    /// The same again, through the same webhook.
    Duplicate,
    /// The same through another webhook.
    Copy,
    /// The same event with another content.
    Conflict,
    /// A calling event that cannot be used.
    Invalid,
    /// Another trigger.
    Other,
}

/// An event whose documented key is that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Collision {
    /// The delivery that stands for the event.
    pub event: u32,
    /// The delivery that stands for the other, which comes first in an order of words.
    pub first: u32,
    /// Whether a receiver that deduplicates by the documented key loses the event: not where it
    /// also gets it under the key of another webhook configuration, and keeps it there.
    pub lost: bool,
}

/// All deliveries, told apart.
#[derive(Debug)]
pub struct Identities {
    /// By delivery.
    pub status: Vec<Status>,
    /// By delivery: of one that stands for its event, how often that was delivered; of one for which
    /// another stands, which does.
    counts: Vec<u32>,
    /// Events whose documented key another has too, in input order.
    pub collisions: Vec<Collision>,
}

impl Identities {
    /// The delivery that stands for the event of this one; itself where it is no event.
    #[must_use]
    pub fn kept(&self, delivery: u32) -> u32 {
        match self.status[delivery as usize] {
            Status::Duplicate | Status::Copy | Status::Conflict => self.counts[delivery as usize],
            Status::Event | Status::Invalid | Status::Other => delivery,
        }
    }

    /// How often the event was delivered for which this delivery stands; 0 where it is none, or
    /// where another stands for it.
    #[must_use]
    pub fn deliveries(&self, delivery: u32) -> u32 {
        match self.status[delivery as usize] {
            Status::Event => self.counts[delivery as usize],
            _ => 0,
        }
    }

    /// The deliveries that stand for the distinct events, in input order.
    pub fn events(&self) -> impl Iterator<Item = u32> {
        self.events_in(0..self.status.len())
    }

    /// Those among some of the deliveries.
    pub fn events_in(&self, range: Range<usize>) -> impl Iterator<Item = u32> {
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        let events = (first..).zip(&self.status[range]);
        events.filter(|(_, status)| **status == Status::Event).map(|(delivery, _)| delivery)
    }
}

/// Tells the deliveries of `capture` apart. `body` reads a body again: of events whose content
/// differs and whose arrival does not decide, the one with the smallest body is kept.
#[must_use]
pub fn identify(
    capture: &Capture,
    body: &dyn Fn(Place) -> Option<Vec<u8>>,
    threads: Threads,
) -> Identities {
    let told = capture.deliveries.indexes().map(|delivery| capture.deliveries.what(delivery));
    let status: Vec<Status> = told.map(initial_status).collect();
    let mut identities =
        Identities { counts: vec![1; status.len()], status, collisions: Vec::new() };
    let mut crowds = crowds(capture, threads);
    for crowd in &mut crowds {
        fold_each(capture, crowd, body, &mut identities);
    }
    identities.collisions = collisions(capture, &identities, &mut crowds);
    identities
}

fn initial_status(what: &What) -> Status {
    match what {
        What::Event(_) => Status::Event,
        What::Invalid(_) => Status::Invalid,
        What::Other(_) => Status::Other,
    }
}

/// Folds the deliveries of each event among some.
fn fold_each(
    capture: &Capture,
    members: &mut [u32],
    body: &dyn Fn(Place) -> Option<Vec<u8>>,
    identities: &mut Identities,
) {
    for event in group_by(members, |delivery| Identity::of(capture, delivery)) {
        if event.len() > 1 {
            fold(capture, event, body, identities);
        }
    }
}

/// Folds the deliveries of one event into the one that is kept.
fn fold(
    capture: &Capture,
    members: &[u32],
    body: &dyn Fn(Place) -> Option<Vec<u8>>,
    identities: &mut Identities,
) {
    let kept = keep(capture, members, body);
    let content = capture.content(kept);
    let mut webhooks = FxHashSet::from_iter([capture.hook(kept).webhook]);
    for member in members.iter().copied().filter(|member| *member != kept) {
        let status = if capture.content(member) != content {
            Status::Conflict
        } else if webhooks.insert(capture.hook(member).webhook) {
            Status::Copy
        } else {
            Status::Duplicate
        };
        identities.status[member as usize] = status;
        identities.counts[member as usize] = kept;
    }
    identities.counts[kept as usize] = u32::try_from(members.len()).unwrap_or(u32::MAX);
}

/// The delivery that stands for its event: the first to arrive, else the smallest body. Bodies of
/// one content differ in `webhook` and spaces alone, so that they need not be read.
fn keep(capture: &Capture, members: &[u32], body: &dyn Fn(Place) -> Option<Vec<u8>>) -> u32 {
    // The earlier arrival first, none last.
    let arrival = |index: &u32| {
        let received_at = capture.received_at(*index);
        (received_at.is_none(), received_at)
    };
    let Some(first) = members.iter().copied().min_by_key(arrival) else {
        return 0;
    };
    let mut ties: Vec<u32> = members.to_vec();
    ties.retain(|member| arrival(member) == arrival(&first));
    if ties.iter().all(|member| capture.content(*member) == capture.content(first)) {
        let webhook = |index: &u32| capture.hook(*index).webhook.map(|sym| capture.string(sym));
        return ties.into_iter().min_by_key(|index| (webhook(index), *index)).unwrap_or(first);
    }
    // Where one of the bodies has changed or cannot be read again (a pipe without room for its copy),
    // the earlier in input order is kept.
    let bodies: Option<Vec<_>> = ties.iter().map(|tie| body(capture.place(*tie))).collect();
    let smallest = match bodies {
        Some(bodies) => bodies.into_iter().zip(ties).min().map(|(_, tie)| tie),
        None => ties.into_iter().min(),
    };
    smallest.unwrap_or(first)
}

/// Which events a receiver loses that deduplicates by the documented key. An event that is
/// delivered through several webhooks is lost only if it is lost under the key of each.
fn collisions(
    capture: &Capture,
    identities: &Identities,
    crowds: &mut [Vec<u32>],
) -> Vec<Collision> {
    let key = |delivery: u32| {
        let identity = Identity::of(capture, delivery);
        identity.map(|identity| (identity.trigger, identity.key, capture.hook(delivery).webhook))
    };
    let kept = |delivery: &u32| identities.kept(*delivery);
    // By event: the one that is kept in its place, and how many of its deliveries are dropped for
    // it.
    let mut dropped: Vec<(u32, u32, u32)> = Vec::new();
    for crowd in crowds {
        for members in group_by(crowd, key) {
            let mut events: Vec<u32> = members.iter().map(kept).collect();
            events.sort_unstable();
            let first = events.iter().copied().min_by(|one, other| by_words(capture, *one, *other));
            let Some(first) = first else { continue };
            for event in events.chunk_by(|one, other| one == other) {
                if event[0] != first {
                    let count = u32::try_from(event.len()).unwrap_or(u32::MAX);
                    dropped.push((event[0], first, count));
                }
            }
        }
    }
    dropped.sort_unstable();
    let events = dropped.chunk_by(|one, other| one.0 == other.0);
    let collision = |drops: &[(u32, u32, u32)]| {
        let (event, first, _) = drops[0];
        let count: u32 = drops.iter().map(|(_, _, count)| *count).sum();
        Collision { event, first, lost: count == identities.deliveries(event) }
    };
    events.map(collision).collect()
}

/// An order of events of one documented key that does not depend on the order of arrival.
fn by_words(capture: &Capture, one: u32, other: u32) -> Ordering {
    let words = |index: u32| {
        let identity = Identity::of(capture, index)?;
        let string = |sym: Option<Sym>| sym.map(|sym| capture.string(sym));
        Some((string(identity.app), string(identity.other), identity.since))
    };
    words(one).cmp(&words(other))
}

/// What a key collision means for a receiver.
pub const COLLISION_MESSAGE: &str =
    "another event under the same documented key: a receiver that goes by it drops one";

/// The rule and the message of a delivery that repeats an event; `None` for any other.
#[must_use]
pub fn repetition(status: Status) -> Option<(&'static Rule, &'static str)> {
    match status {
        Status::Duplicate => Some((&rules::DUPLICATE, "the same event again")),
        Status::Copy => Some((&rules::COPY, "the same event through another webhook")),
        Status::Conflict => Some((&rules::CONFLICT, "the same event with another content")),
        Status::Event | Status::Invalid | Status::Other => None,
    }
}

/// The findings of the family K, one at a time: a capture may repeat every event.
pub fn findings<'c>(
    capture: &'c Capture,
    identities: &'c Identities,
) -> impl Iterator<Item = Finding> + 'c {
    let repeated = repeated(capture, identities, |_| true);
    let collided = identities.collisions.iter().map(move |Collision { event, first, .. }| {
        capture.finding_at(&rules::KEY_COLLISION, *event, COLLISION_MESSAGE, vec![*first])
    });
    repeated.chain(collided)
}

/// Those of them that are about conflicts.
pub fn conflicts<'c>(
    capture: &'c Capture,
    identities: &'c Identities,
) -> impl Iterator<Item = Finding> + 'c {
    repeated(capture, identities, |status| status == Status::Conflict)
}

fn repeated<'c>(
    capture: &'c Capture,
    identities: &'c Identities,
    is_wanted: fn(Status) -> bool,
) -> impl Iterator<Item = Finding> + 'c {
    let statuses = (0..).zip(&identities.status).filter(move |(_, status)| is_wanted(**status));
    statuses.filter_map(move |(index, status)| {
        let (rule, message) = repetition(*status)?;
        Some(capture.finding_at(rule, index, message, vec![identities.kept(index)]))
    })
}
