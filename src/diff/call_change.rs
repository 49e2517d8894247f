//! What differs between the two sides of a call, and the events that cause it.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::call_pairs::CallPair;
use super::event_matches::EventMatches;
use super::side::{BothSides, DiffSide, EitherOrBoth};
use crate::event::key::Named;
use crate::event::{Moment, Sym, Trigger};
use crate::flow::{Call, Reconstruction};

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Kind")]
pub enum CallDifference {
    /// B has none of its events.
    OnlyA,
    /// A has none of its events.
    OnlyB,
    /// Both have it, and it differs.
    Changed,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EventKind")]
pub enum EventDifference {
    /// B lacks it.
    OnlyA,
    /// A lacks it.
    OnlyB,
    /// Both have it, and it says something else.
    Changed,
    /// Both have it, as part of different calls.
    Moved,
}

/// An event that differs, by its first delivery on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventChange {
    /// B lacks it.
    OnlyA(u32),
    /// A lacks it.
    OnlyB(u32),
    /// Both sides have it, with different content.
    Changed(u32, u32),
    /// Both sides have it, in different calls.
    Moved {
        /// In A.
        a: u32,
        /// In B.
        b: u32,
        /// Whether the pair contains the event's call of A. The event is also listed with the pair
        /// that contains its call of B.
        is_own: bool,
    },
}

/// A field of a call that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name in the rows of `calls`.
    pub name: String,
    /// Its value on each side, as `calls` prints it.
    pub values: BothSides<Value>,
}

/// What differs between the two sides of a call.
#[derive(Clone, Debug)]
pub struct CallChange<'r> {
    /// The call on the sides that have it.
    pub calls: EitherOrBoth<Call<'r>>,
    /// The fields that differ, if both sides have the call. `call_id` and the counts of events and
    /// deliveries follow from `events` and are left out. So are rules of the families D and K, which
    /// are about the delivery, and `rules` if nothing else differs.
    pub fields: Vec<FieldChange>,
    /// The events that differ, by time.
    pub events: Vec<EventChange>,
}

impl CallChange<'_> {
    /// What became of the call.
    #[must_use]
    pub fn difference(&self) -> CallDifference {
        match self.calls {
            EitherOrBoth::Left(_) => CallDifference::OnlyA,
            EitherOrBoth::Right(_) => CallDifference::OnlyB,
            EitherOrBoth::Both(..) => CallDifference::Changed,
        }
    }
}

impl EventChange {
    /// What became of the event.
    #[must_use]
    pub fn difference(self) -> EventDifference {
        match self {
            Self::OnlyA(_) => EventDifference::OnlyA,
            Self::OnlyB(_) => EventDifference::OnlyB,
            Self::Changed(..) => EventDifference::Changed,
            Self::Moved { .. } => EventDifference::Moved,
        }
    }

    /// The first delivery of the event on each side that has it.
    #[must_use]
    pub fn deliveries(self) -> EitherOrBoth<u32> {
        match self {
            Self::OnlyA(a) => EitherOrBoth::Left(a),
            Self::OnlyB(b) => EitherOrBoth::Right(b),
            Self::Changed(a, b) | Self::Moved { a, b, .. } => EitherOrBoth::Both(a, b),
        }
    }
}

/// What differs in a pair; `None` if nothing does.
pub(super) fn compare_pair<'r>(
    sides: &BothSides<&'r Reconstruction<'r>>,
    matches: &EventMatches,
    pair: &CallPair,
) -> Option<CallChange<'r>> {
    let events = PairComparison { sides, matches, pair }.events();
    let calls = pair.calls.map(|side, call| sides.on(side).call(call));
    let fields = match &calls {
        EitherOrBoth::Both(a, b) if events.is_empty() && intrinsic(a) == intrinsic(b) => {
            return None;
        }
        EitherOrBoth::Both(a, b) => changed_fields(a, b),
        _ => Vec::new(),
    };
    Some(CallChange { calls, fields, events })
}

/// The call without what depends on more than its events: its rules depend on what else was
/// captured, and its id on whether another call has the same session.
fn intrinsic<'r>(call: &Call<'r>) -> Call<'r> {
    Call { call_id: "", event_count: 0, delivery_count: 0, rules: Vec::new(), ..call.clone() }
}

/// Fields that follow from the events.
const FROM_EVENTS: [&str; 3] = ["call_id", "event_count", "delivery_count"];

