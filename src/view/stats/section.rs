//! Builds the parts of the screen's sections.

use super::draw::bar;
use crate::stats::CallStats;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::screen::Screen;
use crate::view::text::width;
use crate::view::words::{count, grouped, share};

/// The column after the labels.
pub(super) const LABEL_WIDTH: usize = 13;
/// The column in which a number ends if a share and a bar follow it.
const NUMBER_END: usize = 34;

/// Sections of figures, as lines of at most `width` columns.
pub(super) struct StatsSections<'s> {
    pub(super) stats: &'s CallStats,
    pub(super) screen: &'s Screen,
    pub(super) width: usize,
}

impl StatsSections<'_> {
    pub(super) fn labelled(label: &str) -> Line {
        let mut line = Line::default().with(Ink::Faint, &format!("  {label}"));
        line.skip_to(LABEL_WIDTH);
        line
    }

    /// A label and a text, wrapped.
    pub(super) fn paragraph(&self, label: &str, ink: Ink, text: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Self::labelled(label);
        for text in wrapped(text, self.width.saturating_sub(LABEL_WIDTH)) {
            line.add(ink, &text);
            lines.push(std::mem::replace(&mut line, Self::labelled("")));
        }
        lines
    }

    /// A label and pieces, with line breaks only between pieces.
    pub(super) fn pieces(&self, label: &str, pieces: &[String]) -> Vec<Line> {
        const GAP: usize = 3;
        let mut lines = Vec::new();
        let mut line = Self::labelled(label);
        for piece in pieces {
            let begun = line.width() > LABEL_WIDTH;
            if begun && line.width() + GAP + width(piece) > self.width {
                lines.push(std::mem::replace(&mut line, Self::labelled("")));
            } else if begun {
                line.skip_to(line.width() + GAP);
            }
            line.add(Ink::Plain, piece);
        }
        lines.push(line);
        lines
    }

    /// Appends a number, its share, and a bar.
    pub(super) fn add_share(&self, line: &mut Line, bar_of: &ShareBar) {
        let ShareBar { part, whole, longest, ink } = *bar_of;
        line.set_right(Ink::Plain, &grouped(part), NUMBER_END);
        line.set_right(Ink::Faint, &share(part, whole), NUMBER_END + 8);
        let from = NUMBER_END + 10;
        line.skip_to(from);
        let width = self.width.saturating_sub(from);
        line.add(ink, &bar(part, longest, width, self.screen.glyphs));
    }

    /// A label and the numbers above 0; no line if there are none.
    pub(super) fn counts(&self, label: &str, ink: Ink, kinds: &[(u64, &str)]) -> Vec<Line> {
        let some = kinds.iter().filter(|(number, _)| *number > 0);
        let some: Vec<String> = some.map(|(number, noun)| count(*number, noun)).collect();
        if some.is_empty() { Vec::new() } else { self.paragraph(label, ink, &some.join(", ")) }
    }
}

/// A part of a whole, as a bar among others.
pub(super) struct ShareBar {
    pub(super) part: u64,
    pub(super) whole: u64,
    /// The part of the longest bar.
    pub(super) longest: u64,
    pub(super) ink: Ink,
}
