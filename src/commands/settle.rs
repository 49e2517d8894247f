//! Findings as they are shown: what only the bodies tell, read again where somebody looks.

use crate::event::{difference, pointed, rules};
use crate::finding::Finding;
use crate::flow::Reconstruction;
use crate::input::Sources;

/// Whether the body of a finding's webhook has more to say: a finding of a call knows of a field,
/// not of its place, and one of a conflict not of what differs.
pub(super) fn is_open(finding: &Finding) -> bool {
    is_conflict(finding) || (finding.inside == 0 && finding.pointer.is_some())
}

/// Moves a finding to the value that it is about, and says of a conflict what differs, as far as
/// the bodies can be read again.
pub(super) fn settle(finding: &mut Finding, calls: &Reconstruction<'_>, sources: &Sources) {
    if is_conflict(finding) {
        compare(finding, calls, sources);
    } else {
        // What cannot be read again stands at its webhook.
        let _ = place(finding, calls, sources);
    }
}

fn is_conflict(finding: &Finding) -> bool {
    finding.rule == &rules::CONFLICT
}

fn place(finding: &mut Finding, calls: &Reconstruction<'_>, sources: &Sources) -> Option<()> {
    let place = calls.capture.delivery(finding.delivery?).place;
    let body = String::from_utf8(sources.body(place).ok()?).ok()?;
    let (offset, length) = pointed(&body, finding.pointer.as_deref()?)?;
    finding.spot = sources.spot(place, &body, offset).ok()?;
    finding.inside = u32::try_from(offset).unwrap_or(u32::MAX);
    finding.length = u32::try_from(length).unwrap_or(u32::MAX);
    Some(())
}

fn compare(finding: &mut Finding, calls: &Reconstruction<'_>, sources: &Sources) {
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
