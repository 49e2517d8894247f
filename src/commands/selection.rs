//! What was typed as selection → which calls, deliveries and findings are meant.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use glob::Pattern;
use jiff::ZonedDateTime;

use super::Choices;
use crate::args::suggest::did_you_mean;
use crate::args::{Select, SelectResult};
use crate::event::{Capture, Delivery, Event, Moment, Sym, Trigger, is_companion};
use crate::finding::{Finding, Rule, Severity};
use crate::flow::{Call, Reconstruction};
use crate::rules;

/// Candidates that the refusal of an ambiguous id names.
const NAMED: usize = 10;

/// Whether a delivery is one that a flag asks for.
type Test<'c> = Box<dyn Fn(u32) -> bool + 'c>;

/// A selection that is resolved against a capture.
pub(super) struct Selection<'c> {
    calls: &'c Reconstruction<'c>,
    /// One a flag that single deliveries can answer.
    tests: Vec<Test<'c>>,
    since: Option<Moment>,
    until: Option<Moment>,
    result: &'c SelectResult,
    /// Whether anything is selected at all.
    active: bool,
    /// By call, whether it is meant.
    meant: Vec<bool>,
    /// By call, whether it turned out as asked, whichever its deliveries are; `None` where nothing was.
    turned_out: Option<Vec<bool>>,
    /// What was asked for and is nowhere in the capture.
    pub(super) nowhere: Vec<String>,
}

impl<'c> Selection<'c> {
    /// Resolves what was typed.
    ///
    /// # Errors
    /// When an id is the beginning of several, or a time is out of range.
    pub(super) fn new(
        select: &'c Select,
        calls: &'c Reconstruction<'c>,
        now: &ZonedDateTime,
    ) -> Result<Self> {
        let time = |when: &Option<crate::args::when::When>| {
            let when = when.as_ref().map(|when| when.resolve(now)).transpose();
            when.map(|time| time.map(Moment::from)).context("a time that is out of range")
        };
        let mut selection = Self {
            calls,
            tests: Vec::new(),
            since: time(&select.since)?,
            until: time(&select.until)?,
            result: &select.result,
            active: false,
            meant: Vec::new(),
            turned_out: None,
            nowhere: Vec::new(),
        };
        selection.add_tests(select)?;
        let result = &select.result;
        let by_result = result.min_ring.is_some()
            || result.min_duration.is_some()
            || !result.flow.is_empty()
            || !result.outcome.is_empty()
            || !result.rule.is_empty();
        selection.active = by_result
            || !selection.tests.is_empty()
            || selection.since.is_some()
            || selection.until.is_some();
        if by_result {
            selection.turned_out = Some(selection.turned_out());
        }
        if selection.active {
            selection.meant = selection.meant();
        }
        Ok(selection)
    }

    fn add_tests(&mut self, select: &'c Select) -> Result<()> {
        let calls = self.calls;
        if !select.trigger.is_empty() {
            self.add_triggers(&select.trigger)?;
        }
        if !select.call.is_empty() {
            let ids = calls.indexes().map(|at| calls.id(at));
            let wanted = self.resolve("call", &select.call, &ids.collect())?;
            self.tests.push(Box::new(move |index| {
                calls.call_id(index).is_some_and(|id| wanted.contains(id))
            }));
        }
        self.add_ids("session", &select.session, |delivery| delivery.session)?;
        self.add_ids("conversation", &select.conversation, |delivery| {
            delivery.event().and_then(Event::ring).map(|ring| ring.conversation)
        })?;
        self.add_ids("app", &select.app, |delivery| delivery.app)?;
        self.add_ids("webhook", &select.webhook, |delivery| delivery.webhook)?;
        if !select.participant.is_empty() {
            self.add_participants(&select.participant);
        }
        Ok(())
    }

    /// A word without a wildcard that neither CometChat nor the capture knows is taken for a slip.
    fn add_triggers(&mut self, patterns: &'c [Pattern]) -> Result<()> {
        let capture = self.calls.capture;
        let captured = || capture.deliveries.iter().map(|delivery| delivery.trigger_name(capture));
        let names = Trigger::ALL.map(Trigger::name);
        for pattern in patterns {
            let text = pattern.as_str();
            let known = names.iter().any(|name| pattern.matches(name)) || is_companion(text);
            if !known && !text.contains(['*', '?', '[']) && !captured().any(|name| name == text) {
                bail!("no webhook has the trigger `{text}`{}", did_you_mean(text, names));
            }
        }
        self.tests.push(Box::new(move |index| {
            let name = capture.delivery(index).trigger_name(capture);
            patterns.iter().any(|pattern| pattern.matches(name))
        }));
        Ok(())
    }

