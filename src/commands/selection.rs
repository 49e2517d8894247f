//! What was typed as selection → which calls, deliveries and findings are meant.

use std::collections::HashSet;

use anyhow::{Context, Result};
use jiff::ZonedDateTime;

use super::wanted::{Nowhere, Wanted};
use crate::args::when::When;
use crate::args::{Select, SelectResult};
use crate::event::{Event, Moment};
use crate::finding::{Finding, Rule, Severity};
use crate::flow::{Call, Reconstruction};
use crate::rules;

/// A selection that is resolved against a capture.
pub(super) struct Selection<'c> {
    calls: &'c Reconstruction<'c>,
    wanted: Wanted<'c>,
    since: Option<Moment>,
    until: Option<Moment>,
    result: &'c SelectResult,
    /// By call, whether it turned out as asked, whichever its deliveries are; `None` where nothing
    /// was.
    turned_out: Option<Vec<bool>>,
    /// By call, whether it is meant; `None` where all are.
    meant: Option<Vec<bool>>,
}

impl<'c> Selection<'c> {
    /// Resolves what was typed.
    ///
    /// # Errors
    /// Those of [`Wanted::new`], and when a time is out of range.
    pub(super) fn new(
        select: &'c Select,
        calls: &'c Reconstruction<'c>,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let mut selection = Self {
            calls,
            wanted: Wanted::new(select, calls)?,
            since: moment(select.since.as_ref(), now)?,
            until: moment(select.until.as_ref(), now)?,
            result: &select.result,
            turned_out: None,
            meant: None,
        };
        if !select.result.is_empty() {
            selection.turned_out = Some(selection.turned_out());
        }
        let ranged = selection.since.or(selection.until).is_some();
        if selection.turned_out.is_some() || !selection.wanted.is_empty() || ranged {
            selection.meant = Some(selection.meant());
        }
        Ok(selection)
    }

    /// Whether a time lies in the range; one that is unknown does only where there is none.
    fn is_in_range(&self, at: Option<Moment>) -> bool {
        let after = self.since.is_none_or(|since| at.is_some_and(|at| at >= since));
        let before = self.until.is_none_or(|until| at.is_some_and(|at| at < until));
        after && before
    }

    /// By call, whether it turned out as asked.
    fn turned_out(&self) -> Vec<bool> {
        let ruled = (!self.result.rule.is_empty()).then(|| {
            let named = |finding: &Finding| rules::any_names(&self.result.rule, finding.rule);
            let findings = self.calls.findings().filter(|finding| named(finding));
            let with = findings.filter_map(|finding| self.calls.call_of(finding.delivery?));
            with.collect::<HashSet<u32>>()
        });
        let fits = |at: u32| {
            ruled.as_ref().is_none_or(|ruled| ruled.contains(&at))
                && self.fits(&self.calls.call(at))
        };
        self.calls.indexes().map(fits).collect()
    }

    fn fits(&self, call: &Call<'_>) -> bool {
        let SelectResult { outcome, flow, min_ring, min_duration, rule: _ } = self.result;
        let at_least = |least: &Option<_>, length| least.is_none_or(|least| length >= Some(least));
        (outcome.is_empty() || outcome.contains(&call.outcome))
            && (flow.is_empty() || call.flow.is_some_and(|own| flow.contains(&own)))
            && at_least(min_ring, call.ring_seconds)
            && at_least(min_duration, call.duration_seconds)
    }

    /// By call, whether each test is met by one of its deliveries, and the rest by the call itself.
    fn meant(&self) -> Vec<bool> {
        let mut met = vec![0; self.calls.len()];
        for delivery in 0..self.deliveries() {
            if let Some(call) = self.calls.call_of(delivery) {
                met[call as usize] |= self.wanted.met(delivery);
            }
        }
        let is_meant = |at: u32| {
            met[at as usize] == self.wanted.all()
                && self.is_in_range(self.calls.first_at(at))
                && self.has_turned_out(at)
        };
        self.calls.indexes().map(is_meant).collect()
    }

    fn has_turned_out(&self, call: u32) -> bool {
        self.turned_out.as_ref().is_none_or(|turned_out| turned_out[call as usize])
    }

    fn deliveries(&self) -> u32 {
        u32::try_from(self.calls.capture.deliveries.len()).unwrap_or(u32::MAX)
    }

    /// The calls that are meant.
    pub(super) fn calls(&self) -> Vec<u32> {
        let all = self.calls.indexes();
        all.filter(|at| self.has_call(*at)).collect()
    }

    fn has_call(&self, call: u32) -> bool {
        self.meant.as_ref().is_none_or(|meant| meant[call as usize])
    }

    /// Whether a single delivery is meant.
    pub(super) fn has_delivery(&self, delivery: u32) -> bool {
        let call = self.calls.call_of(delivery);
        self.fits_itself(delivery)
            && (self.turned_out.is_none() || call.is_some_and(|call| self.has_turned_out(call)))
    }

    /// Whether a delivery belongs to a call that is meant, or to none and is meant itself.
    pub(super) fn has_part(&self, delivery: u32) -> bool {
        match self.calls.call_of(delivery) {
            Some(call) => self.has_call(call),
            None => self.has_delivery(delivery),
        }
    }

    /// Whether a finding is about something that is meant: a call, or a webhook that belongs to
    /// none.
    pub(super) fn has_finding(&self, finding: &Finding) -> bool {
        let has = |delivery: u32| match self.calls.call_of(delivery) {
            Some(call) => self.has_call(call),
            None => self.has_delivery(delivery) || self.asks_for(finding, delivery),
        };
        let is_of_text = finding.delivery.is_none();
        !self.is_active()
            || finding.deliveries().any(has)
            || (is_of_text && self.wanted.is_empty() && self.asks_for_rule(finding.rule))
    }

    /// Whether a finding is of a rule that calls are selected by, at a webhook that belongs to no
    /// call. (It has no outcome that could be asked for beside.)
    fn asks_for(&self, finding: &Finding, delivery: u32) -> bool {
        self.asks_for_rule(finding.rule) && self.fits_itself(delivery)
    }

    /// Whether nothing of what calls turned out to be is asked for but this rule.
    fn asks_for_rule(&self, rule: &Rule) -> bool {
        self.result.is_rule_alone() && rules::any_names(&self.result.rule, rule)
    }

    /// Whether a delivery meets the tests and lies in the range.
    fn fits_itself(&self, delivery: u32) -> bool {
        let at = self.calls.capture.event(delivery).map(Event::at);
        self.wanted.met(delivery) == self.wanted.all() && self.is_in_range(at)
    }

    /// Whether anything is selected at all.
    pub(super) fn is_active(&self) -> bool {
        self.meant.is_some()
    }

    /// What was asked for and is nowhere in the capture.
    pub(super) fn nowhere(&self) -> &[Nowhere] {
        &self.wanted.nowhere
    }
}

fn moment(when: Option<&When>, now: &ZonedDateTime) -> Result<Option<Moment>> {
    let time = when.map(|when| when.resolve(now)).transpose();
    Ok(time.context("a time that is out of range")?.map(Moment::from))
}

/// Whether calls are selected by a rule below warning, whose findings are kept only if that is
/// asked for.
pub(super) fn asks_for_infos(select: &Select) -> bool {
    let below = rules::all().filter(|rule| rule.severity < Severity::Warning);
    below.into_iter().any(|rule| rules::any_names(&select.result.rule, rule))
}
