//! Exact quantiles.

use schemars::JsonSchema;
use serde::Serialize;

use super::histogram::Histogram;

/// Quantiles by nearest rank: p95 is the least value that 95 of a hundred do not exceed. All are
/// `None` where there is no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quantiles<T> {
    /// How many values there are.
    pub count: u64,
    /// The least.
    pub min: Option<T>,
    /// Half of them are no greater.
    pub p50: Option<T>,
    /// 95 of a hundred.
    pub p95: Option<T>,
    /// 99 of a hundred.
    pub p99: Option<T>,
    /// The greatest.
    pub max: Option<T>,
}

impl Quantiles<i64> {
    pub(super) fn new(values: &Histogram) -> Self {
        let values = values.sorted();
        // A histogram of values has no negative sums, as `is_sound` checks.
        let number = |count: &i64| u64::try_from(*count).unwrap_or_default();
        let count = values.iter().fold(0_u64, |sum, (_, more)| sum.saturating_add(number(more)));
        let at = |percent: u64| {
            let rank = (u128::from(count) * u128::from(percent)).div_ceil(100).max(1);
            let mut below = 0;
            let found = values.iter().find(|(_, more)| {
                below += u128::from(number(more));
                below >= rank
            });
            found.map(|(value, _)| *value)
        };
        let (min, max) = (values.first().map(|first| first.0), values.last().map(|last| last.0));
        Self { count, min, p50: at(50), p95: at(95), p99: at(99), max }
    }

    pub(super) fn map<T>(self, convert: impl Fn(i64) -> T) -> Quantiles<T> {
        let Self { count, min, p50, p95, p99, max } = self;
        let [min, p50, p95, p99, max] = [min, p50, p95, p99, max].map(|value| value.map(&convert));
        Quantiles { count, min, p50, p95, p99, max }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_least_value_that_a_share_of_the_values_does_not_exceed() {
        let of = |values: &[i64]| {
            let mut histogram = Histogram::default();
            for value in values {
                histogram.add(*value, 1);
            }
            let Quantiles { count, min, p50, p95, p99, max } = Quantiles::new(&histogram);
            (count, [min, p50, p95, p99, max].map(|value| value.unwrap_or(-1)))
        };
        assert_eq!(of(&[]), (0, [-1; 5]));
        assert_eq!(of(&[7]), (1, [7; 5]));
        assert_eq!(of(&[4, 1, 3, 2]), (4, [1, 2, 4, 4, 4]));
        assert_eq!(of(&(1..=100).collect::<Vec<_>>()), (100, [1, 50, 95, 99, 100]));
        assert_eq!(of(&(1..=101).collect::<Vec<_>>()), (101, [1, 51, 96, 100, 101]));
        assert_eq!(of(&[5, 5, 5, 9]), (4, [5, 5, 9, 9, 9]));
    }
}
