//! A call's timeline, drawn: what the call was, who was in it when, what happened, what is wrong.

mod chart;
mod entry;
pub(super) mod heading;
mod list;
mod lost;

use std::io;

use super::ink::{Ink, Line, wrapped};
use super::report::{Out, Report};
use super::rows::{FindingRow, Timeline};
use super::screen::Screen;

/// Draws timelines one below another.
pub struct Timelines<'w> {
    out: Out<'w>,
    screen: &'w Screen,
    begun: bool,
}

impl<'w> Timelines<'w> {
    /// Timelines for a screen.
    #[must_use]
    pub fn new(out: Out<'w>, screen: &'w Screen) -> Self {
        Self { out, screen, begun: false }
    }

    /// A block of lines below an empty one.
    fn block(&mut self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        lines.iter().try_for_each(|line| line.write(&mut self.out, self.screen))
    }
}

impl<S> Report<Timeline<'_>, S> for Timelines<'_> {
    fn item(&mut self, item: &Timeline<'_>) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            writeln!(self.out)?;
        }
        for line in heading::lines(&item.call, self.screen) {
            line.write(&mut self.out, self.screen)?;
        }
        self.block(&chart::lines(item, self.screen))?;
        self.block(&list::lines(item, self.screen))?;
        let findings: Vec<Line> =
            item.findings.iter().flat_map(|finding| told(finding, self.screen)).collect();
        self.block(&findings)
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.out.flush()
    }
}

/// A finding in a line or more: its message, and its place behind it where there is room.
fn told(finding: &FindingRow<'_>, screen: &Screen) -> Vec<Line> {
    let ink = Ink::how_bad(finding.severity);
    let mut line = Line::default()
        .with(ink, &format!("{} {}", screen.glyphs.finding, finding.rule))
        .with(Ink::Plain, " ")
        .with(Ink::Strong, finding.name);
    let message = format!("{} ({}:{})", finding.message, finding.source, finding.line);
    let mut lines = Vec::new();
    let mut indent = line.width() + 2;
    if screen.width < indent + LEAST {
        lines.push(std::mem::take(&mut line));
        indent = 2;
    }
    for text in wrapped(&message, screen.width.saturating_sub(indent)) {
        line.skip_to(indent);
        line.add(Ink::Plain, &text);
        lines.push(std::mem::take(&mut line));
    }
    lines
}

/// The columns that a message needs beside the name of its rule.
const LEAST: usize = 24;
