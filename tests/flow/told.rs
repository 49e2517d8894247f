//! What the library says of a few webhooks, in short.

use std::cell::RefCell;

use callscope::event::key::{Status, documented};
use callscope::event::{Capture, Detail, Moment, Span};
use callscope::finding::SourceId;
use callscope::flow::{Call, Limits, Link, LinkReason, Reconstruction};
use callscope::input::{self, Counts, Place};
use serde_json::Value;

use super::dsl::{BASE, Hook, hooks};

/// A capture's calls. Deliveries go by the numbers of their lines, from 1, times by the tests'
/// seconds.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) calls: Vec<Summary>,
    pub(crate) findings: Vec<Found>,
    /// By delivery.
    pub(crate) status: Vec<Status>,
    /// By delivery, the line of the one that stands for its event.
    pub(crate) kept: Vec<usize>,
    /// By delivery.
    pub(crate) keys: Vec<Option<String>>,
    /// By delivery.
    pub(crate) call_ids: Vec<Option<String>>,
    /// By delivery.
    pub(crate) delivered: Vec<u32>,
    /// The event, the one it collides with, whether it is lost.
    pub(crate) collisions: Vec<(usize, usize, bool)>,
    /// The lines of the bodies that were read again.
    pub(crate) read_again: Vec<usize>,
}

/// One call.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) id: String,
    pub(crate) outcome: String,
    /// `none`, `session`, `conversation` or `session_epoch`.
    pub(crate) link: &'static str,
    pub(crate) initiated: Option<i64>,
    pub(crate) started: Option<i64>,
    pub(crate) ended: Option<i64>,
    /// `Ana 3..9 both`.
    pub(crate) stays: Vec<String>,
    pub(crate) rules: String,
    /// Its events in causal order.
    pub(crate) events: Vec<usize>,
    pub(crate) json: Value,
}

/// One finding.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) code: &'static str,
    pub(crate) line: usize,
    pub(crate) trigger: &'static str,
    pub(crate) message: String,
    /// The lines it names besides.
    pub(crate) others: Vec<usize>,
}

/// Reads the webhooks of `text` and reconstructs their calls.
pub(crate) fn told(text: &str) -> Told {
    Told::of(&hooks(text), true)
}

/// The same where no body can be read again.
pub(crate) fn told_without_bodies(text: &str) -> Told {
    Told::of(&hooks(text), false)
}

/// Which lines are one call, in the order of the calls and in causal order: `["1 2", "3"]`. The
/// order of arrival does not matter to it, which is made sure of on the way.
pub(crate) fn groups(text: &str) -> Vec<String> {
    let forwards = hooks(text);
    let found = Told::of(&forwards, true).groups();
    let count = forwards.len();
    let backwards: Vec<Hook> = forwards.into_iter().rev().collect();
    let mut other = Told::of(&backwards, true);
    for line in other.calls.iter_mut().flat_map(|call| &mut call.events) {
        *line = count + 1 - *line;
    }
    assert_eq!(found, other.groups(), "the order of arrival matters");
    found
}

/// The stays of the one call that `text` makes.
pub(crate) fn stays(text: &str) -> Vec<String> {
    let [call] = &mut told(text).calls[..] else { panic!("more or less than one call") };
    std::mem::take(&mut call.stays)
}

impl Told {
    fn of(hooks: &[Hook], readable: bool) -> Self {
        let text: String = hooks.iter().flat_map(|hook| [&hook.body, "\n"]).collect();
        let mut capture = Capture::new(Detail::All);
        let mut counts = Counts::default();
        let source = SourceId(0);
        input::read_text(
            text.as_bytes(),
            source,
            false,
            &callscope::input::Reading::default(),
            &mut capture,
            &mut counts,
        )
        .expect("a text can be read");
        assert_eq!(capture.deliveries.len(), hooks.len(), "{text}\n{:?}", capture.findings);
        let base = Moment::from_micros(BASE * 1_000_000);
        capture.deliveries.set_received(hooks.iter().map(|hook| {
            let arrived = hook.arrived.and_then(Span::from_decimal);
            arrived.and_then(|behind| Some(base? + behind))
        }));
        let read_again = RefCell::new(Vec::new());
        let body = |place: Place| {
            read_again.borrow_mut().push(line(place.line));
            let first = usize::try_from(place.byte_offset).expect("a short text");
            let body = text.as_bytes()[first..][..place.length as usize].to_vec();
            readable.then_some(body)
        };
        let calls = Reconstruction::new(&capture, &Limits::USUAL, &body);
        let mut told = Self::new(&capture, &calls);
        told.read_again = read_again.into_inner();
        told
    }

