//! Times of a capture in, waits out.

use std::thread;
use std::time::{Duration, Instant};

use crate::args::Speed;
use crate::event::{Moment, Span};

/// When each body is due. A gap between two bodies is as long as it was, divided by the speed, and
/// no longer than the greatest that is allowed.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    speed: Speed,
    max_gap: Duration,
    /// The latest time so far.
    latest: Option<Moment>,
    /// When the last body was due, behind the first.
    due: Duration,
}

impl Pace {
    /// The pace before the first body.
    pub(super) fn new(speed: Speed, max_gap: Span) -> Self {
        let max_gap = Duration::from_micros(max_gap.abs().micros().unsigned_abs());
        Self { speed, max_gap, latest: None, due: Duration::ZERO }
    }

    /// How long to wait for the turn of the next body, which came at `at`, when the first went out
    /// `elapsed` ago. By the schedule and not by the last body, so that what writing takes does not
    /// add up.
    pub(super) fn wait(&mut self, at: Option<Moment>, elapsed: Duration) -> Duration {
        let gap = self.latest.zip(at).and_then(|(latest, at)| (at - latest).known());
        self.due = self.due.saturating_add(gap.map_or(Duration::ZERO, |gap| self.gap(gap)));
        self.latest = self.latest.max(at);
        self.due.saturating_sub(elapsed)
    }

    fn gap(&self, recorded: Span) -> Duration {
        let Speed::Times(times) = self.speed else {
            return Duration::ZERO;
        };
        #[expect(clippy::cast_precision_loss, reason = "exact up to 285 years")]
        let seconds = recorded.micros() as f64 / 1e6 / times;
        Duration::try_from_secs_f64(seconds).map_or(self.max_gap, |gap| gap.min(self.max_gap))
    }
}

/// What is waited by.
pub(super) trait Clock {
    /// How long ago it was started.
    fn elapsed(&self) -> Duration;
    /// Lets so much time pass.
    fn wait(&mut self, length: Duration);
}

/// The time that passes for everybody.
#[derive(Debug)]
pub(super) struct Running(Instant);

impl Running {
    /// From now on.
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Running {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait(&mut self, length: Duration) {
        if !length.is_zero() {
            thread::sleep(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The waits in milliseconds before bodies that came at these seconds, when each takes
    /// `writing` milliseconds to write.
    fn waits(speed: Speed, max_gap: i64, times: &[Option<i64>], writing: u64) -> Vec<u128> {
        let mut pace = Pace::new(speed, Span::from_seconds(max_gap));
        let mut elapsed = Duration::ZERO;
        let wait = |at: &Option<i64>| {
            let at = at.and_then(|seconds| Moment::from_micros(seconds * 1_000_000));
            let wait = pace.wait(at, elapsed);
            elapsed += wait + Duration::from_millis(writing);
            wait.as_millis()
        };
        times.iter().map(wait).collect()
    }

    #[test]
    fn a_gap_is_divided_by_the_speed() {
        let times = [Some(100), Some(103), Some(103), Some(105)];
        assert_eq!(waits(Speed::Times(1.0), 60, &times, 0), [0, 3000, 0, 2000]);
        assert_eq!(waits(Speed::Times(10.0), 60, &times, 0), [0, 300, 0, 200]);
        assert_eq!(waits(Speed::Times(0.5), 60, &times, 0), [0, 6000, 0, 4000]);
        assert_eq!(waits(Speed::Max, 60, &times, 0), [0; 4]);
    }

    #[test]
    fn a_gap_that_is_cut_short_moves_all_behind_it() {
        let times = [Some(0), Some(86_400), Some(86_402)];
        assert_eq!(waits(Speed::Times(1.0), 5, &times, 0), [0, 5000, 2000]);
        assert_eq!(waits(Speed::Times(86_400.0), 5, &times, 0), [0, 1000, 0]);
        assert_eq!(waits(Speed::Times(f64::MIN_POSITIVE), 5, &times, 0), [0, 5000, 5000]);
        assert_eq!(waits(Speed::Times(1.0), 0, &times, 0), [0; 3]);
    }

    #[test]
    fn what_writing_takes_does_not_add_up() {
        let times = [Some(0), Some(1), Some(2), Some(3)];
        assert_eq!(waits(Speed::Times(1.0), 5, &times, 400), [0, 600, 600, 600]);
        assert_eq!(waits(Speed::Times(1.0), 5, &times, 1500), [0, 0, 0, 0]);
    }

    #[test]
    fn what_has_no_time_or_an_earlier_one_comes_at_once() {
        let times = [None, Some(7), None, Some(5), Some(8)];
        assert_eq!(waits(Speed::Times(1.0), 5, &times, 0), [0, 0, 0, 0, 1000]);
    }
}
