//! When calls begin, and what is decided of them then.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use fastrand::Rng;

use super::Plan;
use super::app::App;
use super::call::{Call, Receiver};
use super::mix::{Fate, Mix};
use super::scenario::{Maker, Redial};
use super::session::Habits;

/// Between the beginnings of two calls there are so many seconds at the most, half as many mostly.
pub const LONGEST_GAP: u64 = 4;
/// Within so many seconds after the last call has begun, everything is over and has arrived.
pub const LONGEST: u64 = 2 * 86_400;
/// Of those that came to nothing so many are tried again, in one of four cases by the other side.
const REDIALS: f64 = 0.2;

/// A beginning, by its time; a redial, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Birth {
    at: u64,
    redial: Option<Redial>,
}

/// All apps, and the calls that are to come.
pub(super) struct World {
    pub(super) apps: Vec<App>,
    rng: Rng,
    mix: Mix,
    habits: Habits,
    participants: (usize, usize),
    births: BinaryHeap<Reverse<Birth>>,
    wanted: u64,
    made: u64,
}

/// The throws for one purpose, so that what is asked of another does not change them.
pub(super) fn throws(seed: u64, purpose: u64) -> Rng {
    Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose))
}

impl World {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut rng = throws(plan.seed, 0);
        let apps = App::all(&mut rng, plan.participants.1, plan.faults.strip_entities);
        let first = Birth { at: plan.start, redial: None };
        Self {
            apps,
            rng,
            mix: plan.mix.clone(),
            habits: Habits { rejoin: plan.rejoin, recordings: plan.recordings },
            participants: plan.participants,
            births: BinaryHeap::from([Reverse(first)]),
            wanted: plan.calls,
            made: 0,
        }
    }

    /// How many calls there have been.
    pub(super) fn made(&self) -> u64 {
        self.made
    }

    /// When the next call begins; `None` where no more is wanted.
    pub(super) fn next_birth_at(&self) -> Option<u64> {
        let next = self.births.peek().filter(|_| self.made < self.wanted);
        next.map(|Reverse(birth)| birth.at)
    }

    /// The next call, where it does not begin behind the next event of those that have begun.
    pub(super) fn birth(&mut self, next_step_at: Option<u64>) -> Option<Call> {
        while self.next_birth_at().is_some_and(|at| next_step_at.is_none_or(|step| at <= step)) {
            let Reverse(birth) = self.births.pop()?;
            if let Some(call) = self.born(birth) {
                return Some(call);
            }
            // Whoever has no room waits.
            self.births.push(Reverse(Birth { at: birth.at + 1, ..birth }));
        }
        None
    }

    /// The call that begins; `None` where its second, or everybody, is taken.
    fn born(&mut self, birth: Birth) -> Option<Call> {
        let at = birth.at;
        let app = match birth.redial {
            Some(redial) => redial.app,
            None => self.rng.usize(..self.apps.len()),
        };
        if self.apps[app].last_birth >= at {
            return None;
        }
        let fate = self.mix.draw(&mut self.rng);
        let mut maker = Maker {
            rng: &mut self.rng,
            apps: &mut self.apps,
            habits: self.habits,
            participants: self.participants,
        };
        let call = match birth.redial {
            Some(redial) if !matches!(fate, Fate::Group | Fate::Meeting) => {
                maker.pair(redial, at, fate)
            }
            _ => maker.call(app, at, fate)?,
        };
        self.apps[app].last_birth = at;
        self.made += 1;
        let redial = self.redial(&call);
        self.births.extend(redial.map(Reverse));
        if birth.redial.is_none() {
            let at = at + self.rng.u64(0..=LONGEST_GAP);
            self.births.push(Reverse(Birth { at, redial: None }));
        }
        Some(call)
    }

    /// Who rings again after a call, and when: once the one before is over.
    fn redial(&mut self, call: &Call) -> Option<Birth> {
        let ring = call.ring?;
        let (missed_at, _) = ring.missed?;
        let Receiver::Person(other) = ring.receiver else {
            return None;
        };
        if self.rng.f64() >= REDIALS {
            return None;
        }
        let at = missed_at + self.rng.u64(20..90);
        let Call { app, .. } = *call;
        let (caller, other) =
            if self.rng.u8(0..4) == 0 { (other, ring.caller) } else { (ring.caller, other) };
        Some(Birth { at, redial: Some(Redial { app, caller, other }) })
    }

    /// A new `call.id` of an app.
    pub(super) fn ring_id(&mut self, app: usize) -> u64 {
        self.apps[app].ring_id(&mut self.rng)
    }
}
