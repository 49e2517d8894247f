//! Locates findings: reads the bodies again that hold what a finding is about.

use std::borrow::Cow;

use crate::event::{Capture, Pointed, difference, rules};
use crate::finding::Finding;
use crate::flow::Reconstruction;
use crate::input::{BodyReader, Excerpt, Sources, Spots, Unreadable};
use crate::view::rows::FindingRow;

/// What a row shows of the body, besides the finding itself.
#[derive(Clone, Copy)]
pub(super) struct RowNeeds {
    pub(super) excerpt: bool,
    /// Line and column at which the value ends.
    pub(super) end: bool,
    pub(super) fingerprint: bool,
}

/// Reads the bodies that findings are about; fastest if findings about one body follow each other.
pub(super) struct FindingLocator<'s> {
    sources: &'s Sources,
    capture: &'s Capture,
    bodies: BodyReader<'s>,
    /// The delivery whose body was parsed last; `None` if the body could not be read. Several
    /// findings are often about one body, which is parsed once for all of them.
    parsed: Option<(u32, Option<(Pointed, Spots)>)>,
}

impl<'s> FindingLocator<'s> {
    pub(super) fn new(capture: &'s Capture, sources: &'s Sources) -> Self {
        Self { sources, capture, bodies: BodyReader::new(sources), parsed: None }
    }

    /// The finding at the value that it is about. Findings of calls know a field but not its place,
    /// and those of conflicts not what differs. If the body changed, the finding moves to its
    /// beginning.
    pub(super) fn locate<'f>(&mut self, mut finding: Cow<'f, Finding>) -> Cow<'f, Finding> {
        if finding.rule == &rules::CONFLICT {
            self.describe_conflict(finding.to_mut());
        } else if finding.inside == 0 && finding.pointer.is_some() {
            // A finding whose body cannot be read again keeps the place of its webhook.
            let _ = self.move_to_value(finding.to_mut());
        }
        finding
    }

    fn move_to_value(&mut self, finding: &mut Finding) -> Option<()> {
        let delivery = finding.delivery?;
        if self.parsed.as_ref().is_none_or(|(parsed, _)| *parsed != delivery) {
            self.parsed = Some((delivery, self.parse(delivery)));
        }
        let Some((values, spots)) = self.parsed.as_mut()?.1.as_mut() else {
            let place = self.capture.place(delivery);
            if self.bodies.is_changed(place) {
                finding.move_to_body(place.spot());
            }
            return None;
        };
        let (offset, length) = values.at(finding.pointer.as_deref()?)?;
        let (inside, length) = (u32::try_from(offset).ok()?, u32::try_from(length).ok()?);
        finding.spot = spots.of(values.body(), offset);
        (finding.inside, finding.length) = (inside, length);
        Some(())
    }

    fn parse(&mut self, delivery: u32) -> Option<(Pointed, Spots)> {
        let place = self.capture.place(delivery);
        let body = self.bodies.body(place).ok()?.to_owned();
        Some((Pointed::new(body), self.bodies.spots(place)?))
    }

    /// Adds to the message how the two bodies of a conflict differ.
    fn describe_conflict(&mut self, finding: &mut Finding) {
        let (Some(here), [kept]) = (finding.delivery, &finding.others[..]) else {
            return;
        };
        let [here, kept] = [here, *kept].map(|delivery| self.capture.place(delivery));
        let one = match self.bodies.body(here) {
            Ok(body) => body.to_owned(),
            Err(Unreadable::Changed) => return finding.move_to_body(here.spot()),
            Err(Unreadable::Failed(_)) => return,
        };
        let Ok(other) = self.bodies.body(kept) else {
            return;
        };
        if let Some(differs) = difference(one.as_bytes(), other.as_bytes(), ["here", "there"]) {
            finding.message = format!("{}: {differs}", finding.message);
        }
    }

    /// The row of a located finding, with what `needs` asks for except the fingerprint. If the body
    /// changed, the row moves to its beginning.
    pub(super) fn row<'f>(
        &mut self,
        finding: &'f Finding,
        calls: &'f Reconstruction<'f>,
        needs: RowNeeds,
    ) -> FindingRow<'f>
    where
        's: 'f,
    {
        let mut row = FindingRow::new(finding, calls, self.sources);
        let place = finding.delivery.map(|delivery| self.capture.place(delivery));
        if needs.excerpt && finding.length > 0 {
            row.excerpt = self.bodies.excerpt(finding, place);
        }
        if needs.end
            && let Some(end) = self.bodies.end(finding, place)
        {
            row.end = end;
        }
        if (needs.excerpt || needs.end || needs.fingerprint)
            && let Some(place) = place
            && self.bodies.is_changed(place)
        {
            row.move_to_body(place.spot());
        }
        row
    }

    /// The body of a delivery; empty if it cannot be read again.
    pub(super) fn body(&mut self, delivery: u32) -> &str {
        self.bodies.body(self.capture.place(delivery)).unwrap_or_default()
    }

    /// The text at a finding that is about no webhook; `None` if there is none or it cannot be read
    /// again.
    pub(super) fn text(&mut self, finding: &Finding) -> Option<Excerpt> {
        (finding.length > 0).then(|| self.bodies.excerpt(finding, None)).flatten()
    }
}
