//! What is made of findings before it is written, some by each thread: rows, and their texts.

use std::borrow::Cow;
use std::io;

use super::fingerprint::Fingerprints;
use super::outputs::Printed;
use crate::args::FormatTo;
use crate::finding::Finding;
use crate::view::findings::{FindingFormat, Wording};
use crate::view::rows::{FindingRow, Fingerprint};
use crate::view::screen::Screen;

/// Findings of which something is made at a time.
pub(super) const SHARED: usize = 200;

/// What the outputs ask for.
pub(super) struct Asked<'o> {
    /// The excerpt of a finding.
    excerpts: bool,
    /// Where it ends.
    ends: bool,
    fingerprints: bool,
    /// By output: how a row's text is made, and for what screen; `None` where only the rows are asked
    /// for.
    texts: Vec<Option<(Wording, &'o Screen)>>,
}

/// What was made of some findings.
pub(super) struct Made<'m> {
    /// The rows, where an output takes them. The ordinals of their fingerprints are for the one to tell
    /// that sees all.
    pub(super) rows: Vec<FindingRow<'m>>,
    /// Their text, by output; of an output that takes rows an empty one.
    pub(super) texts: Vec<io::Result<Vec<u8>>>,
}

/// Makes what is asked for of findings, best in the order of the sources.
pub(super) struct Hand<'m> {
    printed: &'m Printed<'m, 'm>,
    asked: &'m Asked<'m>,
    fingerprints: Fingerprints<'m>,
}

impl<'o> Asked<'o> {
    /// What the outputs ask for, each for its screen.
    pub(super) fn by(outputs: &[FormatTo], screens: &'o [Screen]) -> Self {
        let any =
            |asks: fn(FindingFormat) -> bool| outputs.iter().any(|output| asks(output.format));
        let text = |(output, screen): (&FormatTo, _)| Some((output.format.wording()?, screen));
        Self {
            excerpts: any(FindingFormat::quotes),
            ends: any(FindingFormat::is_for_ci),
            fingerprints: any(FindingFormat::has_fingerprints),
            texts: outputs.iter().zip(screens).map(text).collect(),
        }
    }

    /// Whether bodies are read a second time.
    fn reads_bodies(&self) -> bool {
        self.excerpts || self.ends || self.fingerprints
    }
}

impl<'m> Hand<'m> {
    pub(super) fn new(printed: &'m Printed<'m, 'm>, asked: &'m Asked<'m>) -> Self {
        let (sources, capture) = (&printed.read.sources, printed.calls.capture);
        Self { printed, asked, fingerprints: Fingerprints::new(sources, capture) }
    }

    /// What there is to write of findings.
    pub(super) fn made_of(&mut self, findings: &'m [Cow<'m, Finding>]) -> Made<'m> {
        let mut rows = Vec::new();
        let mut texts: Vec<_> = self.asked.texts.iter().map(|_| Ok(Vec::new())).collect();
        let rows_are_asked_for = self.asked.texts.iter().any(Option::is_none);
        for finding in findings {
            let row = self.row(finding);
            for (text, how) in texts.iter_mut().zip(&self.asked.texts) {
                if let Some((wording, screen)) = how
                    && let Ok(out) = text
                    && let Err(error) = wording(&row, screen, out)
                {
                    *text = Err(error);
                }
            }
            if rows_are_asked_for {
                rows.push(row);
            }
        }
        Made { rows, texts }
    }

    fn row(&mut self, finding: &'m Finding) -> FindingRow<'m> {
        let Printed { calls, read, .. } = self.printed;
        let bodies = &mut self.fingerprints.bodies;
        let mut row = FindingRow::new(finding, calls, &read.sources);
        let place = finding.delivery.map(|delivery| calls.capture.place(delivery));
        if self.asked.excerpts && finding.length > 0 {
            row.excerpt = bodies.excerpt(finding, place);
        }
        if self.asked.ends
            && let Some(end) = bodies.end(finding, place)
        {
            row.end = end;
        }
        if self.asked.reads_bodies()
            && let Some(place) = place
            && bodies.is_changed(place)
        {
            row.move_to_body(place.spot());
        }
        if self.asked.fingerprints {
            row.fingerprint = Fingerprint { hash: self.fingerprints.of(finding), ordinal: 0 };
        }
        row
    }
}
