//! Which events are one call.
//!
//! An id joins a session's events, the initiation and an outcome that carry it. Where there is no
//! id, the epoch in a ringing session's id and the conversation of an outcome tell; see
//! [`super::link_epochs`] and [`super::link_outcomes`]. What nothing tells apart is left apart.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::edge::Edges;
use super::joined::{Calls, Joined};
use super::limits::Limits;
use super::numbered::Numbered;
use super::records::Records;
use super::{link_epochs, link_outcomes, order, rules};
use crate::event::key::Identities;
use crate::event::{Capture, Span};
use crate::finding::{Finding, Rule};

/// How the parts of a call came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// An id said so, for every join.
    Session,
    /// At least one join was inferred.
    Inferred,
    /// There was nothing to join.
    None,
}

/// What an inferred join rests on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkReason {
    /// An outcome of the initiation's conversation, shortly after it.
    Conversation,
    /// A session whose id carries the second of the initiation.
    SessionEpoch,
}

/// A call's events.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// Where they stand among those of all calls.
    pub(super) events: Range<u32>,
    /// How they came together.
    pub(super) link: Link,
    /// What an inferred join rests on.
    pub(super) link_reason: Option<LinkReason>,
}

/// All calls' events, and what is odd about their links.
#[derive(Debug)]
pub(super) struct Links {
    /// One entry a call, in no particular order.
    pub(super) calls: Vec<Parts>,
    /// Indexes of the deliveries that stand for the events of the calls, those of one call in causal
    /// order.
    events: Numbered<u32>,
    /// The findings of the family L.
    pub(super) findings: Vec<Finding>,
    /// The ring records that no id joins to the rest of their calls, and what does.
    pub(super) inferred: FxHashMap<u32, LinkReason>,
    /// All events that were candidates for a link that nothing decides (L002).
    pub(super) undecided: FxHashSet<u32>,
}

/// What the passes work on.
pub(super) struct Board<'c> {
    pub(super) capture: &'c Capture,
    pub(super) records: Records,
    pub(super) ring_window: Span,
    pub(super) findings: Vec<Finding>,
    pub(super) inferred: FxHashMap<u32, LinkReason>,
    pub(super) undecided: FxHashSet<u32>,
    pub(super) edges: &'c Edges,
}

/// Finds the calls among the distinct events. An outcome without an id may lie `ring_window` behind
/// its initiation.
#[must_use]
pub(super) fn link(
    capture: &Capture,
    identities: &Identities,
    limits: &Limits,
    edges: &Edges,
) -> Links {
    let mut board = Board {
        capture,
        records: Records::of(capture, identities, limits.threads),
        ring_window: limits.ring_window,
        findings: Vec::new(),
        inferred: FxHashMap::default(),
        undecided: FxHashSet::default(),
        edges,
    };
    link_epochs::unique(&mut board);
    link_outcomes::by_conversation(&mut board);
    link_epochs::rest(&mut board);
    let Calls { calls, events } = Joined::of(&board).calls(limits.threads);
    let Board { findings, inferred, undecided, .. } = board;
    Links { calls, events, findings, inferred, undecided }
}

impl Links {
    /// The deliveries that stand for a call's events, in causal order.
    pub(super) fn events(&self, parts: &Parts) -> &[u32] {
        self.events.range(&parts.events)
    }
}

impl Board<'_> {
    /// Keeps a finding at an event; `others` are the other events that it is about, of which the
    /// first few are kept.
    pub(super) fn find(
        &mut self,
        rule: &'static Rule,
        event: u32,
        message: String,
        mut others: Vec<u32>,
    ) {
        if rule == &rules::AMBIGUOUS_LINK {
            self.undecided.insert(event);
            self.undecided.extend(&others);
        }
        others.retain(|other| *other != event);
        others.sort_by_key(|other| self.capture.place(*other).spot());
        others.truncate(NAMED);
        self.findings.push(self.capture.finding_at(rule, event, message, others));
    }

    /// Tells that an event was joined without an id; `to` says to which other, and how.
    pub(super) fn inferred(
        &mut self,
        event: u32,
        reason: LinkReason,
        to: impl FnOnce(&Self) -> (u32, String),
    ) {
        self.inferred.insert(event, reason);
        if self.capture.tells_infos() {
            let (to, how) = to(self);
            let message = format!("joined without an id: {how}");
            self.find(&rules::INFERRED_LINK, event, message, vec![to]);
        }
    }

    /// The first event of a session, however they arrived.
    pub(super) fn first_of(&self, session: u32) -> Option<u32> {
        order::first(self.capture, self.records.events(&self.records.sessions[session]))
    }
}

/// The most candidates that a finding names.
pub(super) const NAMED: usize = 20;
