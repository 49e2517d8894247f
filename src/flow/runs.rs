//! The runs of a meeting's session id, which may come back another day.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use rustc_hash::FxHashMap;

use crate::event::{Body, Capture, Ended, Moment, Span, Sym};

/// How far a start may lie before `created_at` of the end of its run, and a recording outside its
/// run.
const START_SLACK: Span = Span::from_seconds(5);
/// How far a join may lie outside its run.
const JOIN_SLACK: Span = Span::from_seconds(1);

/// One run: a meeting from its start to its end.
struct Run {
    begun_at: Moment,
    /// The latest `destroyed_at`; `None` for a run of which no end was captured.
    destroyed_at: Option<Moment>,
    has_start: bool,
    roster: FxHashSet<(Sym, Moment)>,
    events: Vec<u32>,
}

/// Sorts one session's events into its runs.
pub(super) fn runs(capture: &Capture, events: &[u32]) -> Vec<Vec<u32>> {
    let mut runs = ends(capture, events);
    starts(capture, events, &mut runs);
    runs.sort_by_key(|run| run.begun_at);
    if runs.is_empty() {
        return vec![events.to_vec()];
    }
    let listed = Listed::new(&runs);
    let mut strays: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for index in events {
        match home(capture, *index, &runs, &listed) {
            Home::Placed => {}
            Home::Run(at) => runs[at].events.push(*index),
            Home::Gap(before) => strays.entry(before).or_default().push(*index),
        }
    }
    let runs = runs.into_iter().map(|run| run.events);
    runs.chain(strays.into_values()).collect()
}

/// Each distinct `created_at` of an end opens a run.
fn ends(capture: &Capture, events: &[u32]) -> Vec<Run> {
    let mut runs: BTreeMap<Moment, Run> = BTreeMap::new();
    for index in events {
        let Some(Body::Ended(ended)) = capture.event(*index).map(|event| event.body) else {
            continue;
        };
        let begun_at = begun_at(capture, &ended);
        let run = runs.entry(begun_at).or_insert_with(|| Run::new(begun_at));
        run.destroyed_at = run.destroyed_at.max(Some(ended.destroyed_at));
        run.events.push(*index);
        let roster = capture.roster(&ended).iter();
        run.roster.extend(roster.map(|entry| (entry.name, entry.joined_at)));
    }
    runs.into_values().collect()
}

/// When the run of an end began; its roster tells where `created_at` cannot be read.
fn begun_at(capture: &Capture, ended: &Ended) -> Moment {
    let first = || capture.roster(ended).iter().map(|entry| entry.joined_at).min();
    ended.created_at.or_else(first).unwrap_or(ended.destroyed_at)
}

/// A start belongs to the run with its `created_at`, else to one that it may have begun, else it
/// opens one of its own.
fn starts(capture: &Capture, events: &[u32], runs: &mut Vec<Run>) {
    let mut starts: Vec<(Moment, u32)> = events
        .iter()
        .filter_map(|index| match capture.event(*index)?.body {
            Body::Started { created_at } => Some((created_at, *index)),
            _ => None,
        })
        .collect();
    starts.sort_unstable();
    let exact = |runs: &[Run], at| runs.binary_search_by_key(&at, |run| run.begun_at);
    let (own, others): (Vec<_>, Vec<_>) =
        starts.into_iter().partition(|(at, _)| exact(runs, *at).is_ok());
    for (at, index) in own {
        if let Ok(run) = exact(runs, at) {
            runs[run].start(index);
        }
    }
    let over_by: Vec<Option<Moment>> = (runs.iter())
        .scan(None, |latest, run| {
            *latest = run.destroyed_at.max(*latest);
            Some(*latest)
        })
        .collect();
    let mut opened = Vec::new();
    for (at, index) in others {
        if let Some(run) = begun_by(runs, &over_by, at) {
            runs[run].start(index);
        } else {
            let mut run = Run::new(at);
            run.start(index);
            opened.push(run);
        }
    }
    runs.extend(opened);
}

/// The run that a start at `at` may have begun: one without a start first, then the nearest.
/// `over_by` says for each run when it and all before it were over.
fn begun_by(runs: &[Run], over_by: &[Option<Moment>], at: Moment) -> Option<usize> {
    let begun = runs.partition_point(|run| run.begun_at - START_SLACK <= at);
    (0..begun)
        .rev()
        .take_while(|run| over_by[*run].is_some_and(|end| at < end))
        .filter(|run| runs[*run].destroyed_at.is_some_and(|end| at < end))
        .min_by_key(|run| {
            let run = &runs[*run];
            (run.has_start, (run.begun_at - at).abs(), run.begun_at)
        })
}

/// Where an event belongs.
enum Home {
    /// It has its place already.
    Placed,
    Run(usize),
    /// In no run: before this one, or behind all.
    Gap(usize),
}

fn home(capture: &Capture, index: u32, runs: &[Run], listed: &Listed) -> Home {
    let Some(event) = capture.event(index) else {
        return Home::Placed;
    };
    match event.body {
        Body::Joined(joined) => listed.home(runs, joined.name, joined.joined_at),
        Body::Left(left) => listed.home(runs, left.name, left.joined_at),
        Body::Recording(recording) => by_time(runs, recording.started_at, START_SLACK),
        _ => Home::Placed,
    }
}

/// Which runs' rosters have a stay, in the order of the runs.
struct Listed(FxHashMap<(Sym, Moment), Vec<usize>>);

impl Listed {
    fn new(runs: &[Run]) -> Self {
        let mut listed: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (at, run) in runs.iter().enumerate() {
            for stay in &run.roster {
                listed.entry(*stay).or_default().push(at);
            }
        }
        Self(listed)
    }

    /// The run whose roster has the stay, of several the latest begun by then; else by its time.
    fn home(&self, runs: &[Run], name: Sym, joined_at: Moment) -> Home {
        let Some(listed) = self.0.get(&(name, joined_at)) else {
            return by_time(runs, joined_at, JOIN_SLACK);
        };
        let begun = listed.partition_point(|run| runs[*run].begun_at - JOIN_SLACK <= joined_at);
        Home::Run(listed[begun.saturating_sub(1)])
    }
}

/// The latest run begun by `at`, else the first; none if it lies behind that run's end or well
/// before the first.
fn by_time(runs: &[Run], at: Moment, slack: Span) -> Home {
    let begun = runs.partition_point(|run| run.begun_at - slack <= at);
    let Some(latest) = begun.checked_sub(1) else {
        return if at < runs[0].begun_at - START_SLACK { Home::Gap(0) } else { Home::Run(0) };
    };
    match runs[latest].destroyed_at {
        Some(end) if at > end + slack => Home::Gap(begun),
        _ => Home::Run(latest),
    }
}

impl Run {
    fn new(begun_at: Moment) -> Self {
        Self {
            begun_at,
            destroyed_at: None,
            has_start: false,
            roster: FxHashSet::default(),
            events: Vec::new(),
        }
    }

    fn start(&mut self, index: u32) {
        self.has_start = true;
        self.events.push(index);
    }
}
