//! A call that is judged.

use super::Measure;
use crate::event::{Body, Capture, Ended, Event, Kind, Moment, Sym, quoted};
use crate::finding::{Finding, Rule};
use crate::flow::evidence::Events;
use crate::flow::stays::{self, Evidence};

/// One call, and where its findings go.
pub(super) struct Case<'c, 'f> {
    pub(super) measure: Measure<'c>,
    pub(super) app: Option<Sym>,
    /// Its events in causal order.
    pub(super) order: &'c [u32],
    /// The same, asked for what a call needs.
    pub(super) events: Events<'c>,
    pub(super) stays: Vec<Evidence<'c>>,
    /// Its starts in causal order, each with when that was.
    pub(super) starts: Vec<(u32, Moment)>,
    /// Its ends likewise.
    pub(super) ends: Vec<(u32, Moment)>,
    /// When it was created, by its starts, else by its ends.
    pub(super) created_at: Option<Moment>,
    findings: &'f mut Vec<Finding>,
}

impl<'c, 'f> Case<'c, 'f> {
    /// A call of these events, which are in causal order.
    pub(super) fn new(
        measure: Measure<'c>,
        order: &'c [u32],
        findings: &'f mut Vec<Finding>,
    ) -> Self {
        let events = Events::of(measure.capture, order);
        let app = events.app();
        let stays = stays::stays(measure.capture, order);
        let created_at = events.created_at();
        let (starts, ends) = (Vec::new(), Vec::new());
        let mut case =
            Self { measure, app, order, events, stays, starts, ends, created_at, findings };
        case.starts = case.of_kind(Kind::Started);
        case.ends = case.of_kind(Kind::Ended);
        case
    }

    pub(super) fn capture(&self) -> &'c Capture {
        self.measure.capture
    }

    /// Its events in causal order, each with the delivery that stands for it.
    pub(super) fn each(&self) -> impl Iterator<Item = (u32, &'c Event)> {
        self.events.all.iter().copied()
    }

    /// The events of a kind in causal order, each with its time.
    pub(super) fn of_kind(&self, kind: Kind) -> Vec<(u32, Moment)> {
        let events = self.each().filter(|(_, event)| event.trigger.kind() == kind);
        events.map(|(index, event)| (index, event.at())).collect()
    }

    /// The last of its ends.
    pub(super) fn end(&self) -> Option<(u32, Moment)> {
        self.ends.last().copied()
    }

    /// Whether the roster of one of its ends cannot be read as a whole.
    pub(super) fn has_partial_roster(&self) -> bool {
        self.ends.iter().any(|(end, _)| {
            let body = self.capture().event(*end).map(|event| event.body);
            matches!(body, Some(Body::Ended(Ended { is_partial: true, .. })))
        })
    }

    /// Whether something of this time would have been captured.
    pub(super) fn is_captured(&self, at: Moment) -> bool {
        self.measure.edges.is_captured(self.app, at)
    }

    /// A name as a message may hold it.
    pub(super) fn name(&self, name: Sym) -> String {
        quoted(self.capture().string(name))
    }

    /// Keeps a finding at an event, of which `pointer` says where in its body it is; empty where it
    /// is about all of it. `others` are the other events that it is about.
    pub(super) fn tell(
        &mut self,
        rule: &'static Rule,
        at: u32,
        pointer: &str,
        message: String,
        others: Vec<u32>,
    ) {
        let mut finding = self.capture().finding_at(rule, at, message, others);
        finding.pointer = (!pointer.is_empty()).then(|| pointer.to_owned());
        self.findings.push(finding);
    }
}
