//! All calls of a capture, in their order.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use super::call::Call;
use super::conform::{Judge, Measure};
use super::edge::{Beside, Edges};
use super::evidence::{self, Events};
use super::limits::Limits;
use super::link::{LinkReason, Links, link};
use super::rules;
use crate::event::key::{self, Identities};
use crate::event::{Capture, Moment};
use crate::finding::{Finding, Severity};
use crate::input::Place;
use crate::threads::{SHARES, Threads};

/// What orders and names a call.
#[derive(Debug)]
struct Head<'c> {
    first_at: Option<Moment>,
    id: Cow<'c, str>,
    /// Which of the links' calls it is.
    parts: usize,
}

/// A capture with its calls.
#[derive(Debug)]
pub struct Reconstruction<'c> {
    /// The capture.
    pub capture: &'c Capture,
    /// Which of its deliveries are one event.
    pub identities: Identities,
    links: Links,
    /// By first event, then id.
    heads: Vec<Head<'c>>,
    /// By delivery: which of the heads' calls has it; [`NONE`] where it is no usable event.
    call_of: Vec<u32>,
    /// The findings of the families F, R and D.
    judged: Vec<Finding>,
    /// Codes of the findings of warning or worse, with the call's place among the heads.
    rules: Vec<(u32, &'static str)>,
}

impl<'c> Reconstruction<'c> {
    /// Finds the calls of a capture, and what is wrong with them within `limits`; `body` reads a
    /// body again, see [`key::identify`].
    #[must_use]
    pub fn new(
        capture: &'c Capture,
        limits: &Limits,
        body: &dyn Fn(Place) -> Option<Vec<u8>>,
    ) -> Self {
        Self::beside(capture, limits, body, &|_| None)
    }

    /// The same for a part of what was captured; `beside` says from when to when all of it was, by
    /// app.
    #[must_use]
    pub(super) fn beside(
        capture: &'c Capture,
        limits: &Limits,
        body: &dyn Fn(Place) -> Option<Vec<u8>>,
        beside: &Beside<'_>,
    ) -> Self {
        let identities = key::identify(capture, body, limits.threads);
        let edges = Edges::of(capture, &identities, beside, limits.threads);
        let links = link(capture, &identities, limits, &edges);
        let undecided = &links.undecided;
        let measure = Measure { capture, edges: &edges, limits, undecided };
        let judge = Judge::new(measure, &identities);
        let mut judged = judge.events();
        let mut heads = heads(&judge, capture, &links, limits.threads, &mut judged);
        order(&mut heads, capture, &links, limits.threads);
        let mut reconstruction = Self {
            capture,
            call_of: call_of(capture, &identities, &links, &heads),
            identities,
            links,
            heads,
            judged,
            rules: Vec::new(),
        };
        reconstruction.rules = reconstruction.rules();
        reconstruction
    }

