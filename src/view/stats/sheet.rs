//! What the sections of the figures' screen are set with.

use super::draw::bar;
use crate::stats::Stats;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::screen::Screen;
use crate::view::text::width;
use crate::view::words::{count, grouped, share};

/// Where what a label is about begins.
pub(super) const LABEL: usize = 13;
/// Where a number ends that has its share and a bar behind it.
const COUNTED: usize = 34;

/// Figures, and the columns that there are for them.
pub(super) struct Sheet<'s> {
    pub(super) stats: &'s Stats,
    pub(super) screen: &'s Screen,
    pub(super) room: usize,
}

impl Sheet<'_> {
    /// A line that begins with a label.
    pub(super) fn labelled(label: &str) -> Line {
        let mut line = Line::default().with(Ink::Faint, &format!("  {label}"));
        line.skip_to(LABEL);
        line
    }

    /// A text behind a label, in as many lines as it takes.
    pub(super) fn told(&self, label: &str, ink: Ink, text: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Self::labelled(label);
        for text in wrapped(text, self.room.saturating_sub(LABEL)) {
            line.add(ink, &text);
            lines.push(std::mem::replace(&mut line, Self::labelled("")));
        }
        lines
    }

    /// Pieces behind a label, none of them broken, in as many lines as they take.
    pub(super) fn pieces(&self, label: &str, pieces: &[String]) -> Vec<Line> {
        const GAP: usize = 3;
        let mut lines = Vec::new();
        let mut line = Self::labelled(label);
        for piece in pieces {
            let begun = line.width() > LABEL;
            if begun && line.width() + GAP + width(piece) > self.room {
                lines.push(std::mem::replace(&mut line, Self::labelled("")));
            } else if begun {
                line.skip_to(line.width() + GAP);
            }
            line.add(Ink::Plain, piece);
        }
        lines.push(line);
        lines
    }

    /// What is counted, how many that is, its share, and a bar of it.
    pub(super) fn counted(&self, line: &mut Line, counted: &Counted) {
        line.set_right(Ink::Plain, &grouped(counted.part), COUNTED);
        line.set_right(Ink::Faint, &share(counted.part, counted.whole), COUNTED + 8);
        let from = COUNTED + 10;
        line.skip_to(from);
        let room = self.room.saturating_sub(from);
        line.add(counted.ink, &bar(counted.part, counted.most, room, self.screen.glyphs));
    }

    /// Of some numbers those that are not 0.
    pub(super) fn some(&self, label: &str, ink: Ink, kinds: &[(u64, &str)]) -> Vec<Line> {
        let some = kinds.iter().filter(|(number, _)| *number > 0);
        let some: Vec<String> = some.map(|(number, noun)| count(*number, noun)).collect();
        if some.is_empty() { Vec::new() } else { self.told(label, ink, &some.join(", ")) }
    }
}

/// A part of a whole that is drawn beside others.
pub(super) struct Counted {
    pub(super) part: u64,
    pub(super) whole: u64,
    /// The greatest of them.
    pub(super) most: u64,
    pub(super) ink: Ink,
}
