//! The step summary of GitHub Actions: findings as a Markdown table, the worst first.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{SeverityCounts, message};
use crate::finding::Severity;
use crate::view::report::Out;
use crate::view::rows::FindingRow;
use crate::view::text::shown;
use crate::view::words::count;

/// The platform accepts fewer bytes than this from a step.
const MAX_BYTES: usize = 1 << 20;

/// Room for the head and the last line.
const RESERVED: usize = 1 << 16;

/// The number of unread inputs that are listed.
const LISTED: usize = 2;

/// A step summary while it is written.
pub struct StepSummary<'w> {
    out: Out<'w>,
    room: usize,
    /// By severity, its rows.
    rows: [SeverityRows; 3],
}

/// The first rows of a severity, as many as fit.
#[derive(Default)]
struct SeverityRows {
    text: String,
    /// By row, where it ends, and the number of findings up to there.
    ends: Vec<(usize, u64)>,
    full: bool,
}

impl<'w> StepSummary<'w> {
    /// Appends a summary to `out`, which has `written` bytes already.
    #[must_use]
    pub fn new(out: Out<'w>, written: u64) -> Self {
        // A file that exceeds the limit already leaves no room.
        let written = usize::try_from(written).unwrap_or(MAX_BYTES);
        let room = MAX_BYTES.saturating_sub(written.saturating_add(RESERVED));
        Self { out, room, rows: Default::default() }
    }

    pub(super) fn item(&mut self, row: &FindingRow<'_>) {
        let rows = &mut self.rows[row.severity as usize];
        if rows.full {
            return;
        }
        let before = rows.text.len();
        let place = format!("{}:{}:{}", row.source, row.line, row.col);
        // Writing to a string cannot fail.
        let _ = writeln!(
            rows.text,
            "| {} | {} {} | {} | {} |",
            row.severity.name(),
            row.rule,
            row.name,
            code(&place),
            code(&message(row))
        );
        if rows.text.len() > self.room {
            rows.text.truncate(before);
            rows.full = true;
        } else {
            let before = rows.ends.last().map_or(0, |(_, findings)| *findings);
            rows.ends.push((rows.text.len(), before + row.count));
        }
    }

    pub(super) fn finish(mut self, findings: SeverityCounts, unread: &[String]) -> io::Result<()> {
        if self.room == 0 {
            return Ok(());
        }
        writeln!(self.out, "### callscope: {}\n", findings.verdict())?;
        for error in unread.iter().take(LISTED) {
            writeln!(self.out, "Not read: {}\n", code(error))?;
        }
        if findings.total() > 0 {
            self.table(findings.total())?;
        }
        self.out.flush()
    }

    fn table(&mut self, findings: u64) -> io::Result<()> {
        writeln!(self.out, "| severity | rule | place | what was seen |\n|---|---|---|---|")?;
        let mut written = 0;
        for rows in Severity::ALL.map(|severity| &self.rows[severity as usize]) {
            let fit = rows.ends.partition_point(|(end, _)| *end <= self.room);
            let (end, count) = fit.checked_sub(1).map_or((0, 0), |last| rows.ends[last]);
            self.out.write_all(&rows.text.as_bytes()[..end])?;
            (self.room, written) = (self.room - end, written + count);
            if rows.full || fit < rows.ends.len() {
                // Less severe findings must not hide that more severe ones had no room.
                break;
            }
        }
        match findings - written {
            0 => writeln!(self.out),
            rest => writeln!(self.out, "\n{} had no room here.\n", count(rest, "more finding")),
        }
    }
}

/// A cell with untrusted text. Inside `<code>` nothing becomes a mention, a link or an emoji, and
/// punctuation that is written as a character reference becomes neither Markdown nor HTML.
fn code(text: &str) -> String {
    let text = shown(text);
    let mut code = String::with_capacity(text.len() + 16);
    code.push_str("<code>");
    for character in text.chars() {
        if character.is_ascii_punctuation() && !matches!(character, '.' | ',' | ';' | '/') {
            // Writing to a string cannot fail.
            let _ = write!(code, "&#{};", u32::from(character));
        } else {
            code.push(character);
        }
    }
    code + "</code>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_no_markdown_no_markup_and_no_mention() {
        let cell = code("a|b\n<b>`x`@ana [l](u) :tada: $x$ &amp; https://example.org");
        let text = cell.strip_prefix("<code>").and_then(|text| text.strip_suffix("</code>"));
        let text = text.expect("code");
        assert!(!text.contains(['|', '\n', '<', '>', '`', '@', '[', ':', '$', '*', '_']), "{text}");
    }
}
