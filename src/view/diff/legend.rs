//! The lines above all calls: the two inputs, and the meaning of the marks.

use crate::diff::{BothSides, DiffSide, EventDifference};
use crate::view::ink::{Ink, Line, flowing};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown};

/// The mark of an event or a call.
pub(super) fn mark(difference: EventDifference) -> (Ink, &'static str) {
    match difference {
        EventDifference::OnlyA => (Ink::Bad, "-"),
        EventDifference::OnlyB => (Ink::Good, "+"),
        EventDifference::Changed => (Ink::Odd, "~"),
        EventDifference::Moved => (Ink::Live, ">"),
    }
}

/// The lines above all calls, given the names of the inputs.
#[must_use]
pub fn legend(names: &BothSides<String>, screen: &Screen) -> Vec<Line> {
    let side = |side: DiffSide| {
        let name = shown(names.on(side));
        let name = screen.fit(&name, screen.width.saturating_sub(3), Cut::Start);
        Line::default().with(Ink::Strong, side.name()).with(Ink::Plain, &format!("  {name}"))
    };
    let marks = [
        (EventDifference::OnlyA, "only in A, B lacks it"),
        (EventDifference::OnlyB, "only in B, A lacks it"),
        (EventDifference::Changed, "in both, but different"),
        (EventDifference::Moved, "in both, in another call"),
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
    let mut lines = DiffSide::ALL.map(side).to_vec();
    lines.extend(flowing(pieces, 0, screen.width));
    lines
}
