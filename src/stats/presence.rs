//! How many calls and stays are open at once.

use super::figures::Peak;
use super::sums::Sums;
use crate::event::Moment;
use crate::flow::Call;

/// Steps up and down, by the microsecond in which they happen.
pub(super) type Steps = Sums;

/// What is open from one moment up to another; nothing where that is no time at all.
fn open(steps: &mut Steps, from: Moment, to: Moment) {
    if from < to {
        steps.add(micros(from), 1);
        steps.add(micros(to), -1);
    }
}

/// Adds a call and its stays. What has no known end lasts until the call's end, else until the last
/// that is known of anybody in it: the peak is of what is known to have been open.
pub(super) fn add(call: &Call<'_>, calls: &mut Steps, stays: &mut Steps) {
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

/// The most that is open at once, and since when for the first time.
pub(super) fn peak(steps: &Steps) -> Peak {
    let mut peak = Peak { count: 0, reached_at: None };
    let mut open: i64 = 0;
    for (at, step) in steps.in_order().iter() {
        open = open.saturating_add(*step);
        let count = u64::try_from(open).unwrap_or_default();
        if count > peak.count {
            peak = Peak { count, reached_at: Moment::from_micros(*at) };
        }
    }
    peak
}

/// Microseconds since 1970.
pub(super) fn micros(moment: Moment) -> i64 {
    moment.timestamp().as_microsecond()
}
