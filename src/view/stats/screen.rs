//! The screen of figures: sections below each other, in two halves if the screen is wide.

use std::io;

use super::AllCalls;
use super::section::StatsSections;
use crate::stats::CallStats;
use crate::view::ink::{Ink, Line};
use crate::view::report::{Out, Report};
use crate::view::screen::Screen;
use crate::view::words::count;

pub(super) struct ScreenWriter<'w> {
    pub(super) out: Out<'w>,
    pub(super) screen: &'w Screen,
}

impl<S> Report<AllCalls, S> for ScreenWriter<'_> {
    fn item(&mut self, AllCalls(stats): &AllCalls) -> io::Result<()> {
        let lines = lines(stats, self.screen);
        lines.iter().try_for_each(|line| line.write(&mut self.out, self.screen))
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.out.flush()
    }
}

/// The least width of a screen with two halves.
const WIDE: usize = 160;
const GAP: usize = 4;
/// The greatest width of the lines: longer bars say no more.
const MAX_WIDTH: usize = 110;

fn lines(stats: &CallStats, screen: &Screen) -> Vec<Line> {
    let mut lines = vec![heading(stats, screen), Line::default()];
    if stats.call_count == 0 {
        lines.truncate(1);
        return lines;
    }
    let halves = screen.width >= WIDE;
    let width = if halves { (screen.width - GAP) / 2 } else { screen.width }.min(MAX_WIDTH);
    let sections = StatsSections { stats, screen, width };
    let left = [sections.outcomes(), sections.lengths(), sections.peaks()];
    let right = [sections.minutes(), sections.hours(), sections.clients(), sections.delivery()];
    if halves {
        lines.extend(side_by_side(stacked(left), stacked(right), width + GAP));
    } else {
        lines.extend(stacked(left.into_iter().chain(right)));
    }
    lines
}

/// The sections that are not empty, with an empty line between them.
fn stacked(sections: impl IntoIterator<Item = Vec<Line>>) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(section);
    }
    lines
}

fn side_by_side(left: Vec<Line>, right: Vec<Line>, column: usize) -> Vec<Line> {
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

/// The number of calls, the first and the last event.
fn heading(stats: &CallStats, screen: &Screen) -> Line {
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
