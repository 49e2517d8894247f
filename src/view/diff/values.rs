//! The fields of a call that differ, as people read them.

use std::cmp::Ordering;

use super::row::{DiffRow, FieldRow};
use crate::event::Moment;
use crate::flow::{Call, Stay};
use crate::view::cell::Cell;
use crate::view::column;
use crate::view::ink::{Ink, Line};
use crate::view::screen::Screen;
use crate::view::words::person;

/// So many stays of a call are told.
const STAYS: usize = 8;

/// Each field that differs, with both values.
pub(super) fn pieces(row: &DiffRow<'_>, screen: &Screen) -> Vec<Line> {
    let (Some(a), Some(b)) = (&row.call_a, &row.call_b) else {
        return Vec::new();
    };
    let has = |name: &str| row.fields.iter().any(|field| field.field == name);
    // Stays are told below, and why a link was made says little where there is none any more.
    let told = row
        .fields
        .iter()
        .filter(|field| field.field != "stays" && !(field.field == "link_reason" && has("link")));
    let mut pieces: Vec<Line> = told.filter_map(|field| piece(field, a, b, screen)).collect();
    pieces.extend(stays(a, b, screen));
    pieces
}

/// A field, where its values are not alike to people.
fn piece<'c>(field: &FieldRow, a: &Call<'c>, b: &Call<'c>, screen: &Screen) -> Option<Line> {
    let columns = column::calls();
    let cell = columns.iter().find(|column| column.head.name == field.field)?.cell;
    let said = |call: &Call<'c>| match cell(call) {
        Cell::Nothing => nothing(&field.field).to_owned(),
        cell => cell.human(screen),
    };
    let (from, to) = (said(a), said(b));
    (from != to).then(|| change(label(&field.field), &from, &to, screen))
}

/// What it is called that a value is not there.
fn nothing(field: &str) -> &'static str {
    match field {
        "link_reason" | "rules" => "none",
        _ => "unknown",
    }
}

/// What people are told that a field is.
fn label(field: &str) -> &str {
    match field {
        "participant_count" => "people",
        "participant_seconds" => "participants' time",
        "peak_concurrent" => "peak",
        other => other.strip_suffix("_seconds").unwrap_or(other),
    }
}

fn change(label: &str, from: &str, to: &str, screen: &Screen) -> Line {
    Line::default()
        .with(Ink::Faint, &format!("{label} "))
        .with(Ink::Plain, &format!("{from} {} ", screen.glyphs.arrow))
        .with(Ink::Strong, to)
}

/// What tells a stay for people.
type Told<'c> = (&'c str, Moment, Option<Moment>);

/// The stays that differ in when they began or ended.
fn stays(a: &Call<'_>, b: &Call<'_>, screen: &Screen) -> Vec<Line> {
    let (mut gone, mut come) = differing(a, b);
    let mut lines: Vec<Line> = Vec::new();
    while let Some(from) = gone.pop() {
        // The same stay, whose beginning or end alone differs.
        let same = |to: &Told<'_>| to.0 == from.0 && (to.1 == from.1 || to.2 == from.2);
        let to = come.iter().position(same).map(|at| come.remove(at));
        let to = to.map_or_else(|| "none".to_owned(), |to| range(to, screen));
        lines.push(change(
            &format!("stay of {}", person(from.0)),
            &range(from, screen),
            &to,
            screen,
        ));
    }
    for to in come.into_iter().rev() {
        lines.push(change(
            &format!("stay of {}", person(to.0)),
            "none",
            &range(to, screen),
            screen,
        ));
    }
    if let Some(more) = lines.len().checked_sub(STAYS).filter(|more| *more > 0) {
        lines.truncate(STAYS);
        lines.push(Line::default().with(Ink::Faint, &format!("and {more} more stays")));
    }
    lines
}

/// The stays of each call that the other has not, the latest first.
fn differing<'c>(a: &'c Call<'_>, b: &'c Call<'_>) -> (Vec<Told<'c>>, Vec<Told<'c>>) {
    let told = |call: &'c Call<'_>| {
        let mut stays: Vec<Told<'c>> = call.stays.iter().map(told).collect();
        stays.sort_unstable_by_key(|(name, from, to)| (*from, *name, *to));
        stays
    };
    let (mut one, mut other) = (told(a), told(b));
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let key = |(name, from, to): &Told<'c>| (*from, *name, *to);
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

fn told<'c>(stay: &'c Stay<'_>) -> Told<'c> {
    (stay.name, stay.joined_at, stay.left_at)
}

/// From when to when.
fn range((_, from, to): Told<'_>, screen: &Screen) -> String {
    let to = to.map_or_else(|| "unknown".to_owned(), |to| screen.clock.time_of_day(to));
    format!("{} to {to}", screen.clock.time_of_day(from))
}
