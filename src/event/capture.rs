//! All deliveries of a run, and what is asked of them.

use super::compiled::Order;
use super::content::Content;
use super::deliveries::{Deliveries, Hook};
use super::delivery::{Delivery, Ended, Event, Occupant};
use super::moment::Moment;
use super::strings::{Strings, Sym};
use super::trigger::Trigger;
use crate::finding::{Finding, Rule};
use crate::input::Place;

/// How much is told of what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Warnings and errors: what a call's `rules` name.
    Warnings,
    /// Everything.
    All,
    /// Everything, unknown fields (S006) included.
    Unknown,
}

/// What was read: every webhook of every source, in input order.
#[derive(Debug)]
pub struct Capture {
    /// The strings that deliveries refer to.
    pub strings: Strings,
    /// All webhooks.
    pub deliveries: Deliveries,
    /// The entries of all rosters.
    pub occupants: Vec<Occupant>,
    /// What is wrong with the text and with single payloads (J, S).
    pub findings: Vec<Finding>,
    /// Indexes of the findings about the text of the source that was read last. Few: no two have the
    /// same rule and message.
    pub(super) text_findings: Vec<usize>,
    pub(super) detail: Detail,
    /// In which order fields come. None while a body is walked, and before the first.
    pub(super) order: Option<Box<Order>>,
    /// By slot, the string that was met there last: few differ from one webhook to the next.
    pub(super) last: Vec<Option<Sym>>,
}

impl Capture {
    /// An empty capture.
    #[must_use]
    pub fn new(detail: Detail) -> Self {
        Self {
            strings: Strings::default(),
            deliveries: Deliveries::default(),
            occupants: Vec::new(),
            findings: Vec::new(),
            text_findings: Vec::new(),
            detail,
            order: None,
            last: Vec::new(),
        }
    }

    /// Whether findings below warning are told too.
    #[must_use]
    pub fn tells_infos(&self) -> bool {
        self.detail != Detail::Warnings
    }

    /// Whether nothing was taken yet.
    pub(super) fn is_new(&self) -> bool {
        self.deliveries.is_empty() && self.findings.is_empty() && self.strings.is_empty()
    }

    /// Adds a finding about the text of a source, which is about no webhook. Equal ones are merged
    /// while they are read: a source may have millions.
    pub(super) fn add_text_finding(&mut self, finding: Finding) {
        let Self { findings, text_findings, .. } = self;
        let source = |at: &usize| findings.get(*at).map(|known| known.spot.source);
        if text_findings.last().and_then(source) != Some(finding.spot.source) {
            // Sources are read one after another.
            text_findings.clear();
        }
        let is_equal = |at: &&usize| {
            let known = findings.get(**at);
            known.is_some_and(|one| one.rule == finding.rule && one.message == finding.message)
        };
        let equal = text_findings.iter().find(is_equal).copied();
        if let Some(known) = equal.and_then(|at| findings.get_mut(at)) {
            known.merge(finding);
        } else {
            text_findings.push(findings.len());
            findings.push(finding);
        }
    }

    /// The string of a symbol of this capture.
    #[must_use]
    pub fn string(&self, sym: Sym) -> &str {
        self.strings.get(sym)
    }

    /// The delivery of this index.
    #[must_use]
    pub fn delivery(&self, index: u32) -> Delivery {
        self.deliveries.get(index)
    }

    /// The event of a delivery, unless it is invalid or no calling event.
    #[must_use]
    pub fn event(&self, index: u32) -> Option<&Event> {
        self.deliveries.what(index).event()
    }

    /// Where a delivery stands.
    #[must_use]
    pub fn place(&self, index: u32) -> Place {
        self.deliveries.place(index)
    }

    /// All that the body of a delivery says, `webhook` aside.
    #[must_use]
    pub fn content(&self, index: u32) -> Content {
        self.deliveries.content(index)
    }

    /// The content and the configuration of the webhook that came last; `None` if there is none.
    pub(super) fn last_body(&self) -> Option<(Content, Option<&str>)> {
        let last = self.deliveries.indexes().next_back()?;
        let webhook = self.hook(last).webhook.map(|webhook| self.string(webhook));
        Some((self.content(last), webhook))
    }

    /// Whether the last webhook of each of the two has the same body.
    #[must_use]
    pub fn ends_alike(&self, other: &Self) -> bool {
        self.last_body() == other.last_body()
    }

    /// Which configuration sent a delivery.
    #[must_use]
    pub fn hook(&self, index: u32) -> Hook {
        self.deliveries.hook(index)
    }

    /// The session's id of a delivery.
    #[must_use]
    pub fn session(&self, index: u32) -> Option<Sym> {
        self.deliveries.session(index)
    }

    /// When the receiver got a delivery.
    #[must_use]
    pub fn received_at(&self, index: u32) -> Option<Moment> {
        self.deliveries.received_at(index)
    }

    /// A finding at a delivery; `others` are the other deliveries that it is about.
    #[must_use]
    pub fn finding_at(
        &self,
        rule: &'static Rule,
        at: u32,
        message: impl Into<String>,
        others: Vec<u32>,
    ) -> Finding {
        Finding {
            delivery: Some(at),
            trigger: self.deliveries.what(at).trigger().map(Trigger::name),
            others,
            ..Finding::new(rule, self.place(at).spot(), message)
        }
    }

    /// The roster of an end.
    #[must_use]
    pub fn roster(&self, ended: &Ended) -> &[Occupant] {
        &self.occupants[ended.roster.0 as usize..ended.roster.1 as usize]
    }
}
