//! What is sent where and when, before anything is.

use std::collections::HashSet;
use std::time::Duration;

use super::faults::{Faulty, faulty};
use super::log::Ids;
use super::order::Turn;
use super::pace::Pace;
use super::route::Targets;
use crate::args::{Faults, Pacing};
use crate::flow::Reconstruction;

/// A body on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    /// The delivery whose body it is.
    pub(super) delivery: u32,
    /// Which target it goes to.
    pub(super) target: u16,
    /// Whether it goes out once already, by a fault.
    pub(super) again: bool,
    /// When it goes out, behind the first.
    pub(super) due: Duration,
    /// What it must not overtake on the way: others of its call. `None` where it has none.
    pub(super) lane: Option<u32>,
}

/// All that is to be sent, in order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) parcels: Vec<Parcel>,
    /// Deliveries that no route takes.
    pub(super) unrouted: u64,
    /// Those that a fault drops.
    pub(super) dropped: u64,
    /// Those that an earlier run has had accepted.
    pub(super) accepted: u64,
}

impl Plan {
    /// The plan for these turns.
    pub(super) fn new(
        mut turns: Vec<Turn>,
        calls: &Reconstruction<'_>,
        targets: &Targets,
        (pacing, typed): (&Pacing, &Faults),
    ) -> Self {
        let to = |delivery: u32| {
            let capture = calls.capture;
            targets.of_trigger(capture.deliveries.what(delivery).trigger_name(capture))
        };
        let all = turns.len();
        turns.retain(|turn| to(turn.delivery).is_some());
        let unrouted = (all - turns.len()) as u64;
        let (faulty_turns, dropped) = faulty(turns, typed);
        let mut schedule = Schedule::new(pacing);
        let parcel = |Faulty { turn, again, held }: Faulty| Parcel {
            delivery: turn.delivery,
            target: to(turn.delivery).unwrap_or_default(),
            again,
            due: schedule.due(&turn).saturating_add(held),
            lane: calls.call_of(turn.delivery),
        };
        let mut parcels: Vec<Parcel> = faulty_turns.into_iter().map(parcel).collect();
        parcels.sort_by_key(|parcel| parcel.due);
        Self { parcels, unrouted, dropped, accepted: 0 }
    }

    /// Leaves out what an earlier run has had accepted.
    pub(super) fn skip(&mut self, accepted: &HashSet<String>, ids: &Ids) {
        let before = self.parcels.len();
        self.parcels.retain(|parcel| !accepted.contains(&ids.of(parcel)));
        self.accepted = (before - self.parcels.len()) as u64;
    }

    /// How many parcels go to each of so many targets.
    pub(super) fn by_target(&self, targets: usize) -> Vec<u64> {
        let mut counts = vec![0; targets];
        for parcel in &self.parcels {
            counts[usize::from(parcel.target)] += 1;
        }
        counts
    }

    /// When the last one goes out.
    pub(super) fn length(&self) -> Duration {
        self.parcels.last().map_or(Duration::ZERO, |last| last.due)
    }
}

/// When bodies are due.
enum Schedule {
    /// As they came.
    Paced(Pace),
    /// At equal distances; how many there were so far.
    Even(f64, u32),
}

impl Schedule {
    fn new(pacing: &Pacing) -> Self {
        match pacing.rate {
            Some(rate) => Self::Even(rate, 0),
            None => Self::Paced(Pace::new(pacing.speed, pacing.max_gap)),
        }
    }

    fn due(&mut self, turn: &Turn) -> Duration {
        match self {
            Self::Paced(pace) => pace.due(turn.at),
            Self::Even(rate, nth) => {
                let due = Duration::try_from_secs_f64(f64::from(*nth) / *rate);
                *nth = nth.saturating_add(1);
                due.unwrap_or(Duration::MAX)
            }
        }
    }
}
