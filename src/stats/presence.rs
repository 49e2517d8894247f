//! How many calls and stays are open at once.

use super::call_stats::PeakCount;
use super::histogram::Histogram;
use crate::event::Moment;
use crate::flow::Call;

/// How the number of open calls or stays changes, by the microsecond in which it does.
pub(super) type OpenSteps = Histogram;

/// Adds one that is open from `from` up to `to`; an empty time is not added.
fn open(steps: &mut OpenSteps, from: Moment, to: Moment) {
    if from < to {
        steps.add(micros(from), 1);
        steps.add(micros(to), -1);
    }
}

/// Adds a call and its stays. A call or stay without a known end lasts until the call's end, else
/// until the last known moment of anybody in it: the peak counts only what is known to be open.
pub(super) fn add_call(call: &Call<'_>, calls: &mut OpenSteps, stays: &mut OpenSteps) {
    let seen = call.stays.iter().map(|stay| stay.left_at.unwrap_or(stay.joined_at));
    let last = call.ended_at.or_else(|| seen.max());
    if let (Some(from), Some(to)) = (call.started_at, last) {
        open(calls, from, to);
    }
    for stay in &call.stays {
        if let Some(to) = stay.left_at.or(last) {
            open(stays, stay.joined_at, to);
        }
    }
}

/// The greatest number that is open at once, and the first moment of it.
pub(super) fn peak(steps: &OpenSteps) -> PeakCount {
    let mut peak = PeakCount { count: 0, reached_at: None };
    let mut open: i64 = 0;
    for (at, step) in steps.sorted().iter() {
        open = open.saturating_add(*step);
        let count = u64::try_from(open).unwrap_or_default();
        if count > peak.count {
            peak = PeakCount { count, reached_at: Moment::from_micros(*at) };
        }
    }
    peak
}

/// Microseconds since 1970.
pub(super) fn micros(moment: Moment) -> i64 {
    moment.timestamp().as_microsecond()
}
