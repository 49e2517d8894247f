//! Findings as they are shown: what only the bodies tell, read again where somebody looks.

use crate::event::{Pointed, difference, rules};
use crate::finding::Finding;
use crate::flow::Reconstruction;
use crate::input::{Sources, Spots};

/// Whether the body of a finding's webhook has more to say: a finding of a call knows of a field,
/// not of its place, and one of a conflict not of what differs.
pub(super) fn is_open(finding: &Finding) -> bool {
    is_conflict(finding) || (finding.inside == 0 && finding.pointer.is_some())
}

fn is_conflict(finding: &Finding) -> bool {
    finding.rule == &rules::CONFLICT
}

/// Reads bodies again; best with the findings of one webhook behind each other.
pub(super) struct Settling<'s> {
    calls: &'s Reconstruction<'s>,
    sources: &'s Sources,
    /// The delivery whose body was read last; `None` where it could not be.
    last: Option<(u32, Option<(Pointed, Spots)>)>,
}

impl<'s> Settling<'s> {
    pub(super) fn new(calls: &'s Reconstruction<'s>, sources: &'s Sources) -> Self {
        Self { calls, sources, last: None }
    }

    /// Moves a finding to the value that it is about, and says of a conflict what differs, as far
    /// as the bodies can be read again.
    pub(super) fn settle(&mut self, finding: &mut Finding) {
        if is_conflict(finding) {
            self.compare(finding);
        } else {
            // What cannot be read again stands at its webhook.
            let _ = self.place(finding);
        }
    }

    fn place(&mut self, finding: &mut Finding) -> Option<()> {
        let (pointed, spots) = self.body(finding.delivery?)?;
        let (offset, length) = pointed.at(finding.pointer.as_deref()?)?;
        finding.spot = spots.of(pointed.body(), offset);
        finding.inside = u32::try_from(offset).unwrap_or(u32::MAX);
        finding.length = u32::try_from(length).unwrap_or(u32::MAX);
        Some(())
    }

    fn body(&mut self, delivery: u32) -> Option<&mut (Pointed, Spots)> {
        if self.last.as_ref().is_none_or(|(last, _)| *last != delivery) {
            self.last = Some((delivery, self.read(delivery)));
        }
        self.last.as_mut()?.1.as_mut()
    }

    fn read(&self, delivery: u32) -> Option<(Pointed, Spots)> {
        let place = self.calls.capture.place(delivery);
        let body = String::from_utf8(self.sources.body(place).ok()?).ok()?;
        Some((Pointed::new(body), self.sources.spots(place).ok()?))
    }

    fn compare(&self, finding: &mut Finding) {
        let place = |delivery: u32| self.calls.capture.place(delivery);
        let body = |delivery: u32| self.sources.body(place(delivery)).ok();
        let (Some(here), [kept]) = (finding.delivery, &finding.others[..]) else {
            return;
        };
        let (one, other) = (body(here).unwrap_or_default(), body(*kept).unwrap_or_default());
        if let Some(told) = difference(&one, &other, ["here", "there"]) {
            finding.message = format!("{}: {told}", finding.message);
        }
    }
}
