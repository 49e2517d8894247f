//! Findings as they are shown: what only the bodies tell, read again where somebody looks.

use crate::event::{Pointed, difference, rules};
use crate::finding::Finding;
use crate::flow::Reconstruction;
use crate::input::{BodyReader, Sources, Spots, Unreadable};

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
    bodies: BodyReader<'s>,
    /// The delivery whose body was read last; `None` where it could not be.
    last: Option<(u32, Option<(Pointed, Spots)>)>,
}

impl<'s> Settling<'s> {
    pub(super) fn new(calls: &'s Reconstruction<'s>, sources: &'s Sources) -> Self {
        Self { calls, bodies: BodyReader::new(sources), last: None }
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
        let delivery = finding.delivery?;
        if self.last.as_ref().is_none_or(|(last, _)| *last != delivery) {
            self.last = Some((delivery, self.read(delivery)));
        }
        let Some((pointed, spots)) = self.last.as_mut()?.1.as_mut() else {
            let place = self.calls.capture.place(delivery);
            if self.bodies.is_changed(place) {
                finding.move_to_body(place.spot());
            }
            return None;
        };
        let (offset, length) = pointed.at(finding.pointer.as_deref()?)?;
        finding.spot = spots.of(pointed.body(), offset);
        finding.inside = u32::try_from(offset).unwrap_or(u32::MAX);
        finding.length = u32::try_from(length).unwrap_or(u32::MAX);
        Some(())
    }

    fn read(&mut self, delivery: u32) -> Option<(Pointed, Spots)> {
        let place = self.calls.capture.place(delivery);
        let body = self.bodies.body(place).ok()?.to_owned();
        Some((Pointed::new(body), self.bodies.spots(place)?))
    }

    /// Says of a conflict what differs.
    fn compare(&mut self, finding: &mut Finding) {
        let (Some(here), [kept]) = (finding.delivery, &finding.others[..]) else {
            return;
        };
        let [here, kept] = [here, *kept].map(|delivery| self.calls.capture.place(delivery));
        let one = match self.bodies.body(here) {
            Ok(body) => body.to_owned(),
            Err(Unreadable::Changed) => return finding.move_to_body(here.spot()),
            Err(Unreadable::Failed(_)) => return,
        };
        let Ok(other) = self.bodies.body(kept) else {
            return;
        };
        if let Some(told) = difference(one.as_bytes(), other.as_bytes(), ["here", "there"]) {
            finding.message = format!("{}: {told}", finding.message);
        }
    }
}
