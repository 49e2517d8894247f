//! Columns: one list for each kind of row, which tables, Markdown and CSV all print.

use serde_json::Value;

use super::cell::Cell;
use super::diff::{DetailRow, Standing};
use super::ink::Ink;
use super::rows::{EventRow, TimelineRow};
use super::text::Cut;
use super::words::person;
use crate::event::key::Status;
use crate::event::{Moment, Span};
use crate::flow::Call;

/// How a column is set in a table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Columns are taken in this order, as far as the width goes.
    pub rank: u8,
    /// The narrowest that still tells something.
    pub least: usize,
    /// The widest that is any use.
    pub most: usize,
    /// Which part of a text that is too long goes.
    pub cut: Cut,
}

/// What a column is called and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The field's name in machine formats, or what a table calls it.
    pub name: &'static str,
    /// How tables show it; `None` where only CSV does.
    pub table: Option<Setting>,
    /// Whether it is in CSV.
    pub csv: bool,
    /// Whether it was asked for by its name, and so is shown even where it tells nothing.
    pub asked: bool,
}

/// Which columns are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns<'n> {
    /// Those of the machine contract.
    Csv,
    /// Those that people are shown.
    Shown,
    /// These, in this order.
    Named(&'n [String]),
}

/// One column of rows of the type `T`.
#[derive(Clone, Copy, Debug)]
pub struct Column<T> {
    /// What it is called and where it stands.
    pub head: Head,
    /// The cell of a row.
    pub cell: for<'r> fn(&'r T) -> Cell<'r>,
}

/// How a column is set that a table shows only when it is asked for.
const ASKED: Setting = Setting { rank: 0, least: 4, most: 80, cut: Cut::End };

/// The columns that are meant; of two with one name the first.
#[must_use]
pub fn pick<T>(columns: Vec<Column<T>>, of: Columns<'_>) -> Vec<Column<T>> {
    let Columns::Named(names) = of else {
        let wanted = |head: &Head| match of {
            Columns::Csv => head.csv,
            _ => head.table.is_some(),
        };
        return columns.into_iter().filter(|column| wanted(&column.head)).collect();
    };
    let find = |name: &String| columns.iter().find(|column| column.head.name == name);
    let asked = |column: &Column<T>| {
        let table = Setting { rank: 0, ..column.head.table.unwrap_or(ASKED) };
        let head = Head { table: Some(table), asked: true, ..column.head };
        Column { head, cell: column.cell }
    };
    names.iter().filter_map(find).map(asked).collect()
}

/// The names of columns, each once.
#[must_use]
pub fn names<T>(columns: &[Column<T>]) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for column in columns {
        if !names.contains(&column.head.name) {
            names.push(column.head.name);
        }
    }
    names
}

/// The heads of the columns that are meant.
pub(super) fn heads<T>(columns: Vec<Column<T>>, of: Columns<'_>) -> Vec<Head> {
    pick(columns, of).into_iter().map(|column| column.head).collect()
}

/// The cells of a row.
pub(super) fn cells<'r, T>(columns: Vec<Column<T>>, of: Columns<'_>, row: &'r T) -> Vec<Cell<'r>> {
    pick(columns, of).into_iter().map(|column| (column.cell)(row)).collect()
}

pub(super) const fn column<T>(
    name: &'static str,
    cell: for<'r> fn(&'r T) -> Cell<'r>,
) -> Column<T> {
    Column { head: Head { name, table: None, csv: true, asked: false }, cell }
}

impl<T> Column<T> {
    /// The column in a table too: its rank, its least and its greatest width.
    pub(super) const fn shown(mut self, rank: u8, least: usize, most: usize) -> Self {
        self.head.table = Some(Setting { rank, least, most, cut: Cut::End });
        self
    }

    /// An id, which is cut in the middle.
    pub(super) const fn id(mut self, rank: u8, most: usize) -> Self {
        self.head.table = Some(Setting { rank, least: 12, most, cut: Cut::Middle });
        self
    }

    /// A place, which is cut at its beginning.
    pub(super) const fn place(mut self, rank: u8) -> Self {
        self.head.table = Some(Setting { rank, least: 10, most: 60, cut: Cut::Start });
        self
    }

    /// Not in CSV, where other columns say the same.
    pub(super) const fn only_table(mut self) -> Self {
        self.head.csv = false;
        self
    }
}

pub(super) fn text(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Nothing, |text| Cell::Text(text.into()))
}

pub(super) fn time<'r>(moment: Option<Moment>) -> Cell<'r> {
    moment.map_or(Cell::Nothing, Cell::Time)
}

