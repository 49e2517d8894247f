//! The fields of a call that differ, for people.

use std::cmp::Ordering;

use super::row::{DiffRow, FieldRow};
use crate::event::Moment;
use crate::flow::Call;
use crate::view::cell::Cell;
use crate::view::column;
use crate::view::ink::{Ink, Line};
use crate::view::screen::Screen;
use crate::view::words::person;

/// At most this many stays of a call are listed.
const MAX_STAYS: usize = 8;

/// Each field that differs, with both values.
pub(super) fn pieces(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let (Some(a), Some(b)) = (&row.call_a, &row.call_b) else {
        return Vec::new();
    };
    let has = |name: &str| row.fields.iter().any(|field| field.field == name);
    // Stays follow below, and the reason of a link says little if the link itself differs.
    let shown = row
        .fields
        .iter()
        .filter(|field| field.field != "stays" && !(field.field == "link_reason" && has("link")));
    let mut pieces: Vec<Line> =
        shown.filter_map(|field| field_change(field, a, b, screen)).collect();
    pieces.extend(stay_changes(a, b, screen));
    pieces
}

/// `None` if the two values look the same.
fn field_change<'c>(field: &FieldRow, a: &Call<'c>, b: &Call<'c>, screen: &Screen) -> Option<Line> {
    let columns = column::calls();
    let cell = columns.iter().find(|column| column.head.name == field.field)?.cell;
    let value = |call: &Call<'c>| match cell(call) {
        Cell::Nothing => missing_value(&field.field).to_owned(),
        cell => cell.human(screen),
    };
    let (from, to) = (value(a), value(b));
    (from != to).then(|| change_line(label(&field.field), &from, &to, screen))
}

fn missing_value(field: &str) -> &'static str {
    match field {
        "link_reason" | "rules" => "none",
        _ => "unknown",
    }
}

fn label(field: &str) -> &str {
    match field {
        "participant_count" => "people",
        "participant_seconds" => "participants' time",
        "peak_concurrent" => "peak",
        other => other.strip_suffix("_seconds").unwrap_or(other),
    }
}

fn change_line(label: &str, from: &str, to: &str, screen: &Screen) -> Line {
    Line::default()
        .with(Ink::Faint, &format!("{label} "))
        .with(Ink::Plain, &format!("{from} {} ", screen.glyphs.arrow))
        .with(Ink::Strong, to)
}

/// A stay as people see it: name, join and leave. `None`: the leave is unknown.
type StaySpan<'c> = (&'c str, Moment, Option<Moment>);

/// The stays whose join or leave differs.
fn stay_changes(a: &Call<'_>, b: &Call<'_>, screen: &Screen) -> Vec<Line> {
    let (mut gone, mut come) = unmatched_stays(a, b);
    let mut lines: Vec<Line> = Vec::new();
    while let Some(from) = gone.pop() {
        // It is the same stay if the join or the leave is.
        let same = |to: &StaySpan<'_>| to.0 == from.0 && (to.1 == from.1 || to.2 == from.2);
        let to = come.iter().position(same).map(|at| come.remove(at));
        let to = to.map_or_else(|| "none".to_owned(), |to| range(to, screen));
        lines.push(change_line(
            &format!("stay of {}", person(from.0)),
            &range(from, screen),
            &to,
            screen,
        ));
    }
    for to in come.into_iter().rev() {
        lines.push(change_line(
            &format!("stay of {}", person(to.0)),
            "none",
            &range(to, screen),
            screen,
        ));
    }
    if let Some(more) = lines.len().checked_sub(MAX_STAYS).filter(|more| *more > 0) {
        lines.truncate(MAX_STAYS);
        lines.push(Line::default().with(Ink::Faint, &format!("and {more} more stays")));
    }
    lines
}

/// The stays of each call that the other lacks, the latest first.
fn unmatched_stays<'c>(a: &'c Call<'_>, b: &'c Call<'_>) -> (Vec<StaySpan<'c>>, Vec<StaySpan<'c>>) {
    let key = |(name, from, to): &StaySpan<'c>| (*from, *name, *to);
    let sorted = |call: &'c Call<'_>| {
        let spans = call.stays.iter().map(|stay| (stay.name, stay.joined_at, stay.left_at));
        let mut spans: Vec<StaySpan<'c>> = spans.collect();
        spans.sort_unstable_by_key(key);
        spans
    };
    let (mut one, mut other) = (sorted(a), sorted(b));
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    while let (Some(last), Some(last_other)) = (one.last(), other.last()) {
        match key(last).cmp(&key(last_other)) {
            Ordering::Equal => {
                one.pop();
                other.pop();
            }
            Ordering::Greater => gone.extend(one.pop()),
            Ordering::Less => come.extend(other.pop()),
        }
    }
    gone.extend(one.into_iter().rev());
    come.extend(other.into_iter().rev());
    (gone, come)
}

fn range((_, from, to): StaySpan<'_>, screen: &Screen) -> String {
    let to = to.map_or_else(|| "unknown".to_owned(), |to| screen.clock.time_of_day(to));
    format!("{} to {to}", screen.clock.time_of_day(from))
}
