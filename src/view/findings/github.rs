//! `github`: workflow commands of GitHub Actions, the worst first, of each level as many as the
//! platform shows.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::step_summary::StepSummary;
use super::{ReportContext, message, subject};
use crate::finding::Severity;
use crate::view::report::{Out, Report};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;
use crate::view::words::count;

/// The platform shows ten commands of each level and step. The tenth counts the rest.
const SHOWN: usize = 9;

pub(super) struct Github<'w> {
    out: Out<'w>,
    step: Option<StepSummary<'w>>,
    context: ReportContext<'w>,
    /// By severity, its first commands.
    levels: [LevelCommands; 3],
}

#[derive(Default)]
struct LevelCommands {
    commands: Vec<String>,
    /// The number of findings in `commands`.
    findings: u64,
}

impl<'w> Github<'w> {
    pub(super) fn new(
        out: Out<'w>,
        step: Option<StepSummary<'w>>,
        context: ReportContext<'w>,
    ) -> Self {
        Self { out, step, context, levels: Default::default() }
    }

    fn has_unread(&self) -> bool {
        !self.context.unread.is_empty()
    }
}

impl Report<FindingRow<'_>> for Github<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        // The unread inputs are one of the errors that are shown.
        let limit = SHOWN - usize::from(row.severity == Severity::Error && self.has_unread());
        let level = &mut self.levels[row.severity as usize];
        if level.commands.len() < limit {
            level.commands.push(command(row, self.context.path(row.spot.source)));
            level.findings += row.count;
        }
        if let Some(step) = &mut self.step {
            step.item(row);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        if self.has_unread() {
            let unread = escaped(&shown(&self.context.unread.join("; "))).into_owned();
            writeln!(self.out, "::error title=callscope::{unread}")?;
        }
        for severity in Severity::ALL {
            let shown = &self.levels[severity as usize];
            shown.commands.iter().try_for_each(|command| writeln!(self.out, "{command}"))?;
            let rest = self.context.findings.of(severity) - shown.findings;
            if rest > 0 {
                let more = count(rest, &format!("more {}", severity.name()));
                writeln!(self.out, "::{} title=callscope::and {more}", level(severity))?;
            }
        }
        self.out.flush()?;
        match self.step.take() {
            Some(step) => step.finish(self.context.findings, self.context.unread),
            None => Ok(()),
        }
    }
}

/// The name that the platform has for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "notice",
        other => other.name(),
    }
}

/// The command of a finding, without a line if it has no file.
fn command(row: &FindingRow<'_>, path: Option<&str>) -> String {
    let mut command = format!("::{} ", level(row.severity));
    // Writing to a string cannot fail.
    if let Some(path) = path {
        let (end_line, end_col) = row.end;
        let _ = write!(command, "file={},line={},", property(path), row.line);
        let _ = write!(command, "endLine={end_line},col={}", row.col);
        // The platform refuses columns that span several lines.
        if end_line == row.line {
            let _ = write!(command, ",endColumn={end_col}");
        }
        command.push(',');
    }
    let title = format!("{} {}", row.rule, row.name);
    let _ = write!(command, "title={}::{}", property(&title), escaped(&shown(&message(row))));
    let help = row.help.map(|help| format!("help: {help}"));
    for line in subject(row).into_iter().chain(help) {
        let _ = write!(command, "%0A{}", escaped(&shown(&line)));
    }
    command
}

/// The text of a command, escaped as the platform's toolkit escapes it.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '\r', '\n']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// The value of a property, escaped likewise.
fn property(text: &str) -> String {
    escaped(&shown(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        assert_eq!(escaped("50%0A\r\n::error::x"), "50%250A%0D%0A::error::x");
        assert_eq!(property("a,line=1::\nb%"), "a%2Cline=1%3A%3A\\u{a}b%25");
    }
}
