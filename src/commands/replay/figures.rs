//! Counts and latencies of what was sent to each target.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use super::retry_policy::Answer;
use super::scheduler::Attempt;
use crate::view::replay::{AnswerRow, Latency, TargetRow};

#[derive(Debug, Default)]
pub(super) struct TargetFigures {
    pub(super) planned: u64,
    pub(super) accepted: u64,
    pub(super) failed: u64,
    retries: u64,
    /// Microseconds of every attempt that was answered.
    latencies: Vec<u32>,
    /// Attempts by answer.
    answers: BTreeMap<String, u64>,
}

impl TargetFigures {
    pub(super) fn new(planned: u64) -> Self {
        Self { planned, ..Self::default() }
    }

    /// Adds the `number`th (1-based) attempt at a send. Returns whether it is the first that failed
    /// with this answer.
    pub(super) fn add(
        &mut self,
        attempt: &Attempt,
        number: u8,
        is_accepted: bool,
        is_last: bool,
    ) -> bool {
        self.accepted += u64::from(is_accepted);
        self.failed += u64::from(is_last && !is_accepted);
        self.retries += u64::from(number > 1);
        if !matches!(attempt.answer, Answer::Failed(_)) {
            // An answer takes at most the timeout; a longer one than 71 minutes counts as that.
            let micros = u32::try_from(attempt.latency.as_micros()).unwrap_or(u32::MAX);
            self.latencies.push(micros);
        }
        let count = self.answers.entry(attempt.answer.name()).or_default();
        *count += 1;
        *count == 1 && !is_accepted
    }

    pub(super) fn target_row<'r>(&mut self, target: &'r str) -> TargetRow<'r> {
        self.latencies.sort_unstable();
        let latency = |share| quantile(&self.latencies, share).map(Latency);
        TargetRow {
            target,
            webhooks: self.planned,
            accepted: self.accepted,
            failed: self.failed,
            left: self.planned - self.accepted - self.failed,
            retries: self.retries,
            p50: latency(0.50),
            p95: latency(0.95),
            p99: latency(0.99),
        }
    }

    /// A row for each answer, the most frequent first.
    pub(super) fn answer_rows<'r>(&'r self, target: &'r str) -> Vec<AnswerRow<'r>> {
        let answers = self.answers.iter();
        let mut rows: Vec<_> =
            answers.map(|(answer, &attempts)| AnswerRow { answer, attempts, target }).collect();
        rows.sort_by_key(|row| Reverse(row.attempts));
        rows
    }
}

/// The smallest of the sorted values that this share of all values does not exceed.
fn quantile(sorted: &[u32], share: f64) -> Option<Duration> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of attempts"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.max(1) - 1).map(|micros| Duration::from_micros(u64::from(*micros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let values: Vec<u32> = (1..=200).collect();
        let at = |share| quantile(&values, share).map(|value| value.as_micros());
        assert_eq!([at(0.5), at(0.95), at(0.99)], [Some(100), Some(190), Some(198)]);
        assert_eq!(quantile(&[7], 0.99), Some(Duration::from_micros(7)));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
