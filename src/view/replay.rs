//! What is sent again, and what came of it: tables for people.

use std::io::{self, Write};
use std::time::Duration;

use super::cell::Cell;
use super::column::{Column, Columns, cells, column, heads};
use super::ink::Ink;
use super::screen::Screen;
use super::table::Rows;
use crate::event::Span;

/// How long an answer took.
#[derive(Clone, Copy, Debug)]
pub struct Latency(pub Duration);

/// What came of what went to a target.
#[derive(Debug)]
pub struct TargetRow<'r> {
    /// Where it went.
    pub target: &'r str,
    /// How many bodies were to go there.
    pub webhooks: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were not.
    pub failed: u64,
    /// Those that were not sent, or not to the end.
    pub left: u64,
    /// Attempts beyond the first.
    pub retries: u64,
    /// How long half of the answers took at most; `None` where there was none, as those below.
    pub p50: Option<Latency>,
    /// How long 95 of a hundred took at most.
    pub p95: Option<Latency>,
    /// How long 99 of a hundred took at most.
    pub p99: Option<Latency>,
}

/// How often a target gave an answer.
#[derive(Debug)]
pub struct AnswerRow<'r> {
    /// The status, or why there was none.
    pub answer: &'r str,
    /// How often.
    pub attempts: u64,
    /// By whom.
    pub target: &'r str,
}

/// What would be sent.
#[derive(Debug)]
pub struct PlannedRow<'r> {
    /// When, behind the first.
    pub after: Span,
    /// The webhook's trigger.
    pub trigger: &'r str,
    /// Its call; `None` where it belongs to none.
    pub call: Option<&'r str>,
    /// Where to.
    pub target: &'r str,
    /// Whether it goes out once already.
    pub again: bool,
    /// Its source.
    pub source: &'r str,
    /// Its line.
    pub line: u64,
}

/// A row of one of these tables.
pub trait Told: Sized {
    /// Its columns.
    fn columns() -> Vec<Column<Self>>;
}

impl Told for TargetRow<'_> {
    fn columns() -> Vec<Column<Self>> {
        vec![
            column("target", |row: &Self| Cell::Text(row.target.into())).shown(0, 16, 60),
            column("webhooks", |row: &Self| Cell::Count(row.webhooks)).shown(1, 8, 12),
            column("accepted", |row: &Self| counted(row.accepted, Ink::Good)).shown(2, 8, 12),
            column("failed", |row: &Self| counted(row.failed, Ink::Bad)).shown(3, 6, 12),
            column("left", |row: &Self| some(row.left)).shown(4, 4, 12),
            column("retries", |row: &Self| Cell::Count(row.retries)).shown(5, 7, 12),
            column("p50", |row: &Self| latency(row.p50)).shown(6, 3, 8),
            column("p95", |row: &Self| latency(row.p95)).shown(7, 3, 8),
            column("p99", |row: &Self| latency(row.p99)).shown(8, 3, 8),
        ]
    }
}

impl Told for AnswerRow<'_> {
    fn columns() -> Vec<Column<Self>> {
        vec![
            column("answer", |row: &Self| Cell::Text(row.answer.into())).shown(0, 6, 30),
            column("attempts", |row: &Self| Cell::Count(row.attempts)).shown(1, 8, 12),
            column("target", |row: &Self| Cell::Text(row.target.into())).shown(2, 16, 60),
        ]
    }
}

impl Told for PlannedRow<'_> {
    fn columns() -> Vec<Column<Self>> {
        vec![
            column("after", |row: &Self| Cell::Offset(row.after)).shown(0, 5, 12),
            column("trigger", |row: &Self| Cell::Text(row.trigger.into())).shown(1, 12, 28),
            column("target", |row: &Self| Cell::Text(row.target.into())).shown(2, 6, 40),
            column("call", |row: &Self| {
                row.call.map_or(Cell::Nothing, |call| Cell::Text(call.into()))
            })
            .id(4, 80),
            column("note", |row: &Self| {
                if row.again { Cell::Word(Ink::Odd, "again".into()) } else { Cell::Nothing }
            })
            .shown(3, 5, 8),
            column("place", |row: &Self| Cell::Place(row.source, row.line)).place(5),
        ]
    }
}

fn counted<'r>(number: u64, ink: Ink) -> Cell<'r> {
    if number == 0 { Cell::Count(0) } else { Cell::Figure(ink, number.to_string().into()) }
}

fn some<'r>(number: u64) -> Cell<'r> {
    if number == 0 { Cell::Nothing } else { Cell::Count(number) }
}

fn latency<'r>(latency: Option<Latency>) -> Cell<'r> {
    latency
        .map_or(Cell::Nothing, |Latency(latency)| Cell::Figure(Ink::Plain, brief(latency).into()))
}

/// `0.4ms`, `12ms`, `2.1s`, `31s`: two digits or three.
fn brief(length: Duration) -> String {
    let seconds = length.as_secs_f64();
    match seconds {
        0.0..0.00995 => format!("{:.1}ms", seconds * 1e3),
        0.00995..0.9995 => format!("{:.0}ms", seconds * 1e3),
        0.9995..9.95 => format!("{seconds:.1}s"),
        _ => format!("{seconds:.0}s"),
    }
}

/// Prints a table of rows.
///
/// # Errors
/// When `out` cannot be written to.
pub fn table<T: Told>(
    rows: impl Iterator<Item = T>,
    screen: &Screen,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut table = Rows::new(heads(T::columns(), Columns::Shown), screen);
    for row in rows {
        table.add(&cells(T::columns(), Columns::Shown, &row), out)?;
    }
    table.finish(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_told_in_two_or_three_digits() {
        let brief = |micros| super::brief(Duration::from_micros(micros));
        let told = [0, 412, 9_949, 9_951, 999_400, 999_600, 2_104_000, 31_200_000].map(brief);
        assert_eq!(told, ["0.0ms", "0.4ms", "9.9ms", "10ms", "999ms", "1.0s", "2.1s", "31s"]);
    }
}
