//! The figures' screen: sections below each other, in two halves where the screen is wide.

use std::io;

use super::Whole;
use super::sheet::Sheet;
use crate::stats::Stats;
use crate::view::ink::{Ink, Line};
use crate::view::report::{Out, Report};
use crate::view::screen::Screen;
use crate::view::words::count;

/// Draws figures.
pub(super) struct Figures<'w> {
    pub(super) out: Out<'w>,
    pub(super) screen: &'w Screen,
}

impl<S> Report<Whole, S> for Figures<'_> {
    fn item(&mut self, Whole(stats): &Whole) -> io::Result<()> {
        let lines = lines(stats, self.screen);
        lines.iter().try_for_each(|line| line.write(&mut self.out, self.screen))
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.out.flush()
    }
}

/// Columns from which on there are two halves, and those between them.
const WIDE: usize = 160;
const BETWEEN: usize = 4;
/// No half is wider.
const MOST: usize = 110;

fn lines(stats: &Stats, screen: &Screen) -> Vec<Line> {
    let mut lines = vec![heading(stats, screen), Line::default()];
    if stats.call_count == 0 {
        lines.truncate(1);
        return lines;
    }
    let halves = screen.width >= WIDE;
    let room = if halves { (screen.width - BETWEEN) / 2 } else { screen.width }.min(MOST);
    let sheet = Sheet { stats, screen, room };
    let left = [sheet.outcomes(), sheet.lengths(), sheet.peaks()];
    let right = [sheet.minutes(), sheet.hours(), sheet.clients(), sheet.delivery()];
    if halves {
        lines.extend(beside(apart(left), apart(right), room + BETWEEN));
    } else {
        lines.extend(apart(left.into_iter().chain(right)));
    }
    lines
}

/// Sections with an empty line between them.
fn apart(sections: impl IntoIterator<Item = Vec<Line>>) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(section);
    }
    lines
}

fn beside(left: Vec<Line>, right: Vec<Line>, column: usize) -> Vec<Line> {
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let row = |_| {
        let mut line = left.next().unwrap_or_default();
        if let Some(other) = right.next() {
            line.skip_to(column);
            line.join(other);
        }
        line
    };
    (0..rows).map(row).collect()
}

/// How many calls, and from when to when.
fn heading(stats: &Stats, screen: &Screen) -> Line {
    let mut line = Line::default().with(Ink::Strong, &count(stats.call_count, "call"));
    if let (Some(first_at), Some(last_at)) = (stats.first_at, stats.last_at) {
        let (first_at, last_at) = (screen.clock.time(first_at), screen.clock.time(last_at));
        let times = format!("{first_at} {} {last_at}", screen.glyphs.arrow);
        let rest = screen.width.saturating_sub(line.width() + times.chars().count() + 2);
        line.add(Ink::Faint, &format!(" {} ", screen.glyphs.rule.repeat(rest)));
        line.add(Ink::Plain, &times);
    }
    line
}
