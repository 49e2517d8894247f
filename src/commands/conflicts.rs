//! What the deliveries of one event disagree about, read again for people and programs to see.

use crate::event::{difference, rules};
use crate::finding::Finding;
use crate::flow::Reconstruction;
use crate::input::Sources;

/// Adds to a conflict's message what differs, as far as both bodies can be read again.
pub(super) fn explain(finding: &mut Finding, calls: &Reconstruction<'_>, sources: &Sources) {
    let body = |delivery: u32| sources.body(calls.capture.delivery(delivery).place).ok();
    let (Some(here), [kept]) = (finding.delivery, &finding.others[..]) else {
        return;
    };
    if let Some(told) =
        difference(&body(here).unwrap_or_default(), &body(*kept).unwrap_or_default())
    {
        finding.message = format!("{}: {told}", finding.message);
    }
}

/// Whether a finding is of a conflict.
pub(super) fn is_one(finding: &Finding) -> bool {
    finding.rule == &rules::CONFLICT
}
