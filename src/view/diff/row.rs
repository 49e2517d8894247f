//! The rows of `diff`: a call that differs, with what differs in it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::diff::{Both, Change, Diff, EventChange, EventKind, Field, Kind, Pair, Side};
use crate::event::{Event, Moment};
use crate::flow::Call;
use crate::input::Sources;

/// A call that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffRow<'c> {
    /// What became of it.
    pub difference: Kind,
    /// `appId`.
    pub app_id: Option<&'c str>,
    /// Its id in A, where A has it, else in B.
    pub call_id: &'c str,
    /// The call as A has it.
    pub call_a: Option<Call<'c>>,
    /// The call as B has it.
    pub call_b: Option<Call<'c>>,
    /// Ids of further calls of A that are a part of this one in B.
    pub parts_a: Vec<&'c str>,
    /// Ids of further calls of B that are a part of this one in A.
    pub parts_b: Vec<&'c str>,
    /// The fields that differ, where both have it: not `call_id`, `event_count` and
    /// `delivery_count`; `rules` only beside others or beside events, and without the families D
    /// and K, which are about how webhooks were delivered.
    pub fields: Vec<FieldRow>,
    /// The events that differ, by time.
    pub events: Vec<EventRow<'c>>,
}

/// A field of a call that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldRow {
    /// Its name in the rows of `calls`.
    pub field: String,
    /// Its value in A.
    #[schemars(extend("type" = ["string", "number", "array", "null"]))]
    pub a: Value,
    /// Its value in B.
    #[schemars(extend("type" = ["string", "number", "array", "null"]))]
    pub b: Value,
}

/// An event that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventRow<'c> {
    /// What became of it.
    pub difference: EventKind,
    /// The event's own time; in A where the two differ in that.
    pub event_at: Moment,
    /// Its trigger.
    pub trigger: &'static str,
    /// Who came or went.
    pub participant_name: Option<&'c str>,
    /// Uid of who acted in a ring record.
    pub sender: Option<&'c str>,
    /// Uid or guid of the other side.
    pub receiver: Option<&'c str>,
    /// What differs in its content, in words, where that does and both bodies can be read again.
    pub text: Option<String>,
    /// The delivery that stands for it in A.
    pub a: Option<Standing<'c>>,
    /// The delivery that stands for it in B.
    pub b: Option<Standing<'c>>,
}

/// The delivery that stands for an event on one side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Standing<'c> {
    /// The event's own time.
    pub event_at: Moment,
    /// The call that it is part of.
    pub call_id: Option<&'c str>,
    /// How often it was delivered.
    pub delivery_count: u32,
    /// When this delivery arrived.
    pub received_at: Option<Moment>,
    /// Name of its source.
    pub source: &'c str,
    /// Its line there, from 1.
    #[schemars(range(min = 1))]
    pub line: u64,
}

impl Standing<'_> {
    /// Its place, for people.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.source, self.line)
    }
}

/// The row of a pair of calls; `None` where nothing differs. `told` says what differs between two
/// deliveries, one of each side.
#[must_use]
pub fn row<'c>(
    diff: &Diff<'c>,
    sources: Both<&'c Sources>,
    told: &dyn Fn(u32, u32) -> Option<String>,
    pair: &Pair,
) -> Option<DiffRow<'c>> {
    let Change { kind, calls, fields, events } = diff.change(pair)?;
    let parts = |side: Side| {
        let parts = pair.parts.iter().filter(|(of, _)| *of == side);
        parts.map(|(_, call)| diff.sides.of(side).id(*call)).collect()
    };
    let first = calls.a.as_ref().or(calls.b.as_ref())?;
    Some(DiffRow {
        difference: kind,
        app_id: first.app_id,
        call_id: first.call_id,
        parts_a: parts(Side::A),
        parts_b: parts(Side::B),
        fields: fields.into_iter().map(field).collect(),
        events: events.iter().filter_map(|event| event_row(diff, sources, told, event)).collect(),
        call_a: calls.a,
        call_b: calls.b,
    })
}

fn field(Field { name, values: Both { a, b } }: Field) -> FieldRow {
    FieldRow { field: name, a, b }
}

fn event_row<'c>(
    diff: &Diff<'c>,
    sources: Both<&'c Sources>,
    told: &dyn Fn(u32, u32) -> Option<String>,
    change: &EventChange,
) -> Option<EventRow<'c>> {
    let (side, at) = Side::ALL.into_iter().find_map(|side| Some((side, (*change.at.of(side))?)))?;
    let capture = diff.sides.of(side).capture;
    let event = capture.event(at)?;
    let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
    let text = match (change.kind, change.at) {
        (EventKind::Changed, Both { a: Some(a), b: Some(b) }) => told(a, b),
        _ => None,
    };
    Some(EventRow {
        difference: change.kind,
        event_at: event.at(),
        trigger: event.trigger.name(),
        participant_name: string(event.participant()),
        sender: string(event.ring().and_then(|ring| ring.sender)),
        receiver: string(event.ring().and_then(|ring| ring.receiver)),
        text,
        a: standing(diff, sources, Side::A, change),
        b: standing(diff, sources, Side::B, change),
    })
}

fn standing<'c>(
    diff: &Diff<'c>,
    sources: Both<&'c Sources>,
    side: Side,
    change: &EventChange,
) -> Option<Standing<'c>> {
    let calls = *diff.sides.of(side);
    let at = (*change.at.of(side))?;
    let place = calls.capture.place(at);
    Some(Standing {
        event_at: calls.capture.event(at).map(Event::at)?,
        call_id: calls.call_id(at),
        delivery_count: calls.delivery_count(at),
        received_at: calls.capture.received_at(at),
        source: &sources.of(side).source(place.source).name,
        line: place.line,
    })
}

/// One thing that differs in a call, which is a row of CSV and Markdown.
#[derive(Clone, Copy, Debug)]
pub struct DetailRow<'r> {
    /// The call.
    pub of: &'r DiffRow<'r>,
    /// The field, if it is one.
    pub field: Option<&'r FieldRow>,
    /// The event, if it is one.
    pub event: Option<&'r EventRow<'r>>,
}

impl<'r> DetailRow<'r> {
    /// All of a call: what differs in it, and why.
    pub fn all(of: &'r DiffRow<'r>) -> impl Iterator<Item = Self> {
        let field = move |field| Self { of, field: Some(field), event: None };
        let event = move |event| Self { of, field: None, event: Some(event) };
        of.fields.iter().map(field).chain(of.events.iter().map(event))
    }
}
