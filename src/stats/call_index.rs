//! The deliveries and lost webhooks of each call.

use super::call_stats::LostWebhooks;
use crate::finding::{Finding, Rule};
use crate::flow::{Call, Reconstruction, rules};

/// A lost webhook: its place in [`LOST_WEBHOOKS`].
type LostWebhook = usize;

type LostCount = fn(&mut LostWebhooks) -> &mut u64;

/// The rules that report a lost webhook, and where it is counted. (F005 is not among them: it reports
/// that `call_initiated` is not enabled.)
const LOST_WEBHOOKS: [(&Rule, LostCount); 7] = [
    (&rules::MISSING_START, |lost| &mut lost.starts),
    (&rules::LOST_JOIN, |lost| &mut lost.joins),
    (&rules::LEFT_WITHOUT_JOINED, |lost| &mut lost.joins),
    (&rules::LOST_LEAVE, |lost| &mut lost.leaves),
    (&rules::NEVER_LEFT, |lost| &mut lost.leaves),
    (&rules::NEVER_ENDED, |lost| &mut lost.ends),
    (&rules::NO_OUTCOME, |lost| &mut lost.outcomes),
];

/// The calls of a capture, with the deliveries of each.
#[derive(Debug)]
pub struct CallIndex<'r> {
    calls: &'r Reconstruction<'r>,
    /// By call, where its deliveries begin in `deliveries`; then the end of the last call's.
    starts: Vec<u32>,
    deliveries: Vec<u32>,
    /// Sorted by call.
    lost: Vec<(u32, LostWebhook)>,
}

/// A call with its deliveries.
#[derive(Debug)]
pub struct IndexedCall<'r> {
    /// All calls of the capture.
    pub(super) calls: &'r Reconstruction<'r>,
    /// The call.
    pub call: Call<'r>,
    pub(super) deliveries: &'r [u32],
    pub(super) lost: &'r [(u32, LostWebhook)],
}

impl<'r> CallIndex<'r> {
    /// Indexes all calls, in two passes over the deliveries.
    #[must_use]
    pub fn new(calls: &'r Reconstruction<'r>) -> Self {
        let all = || (0..).take(calls.capture.deliveries.len());
        let of_calls = || all().filter_map(|delivery| Some((calls.call_of(delivery)?, delivery)));
        let mut starts = vec![0_u32; calls.len() + 1];
        for (call, _) in of_calls() {
            starts[call as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        // A counting sort: linear, and one vector for all calls instead of one each.
        let mut next = starts.clone();
        let mut deliveries = vec![0; starts.last().map_or(0, |end| *end as usize)];
        for (call, delivery) in of_calls() {
            let place = &mut next[call as usize];
            deliveries[*place as usize] = delivery;
            *place += 1;
        }
        let lost = |finding: &Finding| {
            let kind = LOST_WEBHOOKS.iter().position(|(rule, _)| finding.rule == *rule)?;
            Some((calls.call_of(finding.delivery?)?, kind))
        };
        let mut lost: Vec<_> = calls.told().filter_map(lost).collect();
        lost.sort_unstable();
        Self { calls, starts, deliveries, lost }
    }

    /// One of the calls.
    #[must_use]
    pub fn call(&self, at: u32) -> IndexedCall<'_> {
        let (from, to) = (self.starts[at as usize], self.starts[at as usize + 1]);
        let first = self.lost.partition_point(|(call, _)| *call < at);
        let last = self.lost.partition_point(|(call, _)| *call <= at);
        IndexedCall {
            calls: self.calls,
            call: self.calls.call(at),
            deliveries: &self.deliveries[from as usize..to as usize],
            lost: &self.lost[first..last],
        }
    }
}

impl IndexedCall<'_> {
    pub(super) fn count_lost_webhooks(&self, counts: &mut LostWebhooks) {
        for (_, kind) in self.lost {
            *LOST_WEBHOOKS[*kind].1(counts) += 1;
        }
    }
}