    /// A test of one of the ids that deliveries have.
    fn add_ids(
        &mut self,
        flag: &str,
        values: &[String],
        id: fn(&Delivery) -> Option<Sym>,
    ) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let capture = self.calls.capture;
        let all: HashSet<Sym> = capture.deliveries.iter().filter_map(id).collect();
        let all: HashSet<&str> = all.into_iter().map(|sym| capture.string(sym)).collect();
        let wanted = self.resolve(flag, values, &all)?;
        self.tests.push(Box::new(move |index| {
            let own = id(capture.delivery(index));
            own.is_some_and(|own| wanted.contains(capture.string(own)))
        }));
        Ok(())
    }

    /// The ids that are meant by what was typed: each itself, else the only one that begins so.
    fn resolve(
        &mut self,
        flag: &str,
        values: &[String],
        all: &HashSet<&'c str>,
    ) -> Result<HashSet<&'c str>> {
        let mut wanted = HashSet::new();
        for value in values {
            if let Some(own) = all.get(value.as_str()) {
                wanted.insert(*own);
                continue;
            }
            let mut found: Vec<&str> =
                all.iter().copied().filter(|id| id.starts_with(value.as_str())).collect();
            found.sort_unstable();
            match &found[..] {
                [] => self.nowhere.push(format!(
                    "nothing captured has the {flag} id `{value}`{}",
                    did_you_mean(value, all.iter().copied())
                )),
                [only] => {
                    wanted.insert(*only);
                }
                several => return Err(ambiguous(flag, value, several).into()),
            }
        }
        Ok(wanted)
    }

    fn add_participants(&mut self, names: &'c [String]) {
        let capture = self.calls.capture;
        let mut all = HashSet::new();
        for delivery in &capture.deliveries {
            all.extend(people(capture, delivery));
        }
        let called = |sym: &Sym, name: &str| is_same(capture.string(*sym), name);
        for name in names {
            if !all.iter().any(|sym| called(sym, name)) {
                let near = did_you_mean(name, all.iter().map(|sym| capture.string(*sym)));
                self.nowhere.push(format!("nobody captured is called `{name}`{near}"));
            }
        }
        all.retain(|sym| names.iter().any(|name| called(sym, name)));
        self.tests.push(Box::new(move |index| {
            people(capture, capture.delivery(index)).any(|sym| all.contains(&sym))
        }));
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
            let named = |finding: &Finding| {
                self.result.rule.iter().any(|code| rules::names(code, finding.rule))
            };
            let findings = self.calls.findings().filter(|finding| named(finding));
            let deliveries = findings.flat_map(|finding| finding.deliveries().collect::<Vec<_>>());
            let with = deliveries.filter_map(|delivery| self.calls.call_of(delivery));
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
                met[call as usize] |= self.met(delivery);
            }
        }
        let is_meant = |at: u32| {
            met[at as usize] == self.all_met()
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

    /// The tests that a delivery meets, one bit each.
    fn met(&self, delivery: u32) -> u8 {
        let bits = self.tests.iter().enumerate();
        bits.fold(0, |met, (bit, test)| met | u8::from(test(delivery)) << bit)
    }

    fn all_met(&self) -> u8 {
        u8::MAX
            .checked_shr(u8::BITS - u32::try_from(self.tests.len()).unwrap_or(u8::BITS))
            .unwrap_or(0)
    }

    /// The calls that are meant.
    pub(super) fn calls(&self) -> Vec<u32> {
        let all = self.calls.indexes();
        all.filter(|at| !self.active || self.meant[*at as usize]).collect()
    }

    /// Whether a single delivery is meant.
    pub(super) fn has_delivery(&self, delivery: u32) -> bool {
        if !self.active {
            return true;
        }
        let call = self.calls.call_of(delivery);
        self.fits_itself(delivery)
            && (self.turned_out.is_none() || call.is_some_and(|call| self.has_turned_out(call)))
    }

    /// Whether a finding is about something that is meant: a call, or a webhook that belongs to none.
    pub(super) fn has_finding(&self, finding: &Finding) -> bool {
        let has = |delivery: u32| match self.calls.call_of(delivery) {
            Some(call) => self.meant[call as usize],
            None => self.has_delivery(delivery) || self.asks_for(finding, delivery),
        };
        !self.active || finding.deliveries().any(has)
    }

    /// Whether a finding is of a rule that calls are selected by, at a webhook that belongs to no call. (It
    /// has no outcome that could be asked for beside.)
    fn asks_for(&self, finding: &Finding, delivery: u32) -> bool {
        let SelectResult { outcome, flow, min_ring, min_duration, rule } = self.result;
        let by_rule_alone =
            outcome.is_empty() && flow.is_empty() && min_ring.or(*min_duration).is_none();
        by_rule_alone
            && rule.iter().any(|code| rules::names(code, finding.rule))
            && self.fits_itself(delivery)
    }

    /// Whether a delivery meets the tests and lies in the range.
    fn fits_itself(&self, delivery: u32) -> bool {
        let at = self.calls.capture.event(delivery).map(Event::at);
        self.met(delivery) == self.all_met() && self.is_in_range(at)
    }

    /// Whether anything is selected at all.
    pub(super) fn is_active(&self) -> bool {
        self.active
    }
}

/// Who a delivery is about: who came or went, called or was called, or is in the roster.
fn people<'c>(capture: &'c Capture, delivery: &'c Delivery) -> impl Iterator<Item = Sym> + 'c {
    let event = delivery.event();
    let ring = event.and_then(Event::ring);
    let ring = ring.into_iter().flat_map(|ring| [ring.sender, ring.receiver, ring.caller_name]);
    let roster = event.map_or(&[][..], |event| event.roster(capture));
    let names = ring.flatten().chain(event.and_then(Event::participant));
    names.chain(roster.iter().map(|occupant| occupant.name))
}

/// Whether two names are the same but for their case.
fn is_same(one: &str, other: &str) -> bool {
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    one == other || lower(one) == lower(other)
}

fn ambiguous(flag: &str, value: &str, found: &[&str]) -> Choices {
    let mut lines: Vec<String> = found.iter().take(NAMED).map(|id| (*id).to_owned()).collect();
    if let Some(more) = found.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    let many = found.len();
    Choices { refusal: format!("--{flag} {value} is the beginning of {many} ids:"), lines }
}

/// Whether calls are selected by a rule that is told only where everything is.
pub(super) fn asks_for_infos(select: &Select) -> bool {
    let asked = |rule: &Rule| select.result.rule.iter().any(|code| rules::names(code, rule));
    rules::all().any(|rule| rule.severity < Severity::Warning && asked(rule))
}
