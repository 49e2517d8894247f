//! A call's timeline as tables: what the call was, what happened, who was in it.

use std::io::{self, Write};

use super::cell::Cell;
use super::column::{self, CallRow, Column, Columns, when, who};
use super::report::{Out, Report};
use super::rows::Timeline;
use super::summary::Summary;
use super::table::Rows;
use super::text::{Cut, fit, shown, width};
use super::words::{self, count, length};
use crate::flow::{Call, Link, Recorded, Stay};

/// Writes timelines one below another.
pub struct Timelines<'w> {
    out: Out<'w>,
    room: usize,
    begun: bool,
}

impl<'w> Timelines<'w> {
    /// Timelines `room` columns wide.
    #[must_use]
    pub fn new(out: Out<'w>, room: usize) -> Self {
        Self { out, room, begun: false }
    }

    /// A list of rows below a heading of its own.
    fn list<T>(&mut self, columns: &[Column<T>], rows: &[T]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let heads = column::heads(columns, Columns::Shown);
        let mut table = Rows::new(heads, self.room.saturating_sub(2));
        let mut text = Vec::new();
        for row in rows {
            table.add(&column::cells(columns, Columns::Shown, row), &mut text)?;
        }
        table.finish(&mut text)?;
        writeln!(self.out)?;
        for line in String::from_utf8_lossy(&text).lines() {
            writeln!(self.out, "  {line}")?;
        }
        Ok(())
    }
}

impl Report<Timeline<'_>> for Timelines<'_> {
    fn item(&mut self, item: &Timeline<'_>) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            writeln!(self.out)?;
        }
        for line in heading(&item.call, self.room) {
            writeln!(self.out, "{line}")?;
        }
        let rows: Vec<CallRow<'_>> =
            (item.timeline.iter()).map(|row| CallRow { call_id: item.call.call_id, row }).collect();
        self.list(&column::timeline(), &rows)?;
        self.list(&stay_columns(), &item.call.stays)?;
        self.list(&recording_columns(), &item.call.recordings)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// What the call was: its parties and outcome, then its figures, broken into lines of `room` columns.
fn heading(call: &Call<'_>, room: usize) -> Vec<String> {
    let when = when(call).map_or_else(String::new, words::time);
    let kind = match call.flow {
        Some(flow) => Cell::word(flow).human(),
        None => "recording".into(),
    };
    let media =
        call.media.map_or(String::new(), |media| format!(" · {}", Cell::word(media).human()));
    let tail = format!("{media} · {}", Cell::word(call.outcome).human());
    let head = format!("● {kind} · ");
    let left = room.saturating_sub(width(&head) + width(&tail) + width(&when) + 2);
    let who = fit(&shown(&who(call)), left, Cut::End).into_owned();
    let line = format!("{head}{who}{tail}");
    let gap = " ".repeat(room.saturating_sub(width(&line) + width(&when)).clamp(2, 24));
    let mut lines = vec![format!("{line}{gap}{when}")];
    let id = fit(&shown(call.call_id), room.saturating_sub(2), Cut::Middle).into_owned();
    lines.extend(flowing(std::iter::once(id).chain(figures(call)), room));
    lines
}

/// The call's figures, those that are known.
fn figures(call: &Call<'_>) -> Vec<String> {
    let mut figures = Vec::new();
    let lengths = [
        ("ring", call.ring_seconds),
        ("duration", call.duration_seconds),
        ("connected", call.connected_seconds),
    ];
    for (name, span) in lengths {
        figures.extend(span.map(|span| format!("{name} {}", length(span))));
    }
    if call.participant_count > 0 {
        let people = match call.participant_count {
            1 => "1 person".to_owned(),
            many => format!("{many} people"),
        };
        figures.push(format!("{people} (peak {})", call.peak_concurrent));
    }
    figures.extend(match (call.link, call.link_reason) {
        (Link::Session, _) => Some("linked by session".to_owned()),
        (Link::Inferred, Some(reason)) => {
            Some(format!("link inferred: {}", Cell::word(reason).human()))
        }
        _ => None,
    });
    let repeats = call.delivery_count.saturating_sub(call.event_count as u64);
    if repeats > 0 {
        figures.push(count(repeats, "repeated delivery"));
    }
    if !call.rules.is_empty() {
        figures.push(call.rules.join(" "));
    }
    figures
}

/// Sets pieces in lines, two blanks in front and three between.
fn flowing(pieces: impl Iterator<Item = String>, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(&piece) <= room => {
                line.push_str("   ");
                line.push_str(&piece);
            }
            _ => lines.push(format!("  {piece}")),
        }
    }
    lines
}

fn stay_columns<'c>() -> Vec<Column<Stay<'c>>> {
    vec![
        column::shown("participant", 0, 12, 40, |stay: &Stay<'c>| Cell::Text(stay.name.into())),
        column::shown("joined_at", 1, 27, 27, |stay: &Stay<'c>| Cell::Time(stay.joined_at)),
        column::shown("left_at", 2, 27, 27, |stay: &Stay<'c>| column::time(stay.left_at)),
        column::shown("stayed", 3, 12, 12, |stay: &Stay<'c>| column::length(stay.duration_seconds)),
        column::shown("seen", 4, 6, 6, |stay: &Stay<'c>| Cell::word(stay.seen)),
        column::shown("client", 10, 8, 40, |stay: &Stay<'c>| {
            let client: Vec<&str> =
                [stay.platform, stay.sdk, stay.call_version].into_iter().flatten().collect();
            if client.is_empty() { Cell::Nothing } else { Cell::Text(client.join(" ").into()) }
        }),
    ]
}

fn recording_columns<'c>() -> Vec<Column<Recorded<'c>>> {
    vec![
        column::shown("recording", 0, 12, 100, |recorded: &Recorded<'c>| {
            recorded.url.map_or(Cell::Nothing, Cell::Url)
        }),
        column::shown("started_at", 1, 27, 27, |recorded: &Recorded<'c>| {
            Cell::Time(recorded.started_at)
        }),
        column::shown("length", 2, 14, 14, |recorded: &Recorded<'c>| {
            column::length(recorded.duration_seconds)
        }),
    ]
}
