//! Lines for people. The future is unknown, so that the widths are those of the screen.

use std::io::{self, Write};

use jiff::civil::Date;

use super::super::column::{actor, status, when, who};
use super::super::ink::{Ink, Line, wrapped};
use super::super::report::Out;
use super::super::rows::FindingRow;
use super::super::screen::Screen;
use super::super::text::{Cut, shown, width};
use super::super::words::{count, length};
use super::{EventTold, FindingTold, LiveRows};
use crate::event::Moment;
use crate::event::key::Status;
use crate::event::rules::{COPY, DUPLICATE};
use crate::finding::Severity;
use crate::flow::Call;
use crate::flow::live::{Replaced, Told};

/// A line for each event, for what is wrong with it, and for each call that is told.
pub(super) struct Lines<'w> {
    out: Out<'w>,
    screen: &'w Screen,
    /// The day of the last row.
    day: Option<Date>,
}

/// Blanks between columns.
const GAP: usize = 2;

/// Columns of a time of day, of the longest trigger, of the longest short one, of a status.
const TIME: usize = 8;
const TRIGGER: usize = 26;
const SHORT_TRIGGER: usize = 15;
const STATUS: usize = 9;

/// The narrowest screen that has room for long triggers.
const WIDE: usize = 96;

/// The most columns of who did something, and of the id of what it was done in.
const ACTOR: usize = 40;
const ID: usize = 80;

/// Columns of a call's outcome, of how long it rang, of how long it took, of how many were in it.
const OUTCOME: usize = 12;
const FIGURES: [usize; 3] = [11, 11, 9];
/// What is said of few calls: rules, recordings, that it is told again.
const REST: usize = 18;

/// Where a call's parties stand, and how many columns they have at least and at most.
const PARTIES_AT: usize = TIME + GAP + OUTCOME + GAP;
const PARTIES: (usize, usize) = (15, 48);

impl<'w> Lines<'w> {
    pub(super) fn new(out: Out<'w>, screen: &'w Screen) -> Self {
        Self { out, screen, day: None }
    }

    /// Writes lines in one piece.
    fn write(&mut self, lines: &[Line]) -> io::Result<()> {
        let mut text = Vec::new();
        lines.iter().try_for_each(|line| line.write(&mut text, self.screen))?;
        self.out.write_all(&text)?;
        self.out.flush()
    }

    /// A line that begins with a time, and where it is of another day than the last, the day.
    fn begin(&mut self, at: Option<Moment>) -> (Vec<Line>, Line) {
        let Some(at) = at else {
            return (Vec::new(), Line::default().with(Ink::Faint, "-"));
        };
        let clock = &self.screen.clock;
        let day = clock.date(at);
        let mut lines = Vec::new();
        if self.day.replace(day) != Some(day) {
            let zone = clock.zone.iana_name().unwrap_or_default();
            lines.push(Line::default().with(Ink::Faint, &format!("{day} {zone}")));
        }
        (lines, Line::default().with(Ink::Plain, &clock.time_of_day(at)))
    }

    /// What a delivery is about, and what it is among others.
    fn delivery(&self, line: &mut Line, told: &EventTold<'_>) {
        let row = &told.event;
        let ink = if row.status == Status::Other { Ink::Faint } else { Ink::Plain };
        let (trigger, wide) = if self.screen.width < WIDE {
            (short(row.trigger), SHORT_TRIGGER)
        } else {
            (row.trigger, TRIGGER)
        };
        let who_at = TIME + GAP + wide + GAP;
        let left = self.screen.width.saturating_sub(who_at + GAP + GAP + STATUS);
        let room = (left - left * 2 / 5).min(ACTOR);
        let (id_at, id_room) = (who_at + room + GAP, (left - room).min(ID));
        self.set(line, TIME + GAP, ink, trigger, wide, Cut::End);
        self.set(line, who_at, Ink::Strong, &actor(row).human(self.screen), room, Cut::End);
        let id = row.session_id.or(row.conversation_id).unwrap_or("-");
        self.set(line, id_at, Ink::Faint, id, id_room, Cut::Middle);
        if row.status != Status::Event {
            let (at, status) = (id_at + id_room + GAP, status(row.status));
            self.set(line, at, status.ink(), &status.human(self.screen), STATUS, Cut::End);
        }
    }

    /// What is wrong, in as many lines as it needs.
    fn notes(&self, severity: Severity, code: &str, text: &str) -> Vec<Line> {
        let mark = format!("{} {code} ", self.screen.glyphs.finding);
        let column = TIME + GAP + width(&mark);
        let texts = wrapped(text, self.screen.width.saturating_sub(column).max(1));
        let lines = texts.iter().enumerate().map(|(at, text)| {
            let mut line = Line::default();
            if at == 0 {
                line.skip_to(TIME + GAP);
                line.add(Ink::how_bad(severity), &mark);
            } else {
                line.skip_to(column);
            }
            line.with(Ink::Plain, text)
        });
        lines.collect()
    }