    /// How many calls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The calls, by first event, then id.
    pub fn calls(&self) -> impl Iterator<Item = Call<'_>> {
        self.indexes().map(|at| self.call(at))
    }

    /// What [`Self::call`] takes, in the order of the calls.
    pub fn indexes(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.heads.len()).unwrap_or(u32::MAX)
    }

    /// One of the calls.
    #[must_use]
    pub fn call(&self, at: u32) -> Call<'_> {
        let head = &self.heads[at as usize];
        let parts = &self.links.calls[head.parts];
        let events = self.links.events(parts);
        let delivered = (events.iter()).map(|event| u64::from(self.identities.deliveries(*event)));
        let first = self.rules.partition_point(|(call, _)| *call < at);
        let rules = self.rules[first..].iter().take_while(|(call, _)| *call == at);
        let rules = rules.map(|(_, code)| *code).collect();
        Call::new(self.capture, events, parts, &head.id, delivered.sum(), rules)
    }

    /// The deliveries that stand for a call's events, in causal order.
    #[must_use]
    pub fn events(&self, at: u32) -> &[u32] {
        self.links.events(&self.links.calls[self.heads[at as usize].parts])
    }

    /// When a call's first event was; `None` where it has none with a time.
    #[must_use]
    pub fn first_at(&self, at: u32) -> Option<Moment> {
        self.heads[at as usize].first_at
    }

    /// The id of a call.
    #[must_use]
    pub fn id(&self, at: u32) -> &str {
        &self.heads[at as usize].id
    }

    /// The app of a call; `None` where no webhook names it.
    #[must_use]
    pub fn app_id(&self, at: u32) -> Option<&str> {
        let first = self.events(at).first();
        Some(self.capture.string(self.capture.hook(*first?).app?))
    }

    /// Which call a delivery belongs to; `None` where it is no usable event.
    #[must_use]
    pub fn call_of(&self, delivery: u32) -> Option<u32> {
        Some(self.call_of[delivery as usize]).filter(|call| *call != NONE)
    }

    /// What joins a ring record to the rest of its call where no id does.
    #[must_use]
    pub fn inferred(&self, delivery: u32) -> Option<LinkReason> {
        self.links.inferred.get(&delivery).copied()
    }

    /// How often the event was delivered for which this delivery stands.
    #[must_use]
    pub fn delivery_count(&self, delivery: u32) -> u32 {
        self.identities.deliveries(delivery)
    }

    /// The id of the call that a delivery belongs to; `None` where it is no usable event.
    #[must_use]
    pub fn call_id(&self, delivery: u32) -> Option<&str> {
        Some(self.id(self.call_of(delivery)?))
    }

    /// All findings: of reading and schema, of identity, of links, of flow, roster and delivery. In
    /// no particular order.
    pub fn findings(&self) -> impl Iterator<Item = Cow<'_, Finding>> {
        let identity = key::findings(self.capture, &self.identities);
        self.told().map(Cow::Borrowed).chain(identity.map(Cow::Owned))
    }

    /// The same but for those of identity, of which a capture may have one for every event.
    pub fn told(&self) -> impl Iterator<Item = &Finding> {
        self.capture.findings.iter().chain(&self.links.findings).chain(&self.judged)
    }

    /// The findings of warning or worse that are about calls, with each call that they are about:
    /// sorted by call, place and rule.
    #[must_use]
    pub fn warnings(&self) -> Vec<(u32, Finding)> {
        let mut warnings = Vec::new();
        for finding in self.findings().filter(|finding| finding.severity >= Severity::Warning) {
            // An ambiguous link is about all of its candidates; other findings name what is in
            // order.
            let others = finding.rule == &rules::AMBIGUOUS_LINK;
            let deliveries = finding.deliveries().take(if others { usize::MAX } else { 1 });
            let calls = deliveries.filter_map(|delivery| self.call_of(delivery));
            let calls: BTreeSet<u32> = calls.collect();
            warnings.extend(calls.into_iter().map(|call| (call, Finding::clone(&finding))));
        }
        warnings.sort_by(|(call, one), (other_call, other)| {
            (call, one.spot, one.rule.code).cmp(&(other_call, other.spot, other.rule.code))
        });
        warnings
    }

    fn rules(&self) -> Vec<(u32, &'static str)> {
        let coded = |finding: Cow<'_, Finding>| {
            let call = self.call_of(finding.delivery?)?;
            (finding.severity >= Severity::Warning).then_some((call, finding.rule.code))
        };
        // Of what repeats or collides nothing is as bad as a warning.
        let conflicts = key::conflicts(self.capture, &self.identities);
        let told = self.told().map(Cow::Borrowed);
        let mut rules: Vec<_> = told.chain(conflicts.map(Cow::Owned)).filter_map(coded).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// In place of a call where there is none. (An `Option` takes twice the room.)
const NONE: u32 = u32::MAX;

/// Calls that are looked at at a time.
const SHARED: usize = 1000;

