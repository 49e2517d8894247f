//! What breaks the flows, the rosters and the rules of delivery: the families F, R and D.
//!
//! [`table`] has the two flows as tables; `course` walks a call's events along them and asks of each
//! step that they do not have whether it is one. `times` compares the times that events tell,
//! `roster` the stays with the roster, `arrival` when webhooks came.

mod arrival;
mod case;
mod course;
mod roster;
mod table;
mod times;

use rustc_hash::FxHashSet;

use super::edge::Edges;
use super::limits::Limits;
use crate::event::Capture;
use crate::event::key::Identities;
use crate::finding::{Finding, Severity};
use arrival::Arrivals;
use case::Case;

/// What all calls of a capture are judged by.
#[derive(Clone, Copy)]
pub(super) struct Measure<'m> {
    pub(super) capture: &'m Capture,
    pub(super) edges: &'m Edges,
    pub(super) limits: &'m Limits,
    /// Events that were candidates for a link that nothing decides (L002).
    pub(super) undecided: &'m FxHashSet<u32>,
}

/// Judges the calls of a capture and how their webhooks came.
pub(super) struct Judge<'m> {
    measure: Measure<'m>,
    arrivals: Arrivals,
}

impl<'m> Judge<'m> {
    pub(super) fn new(measure: Measure<'m>, identities: &Identities) -> Self {
        Self { measure, arrivals: Arrivals::of(measure.capture, identities) }
    }

    /// What each event is asked for alone, in no particular order.
    pub(super) fn events(&self) -> Vec<Finding> {
        self.told(self.arrivals.findings(&self.measure))
    }

    /// What is wrong with a call of these events, which are in causal order.
    pub(super) fn call(&self, events: &'m [u32]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut case = Case::new(self.measure, events, &mut findings);
        course::judge(&mut case);
        times::judge(&mut case);
        roster::judge(&mut case);
        self.arrivals.judge(&mut case);
        self.told(findings)
    }

    /// Those findings that are told of this capture.
    fn told(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        if !self.measure.capture.tells_infos() {
            findings.retain(|finding| finding.severity >= Severity::Warning);
        }
        findings
    }
}