    /// Adds a text of at most `room` columns behind the column.
    fn set(&self, line: &mut Line, column: usize, ink: Ink, text: &str, room: usize, cut: Cut) {
        line.skip_to(column);
        line.add(ink, &self.screen.fit(&shown(text), room, cut));
    }

    /// How many columns a call's parties have, and whether its figures stand beside them, as they
    /// do where there is room for that.
    fn parties(&self) -> (usize, bool) {
        let (least, most) = PARTIES;
        let left = self.screen.width.saturating_sub(PARTIES_AT);
        let figures: usize = FIGURES.iter().map(|wide| GAP + wide).sum();
        let rooms = [left.checked_sub(figures + GAP + REST), left.checked_sub(figures)];
        let room = rooms.into_iter().flatten().find(|room| *room >= least);
        (room.unwrap_or(left).min(most), room.is_some())
    }

    /// Adds pieces behind the column, below the parties where the screen ends.
    fn flow(&self, mut line: Line, mut column: usize, pieces: Vec<(Ink, String)>) -> Vec<Line> {
        let mut lines = Vec::new();
        for (ink, text) in pieces {
            if column > PARTIES_AT && column + width(&text) > self.screen.width {
                lines.push(std::mem::take(&mut line));
                column = PARTIES_AT;
            }
            line.skip_to(column);
            line.add(ink, &text);
            column = line.width() + GAP;
        }
        lines.push(line);
        lines
    }
}

impl LiveRows for Lines<'_> {
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()> {
        let (mut lines, mut line) = self.begin(told.event.event_at);
        self.delivery(&mut line, told);
        lines.push(line);
        for FindingTold { rule, severity, message, pointer } in &told.findings {
            if [DUPLICATE.code, COPY.code].contains(rule) {
                // The status says as much.
                continue;
            }
            let at = pointer.map_or_else(String::new, |pointer| format!("at {pointer}: "));
            lines.extend(self.notes(*severity, rule, &format!("{at}{message}")));
        }
        self.write(&lines)
    }

    fn finding(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let text = format!("{}:{}:{}: {}", row.source, row.line, row.col, row.message);
        let lines = self.notes(row.severity, row.rule, &text);
        self.write(&lines)
    }

    /// A call that has nothing new to say in a line is not told again.
    fn call(&mut self, told: &Told<'_>) -> io::Result<()> {
        if !told.is_news {
            return Ok(());
        }
        let call = told.call;
        let (mut lines, mut line) = self.begin(when(call));
        let mark = format!("{} {}", self.screen.glyphs.of(call.outcome), call.outcome.name());
        self.set(&mut line, TIME + GAP, Ink::of(call.outcome), &mark, OUTCOME, Cut::End);
        let ((room, beside), parties) = (self.parties(), who(call).human(self.screen));
        self.set(&mut line, PARTIES_AT, Ink::Strong, &parties, room, Cut::End);
        let mut column = PARTIES_AT + room + GAP;
        let mut pieces = Vec::new();
        for (figure, wide) in figures(call).into_iter().zip(FIGURES) {
            if beside {
                let figure = figure.as_deref().unwrap_or("-");
                self.set(&mut line, column, Ink::Plain, figure, wide, Cut::End);
                column += wide + GAP;
            } else {
                pieces.extend(figure.map(|figure| (Ink::Plain, figure)));
            }
        }
        pieces.extend(rest(told));
        lines.extend(self.flow(line, column, pieces));
        self.write(&lines)
    }

    /// The call that has its events is told anyway.
    fn replaced(&mut self, _: &Replaced<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// How long a call rang, how long it took, how many were in it.
fn figures(call: &Call<'_>) -> [Option<String>; 3] {
    let people = match call.participant_count {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    let ring = call.ring_seconds.map(|ring| format!("rang {}", length(ring)));
    [ring, call.duration_seconds.map(length), Some(people)]
}

/// What is said of few calls.
fn rest(told: &Told<'_>) -> impl Iterator<Item = (Ink, String)> {
    let call = told.call;
    let rules = (!call.rules.is_empty()).then(|| (Ink::Odd, call.rules.join(" ")));
    let recordings = (!call.recordings.is_empty())
        .then(|| (Ink::Recording, count(call.recordings.len() as u64, "recording")));
    let again = (told.revision > 1).then(|| (Ink::Faint, "again".to_owned()));
    [rules, recordings, again].into_iter().flatten()
}

/// A trigger in short: `joined`, `recording`.
fn short(trigger: &str) -> &str {
    let participant = trigger.strip_prefix("call_participant_");
    let participant = participant.or_else(|| trigger.strip_prefix("meeting_participant_"));
    let recording = trigger.strip_suffix("_generated");
    participant.or(recording).unwrap_or(trigger)
}
