//! Times of a capture in, times of a replay out.

use std::time::Duration;

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

    /// When the next body is due, which came at `at`, behind the first. By the schedule and not by
    /// the last body, so that what sending takes does not add up.
    pub(super) fn due(&mut self, at: Option<Moment>) -> Duration {
        let gap = self.latest.zip(at).and_then(|(latest, at)| (at - latest).known());
        self.due = self.due.saturating_add(gap.map_or(Duration::ZERO, |gap| self.gap(gap)));
        self.latest = self.latest.max(at);
        self.due
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

#[cfg(test)]
mod tests {
    use super::*;

    /// When bodies are due that came at these seconds, in milliseconds.
    fn due(speed: Speed, max_gap: i64, times: &[Option<i64>]) -> Vec<u128> {
        let mut pace = Pace::new(speed, Span::from_seconds(max_gap));
        let at = |seconds: i64| Moment::from_micros(seconds * 1_000_000);
        times.iter().map(|seconds| pace.due(seconds.and_then(at)).as_millis()).collect()
    }

    #[test]
    fn a_gap_is_divided_by_the_speed() {
        let times = [Some(100), Some(103), Some(103), Some(105)];
        assert_eq!(due(Speed::Times(1.0), 60, &times), [0, 3000, 3000, 5000]);
        assert_eq!(due(Speed::Times(10.0), 60, &times), [0, 300, 300, 500]);
        assert_eq!(due(Speed::Times(0.5), 60, &times), [0, 6000, 6000, 10_000]);
        assert_eq!(due(Speed::Max, 60, &times), [0; 4]);
    }

    #[test]
    fn a_gap_that_is_cut_short_moves_all_behind_it() {
        let times = [Some(0), Some(86_400), Some(86_402)];
        assert_eq!(due(Speed::Times(1.0), 5, &times), [0, 5000, 7000]);
        assert_eq!(due(Speed::Times(86_400.0), 5, &times), [0, 1000, 1000]);
        assert_eq!(due(Speed::Times(f64::MIN_POSITIVE), 5, &times), [0, 5000, 10_000]);
        assert_eq!(due(Speed::Times(1.0), 0, &times), [0; 3]);
    }

    #[test]
    fn what_has_no_time_or_an_earlier_one_comes_at_once() {
        let times = [None, Some(7), None, Some(5), Some(8)];
        assert_eq!(due(Speed::Times(1.0), 5, &times), [0, 0, 0, 0, 1000]);
    }
}