    fn new(capture: &Capture, calls: &Reconstruction<'_>) -> Self {
        let deliveries = || (0..).take(capture.deliveries.len());
        let number = |index: u32| index as usize + 1;
        let summaries: Vec<Summary> = calls
            .indexes()
            .map(|at| {
                let events = calls.events(at).iter().copied().map(number).collect();
                Summary::new(&calls.call(at), events)
            })
            .collect();
        assert_eq!((calls.len(), calls.is_empty()), (summaries.len(), summaries.is_empty()));
        let collisions = calls.identities.collisions.iter();
        Self {
            calls: summaries,
            findings: (calls.findings())
                .map(|finding| Found {
                    code: finding.rule.code,
                    line: finding.delivery.map_or(0, number),
                    trigger: finding.trigger.unwrap_or("none"),
                    message: finding.message.clone(),
                    others: finding.others.iter().map(|other| number(*other)).collect(),
                })
                .collect(),
            status: calls.identities.status.clone(),
            kept: deliveries().map(|index| number(calls.identities.kept(index))).collect(),
            keys: deliveries().map(|index| documented(capture, index)).collect(),
            call_ids: deliveries().map(|index| calls.call_id(index).map(str::to_owned)).collect(),
            delivered: deliveries().map(|index| calls.delivery_count(index)).collect(),
            collisions: collisions
                .map(|collision| (number(collision.event), number(collision.first), collision.lost))
                .collect(),
            read_again: Vec::new(),
        }
    }

    pub(crate) fn groups(&self) -> Vec<String> {
        let words = |call: &Summary| {
            call.events.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        self.calls.iter().map(words).collect()
    }

    /// The call that has a line's event.
    pub(crate) fn call_of(&self, line: usize) -> &Summary {
        self.calls.iter().find(|call| call.events.contains(&line)).expect("a call of its own")
    }

    /// The findings of a family, or of one code: `L003 2 call_rejected`.
    pub(crate) fn found(&self, family: &str) -> Vec<String> {
        let mut found: Vec<String> = self.findings_of(family).map(Found::words).collect();
        found.sort_unstable();
        found
    }

    pub(crate) fn findings_of(&self, family: &str) -> impl Iterator<Item = &Found> {
        self.findings.iter().filter(move |finding| finding.code.starts_with(family))
    }

    pub(crate) fn messages(&self, family: &str) -> String {
        let messages: Vec<&str> =
            self.findings_of(family).map(|finding| finding.message.as_str()).collect();
        messages.join("\n")
    }

    pub(crate) fn ids(&self) -> Vec<&str> {
        self.calls.iter().map(|call| call.id.as_str()).collect()
    }

    pub(crate) fn outcomes(&self) -> Vec<&str> {
        self.calls.iter().map(|call| call.outcome.as_str()).collect()
    }
}

impl Found {
    fn words(&self) -> String {
        format!("{} {} {}", self.code, self.line, self.trigger)
    }
}

impl Summary {
    fn new(call: &Call<'_>, events: Vec<usize>) -> Self {
        let json = serde_json::to_value(call).expect("a call is JSON");
        let stays = call.stays.iter().map(|stay| {
            let left = stay.left_at.map_or_else(|| "?".to_owned(), |left| second(left).to_string());
            let seen = serde_json::to_value(stay.seen).expect("a word");
            let seen = seen.as_str().expect("a word").to_owned();
            format!("{} {}..{left} {seen}", stay.name, second(stay.joined_at))
        });
        Self {
            id: call.call_id.to_owned(),
            outcome: json["outcome"].as_str().expect("a word").to_owned(),
            link: match (call.link, call.link_reason) {
                (Link::None, None) => "none",
                (Link::Session, None) => "session",
                (Link::Inferred, Some(LinkReason::Conversation)) => "conversation",
                (Link::Inferred, Some(LinkReason::SessionEpoch)) => "session_epoch",
                odd => panic!("{odd:?}"),
            },
            initiated: call.initiated_at.map(second),
            started: call.started_at.map(second),
            ended: call.ended_at.map(second),
            stays: stays.collect(),
            rules: call.rules.join(" "),
            events,
            json,
        }
    }
}

/// The tests' second.
fn second(moment: Moment) -> i64 {
    moment.seconds() - BASE
}

fn line(line: u64) -> usize {
    usize::try_from(line).expect("a short text")
}