/// The heads of all calls, many in a row in their order, and what is wrong with them: what a call's
/// events are looked through for.
fn heads<'c>(
    judge: &Judge<'_>,
    capture: &'c Capture,
    links: &Links,
    threads: Threads,
    judged: &mut Vec<Finding>,
) -> Vec<Head<'c>> {
    let mut heads = Vec::with_capacity(links.calls.len());
    let work = |range: Range<usize>| {
        let (mut heads, mut judged) = (Vec::with_capacity(range.len()), Vec::new());
        for parts in range {
            let events = links.events(&links.calls[parts]);
            judged.extend(judge.call(events));
            let events = Events::of(capture, events);
            heads.push(Head { first_at: events.first_at(), id: events.call_id(), parts });
        }
        heads.sort_by(by_time_and_id);
        (heads, judged)
    };
    threads.all(links.calls.len(), SHARED, work, |(some, found)| {
        heads.extend(some);
        judged.extend(found);
    });
    heads
}

fn by_time_and_id(one: &Head<'_>, other: &Head<'_>) -> Ordering {
    (one.first_at, &one.id).cmp(&(other.first_at, &other.id))
}

/// Sorts the heads by first event, then id, and makes each id the only one of its app.
fn order(heads: &mut [Head<'_>], capture: &Capture, links: &Links, threads: Threads) {
    let events = |head: &Head<'_>| links.events(&links.calls[head.parts]);
    let app = |head: &Head<'_>| {
        let event = events(head).first();
        event.and_then(|event| capture.hook(*event).app).map(|app| capture.string(app))
    };
    heads.sort_by(|one, other| {
        let words = |head: &Head<'_>| evidence::words(capture, events(head));
        by_time_and_id(one, other)
            .then_with(|| app(one).cmp(&app(other)))
            .then_with(|| words(one).cmp(&words(other)))
    });
    if has_twins(heads, &app, threads) {
        tell_twins_apart(heads, &app);
    }
}

/// Whether two calls of an app may have one id.
fn has_twins<'c>(
    heads: &[Head<'_>],
    app: &(impl Fn(&Head<'_>) -> Option<&'c str> + Sync),
    threads: Threads,
) -> bool {
    let keys = |range: Range<usize>, take: &mut dyn FnMut(u64)| {
        let hash = |head: &Head<'_>| FxBuildHasher.hash_one((app(head), &head.id));
        heads[range].iter().map(hash).for_each(take);
    };
    let share = |hash: u64| hash >> (u64::BITS - SHARES.ilog2());
    let work = |own: &[u64]| own.windows(2).any(|pair| pair[0] == pair[1]);
    let mut found = false;
    threads.in_shares(heads.len(), 10 * SHARED, keys, share, work, |some| found |= some);
    found
}

/// `call.id` is a counter and should be unique in an app; where a capture has it twice without a
/// session id, the later call's id gets its time.
fn tell_twins_apart<'c>(heads: &mut [Head<'_>], app: &dyn Fn(&Head<'_>) -> Option<&'c str>) {
    let mut seen = HashSet::new();
    let mut twins: HashMap<_, u64> = HashMap::new();
    for head in heads {
        let owner = app(head);
        if seen.insert((owner, head.id.clone())) {
            continue;
        }
        let at = head.first_at.map_or_else(String::new, Moment::number);
        let twin = format!("{}@{at}", head.id);
        let count = twins.entry((owner, twin.clone())).or_default();
        *count += 1;
        let twin = if *count == 1 { twin } else { format!("{twin}#{count}") };
        head.id = twin.into();
        seen.insert((owner, head.id.clone()));
    }
}

fn call_of(
    capture: &Capture,
    identities: &Identities,
    links: &Links,
    heads: &[Head<'_>],
) -> Vec<u32> {
    let mut call_of = vec![NONE; capture.deliveries.len()];
    for (at, head) in (0..).zip(heads) {
        for event in links.events(&links.calls[head.parts]) {
            call_of[*event as usize] = at;
        }
    }
    for delivery in capture.deliveries.indexes() {
        call_of[delivery as usize] = call_of[identities.kept(delivery) as usize];
    }
    call_of
}
