//! Renders findings on worker threads: as rows, and as text in the formats in which no row depends
//! on another.

use std::borrow::Cow;
use std::io;

use super::fingerprint::FingerprintHasher;
use super::outputs::FindingsReport;
use crate::args::FormatTo;
use crate::commands::finding_locator::{FindingLocator, RowNeeds};
use crate::finding::Finding;
use crate::view::findings::{FindingFormat, RowFormatter};
use crate::view::rows::{FindingRow, Fingerprint};
use crate::view::screen::Screen;

/// Findings that a thread renders at a time: enough that handing them over costs little, and few
/// enough that all threads have work.
pub(super) const BATCH: usize = 200;

/// What the outputs need.
pub(super) struct RenderNeeds<'o> {
    rows: RowNeeds,
    /// By output: its formatter and screen; `None` for formats that take rows.
    formatters: Vec<Option<(RowFormatter, &'o Screen)>>,
}

impl<'o> RenderNeeds<'o> {
    pub(super) fn new(outputs: &[FormatTo], screens: &'o [Screen]) -> Self {
        let any =
            |needs: fn(FindingFormat) -> bool| outputs.iter().any(|output| needs(output.format));
        let formatter =
            |(output, screen): (&FormatTo, _)| Some((output.format.row_formatter()?, screen));
        Self {
            rows: RowNeeds {
                excerpt: any(FindingFormat::shows_excerpts),
                end: any(FindingFormat::is_for_ci),
                fingerprint: any(FindingFormat::has_fingerprints),
            },
            formatters: outputs.iter().zip(screens).map(formatter).collect(),
        }
    }
}

/// Some findings, rendered.
pub(super) struct RenderedBatch<'m> {
    /// The rows, if an output takes them. The ordinals of their fingerprints are not known yet.
    pub(super) rows: Vec<FindingRow<'m>>,
    /// By output, their text; empty for an output that takes rows.
    pub(super) texts: Vec<io::Result<Vec<u8>>>,
}

/// Renders findings on one thread; fastest in the order of the sources.
pub(super) struct FindingRenderer<'m> {
    report: &'m FindingsReport<'m, 'm>,
    needs: &'m RenderNeeds<'m>,
    locator: FindingLocator<'m>,
    hasher: FingerprintHasher,
}

impl<'m> FindingRenderer<'m> {
    pub(super) fn new(report: &'m FindingsReport<'m, 'm>, needs: &'m RenderNeeds<'m>) -> Self {
        let locator = FindingLocator::new(report.calls.capture, &report.read.sources);
        Self { report, needs, locator, hasher: FingerprintHasher::default() }
    }

    pub(super) fn render(&mut self, findings: &'m [Cow<'m, Finding>]) -> RenderedBatch<'m> {
        let RenderNeeds { rows: needs, formatters } = self.needs;
        let keeps_rows = formatters.iter().any(Option::is_none);
        let mut batch = RenderedBatch {
            rows: Vec::new(),
            texts: formatters.iter().map(|_| Ok(Vec::new())).collect(),
        };
        for finding in findings {
            let mut row = self.locator.row(finding, self.report.calls, *needs);
            if needs.fingerprint {
                let hash = self.hasher.hash(finding, &mut self.locator);
                row.fingerprint = Fingerprint { hash, ordinal: 0 };
            }
            for (text, formatter) in batch.texts.iter_mut().zip(formatters) {
                if let Some((format, screen)) = formatter
                    && let Ok(out) = text
                    && let Err(error) = format(&row, screen, out)
                {
                    *text = Err(error);
                }
            }
            if keeps_rows {
                batch.rows.push(row);
            }
        }
        batch
    }
}
