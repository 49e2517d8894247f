//! What differs between the two sides of a call, and which events are why.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::pairs::Pair;
use super::side::{Both, Side};
use super::twins::Twins;
use crate::event::key::Named;
use crate::event::{Event, Moment, Sym, Trigger};
use crate::flow::{Call, Reconstruction};

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// B has none of its events.
    OnlyA,
    /// A has none of its events.
    OnlyB,
    /// Both have it, and it differs.
    Changed,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// B lacks it.
    OnlyA,
    /// A lacks it.
    OnlyB,
    /// Both have it, and it says something else.
    Changed,
    /// Both have it, as part of different calls.
    Moved,
}

/// An event that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventChange {
    /// What became of it.
    pub kind: EventKind,
    /// The delivery that stands for it on each side; at least one is there.
    pub at: Both<Option<u32>>,
    /// Whether it belongs to this pair on side A, or on side B alone and to no pair on side A.
    pub is_own: bool,
}

/// A field of a call that differs, by its name in the rows of `calls`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What each side says, as `calls` prints it.
    pub values: Both<Value>,
}

/// What differs between the two sides of a call.
#[derive(Clone, Debug)]
pub struct Change<'r> {
    /// What became of the call.
    pub kind: Kind,
    /// The call as each side has it; at least one is there.
    pub calls: Both<Option<Call<'r>>>,
    /// The fields that differ, where both have it: not `call_id` and the counts of events and
    /// deliveries, which follow from what is told of the events; `rules` only beside others, and
    /// without those of the families D and K, which are about how it was delivered.
    pub fields: Vec<Field>,
    /// The events that differ, by time.
    pub events: Vec<EventChange>,
}

/// What differs in a pair; `None` where nothing does.
pub(super) fn change<'r>(
    sides: &Both<&'r Reconstruction<'r>>,
    twins: &Twins,
    pair: &Pair,
) -> Option<Change<'r>> {
    let events = Comparison { sides, twins, pair }.events();
    let calls = || Both {
        a: pair.calls.a.map(|at| sides.a.call(at)),
        b: pair.calls.b.map(|at| sides.b.call(at)),
    };
    if events.is_empty() {
        let Both { a, b } = calls().map(|call| call.map(core));
        if a == b {
            return None;
        }
    }
    let calls = calls();
    let (kind, fields) = match (&calls.a, &calls.b) {
        (Some(a), Some(b)) => (Kind::Changed, fields(a, b)),
        (_, None) => (Kind::OnlyA, Vec::new()),
        (None, _) => (Kind::OnlyB, Vec::new()),
    };
    Some(Change { kind, calls, fields, events })
}

/// A call, as far as its events alone say. What was captured beside it decides its rules too, and
/// whether its id is told from a twin's.
fn core(call: Call<'_>) -> Call<'_> {
    Call { call_id: "", event_count: 0, delivery_count: 0, rules: Vec::new(), ..call }
}

/// Fields that follow from what is told of the events.
const TOLD: [&str; 3] = ["call_id", "event_count", "delivery_count"];

fn fields(a: &Call<'_>, b: &Call<'_>) -> Vec<Field> {
    let (a, b) = (&judged(a), &judged(b));
    // A call is an object without anything that JSON cannot say.
    let (Ok(Value::Object(a)), Ok(Value::Object(mut b))) =
        (serde_json::to_value(a), serde_json::to_value(b))
    else {
        return Vec::new();
    };
    let both = a.into_iter().filter(|(name, _)| !TOLD.contains(&&**name)).map(|(name, a)| {
        let b = b.get_mut(&name).map(Value::take).unwrap_or_default();
        Field { name, values: Both { a, b } }
    });
    both.filter(|field| field.values.a != field.values.b).collect()
}

/// A call with those of its rules that are not about how often and when its webhooks came: a copy in
/// another carrier may well tell that otherwise.
fn judged<'c>(call: &Call<'c>) -> Call<'c> {
    let mut call = call.clone();
    call.rules.retain(|code| !code.starts_with(['D', 'K']));
    call
}

struct Comparison<'c> {
    sides: &'c Both<&'c Reconstruction<'c>>,
    twins: &'c Twins,
    pair: &'c Pair,
}

