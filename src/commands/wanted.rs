//! What was typed about single deliveries → tests that each of them meets or not.

use std::collections::HashSet;
use std::fmt;

use anyhow::{Result, bail};
use glob::Pattern;

use super::Choices;
use crate::args::Select;
use crate::args::suggest::did_you_mean;
use crate::event::{Capture, Event, Sym, Trigger, is_companion};
use crate::flow::Reconstruction;

/// Candidates that the refusal of an ambiguous id names.
const NAMED: usize = 10;

/// Whether a delivery is one that a flag asks for.
type Test<'c> = Box<dyn Fn(u32) -> bool + 'c>;

/// What was asked for and is nowhere in the capture.
#[derive(Clone, Debug)]
pub(super) struct Nowhere {
    /// What it is, in words.
    pub(super) what: String,
    /// What may have been meant; empty where nothing is near.
    near: String,
}

impl fmt::Display for Nowhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.what, self.near)
    }
}

/// The tests, one a flag that was typed.
pub(super) struct Wanted<'c> {
    calls: &'c Reconstruction<'c>,
    tests: Vec<Test<'c>>,
    /// What was asked for and is nowhere in the capture.
    pub(super) nowhere: Vec<Nowhere>,
}

/// Which tests are met, one bit each.
pub(super) type Met = u8;

impl<'c> Wanted<'c> {
    /// Resolves what was typed.
    ///
    /// # Errors
    /// When an id is the beginning of several, or no webhook can have a trigger.
    pub(super) fn new(select: &'c Select, calls: &'c Reconstruction<'c>) -> Result<Self> {
        let mut wanted = Self { calls, tests: Vec::new(), nowhere: Vec::new() };
        if !select.trigger.is_empty() {
            wanted.add_triggers(&select.trigger)?;
        }
        if !select.call.is_empty() {
            let all = calls.indexes().map(|at| calls.id(at));
            let ids = wanted.resolve("call", &select.call, &all.collect())?;
            wanted.tests.push(Box::new(move |index| {
                calls.call_id(index).is_some_and(|id| ids.contains(id))
            }));
        }
        wanted.add_ids("session", &select.session, Capture::session)?;
        wanted.add_ids("conversation", &select.conversation, |capture, delivery| {
            capture.event(delivery).and_then(Event::ring).map(|ring| ring.conversation)
        })?;
        wanted.add_ids("app", &select.app, |capture, delivery| capture.hook(delivery).app)?;
        wanted.add_ids("webhook", &select.webhook, |capture, delivery| {
            capture.hook(delivery).webhook
        })?;
        if !select.participant.is_empty() {
            wanted.add_participants(&select.participant);
        }
        Ok(wanted)
    }

    /// A word without a wildcard that neither CometChat nor the capture knows is taken for a slip.
    fn add_triggers(&mut self, patterns: &'c [Pattern]) -> Result<()> {
        let capture = self.calls.capture;
        let name = |delivery: u32| capture.deliveries.what(delivery).trigger_name(capture);
        let captured = || capture.deliveries.indexes().map(name);
        let names = Trigger::ALL.map(Trigger::name);
        for pattern in patterns {
            let text = pattern.as_str();
            let known = names.iter().any(|name| pattern.matches(name)) || is_companion(text);
            if !known && !text.contains(['*', '?', '[']) && !captured().any(|name| name == text) {
                bail!("no webhook has the trigger `{text}`{}", did_you_mean(text, names));
            }
        }
        self.tests.push(Box::new(move |index| {
            let name = name(index);
            patterns.iter().any(|pattern| pattern.matches(name))
        }));
        Ok(())
    }

    /// A test of one of the ids that deliveries have.
    fn add_ids(
        &mut self,
        flag: &str,
        values: &[String],
        id: fn(&Capture, u32) -> Option<Sym>,
    ) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let capture = self.calls.capture;
        let all: HashSet<Sym> =
            capture.deliveries.indexes().filter_map(|index| id(capture, index)).collect();
        let all: HashSet<&str> = all.into_iter().map(|sym| capture.string(sym)).collect();
        let wanted = self.resolve(flag, values, &all)?;
        self.tests.push(Box::new(move |index| {
            let own = id(capture, index);
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
                [] => self.nowhere.push(Nowhere {
                    what: format!("nothing captured has the {flag} id `{value}`"),
                    near: did_you_mean(value, all.iter().copied()),
                }),
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
        for delivery in capture.deliveries.indexes() {
            all.extend(people(capture, delivery));
        }
        let called = |sym: &Sym, name: &str| is_same(capture.string(*sym), name);
        for name in names {
            if !all.iter().any(|sym| called(sym, name)) {
                let near = did_you_mean(name, all.iter().map(|sym| capture.string(*sym)));
                let what = format!("nobody captured is called `{name}`");
                self.nowhere.push(Nowhere { what, near });
            }
        }
        all.retain(|sym| names.iter().any(|name| called(sym, name)));
        self.tests
            .push(Box::new(move |index| people(capture, index).any(|sym| all.contains(&sym))));
    }

    /// Whether nothing was typed.
    pub(super) fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The tests that a delivery meets.
    pub(super) fn met(&self, delivery: u32) -> Met {
        let bits = self.tests.iter().enumerate();
        bits.fold(0, |met, (bit, test)| met | Met::from(test(delivery)) << bit)
    }

    /// What meets all of them.
    pub(super) fn all(&self) -> Met {
        (0..self.tests.len()).fold(0, |all, bit| all | 1 << bit)
    }
}

/// Who a delivery is about: who came or went, called or was called, or is in the roster.
fn people(capture: &Capture, delivery: u32) -> impl Iterator<Item = Sym> {
    let event = capture.event(delivery);
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
