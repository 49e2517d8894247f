//! The rows of `diff`: a call that differs, with what differs in it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::diff::{
    BothSides, CallDifference, CallPair, CaptureDiff, DiffSide, EventChange, EventDifference,
    FieldChange,
};
use crate::event::{Event, Moment};
use crate::flow::Call;
use crate::input::Sources;

/// A call that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffRow<'c> {
    /// What became of it.
    pub difference: CallDifference,
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
    pub difference: EventDifference,
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
    /// The place as `source:line`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.source, self.line)
    }
}

impl EventRow<'_> {
    /// The delivery in A, else in B.
    pub(super) fn first(&self) -> Option<&Standing<'_>> {
        self.a.as_ref().or(self.b.as_ref())
    }
}

/// Builds the rows of a comparison.
pub struct RowBuilder<'c, 'b> {
    /// The comparison.
    pub diff: &'b CaptureDiff<'c>,
    /// The sources of each side.
    pub sources: BothSides<&'c Sources>,
    /// Says in words how a delivery of A differs from one of B; `None` if a body cannot be read
    /// again.
    pub explain: &'b dyn Fn(u32, u32) -> Option<String>,
}

impl<'c> RowBuilder<'c, '_> {
    /// The row of a pair of calls; `None` if nothing differs.
    #[must_use]
    pub fn row(&self, pair: &CallPair) -> Option<DiffRow<'c>> {
        let change = self.diff.change(pair)?;
        let difference = change.difference();
        let parts = |side: DiffSide| {
            let parts = pair.parts.iter().filter(|(of, _)| *of == side);
            parts.map(|(_, call)| self.diff.sides.on(side).id(*call)).collect()
        };
        let field =
            |FieldChange { name, values: BothSides { a, b } }| FieldRow { field: name, a, b };
        let events = change.events.iter().filter_map(|event| self.event_row(*event)).collect();
        let (_, first) = change.calls.first();
        let (app_id, call_id) = (first.app_id, first.call_id);
        let (call_a, call_b) = change.calls.into_options();
        Some(DiffRow {
            difference,
            app_id,
            call_id,
            call_a,
            call_b,
            parts_a: parts(DiffSide::A),
            parts_b: parts(DiffSide::B),
            fields: change.fields.into_iter().map(field).collect(),
            events,
        })
    }

    fn event_row(&self, change: EventChange) -> Option<EventRow<'c>> {
        let deliveries = change.deliveries();
        let (side, first) = deliveries.first();
        let capture = self.diff.sides.on(side).capture;
        let event = capture.event(*first)?;
        let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
        let text = match change {
            EventChange::Changed(a, b) => (self.explain)(a, b),
            _ => None,
        };
        let (a, b) = deliveries.map(|side, at| self.standing(side, at)).into_options();
        Some(EventRow {
            difference: change.difference(),
            event_at: event.at(),
            trigger: event.trigger.name(),
            participant_name: string(event.participant()),
            sender: string(event.ring().and_then(|ring| ring.sender)),
            receiver: string(event.ring().and_then(|ring| ring.receiver)),
            text,
            a: a.flatten(),
            b: b.flatten(),
        })
    }

    fn standing(&self, side: DiffSide, delivery: u32) -> Option<Standing<'c>> {
        let calls = *self.diff.sides.on(side);
        let place = calls.capture.place(delivery);
        Some(Standing {
            event_at: calls.capture.event(delivery).map(Event::at)?,
            call_id: calls.call_id(delivery),
            delivery_count: calls.delivery_count(delivery),
            received_at: calls.capture.received_at(delivery),
            source: &self.sources.on(side).source(place.source).name,
            line: place.line,
        })
    }
}

/// A field or an event of a call that differs: a row of CSV and Markdown.
#[derive(Clone, Copy, Debug)]
pub struct DetailRow<'r> {
    /// The call.
    pub of: &'r DiffRow<'r>,
    /// `None` for an event.
    pub field: Option<&'r FieldRow>,
    /// `None` for a field.
    pub event: Option<&'r EventRow<'r>>,
}

impl<'r> DetailRow<'r> {
    /// The rows of a call: fields, then events.
    pub fn all(of: &'r DiffRow<'r>) -> impl Iterator<Item = Self> {
        let field = move |field| Self { of, field: Some(field), event: None };
        let event = move |event| Self { of, field: None, event: Some(event) };
        of.fields.iter().map(field).chain(of.events.iter().map(event))
    }
}
