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

use std::ops::{ControlFlow, Range};

use rustc_hash::FxHashSet;

use super::edge::Edges;
use super::limits::Limits;
use super::link::{Links, Parts};
use crate::event::Capture;
use crate::event::key::Identities;
use crate::finding::{Finding, Severity};
use arrival::Arrivals;
pub use arrival::is_retry;
use case::Case;

/// How many calls are judged at a time.
const SHARED: usize = 1000;

/// What all calls of a capture are judged by.
#[derive(Clone, Copy)]
pub(super) struct Measure<'m> {
    pub(super) capture: &'m Capture,
    pub(super) edges: &'m Edges,
    pub(super) limits: &'m Limits,
    /// Events that were candidates for a link that nothing decides (L002).
    pub(super) undecided: &'m FxHashSet<u32>,
}

/// What is wrong with the calls of a capture and with how their webhooks came, in no particular
/// order.
pub(super) fn findings(
    measure: Measure<'_>,
    identities: &Identities,
    links: &Links,
) -> Vec<Finding> {
    let arrivals = Arrivals::of(measure.capture, identities);
    let mut findings = arrivals.findings(&measure);
    let judged = |calls: &[Parts]| {
        let mut findings = Vec::new();
        for parts in calls {
            let mut case = Case::new(measure, &parts.events, &mut findings);
            course::judge(&mut case);
            times::judge(&mut case);
            roster::judge(&mut case);
            arrivals.judge(&mut case);
        }
        findings
    };
    let work = |range: Range<usize>| judged(&links.calls[range]);
    measure.limits.threads.each(links.calls.len(), SHARED, work, |some| {
        findings.extend(some);
        ControlFlow::Continue(())
    });
    if !measure.capture.tells_infos() {
        findings.retain(|finding| finding.severity >= Severity::Warning);
    }
    findings
}
