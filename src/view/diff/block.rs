//! A call that differs, for people: what it is, what differs in it, and which webhooks are why.

use super::event;
use super::legend::mark;
use super::row::{DiffRow, EventRow, Standing};
use super::values;
use crate::diff::{EventKind, Kind};
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
    let kind = match row.difference {
        Kind::OnlyA => EventKind::OnlyA,
        Kind::OnlyB => EventKind::OnlyB,
        Kind::Changed => EventKind::Changed,
    };
    let arrow = format!(" {} ", screen.glyphs.arrow);
    let mut lines = heading::marked(call, mark(kind), &outcome(row, call, &arrow), screen);
    if row.difference == Kind::Changed {
        lines.extend(flowing(values::pieces(row, screen), 2, screen.width));
        lines.extend(parts(row, screen));
        lines.extend(event::lines(&row.events, when(call), screen));
        if row.events.is_empty() {
            lines.extend(beside(screen));
        }
    } else {
        lines.extend(alone(row, screen));
    }
    lines
}

/// How it turned out, or in which two ways.
fn outcome<'r>(row: &DiffRow<'_>, call: &Call<'_>, arrow: &'r str) -> Vec<(Ink, &'r str)> {
    let said = |call: &Call<'_>| (Ink::of(call.outcome), call.outcome.name());
    match &row.call_b {
        Some(other) if other.outcome != call.outcome => {
            vec![said(call), (Ink::Plain, arrow), said(other)]
        }
        _ => vec![said(call)],
    }
}

/// A call that one side alone has: how much of it there is, and where it begins.
fn alone(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let here = |event: &EventRow<'_>| event.a.as_ref().or(event.b.as_ref()).map(Standing::place);
    let first = row.events.first().and_then(here).unwrap_or_default();
    let (has, lacks) = if row.difference == Kind::OnlyA { ("A", "B") } else { ("B", "A") };
    let text = match row.events.len() as u64 {
        1 => format!("{lacks} lacks its only webhook; in {has} it stands at {first}"),
        many => {
            let webhooks = count(many, "webhook");
            format!("{lacks} has none of its {webhooks}; the first in {has} stands at {first}")
        }
    };
    told(&text, screen)
}

/// Calls that are a part of this one on the other side.
fn parts(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let told_of = |parts: &[&str], here: &str, there: &str| {
        let text = match parts.len() {
            0 => return Vec::new(),
            1 => format!("one call in {there}, two in {here}: the other is {}", parts[0]),
            many => format!(
                "one call in {there}, {} in {here}: the others are {}",
                many + 1,
                parts.join(", ")
            ),
        };
        told(&text, screen)
    };
    let mut lines = told_of(&row.parts_a, "A", "B");
    lines.extend(told_of(&row.parts_b, "B", "A"));
    lines
}

/// Why a call differs of which both have the same.
fn beside(screen: &Screen) -> Vec<Line> {
    told("all its webhooks are alike in both: what was captured beside them decides", screen)
}

fn told(text: &str, screen: &Screen) -> Vec<Line> {
    let texts = wrapped(text, screen.width.saturating_sub(2));
    texts.iter().map(|text| Line::default().with(Ink::Plain, &format!("  {text}"))).collect()
}