pub(super) fn length<'r>(span: Option<Span>) -> Cell<'r> {
    span.map_or(Cell::Nothing, Cell::Length)
}

fn number<'r>(number: usize) -> Cell<'r> {
    Cell::Count(number as u64)
}

/// Who was in the call: caller and receiver, else the participants' names.
pub(super) fn who<'r>(call: &'r Call<'_>) -> Cell<'r> {
    if let (Some(caller), Some(receiver)) = (call.caller, call.receiver) {
        return Cell::Parties(caller, receiver);
    }
    let mut names: Vec<&str> = call.stays.iter().map(|stay| stay.name).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    if names.is_empty() {
        return text(call.conversation_id.or(call.session_id));
    }
    let names: Vec<&str> = names.into_iter().map(person).collect();
    Cell::Text(names.join(", ").into())
}

/// Who came or went, or called whom.
pub(super) fn actor<'r>(row: &'r EventRow<'_>) -> Cell<'r> {
    match (row.participant_name, row.sender, row.receiver) {
        (Some(name), _, _) => Cell::Text(name.into()),
        (_, Some(sender), Some(receiver)) => Cell::Parties(sender, receiver),
        (_, Some(sender), None) => Cell::Text(sender.into()),
        _ => Cell::Nothing,
    }
}

fn outcome<'r>(call: &Call<'_>) -> Cell<'r> {
    Cell::Word(Ink::of(call.outcome), call.outcome.name().into())
}

pub(super) fn status<'r>(status: Status) -> Cell<'r> {
    let ink = match status {
        Status::Event => Ink::Plain,
        Status::Conflict => Ink::Odd,
        Status::Invalid => Ink::Bad,
        Status::Duplicate | Status::Copy | Status::Other => Ink::Faint,
    };
    match Cell::word(status) {
        Cell::Text(word) => Cell::Word(ink, word),
        other => other,
    }
}

/// When it began, as far as anything tells.
pub(super) fn when(call: &Call<'_>) -> Option<Moment> {
    call.initiated_at.or(call.started_at).or(call.first_at)
}

