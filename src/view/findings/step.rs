//! The step summary of GitHub Actions: a table of findings in Markdown, the worst first.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Tally, message};
use crate::finding::Severity;
use crate::view::report::Out;
use crate::view::rows::FindingRow;
use crate::view::text::shown;
use crate::view::words::count;

/// The platform takes less than so many bytes from a step.
const MOST: usize = 1 << 20;

/// What the head and the last line need.
const EDGES: usize = 1 << 16;

/// So many inputs that could not be read are named.
const NAMED: usize = 2;

/// A step summary that is being written.
pub struct StepSummary<'w> {
    out: Out<'w>,
    room: usize,
    /// The rows of each severity, the worst first.
    rows: [Rows; 3],
}

/// Rows as long as there is room for them.
#[derive(Default)]
struct Rows {
    text: String,
    /// Where each of them ends, and the number of findings up to there.
    ends: Vec<(usize, u64)>,
    full: bool,
}

impl<'w> StepSummary<'w> {
    /// One that is added to `out`, which has `there` bytes already.
    #[must_use]
    pub fn new(out: Out<'w>, there: u64) -> Self {
        let there = usize::try_from(there).unwrap_or(MOST);
        Self { out, room: MOST.saturating_sub(there + EDGES), rows: Default::default() }
    }

    pub(super) fn item(&mut self, row: &FindingRow<'_>) {
        let rank = Severity::ALL.iter().position(|severity| *severity == row.severity);
        let rows = &mut self.rows[rank.unwrap_or_default()];
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

    pub(super) fn finish(mut self, tally: Tally, unread: &[String]) -> io::Result<()> {
        if self.room == 0 {
            return Ok(());
        }
        let counts = Severity::ALL.map(|severity| count(tally.of(severity), severity.name()));
        writeln!(self.out, "### callscope: {}\n", counts.join(", "))?;
        for error in unread.iter().take(NAMED) {
            writeln!(self.out, "Not read: {}\n", code(error))?;
        }
        if tally.all() > 0 {
            self.table(tally)?;
        }
        self.out.flush()
    }

    fn table(&mut self, tally: Tally) -> io::Result<()> {
        writeln!(self.out, "| severity | rule | place | what was seen |\n|---|---|---|---|")?;
        let mut written = 0;
        for rows in &self.rows {
            let fit = rows.ends.partition_point(|(end, _)| *end <= self.room);
            let (end, findings) = fit.checked_sub(1).map_or((0, 0), |last| rows.ends[last]);
            self.out.write_all(&rows.text.as_bytes()[..end])?;
            (self.room, written) = (self.room - end, written + findings);
            if rows.full || fit < rows.ends.len() {
                // Nothing less bad is told where what is worse had no room.
                break;
            }
        }
        match tally.all() - written {
            0 => writeln!(self.out),
            rest => writeln!(self.out, "\n{} had no room here.\n", count(rest, "more finding")),
        }
    }
}

/// A cell with text from strangers. Nothing inside `<code>` is a mention, a link or an emoji, and a
/// sign that is written as a number is no Markdown and no markup.
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
