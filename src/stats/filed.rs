//! What a capture knows of each of its calls, by call.

use crate::event::Moment;
use crate::finding::Finding;
use crate::flow::{Call, Reconstruction, rules};

/// A webhook that was lost, by what it would have told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lost {
    Started,
    Joined,
    Left,
    Ended,
    /// What a ringing came to.
    Outcome,
}

impl Lost {
    /// What a finding says is lost. (F005 is not among them: that `call_initiated` is not enabled
    /// is no loss.)
    fn of(finding: &Finding) -> Option<Self> {
        [
            (&rules::MISSING_START, Self::Started),
            (&rules::LOST_JOIN, Self::Joined),
            (&rules::LEFT_WITHOUT_JOINED, Self::Joined),
            (&rules::LOST_LEAVE, Self::Left),
            (&rules::NEVER_LEFT, Self::Left),
            (&rules::NEVER_ENDED, Self::Ended),
            (&rules::NO_OUTCOME, Self::Outcome),
        ]
        .into_iter()
        .find_map(|(rule, lost)| (finding.rule == rule).then_some(lost))
    }
}

/// The calls of a capture with all their deliveries.
#[derive(Debug)]
pub struct Filed<'r> {
    calls: &'r Reconstruction<'r>,
    /// By call, where its deliveries begin; one more where the last's end.
    begins: Vec<u32>,
    deliveries: Vec<u32>,
    /// By call.
    lost: Vec<(u32, Lost)>,
}

/// A call, and what is known of it beside.
#[derive(Debug)]
pub struct Entry<'r> {
    /// All calls, of which it is one.
    pub(super) calls: &'r Reconstruction<'r>,
    /// The call.
    pub call: Call<'r>,
    /// Its deliveries.
    pub(super) deliveries: &'r [u32],
    /// What was lost of it.
    pub(super) lost: &'r [(u32, Lost)],
}

impl<'r> Filed<'r> {
    /// Files what there is of all calls.
    #[must_use]
    pub fn new(calls: &'r Reconstruction<'r>) -> Self {
        let all = || (0..).take(calls.capture.deliveries.len());
        let of_calls = || all().filter_map(|delivery| Some((calls.call_of(delivery)?, delivery)));
        let mut begins = vec![0_u32; calls.len() + 1];
        for (call, _) in of_calls() {
            begins[call as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut next = begins.clone();
        let mut deliveries = vec![0; begins.last().map_or(0, |end| *end as usize)];
        for (call, delivery) in of_calls() {
            let place = &mut next[call as usize];
            deliveries[*place as usize] = delivery;
            *place += 1;
        }
        let lost = calls
            .told()
            .filter_map(|finding| Some((calls.call_of(finding.delivery?)?, Lost::of(finding)?)));
        let mut lost: Vec<_> = lost.collect();
        lost.sort_unstable();
        Self { calls, begins, deliveries, lost }
    }

    /// One of the calls.
    #[must_use]
    pub fn entry(&self, at: u32) -> Entry<'_> {
        let (from, to) = (self.begins[at as usize], self.begins[at as usize + 1]);
        let first = self.lost.partition_point(|(call, _)| *call < at);
        let last = self.lost.partition_point(|(call, _)| *call <= at);
        Entry {
            calls: self.calls,
            call: self.calls.call(at),
            deliveries: &self.deliveries[from as usize..to as usize],
            lost: &self.lost[first..last],
        }
    }
}

impl Entry<'_> {
    /// When its first event was.
    #[must_use]
    pub fn first_at(&self) -> Option<Moment> {
        self.call.first_at
    }
}
