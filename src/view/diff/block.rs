//! A call that differs, for people: its heading, the fields that differ, and the webhooks that
//! cause it.

use super::event;
use super::legend::mark;
use super::row::{DiffRow, EventRow, Standing};
use super::values;
use crate::diff::{CallDifference, EventDifference};
use crate::flow::Call;
use crate::view::column::when;
use crate::view::ink::{Ink, Line, flowing, wrapped};
use crate::view::screen::Screen;
use crate::view::timeline::heading;
use crate::view::words::count;

/// All lines of a call.
pub(super) fn lines(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let Some(call) = row.call_a.as_ref().or(row.call_b.as_ref()) else {
        return Vec::new();
    };
    let mark = mark(match row.difference {
        CallDifference::OnlyA => EventDifference::OnlyA,
        CallDifference::OnlyB => EventDifference::OnlyB,
        CallDifference::Changed => EventDifference::Changed,
    });
    let arrow = format!(" {} ", screen.glyphs.arrow);
    let mut lines = heading::marked(call, mark, &outcomes(row, call, &arrow), screen);
    if row.difference == CallDifference::Changed {
        lines.extend(flowing(values::pieces(row, screen), 2, screen.width));
        lines.extend(parts(row, screen));
        lines.extend(event::lines(&row.events, when(call), screen));
        if row.events.is_empty() {
            lines.extend(paragraph(
                "all its webhooks are alike in both: what was captured beside them decides",
                screen,
            ));
        }
    } else {
        lines.extend(only_on_one_side(row, screen));
    }
    lines
}

/// Its outcome, or both if they differ.
fn outcomes<'r>(row: &DiffRow<'_>, call: &Call<'_>, arrow: &'r str) -> Vec<(Ink, &'r str)> {
    let outcome = |call: &Call<'_>| (Ink::of(call.outcome), call.outcome.name());
    match &row.call_b {
        Some(other) if other.outcome != call.outcome => {
            vec![outcome(call), (Ink::Plain, arrow), outcome(other)]
        }
        _ => vec![outcome(call)],
    }
}

/// The number of its webhooks, and the place of the first.
fn only_on_one_side(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let first = row.events.first().and_then(EventRow::first).map(Standing::place);
    let first = first.unwrap_or_default();
    let (has, lacks) =
        if row.difference == CallDifference::OnlyA { ("A", "B") } else { ("B", "A") };
    let text = match row.events.len() as u64 {
        1 => format!("{lacks} lacks its only webhook; in {has} it stands at {first}"),
        many => {
            let webhooks = count(many, "webhook");
            format!("{lacks} has none of its {webhooks}; the first in {has} stands at {first}")
        }
    };
    paragraph(&text, screen)
}

/// The calls that are part of this one on the other side.
fn parts(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let split = |parts: &[&str], here: &str, there: &str| {
        let text = match parts.len() {
            0 => return Vec::new(),
            1 => format!("one call in {there}, two in {here}: the other is {}", parts[0]),
            many => format!(
                "one call in {there}, {} in {here}: the others are {}",
                many + 1,
                parts.join(", ")
            ),
        };
        paragraph(&text, screen)
    };
    let mut lines = split(&row.parts_a, "A", "B");
    lines.extend(split(&row.parts_b, "B", "A"));
    lines
}

fn paragraph(text: &str, screen: &Screen) -> Vec<Line> {
    let texts = wrapped(text, screen.width.saturating_sub(2));
    texts.iter().map(|text| Line::default().with(Ink::Plain, &format!("  {text}"))).collect()
}
