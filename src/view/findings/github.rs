//! Findings as workflow commands of GitHub Actions: the worst first, of each level as many as the
//! platform shows.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::step::StepSummary;
use super::{Given, about, message};
use crate::finding::Severity;
use crate::view::report::{Out, Report};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;
use crate::view::words::count;

/// The platform shows ten of each level and step; the tenth sums up the rest.
const SHOWN: usize = 9;

pub(super) struct Github<'w> {
    out: Out<'w>,
    step: Option<StepSummary<'w>>,
    given: Given<'w>,
    /// The first commands of each severity, the worst first.
    levels: [Level; 3],
}

/// The first commands of a severity.
#[derive(Default)]
struct Level {
    commands: Vec<String>,
    /// The number of findings that they stand for.
    findings: u64,
}

impl<'w> Github<'w> {
    pub(super) fn new(out: Out<'w>, step: Option<StepSummary<'w>>, given: Given<'w>) -> Self {
        Self { out, step, given, levels: Default::default() }
    }

    /// Whether there is more than was read.
    fn is_cut(&self) -> bool {
        !self.given.unread.is_empty()
    }
}

impl Report<FindingRow<'_>> for Github<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let path = self.given.located(row.spot.source).and_then(|located| located.path.as_deref());
        let level = Severity::ALL.iter().position(|severity| *severity == row.severity);
        // What could not be read takes the first place among the errors.
        let most = SHOWN - usize::from(row.severity == Severity::Error && self.is_cut());
        let level = &mut self.levels[level.unwrap_or_default()];
        if level.commands.len() < most {
            level.commands.push(command(row, path));
            level.findings += row.count;
        }
        if let Some(step) = &mut self.step {
            step.item(row);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        if self.is_cut() {
            let unread = escaped(&shown(&self.given.unread.join("; "))).into_owned();
            writeln!(self.out, "::error title=callscope::{unread}")?;
        }
        for (severity, of) in Severity::ALL.into_iter().zip(&self.levels) {
            of.commands.iter().try_for_each(|command| writeln!(self.out, "{command}"))?;
            let rest = self.given.tally.of(severity) - of.findings;
            if rest > 0 {
                let more = count(rest, &format!("more {}", severity.name()));
                writeln!(self.out, "::{} title=callscope::and {more}", level(severity))?;
            }
        }
        self.out.flush()?;
        match self.step.take() {
            Some(step) => step.finish(self.given.tally, self.given.unread),
            None => Ok(()),
        }
    }
}

/// What the platform calls a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "notice",
        other => other.name(),
    }
}

/// The command of a finding. One without a file stands at no line either.
fn command(row: &FindingRow<'_>, path: Option<&str>) -> String {
    let mut command = format!("::{} ", level(row.severity));
    // Writing to a string cannot fail.
    if let Some(path) = path {
        let (end_line, end_col) = row.end;
        let _ = write!(command, "file={},line={},", property(path), row.line);
        let _ = write!(command, "endLine={end_line},col={}", row.col);
        // Columns over several lines are refused.
        if end_line == row.line {
            let _ = write!(command, ",endColumn={end_col}");
        }
        command.push(',');
    }
    let title = format!("{} {}", row.rule, row.name);
    let _ = write!(command, "title={}::{}", property(&title), escaped(&shown(&message(row))));
    let help = row.help.map(|help| format!("help: {help}"));
    for line in about(row).into_iter().chain(help) {
        let _ = write!(command, "%0A{}", escaped(&shown(&line)));
    }
    command
}

/// A text behind the colons, as the platform's toolkit writes it.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '\r', '\n']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// The value of a property, likewise.
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
