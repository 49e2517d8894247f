//! The rows that commands print beside calls: events of a timeline, deliveries, findings.

use schemars::JsonSchema;
use serde::Serialize;

use super::words;
use crate::event::key::{self, Status};
use crate::event::{Body, Capture, Event, Flow, Moment, Span, Trigger};
use crate::finding::{Finding, Severity, Spot};
use crate::flow::{Call, LinkReason, Reconstruction};
use crate::input::{Excerpt, Sources};

/// A call with its events in causal order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Timeline<'c> {
    /// The call.
    #[serde(flatten)]
    pub call: Call<'c>,
    /// Its events.
    pub timeline: Vec<TimelineRow<'c>>,
    /// What is wrong with it, warnings and worse, for people. (Machine formats have `rules`.)
    #[serde(skip)]
    pub findings: Vec<FindingRow<'c>>,
}

/// One event of a call.
#[derive(Debug, Serialize, JsonSchema)]
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
    #[schemars(range(min = 1))]
    pub line: u64,
    /// The trigger again. This and the next four are for drawings, which say in their own way what
    /// `text` says.
    #[serde(skip)]
    pub event: Trigger,
    /// How long what ended with it lasted.
    #[serde(skip)]
    pub lasted: Option<Span>,
    /// Whether somebody joins who was here before.
    #[serde(skip)]
    pub again: bool,
    /// Where a recording is.
    #[serde(skip)]
    pub url: Option<&'c str>,
    /// What joins it to its call where no id does.
    #[serde(skip)]
    pub inferred: Option<LinkReason>,
}

/// The timeline of one of the calls; `findings` are those of all calls, sorted by call.
#[must_use]
pub fn timeline<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    findings: &'c [(u32, Finding)],
    at: u32,
) -> Timeline<'c> {
    let (call, events) = (calls.call(at), calls.events(at));
    let first_at = events.iter().filter_map(|event| Some(calls.capture.event(*event)?.at())).min();
    let gone = words::Gone::of(&call);
    let rows = events
        .iter()
        .filter_map(|index| timeline_row(calls, sources, &gone, *index, first_at?))
        .collect();
    let first = findings.partition_point(|(call, _)| *call < at);
    let own = findings[first..].iter().take_while(|(call, _)| *call == at);
    let findings = own.map(|(_, finding)| FindingRow::new(finding, calls, sources)).collect();
    Timeline { call, timeline: rows, findings }
}

fn timeline_row<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    gone: &words::Gone<'_>,
    index: u32,
    first_at: Moment,
) -> Option<TimelineRow<'c>> {
    let capture = calls.capture;
    let (event, place) = (capture.event(index)?, capture.place(index));
    let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
    Some(TimelineRow {
        event_at: event.at(),
        offset_seconds: event.at() - first_at,
        trigger: event.trigger.name(),
        participant_name: string(event.participant()),
        sender: string(event.ring().and_then(|ring| ring.sender)),
        receiver: string(event.ring().and_then(|ring| ring.receiver)),
        text: words::event(capture, event, gone),
        delivery_count: calls.delivery_count(index),
        received_at: capture.received_at(index),
        source: &sources.source(place.source).name,
        line: place.line,
        event: event.trigger,
        lasted: event.lasted(),
        again: gone.comes_back(capture, event),
        url: match event.body {
            Body::Recording(recording) => string(recording.url),
            _ => None,
        },
        inferred: calls.inferred(index),
    })
}

/// One delivery.
#[derive(Debug, Serialize, JsonSchema)]
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
    #[schemars(range(min = 1))]
    pub line: u64,
}

/// The row of a delivery.
#[must_use]
pub fn event_row<'c>(
    calls: &'c Reconstruction<'c>,
    sources: &'c Sources,
    index: u32,
) -> EventRow<'c> {
    let capture = calls.capture;
    let status = calls.identities.status[index as usize];
    let source = &sources.source(capture.place(index).source).name;
    delivery_row(capture, source, index, status, calls.call_id(index))
}