impl Comparison<'_> {
    /// The events that differ, by time.
    fn events(&self) -> Vec<EventChange> {
        let mut changes: Vec<EventChange> =
            self.events_of(Side::A).filter_map(|event| self.of_a(event)).collect();
        changes.extend(self.events_of(Side::B).filter_map(|event| self.of_b(event)));
        self.join_retimed(&mut changes);
        changes.sort_by_cached_key(|change| self.order(change));
        changes
    }

    fn events_of(&self, side: Side) -> impl Iterator<Item = u32> + '_ {
        self.pair.of(side).flat_map(move |call| self.sides.of(side).events(call)).copied()
    }

    /// What became of an event of A.
    fn of_a(&self, a: u32) -> Option<EventChange> {
        let Some(b) = self.twins.of_event(Side::A, a) else {
            return Some(alone(Side::A, a));
        };
        let kind = if !self.is_in_place(a, b) {
            EventKind::Moved
        } else if self.sides.a.capture.content(a) != self.sides.b.capture.content(b) {
            EventKind::Changed
        } else {
            return None;
        };
        Some(EventChange { kind, at: Both { a: Some(a), b: Some(b) }, is_own: true })
    }

    /// What became of an event of B that no event of A here has told.
    fn of_b(&self, b: u32) -> Option<EventChange> {
        let Some(a) = self.twins.of_event(Side::B, b) else {
            return Some(alone(Side::B, b));
        };
        let call = self.sides.a.call_of(a);
        let is_told = self.pair.of(Side::A).any(|own| Some(own) == call);
        let at = Both { a: Some(a), b: Some(b) };
        (!is_told).then_some(EventChange { kind: EventKind::Moved, at, is_own: false })
    }

    /// Whether the two calls that have an event are the two that the pair is about.
    fn is_in_place(&self, a: u32, b: u32) -> bool {
        self.sides.a.call_of(a) == self.pair.calls.a && self.sides.b.call_of(b) == self.pair.calls.b
    }

    /// Takes an event that each side alone has for one whose time differs, where the two are alike
    /// but for that, and no other is.
    fn join_retimed(&self, changes: &mut Vec<EventChange>) {
        let mut alike: HashMap<Named<'_>, Both<Vec<usize>>> = HashMap::new();
        for (at, change) in changes.iter().enumerate() {
            let (side, event) = match (change.kind, change.at) {
                (EventKind::OnlyA, Both { a: Some(a), .. }) => (Side::A, a),
                (EventKind::OnlyB, Both { b: Some(b), .. }) => (Side::B, b),
                _ => continue,
            };
            if let Some(named) = self.named(side, event).and_then(Named::at_any_time) {
                alike.entry(named).or_default().of_mut(side).push(at);
            }
        }
        let mut joined = HashSet::new();
        for of in alike.values() {
            if let ([a], [b]) = (&of.a[..], &of.b[..]) {
                changes[*a].kind = EventKind::Changed;
                changes[*a].at.b = changes[*b].at.b;
                joined.insert(changes[*b].at);
            }
        }
        changes.retain(|change| !joined.contains(&change.at));
    }

    fn named(&self, side: Side, event: u32) -> Option<Named<'_>> {
        let capture = self.sides.of(side).capture;
        Named::of(capture, event)
    }

    /// By time, then trigger and who: the same whichever side comes first.
    fn order(&self, change: &EventChange) -> impl Ord + use<> {
        let of = |side: Side| {
            let capture = self.sides.of(side).capture;
            let event = capture.event((*change.at.of(side))?)?;
            let who = |sym: Sym| capture.string(sym).to_owned();
            Some((event.at(), event.trigger, event.participant().map(who)))
        };
        let first: Option<(Moment, Trigger, Option<String>)> =
            Side::ALL.into_iter().filter_map(of).min();
        first
    }
}

/// An event that one side alone has.
fn alone(side: Side, event: u32) -> EventChange {
    match side {
        Side::A => EventChange {
            kind: EventKind::OnlyA,
            at: Both { a: Some(event), b: None },
            is_own: true,
        },
        Side::B => EventChange {
            kind: EventKind::OnlyB,
            at: Both { a: None, b: Some(event) },
            is_own: true,
        },
    }
}

impl EventChange {
    /// The event, as the side has it that comes first of those that do.
    #[must_use]
    pub fn event<'r>(&self, sides: &Both<&'r Reconstruction<'r>>) -> Option<&'r Event> {
        let of = |side: Side| sides.of(side).capture.event((*self.at.of(side))?);
        Side::ALL.into_iter().find_map(of)
    }
}