/// The columns of `calls`; in CSV the fields of the machine contract in their order.
#[must_use]
pub fn calls<'c>() -> Vec<Column<Call<'c>>> {
    vec![
        column("when", |call: &Call<'c>| time(when(call))).shown(0, 20, 27).only_table(),
        column("outcome", outcome).shown(1, 10, 10).only_table(),
        column("who", who).shown(2, 12, 48).only_table(),
        column("call_id", |call: &Call<'c>| text(Some(call.call_id))).id(15, 80),
        column("session_id", |call: &Call<'c>| text(call.session_id)),
        column("ring_id", |call: &Call<'c>| text(call.ring_id)),
        column("app_id", |call: &Call<'c>| text(call.app_id)).shown(19, 8, 20),
        column("region", |call: &Call<'c>| text(call.region)).shown(20, 6, 6),
        column("flow", |call: &Call<'c>| Cell::word(call.flow)).shown(12, 7, 7),
        column("media", |call: &Call<'c>| Cell::word(call.media)).shown(11, 5, 5),
        column("receiver_type", |call: &Call<'c>| text(call.receiver_type)),
        column("conversation_id", |call: &Call<'c>| text(call.conversation_id)),
        column("caller", |call: &Call<'c>| text(call.caller)),
        column("caller_name", |call: &Call<'c>| text(call.caller_name)).shown(18, 11, 24),
        column("receiver", |call: &Call<'c>| text(call.receiver)),
        column("outcome", outcome),
        column("link", |call: &Call<'c>| Cell::word(call.link)).shown(14, 8, 8),
        column("link_reason", |call: &Call<'c>| Cell::word(call.link_reason)),
        column("initiated_at", |call: &Call<'c>| time(call.initiated_at)),
        column("started_at", |call: &Call<'c>| time(call.started_at)),
        column("ended_at", |call: &Call<'c>| time(call.ended_at)),
        column("ring_seconds", |call: &Call<'c>| length(call.ring_seconds)),
        column("ring", |call: &Call<'c>| length(call.ring_seconds)).shown(3, 11, 11).only_table(),
        column("duration_seconds", |call: &Call<'c>| length(call.duration_seconds)),
        column("duration", |call: &Call<'c>| length(call.duration_seconds))
            .shown(4, 11, 11)
            .only_table(),
        column("connected_seconds", |call: &Call<'c>| length(call.connected_seconds)),
        column("connected", |call: &Call<'c>| length(call.connected_seconds))
            .shown(13, 11, 11)
            .only_table(),
        column("participant_count", |call: &Call<'c>| number(call.participant_count)),
        column("people", |call: &Call<'c>| number(call.participant_count))
            .shown(5, 6, 6)
            .only_table(),
        column("peak_concurrent", |call: &Call<'c>| number(call.peak_concurrent)),
        column("peak", |call: &Call<'c>| number(call.peak_concurrent)).shown(16, 6, 6).only_table(),
        column("participant_seconds", |call: &Call<'c>| Cell::Length(call.participant_seconds)),
        column("stays", |call: &Call<'c>| number(call.stays.len())),
        column("recordings", |call: &Call<'c>| number(call.recordings.len())).shown(18, 10, 10),
        column("event_count", |call: &Call<'c>| number(call.event_count)),
        column("events", |call: &Call<'c>| number(call.event_count)).shown(21, 6, 6).only_table(),
        column("delivery_count", |call: &Call<'c>| Cell::Count(call.delivery_count)),
        column("deliveries", |call: &Call<'c>| Cell::Count(call.delivery_count))
            .shown(17, 10, 10)
            .only_table(),
        column("rules", |call: &Call<'c>| {
            if call.rules.is_empty() {
                Cell::Nothing
            } else {
                Cell::Word(Ink::Odd, call.rules.join(" ").into())
            }
        })
        .shown(6, 5, 24),
    ]
}

/// The columns of `events`.
#[must_use]
pub fn events<'c>() -> Vec<Column<EventRow<'c>>> {
    vec![
        column("event_at", |row: &EventRow<'c>| time(row.event_at)).shown(0, 20, 27),
        column("trigger", |row: &EventRow<'c>| text(Some(row.trigger))).shown(1, 26, 34),
        column("who", actor).shown(2, 10, 32).only_table(),
        column("flow", |row: &EventRow<'c>| Cell::word(row.flow)).shown(13, 7, 7),
        column("app_id", |row: &EventRow<'c>| text(row.app_id)).shown(15, 8, 20),
        column("region", |row: &EventRow<'c>| text(row.region)),
        column("webhook_id", |row: &EventRow<'c>| text(row.webhook_id)).id(14, 24),
        column("session_id", |row: &EventRow<'c>| text(row.session_id)),
        column("conversation_id", |row: &EventRow<'c>| text(row.conversation_id)),
        column("ring_id", |row: &EventRow<'c>| text(row.ring_id)),
        column("participant_name", |row: &EventRow<'c>| text(row.participant_name)),
        column("sender", |row: &EventRow<'c>| text(row.sender)),
        column("receiver", |row: &EventRow<'c>| text(row.receiver)),
        column("idempotency_key", |row: &EventRow<'c>| text(row.idempotency_key.as_deref()))
            .id(12, 40),
        column("status", |row: &EventRow<'c>| status(row.status)).shown(3, 9, 9),
        column("call_id", |row: &EventRow<'c>| text(row.call_id)).id(11, 24),
        column("received_at", |row: &EventRow<'c>| time(row.received_at)),
        column("source", |row: &EventRow<'c>| text(Some(row.source))),
        column("line", |row: &EventRow<'c>| Cell::Count(row.line)),
        column("place", |row: &EventRow<'c>| Cell::Place(row.source, row.line))
            .place(4)
            .only_table(),
    ]
}

/// The columns of `diff`, a row each thing that differs in a call.
#[must_use]
pub fn differences<'c>() -> Vec<Column<DetailRow<'c>>> {
    fn a<'r>(row: &DetailRow<'r>) -> Option<&'r Standing<'r>> {
        row.event?.a.as_ref()
    }
    fn b<'r>(row: &DetailRow<'r>) -> Option<&'r Standing<'r>> {
        row.event?.b.as_ref()
    }
    fn place<'r>(at: Option<&'r Standing<'r>>) -> Cell<'r> {
        at.map_or(Cell::Nothing, |at| Cell::Place(at.source, at.line))
    }
    fn line<'r>(at: Option<&'r Standing<'r>>) -> Cell<'r> {
        at.map_or(Cell::Nothing, |at| Cell::Count(at.line))
    }
    vec![
        column("call_id", |row: &DetailRow<'c>| text(Some(row.of.call_id))).id(0, 80),
        column("app_id", |row: &DetailRow<'c>| text(row.of.app_id)),
        column("difference", |row: &DetailRow<'c>| Cell::word(row.of.difference)).shown(1, 9, 9),
        column("field", |row: &DetailRow<'c>| text(row.field.map(|field| &*field.field)))
            .shown(2, 8, 20),
        column("a", |row: &DetailRow<'c>| {
            row.field.map_or(Cell::Nothing, |field| value(&field.field, &field.a))
        })
        .shown(3, 8, 32),
        column("b", |row: &DetailRow<'c>| {
            row.field.map_or(Cell::Nothing, |field| value(&field.field, &field.b))
        })
        .shown(4, 8, 32),
        column("event_difference", |row: &DetailRow<'c>| {
            Cell::word(row.event.map(|event| event.difference))
        }),
        column("event", |row: &DetailRow<'c>| Cell::word(row.event.map(|event| event.difference)))
            .shown(5, 7, 7)
            .only_table(),
        column("event_at", |row: &DetailRow<'c>| time(row.event.map(|event| event.event_at)))
            .shown(6, 20, 27),
        column("trigger", |row: &DetailRow<'c>| text(row.event.map(|event| event.trigger)))
            .shown(7, 14, 26),
        column("participant_name", |row: &DetailRow<'c>| {
            text(row.event.and_then(|event| event.participant_name))
        })
        .shown(8, 8, 32),
        column("sender", |row: &DetailRow<'c>| text(row.event.and_then(|event| event.sender))),
        column("receiver", |row: &DetailRow<'c>| text(row.event.and_then(|event| event.receiver))),
        column("text", |row: &DetailRow<'c>| {
            text(row.event.and_then(|event| event.text.as_deref()))
        })
        .shown(11, 8, 80),
        column("source_a", |row: &DetailRow<'c>| text(a(row).map(|at| at.source))),
        column("line_a", |row: &DetailRow<'c>| line(a(row))),
        column("place_a", |row: &DetailRow<'c>| place(a(row))).place(9).only_table(),
        column("source_b", |row: &DetailRow<'c>| text(b(row).map(|at| at.source))),
        column("line_b", |row: &DetailRow<'c>| line(b(row))),
        column("place_b", |row: &DetailRow<'c>| place(b(row))).place(10).only_table(),
    ]
}

/// A value of a call as JSON has it: of its rules the codes, of other lists how many there are.
fn value<'r>(field: &str, value: &'r Value) -> Cell<'r> {
    match value {
        Value::Null => Cell::Nothing,
        Value::String(word) => text(Some(word)),
        Value::Array(codes) if field == "rules" && codes.is_empty() => Cell::Nothing,
        Value::Array(codes) if field == "rules" => {
            let codes: Vec<&str> = codes.iter().filter_map(Value::as_str).collect();
            Cell::Text(codes.join(" ").into())
        }
        Value::Array(list) => number(list.len()),
        other => Cell::Text(other.to_string().into()),
    }
}

/// A row of a timeline with its call's id, which CSV and Markdown need on each.
#[derive(Debug)]
pub struct CallRow<'c> {
    /// The call's id.
    pub call_id: &'c str,
    /// The row.
    pub row: &'c TimelineRow<'c>,
}

/// The columns of `timeline`.
#[must_use]
pub fn timeline<'c>() -> Vec<Column<CallRow<'c>>> {
    vec![
        column("call_id", |line: &CallRow<'c>| text(Some(line.call_id))),
        column("event_at", |line: &CallRow<'c>| Cell::Time(line.row.event_at)).shown(11, 20, 27),
        column("offset_seconds", |line: &CallRow<'c>| Cell::Length(line.row.offset_seconds)),
        column("offset", |line: &CallRow<'c>| Cell::Offset(line.row.offset_seconds))
            .shown(0, 7, 10)
            .only_table(),
        column("trigger", |line: &CallRow<'c>| text(Some(line.row.trigger))).shown(1, 14, 26),
        column("who", |line: &CallRow<'c>| text(line.row.participant_name.or(line.row.sender)))
            .shown(2, 12, 32)
            .only_table(),
        column("participant_name", |line: &CallRow<'c>| text(line.row.participant_name)),
        column("sender", |line: &CallRow<'c>| text(line.row.sender)),
        column("receiver", |line: &CallRow<'c>| text(line.row.receiver)),
        column("text", |line: &CallRow<'c>| text(Some(&line.row.text))).shown(3, 16, 48),
        column("delivery_count", |line: &CallRow<'c>| Cell::Count(line.row.delivery_count.into())),
        column("deliveries", |line: &CallRow<'c>| Cell::Count(line.row.delivery_count.into()))
            .shown(4, 10, 10)
            .only_table(),
        column("received_at", |line: &CallRow<'c>| time(line.row.received_at)),
        column("source", |line: &CallRow<'c>| text(Some(line.row.source))),
        column("line", |line: &CallRow<'c>| Cell::Count(line.row.line)),
        column("place", |line: &CallRow<'c>| Cell::Place(line.row.source, line.row.line))
            .place(10)
            .only_table(),
    ]
}
