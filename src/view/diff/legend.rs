//! What is compared, and what the marks mean.

use crate::diff::{EventKind, Side};
use crate::view::ink::{Ink, Line, flowing};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown};

/// A side with the name of its input.
pub type Named<'n> = (Side, &'n str);

/// The mark of what became of an event or a call, and its ink.
pub(super) fn mark(kind: EventKind) -> (Ink, &'static str) {
    match kind {
        EventKind::OnlyA => (Ink::Bad, "-"),
        EventKind::OnlyB => (Ink::Good, "+"),
        EventKind::Changed => (Ink::Odd, "~"),
        EventKind::Moved => (Ink::Live, ">"),
    }
}

/// What stands above all calls that differ.
#[must_use]
pub fn legend(named: [Named<'_>; 2], screen: &Screen) -> Vec<Line> {
    let side = |(side, name): Named<'_>| {
        let name = shown(name);
        let name = screen.fit(&name, screen.width.saturating_sub(3), Cut::Start);
        Line::default().with(Ink::Strong, side.name()).with(Ink::Plain, &format!("  {name}"))
    };
    let marks = [
        (EventKind::OnlyA, "only in A, B lacks it"),
        (EventKind::OnlyB, "only in B, A lacks it"),
        (EventKind::Changed, "in both, but different"),
        (EventKind::Moved, "in both, in another call"),
    ];
    let mut pieces: Vec<Line> = Vec::new();
    for (kind, meaning) in marks {
        let (ink, sign) = mark(kind);
        pieces
            .push(Line::default().with(ink, sign).with(Ink::Plain, "  ").with(Ink::Faint, meaning));
    }
    let arrow = screen.glyphs.arrow;
    pieces.push(
        Line::default()
            .with(Ink::Plain, &format!("x {arrow} y"))
            .with(Ink::Faint, "  x in A, y in B"),
    );
    let mut lines = named.map(side).to_vec();
    lines.extend(flowing(pieces, 0, screen.width));
    lines
}
