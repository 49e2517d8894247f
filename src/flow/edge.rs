//! The edges of a capture: what came before its first event was not captured, and of what came
//! behind its last nothing is known. Each app is a capture of its own.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::event::key::Identities;
use crate::event::{Body, Capture, Event, Moment, Span, Sym};
use crate::threads::Threads;

/// From when to when an app was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) first: Moment,
    pub(super) last: Moment,
}

impl Reach {
    /// From the earlier beginning to the later end.
    pub(super) fn with(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The same of what may be known.
    fn of(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter().chain(other).reduce(Self::with)
    }
}

/// From when to when an app was captured, as far as another capture tells.
pub(super) type Beside<'e> = dyn Fn(&str) -> Option<Reach> + 'e;

/// When an event shows that its app was captured. A recording is known of at its end; an
/// implausible time (S009) tells nothing of when the capture was made.
pub(super) fn known_at(event: &Event) -> Option<Moment> {
    let at = match event.body {
        Body::Recording(recording) => event.at() + recording.duration.unwrap_or_default(),
        _ => event.at(),
    };
    (at.is_plausible() && !event.is_implausible).then_some(at)
}

/// Deliveries that are looked at at a time.
const SHARED: usize = 1 << 16;

/// The edges of all apps of a capture; `None` of one whose events all have implausible times.
#[derive(Debug)]
pub(super) struct Edges(FxHashMap<Option<Sym>, Option<Reach>>);

impl Edges {
    /// The edges of what was captured, here and `beside`.
    pub(super) fn of(
        capture: &Capture,
        identities: &Identities,
        beside: &Beside<'_>,
        threads: Threads,
    ) -> Self {
        let mut edges: FxHashMap<Option<Sym>, Option<Reach>> = FxHashMap::default();
        let work = |range: Range<usize>| {
            let mut edges: FxHashMap<Option<Sym>, Option<Reach>> = FxHashMap::default();
            for index in identities.events_in(range) {
                if let Some(event) = capture.event(index) {
                    let here = known_at(event).map(|at| Reach { first: at, last: at });
                    let reach = edges.entry(capture.hook(index).app).or_default();
                    *reach = Reach::of(*reach, here);
                }
            }
            edges
        };
        threads.all(capture.deliveries.len(), SHARED, work, |some| {
            for (app, here) in some {
                let reach = edges.entry(app).or_default();
                *reach = Reach::of(*reach, here);
            }
        });
        for (app, reach) in &mut edges {
            let known = app.and_then(|app| beside(capture.string(app)));
            *reach = Reach::of(*reach, known);
        }
        Self(edges)
    }

    fn reach(&self, app: Option<Sym>) -> Option<Reach> {
        *self.0.get(&app)?
    }

    /// Whether something of this time would have been captured in this app.
    pub(super) fn is_captured(&self, app: Option<Sym>, at: Moment) -> bool {
        self.reach(app).is_some_and(|reach| at > reach.first)
    }

    /// Whether the capture of this app goes on for longer than `longer` behind this time.
    pub(super) fn goes_on(&self, app: Option<Sym>, at: Moment, longer: Span) -> bool {
        self.reach(app).is_some_and(|reach| reach.last - at > longer)
    }
}
