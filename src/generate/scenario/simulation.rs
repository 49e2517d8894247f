//! Begins calls one after the other, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use fastrand::Rng;

use super::app::SimulatedApp;
use super::call::{PlannedCall, RingParties, RingReceiver};
use crate::generate::plan::{CallFate, CapturePlan};

/// Greatest time between the beginnings of two calls, in seconds; the mean is half of it.
pub const MAX_CALL_GAP: u64 = 4;
/// Seconds after the beginning of the last call by which every webhook has arrived.
pub const MAX_CALL_LENGTH: u64 = 2 * 86_400;
/// Share of unanswered attempts that are tried again, one in four of them by the callee.
const REDIAL_SHARE: f64 = 0.2;

/// When a call begins. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CallStart {
    at: u64,
    /// `None`: anybody calls.
    redial: Option<RingParties>,
}

/// All apps, and the calls that are still to begin.
pub(crate) struct Simulation {
    pub(crate) apps: Vec<SimulatedApp>,
    pub(super) rng: Rng,
    pub(super) plan: CapturePlan,
    starts: BinaryHeap<Reverse<CallStart>>,
    begun_calls: u64,
}

/// A generator of its own for each purpose, so that an option changes nothing but what it is about.
pub(crate) fn rng_for(seed: u64, purpose: u64) -> Rng {
    Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose))
}

impl Simulation {
    pub(crate) fn new(plan: &CapturePlan) -> Self {
        let mut rng = rng_for(plan.seed, 0);
        let apps = SimulatedApp::all(&mut rng, plan.participants.1, plan.faults.strip_entities);
        let first = CallStart { at: plan.start, redial: None };
        let starts = BinaryHeap::from([Reverse(first)]);
        Self { apps, rng, plan: plan.clone(), starts, begun_calls: 0 }
    }

    pub(crate) fn call_count(&self) -> u64 {
        self.begun_calls
    }

    /// When the next call begins; `None` after the last.
    pub(crate) fn next_start_at(&self) -> Option<u64> {
        let next = self.starts.peek().filter(|_| self.begun_calls < self.plan.calls);
        next.map(|Reverse(start)| start.at)
    }

    /// The next call; `None` if it begins after the next event of the calls that have begun.
    pub(crate) fn begin_call(&mut self, next_step_at: Option<u64>) -> Option<PlannedCall> {
        while self.next_start_at().is_some_and(|at| next_step_at.is_none_or(|step| at <= step)) {
            let Reverse(start) = self.starts.pop()?;
            if let Some(call) = self.try_begin(start) {
                return Some(call);
            }
            self.starts.push(Reverse(CallStart { at: start.at + 1, ..start }));
        }
        None
    }

    /// `None` if another call of the app begins in the same second or nobody is free.
    fn try_begin(&mut self, start: CallStart) -> Option<PlannedCall> {
        let at = start.at;
        let app = match start.redial {
            Some(redial) => redial.app,
            None => self.rng.usize(..self.apps.len()),
        };
        if self.apps[app].last_start_at >= at {
            return None;
        }
        let fate = self.plan.mix.draw(&mut self.rng);
        let call = match start.redial {
            Some(redial) if !matches!(fate, CallFate::Group | CallFate::Meeting) => {
                self.ring(redial, at, fate)
            }
            _ => self.make_call(app, at, fate)?,
        };
        self.apps[app].last_start_at = at;
        self.begun_calls += 1;
        let redial = self.plan_redial(&call);
        self.starts.extend(redial.map(Reverse));
        if start.redial.is_none() {
            let at = at + self.rng.u64(0..=MAX_CALL_GAP);
            self.starts.push(Reverse(CallStart { at, redial: None }));
        }
        Some(call)
    }

    fn plan_redial(&mut self, call: &PlannedCall) -> Option<CallStart> {
        let ring = call.ring?;
        let (missed_at, _) = ring.missed?;
        let RingReceiver::Person(other) = ring.parties.receiver else {
            return None;
        };
        if self.rng.f64() >= REDIAL_SHARE {
            return None;
        }
        let at = missed_at + self.rng.u64(20..90);
        let parties = match self.rng.u8(0..4) {
            0 => RingParties {
                caller: other,
                receiver: RingReceiver::Person(ring.parties.caller),
                ..ring.parties
            },
            _ => ring.parties,
        };
        Some(CallStart { at, redial: Some(parties) })
    }

    /// The `call.id` of a new ring record.
    pub(crate) fn next_ring_id(&mut self, app: usize) -> u64 {
        self.apps[app].next_ring_id(&mut self.rng)
    }
}
