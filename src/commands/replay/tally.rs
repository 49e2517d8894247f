//! What came of a replay, in figures.

use std::collections::BTreeMap;
use std::time::Duration;

use super::plan::Plan;
use super::sending::Attempt;
use crate::view::replay::{AnswerRow, Latency, TargetRow};

/// The figures of one target.
#[derive(Debug, Default)]
struct Figures {
    planned: u64,
    accepted: u64,
    failed: u64,
    retries: u64,
    /// In microseconds, of every attempt that was answered.
    latencies: Vec<u32>,
    /// By what was answered.
    answers: BTreeMap<String, u64>,
}

/// The figures of all targets.
#[derive(Debug)]
pub(super) struct Tally<'t> {
    names: &'t [String],
    targets: Vec<Figures>,
    /// Bodies that could not be read again.
    pub(super) unread: u64,
}

impl<'t> Tally<'t> {
    /// Before anything is sent to these targets.
    pub(super) fn new(names: &'t [String], plan: &Plan) -> Self {
        let planned = plan.by_target(names.len()).into_iter();
        let targets = planned.map(|planned| Figures { planned, ..Figures::default() }).collect();
        Self { names, targets, unread: 0 }
    }

    /// Takes an attempt; whether it is the first of its target that failed like this.
    pub(super) fn add(&mut self, attempt: &Attempt<'_>) -> bool {
        let figures = &mut self.targets[usize::from(attempt.parcel.target)];
        figures.accepted += u64::from(attempt.accepted);
        figures.failed += u64::from(attempt.last && !attempt.accepted);
        figures.retries += u64::from(attempt.number > 1);
        if attempt.answer.failure().is_none() {
            let micros = u32::try_from(attempt.latency.as_micros()).unwrap_or(u32::MAX);
            figures.latencies.push(micros);
        }
        let count = figures.answers.entry(attempt.answer.name()).or_default();
        *count += 1;
        *count == 1 && !attempt.accepted
    }

    fn sum(&self, of: fn(&Figures) -> u64) -> u64 {
        self.targets.iter().map(of).sum()
    }

    /// How many bodies got where they were to go.
    pub(super) fn accepted(&self) -> u64 {
        self.sum(|figures| figures.accepted)
    }

    /// How many did not, however often they were sent.
    pub(super) fn failed(&self) -> u64 {
        self.sum(|figures| figures.failed)
    }

    /// How many nothing is known of: they were not sent, or not to the end.
    pub(super) fn left(&self) -> u64 {
        self.sum(|figures| figures.planned) - self.accepted() - self.failed() - self.unread
    }

    /// A row for each target.
    pub(super) fn target_rows(&mut self) -> Vec<TargetRow<'_>> {
        let rows = self.names.iter().zip(&mut self.targets);
        let row = |(name, figures): (&'t String, &mut Figures)| {
            figures.latencies.sort_unstable();
            let latency = |share| quantile(&figures.latencies, share).map(Latency);
            TargetRow {
                target: name,
                webhooks: figures.planned,
                accepted: figures.accepted,
                failed: figures.failed,
                left: figures.planned - figures.accepted - figures.failed,
                retries: figures.retries,
                p50: latency(0.50),
                p95: latency(0.95),
                p99: latency(0.99),
            }
        };
        rows.map(row).collect()
    }

    /// A row for each answer of each target, the most frequent of a target first.
    pub(super) fn answer_rows(&self) -> Vec<AnswerRow<'_>> {
        let mut rows = Vec::new();
        for (target, figures) in self.names.iter().zip(&self.targets) {
            let row = |(answer, attempts)| AnswerRow { answer, attempts, target };
            let mut own: Vec<_> = figures
                .answers
                .iter()
                .map(|(answer, many)| row((answer.as_str(), *many)))
                .collect();
            own.sort_by_key(|row| std::cmp::Reverse(row.attempts));
            rows.extend(own);
        }
        rows
    }
}

/// The least value that this share of all is at or below, of values in order.
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