fn changed_fields(a: &Call<'_>, b: &Call<'_>) -> Vec<FieldChange> {
    let (a, b) = (serde_json::to_value(comparable(a)), serde_json::to_value(comparable(b)));
    // Always so: a call is an object of values that JSON can express.
    let (Ok(Value::Object(a)), Ok(Value::Object(mut b))) = (a, b) else {
        return Vec::new();
    };
    let fields =
        a.into_iter().filter(|(name, _)| !FROM_EVENTS.contains(&&**name)).map(|(name, a)| {
            let b = b.get_mut(&name).map(Value::take).unwrap_or_default();
            FieldChange { name, values: BothSides { a, b } }
        });
    fields.filter(|field| field.values.a != field.values.b).collect()
}

/// The call without rules about the delivery: another carrier may well show that differently.
fn comparable<'c>(call: &Call<'c>) -> Call<'c> {
    let mut call = call.clone();
    call.rules.retain(|code| !code.starts_with(['D', 'K']));
    call
}

struct PairComparison<'c> {
    sides: &'c BothSides<&'c Reconstruction<'c>>,
    matches: &'c EventMatches,
    pair: &'c CallPair,
}

impl PairComparison<'_> {
    /// The events that differ, by time.
    fn events(&self) -> Vec<EventChange> {
        let mut changes: Vec<EventChange> =
            self.events_of(DiffSide::A).filter_map(|event| self.change_of_a(event)).collect();
        changes.extend(self.events_of(DiffSide::B).filter_map(|event| self.change_of_b(event)));
        self.join_retimed(&mut changes);
        changes.sort_by_cached_key(|change| self.order(*change));
        changes
    }

    fn events_of(&self, side: DiffSide) -> impl Iterator<Item = u32> + '_ {
        self.pair.calls_of(side).flat_map(move |call| self.sides.on(side).events(call)).copied()
    }

    fn change_of_a(&self, a: u32) -> Option<EventChange> {
        let Some(b) = self.matches.of_event(DiffSide::A, a) else {
            return Some(EventChange::OnlyA(a));
        };
        let is_in_main_calls = self.sides.a.call_of(a).as_ref() == self.pair.calls.on(DiffSide::A)
            && self.sides.b.call_of(b).as_ref() == self.pair.calls.on(DiffSide::B);
        if !is_in_main_calls {
            Some(EventChange::Moved { a, b, is_own: true })
        } else if self.sides.a.capture.content(a) != self.sides.b.capture.content(b) {
            Some(EventChange::Changed(a, b))
        } else {
            None
        }
    }

    /// `None` also if [`Self::change_of_a`] covers the event.
    fn change_of_b(&self, b: u32) -> Option<EventChange> {
        let Some(a) = self.matches.of_event(DiffSide::B, b) else {
            return Some(EventChange::OnlyB(b));
        };
        let call = self.sides.a.call_of(a);
        let is_covered = self.pair.calls_of(DiffSide::A).any(|own| Some(own) == call);
        (!is_covered).then_some(EventChange::Moved { a, b, is_own: false })
    }

    /// Replaces an event of A alone and one of B alone by one change, if only their times differ and
    /// neither could be joined with another.
    fn join_retimed(&self, changes: &mut Vec<EventChange>) {
        let mut alike: HashMap<Named<'_>, BothSides<Vec<u32>>> = HashMap::new();
        for change in &*changes {
            let (side, event) = match *change {
                EventChange::OnlyA(a) => (DiffSide::A, a),
                EventChange::OnlyB(b) => (DiffSide::B, b),
                _ => continue,
            };
            let identity = Named::of(self.sides.on(side).capture, event);
            if let Some(timeless) = identity.and_then(Named::at_any_time) {
                alike.entry(timeless).or_default().on_mut(side).push(event);
            }
        }
        let pairs = alike.values().filter_map(|events| match (&events.a[..], &events.b[..]) {
            ([a], [b]) => Some((*a, *b)),
            _ => None,
        });
        let pairs: HashMap<u32, u32> = pairs.collect();
        let joined: HashSet<u32> = pairs.values().copied().collect();
        changes.retain(|change| !matches!(change, EventChange::OnlyB(b) if joined.contains(b)));
        for change in changes {
            if let EventChange::OnlyA(a) = *change
                && let Some(b) = pairs.get(&a)
            {
                *change = EventChange::Changed(a, *b);
            }
        }
    }

    /// By time, then trigger and participant: the same order whichever side is A.
    fn order(&self, change: EventChange) -> impl Ord + use<> {
        let key = |side: DiffSide, delivery: u32| {
            let capture = self.sides.on(side).capture;
            let event = capture.event(delivery)?;
            let name = |sym: Sym| capture.string(sym).to_owned();
            Some((event.at(), event.trigger, event.participant().map(name)))
        };
        let first: Option<(Moment, Trigger, Option<String>)> =
            change.deliveries().iter().filter_map(|(side, delivery)| key(side, *delivery)).min();
        first
    }
}
