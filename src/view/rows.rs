//! The rows that commands print beside calls: events of a timeline, deliveries, findings.

use serde::Serialize;

use super::words;
use crate::event::key::{self, Status};
use crate::event::{Event, Flow, Moment, Span, Trigger, What};
use crate::finding::{Finding, Severity};
use crate::flow::{Call, Reconstruction};
use crate::input::Sources;

/// A call with its events in causal order.
#[derive(Debug, Serialize)]
pub struct Timeline<'c> {
    /// The call.
    #[serde(flatten)]
    pub call: Call<'c>,
    /// Its events.
    pub timeline: Vec<TimelineRow<'c>>,
}

/// One event of a call.
#[derive(Debug, Serialize)]
pub struct TimelineRow<'c> {
    /// The event's own time.
    pub event_at: Moment,
    /// Behind the call's first event.
    pub offset_seconds: Span,
    /// Its trigger.
    pub trigger: &'static str,
    /// Who came or went.
    pub participant_name: Option<&'c str>,
    /// Uid of who acted in a ring record.
    pub sender: Option<&'c str>,
    /// Uid or guid of the other side.
    pub receiver: Option<&'c str>,
    /// What it means, in words.
    pub text: String,
    /// How often it was delivered.
    pub delivery_count: u32,
    /// When the delivery that is kept arrived.
    pub received_at: Option<Moment>,
    /// Name of its source.
    pub source: &'c str,
    /// Its line there, from 1.
    pub line: u64,
}

/// The timelines of all calls.
pub fn timelines<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
) -> impl Iterator<Item = Timeline<'c>> {
    calls.timelines().map(move |(call, events)| {
        let first_at =
            events.iter().filter_map(|event| Some(calls.capture.event(*event)?.at())).min();
        let gone = words::Gone::of(&call);
        let rows = events
            .into_iter()
            .filter_map(|index| timeline_row(calls, sources, &gone, index, first_at?))
            .collect();
        Timeline { call, timeline: rows }
    })
}

fn timeline_row<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    gone: &words::Gone<'_>,
    index: u32,
    first_at: Moment,
) -> Option<TimelineRow<'c>> {
    let capture = calls.capture;
    let delivery = capture.delivery(index);
    let event = delivery.event()?;
    let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
    Some(TimelineRow {
        event_at: event.at(),
        offset_seconds: event.at() - first_at,
        trigger: event.trigger.name(),
        participant_name: string(event.participant()),
        sender: string(event.ring().and_then(|ring| ring.sender)),
        receiver: string(event.ring().and_then(|ring| ring.receiver)),
        text: words::event(capture, delivery, event, gone),
        delivery_count: calls.delivery_count(index),
        received_at: delivery.received_at,
        source: &sources.source(delivery.place.source).name,
        line: delivery.place.line,
    })
}

/// One delivery.
#[derive(Debug, Serialize)]
pub struct EventRow<'c> {
    /// The event's own time; `None` for what is no usable event.
    pub event_at: Option<Moment>,
    /// Its trigger, whichever it is.
    pub trigger: &'c str,
    /// The trigger's flow.
    pub flow: Option<Flow>,
    /// `appId`.
    pub app_id: Option<&'c str>,
    /// `region`.
    pub region: Option<&'c str>,
    /// `webhook`.
    pub webhook_id: Option<&'c str>,
    /// The session's id.
    pub session_id: Option<&'c str>,
    /// A ring record's conversation.
    pub conversation_id: Option<&'c str>,
    /// A ring record's `call.id`.
    pub ring_id: Option<&'c str>,
    /// Who came or went.
    pub participant_name: Option<&'c str>,
    /// Uid of who acted in a ring record.
    pub sender: Option<&'c str>,
    /// Uid or guid of the other side.
    pub receiver: Option<&'c str>,
    /// The documented key.
    pub idempotency_key: Option<String>,
    /// What it is among all deliveries.
    pub status: Status,
    /// The call that its event belongs to.
    pub call_id: Option<&'c str>,
    /// When it arrived.
    pub received_at: Option<Moment>,
    /// Name of its source.
    pub source: &'c str,
    /// Its line there, from 1.
    pub line: u64,
}

/// All deliveries in input order; with `distinct`, one for each event.
pub fn events<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    distinct: bool,
) -> impl Iterator<Item = EventRow<'c>> {
    (0..)
        .zip(&calls.identities.status)
        .filter(move |(_, status)| !distinct || **status == Status::Event)
        .map(move |(index, status)| event_row(calls, sources, index, *status))
}

fn event_row<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    index: u32,
    status: Status,
) -> EventRow<'c> {
    let capture = calls.capture;
    let delivery = capture.delivery(index);
    let event = delivery.event();
    let ring = event.and_then(Event::ring);
    let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
    EventRow {
        event_at: event.map(Event::at),
        trigger: match delivery.what {
            What::Event(event) => event.trigger.name(),
            What::Invalid(trigger) => trigger.name(),
            What::Other(name) => capture.string(name),
        },
        flow: delivery.trigger().and_then(Trigger::flow),
        app_id: string(delivery.app),
        region: string(delivery.region),
        webhook_id: string(delivery.webhook),
        session_id: string(delivery.session),
        conversation_id: string(ring.map(|ring| ring.conversation)),
        ring_id: string(ring.map(|ring| ring.id)),
        participant_name: string(event.and_then(Event::participant)),
        sender: string(ring.and_then(|ring| ring.sender)),
        receiver: string(ring.and_then(|ring| ring.receiver)),
        idempotency_key: key::documented(capture, delivery),
        status,
        call_id: calls.call_id(index),
        received_at: delivery.received_at,
        source: &sources.source(delivery.place.source).name,
        line: delivery.place.line,
    }
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct FindingRow<'c> {
    /// The rule's code.
    pub rule: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Its severity here.
    pub severity: Severity,
    /// What was seen, and where else.
    pub message: String,
    /// What to do about it.
    pub help: Option<&'c str>,
    /// Name of its source.
    pub source: &'c str,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in Unicode scalar values.
    pub col: u64,
    /// Byte, from 0, as on disk.
    pub byte_offset: u64,
    /// RFC 6901 pointer into the body.
    pub pointer: Option<&'c str>,
    /// The call it is about.
    pub call_id: Option<&'c str>,
    /// The trigger of the webhook it is about.
    pub trigger: Option<&'static str>,
}

impl<'c> FindingRow<'c> {
    /// The row of a finding of `calls`.
    #[must_use]
    pub fn new(finding: &'c Finding, calls: &'c Reconstruction<'c>, sources: &'c Sources) -> Self {
        Self {
            rule: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity,
            message: message(finding, sources),
            help: finding.help.as_deref(),
            source: &sources.source(finding.spot.source).name,
            line: finding.spot.line,
            col: finding.spot.col,
            byte_offset: finding.spot.byte_offset,
            pointer: finding.pointer.as_deref(),
            call_id: finding.delivery.and_then(|delivery| calls.call_id(delivery)),
            trigger: finding.trigger,
        }
    }
}

/// The message with the other places that it is about.
fn message(finding: &Finding, sources: &Sources) -> String {
    let mut message = finding.message.clone();
    for (at, spot) in finding.others.iter().enumerate() {
        let before = if at == 0 { "; see" } else { "," };
        let place = format!("{before} {}:{}", sources.source(spot.source).name, spot.line);
        message.push_str(&place);
    }
    message
}