/// The row of a delivery of which status and call are known.
#[must_use]
pub fn delivery_row<'c>(
    capture: &'c Capture,
    source: &'c str,
    index: u32,
    status: Status,
    call_id: Option<&'c str>,
) -> EventRow<'c> {
    let delivery = capture.delivery(index);
    let event = delivery.what.event();
    let ring = event.and_then(Event::ring);
    let string = |sym: Option<_>| sym.map(|sym| capture.string(sym));
    EventRow {
        event_at: event.map(Event::at),
        trigger: delivery.what.trigger_name(capture),
        flow: delivery.what.trigger().and_then(Trigger::flow),
        app_id: string(delivery.app),
        region: string(delivery.region),
        webhook_id: string(delivery.webhook),
        session_id: string(delivery.session),
        conversation_id: string(ring.map(|ring| ring.conversation)),
        ring_id: string(ring.map(|ring| ring.id)),
        participant_name: string(event.and_then(Event::participant)),
        sender: string(ring.and_then(|ring| ring.sender)),
        receiver: string(ring.and_then(|ring| ring.receiver)),
        idempotency_key: key::documented(capture, index),
        status,
        call_id,
        received_at: delivery.received_at,
        source,
        line: delivery.place.line,
    }
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
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
    #[schemars(range(min = 1))]
    pub line: u64,
    /// Column, from 1, in Unicode scalar values.
    #[schemars(range(min = 1))]
    pub col: u64,
    /// Byte, from 0, as on disk.
    pub byte_offset: u64,
    /// RFC 6901 pointer into the body.
    pub pointer: Option<&'c str>,
    /// The call it is about.
    pub call_id: Option<&'c str>,
    /// The trigger of the webhook it is about.
    pub trigger: Option<&'static str>,
    /// Number of equal findings that it stands for, itself included.
    #[schemars(range(min = 1))]
    pub count: u64,
    /// The first places of those findings, at most ten, its own first; none where `count` is 1.
    #[schemars(length(max = 10))]
    pub related: Vec<RelatedPlace<'c>>,
    /// The rest is in no JSON: what was seen, without the other places.
    #[serde(skip)]
    pub seen: &'c str,
    /// The other places, each a source and a spot in it.
    #[serde(skip)]
    pub others: Vec<(&'c str, Spot)>,
    /// The text around its place, where it is shown.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
    /// Its place again.
    #[serde(skip)]
    pub spot: Spot,
    /// Line and column of what follows it; the next column where that is not known.
    #[serde(skip)]
    pub end: (u64, u64),
    /// What tells it from others wherever it stands; worked out where a format asks.
    #[serde(skip)]
    pub fingerprint: Fingerprint,
}

/// One place of a finding that has several.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelatedPlace<'c> {
    /// Name of its source.
    pub source: &'c str,
    /// Line, from 1.
    #[schemars(range(min = 1))]
    pub line: u64,
    /// Column, from 1, in Unicode scalar values.
    #[schemars(range(min = 1))]
    pub col: u64,
    /// The call of the webhook there.
    pub call_id: Option<&'c str>,
    /// The place again.
    #[serde(skip)]
    pub spot: Spot,
}

/// What a finding is known by, and which of those with the same it is, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// The same for equal findings about equal webhooks.
    pub hash: u128,
    /// In the order of the sources.
    pub ordinal: u32,
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}:{}", self.hash, self.ordinal)
    }
}

impl<'c> FindingRow<'c> {
    /// The row of a finding of `calls`.
    #[must_use]
    pub fn new(finding: &'c Finding, calls: &'c Reconstruction<'c>, sources: &'c Sources) -> Self {
        let others = others(finding, calls, sources);
        Self {
            message: message(&finding.message, &others),
            call_id: finding.delivery.and_then(|delivery| calls.call_id(delivery)),
            others,
            ..Self::alone(finding, &sources.source(finding.spot.source).name)
        }
    }

    /// The row of a finding of which no call is known, in the source of this name.
    #[must_use]
    pub fn alone(finding: &'c Finding, source: &'c str) -> Self {
        let place = |spot: &Spot| {
            let Spot { line, col, .. } = *spot;
            RelatedPlace { source, line, col, call_id: None, spot: *spot }
        };
        Self {
            rule: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity,
            message: finding.message.clone(),
            help: finding.help.as_deref(),
            source,
            line: finding.spot.line,
            col: finding.spot.col,
            byte_offset: finding.spot.byte_offset,
            pointer: finding.pointer.as_deref(),
            call_id: None,
            trigger: finding.trigger,
            count: finding.count,
            related: finding.related.iter().map(place).collect(),
            seen: &finding.message,
            others: Vec::new(),
            excerpt: None,
            spot: finding.spot,
            end: (finding.spot.line, finding.spot.col + 1),
            fingerprint: Fingerprint::default(),
        }
    }

    /// Moves the row to the beginning of its webhook's body, at `spot`, as
    /// [`Finding::move_to_body`] does.
    pub fn move_to_body(&mut self, spot: Spot) {
        (self.line, self.col, self.byte_offset) = (spot.line, spot.col, spot.byte_offset);
        (self.spot, self.end) = (spot, (spot.line, spot.col + 1));
        (self.pointer, self.excerpt) = (None, None);
    }

    /// The related places without the first, which is its own.
    pub fn next_places(&self) -> impl Iterator<Item = &RelatedPlace<'c>> {
        self.related.iter().skip(1)
    }
}

/// The other places that a finding is about.
fn others<'c>(
    finding: &Finding,
    calls: &Reconstruction<'_>,
    sources: &'c Sources,
) -> Vec<(&'c str, Spot)> {
    let spots = finding.others.iter().map(|other| calls.capture.place(*other).spot());
    spots.map(|spot| (&*sources.source(spot.source).name, spot)).collect()
}

/// The message with the other places that it is about.
fn message(seen: &str, others: &[(&str, Spot)]) -> String {
    let places: Vec<String> =
        others.iter().map(|(source, spot)| format!("{source}:{}", spot.line)).collect();
    if places.is_empty() { seen.to_owned() } else { format!("{seen}; see {}", places.join(", ")) }
}
