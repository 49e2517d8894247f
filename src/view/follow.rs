//! Rows as they come: a line for each event, for what is wrong, and for each call that is told.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::column::{actor, status, when, who};
use super::ink::{Ink, Line, wrapped};
use super::report::{Out, json};
use super::rows::{EventRow, FindingRow};
use super::screen::Screen;
use super::text::{Cut, shown, width};
use super::words::{count, length};
use crate::event::Moment;
use crate::event::key::Status;
use crate::event::rules::{COPY, DUPLICATE};
use crate::finding::Severity;
use crate::flow::Call;
use crate::flow::live::{Replaced, Told};

/// The formats of rows as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum LiveFormat {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON object a line
    Ndjson,
}

/// A delivery with what is wrong with it.
#[derive(Debug, Serialize)]
pub struct EventTold<'c> {
    /// The delivery.
    #[serde(flatten)]
    pub event: EventRow<'c>,
    /// What is wrong with it.
    pub findings: Vec<FindingTold<'c>>,
}

/// What is wrong with a delivery.
#[derive(Debug, Serialize)]
pub struct FindingTold<'c> {
    /// The rule's code.
    pub rule: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// What was seen.
    pub message: &'c str,
    /// RFC 6901 pointer into the body.
    pub pointer: Option<&'c str>,
}

/// Prints rows, each in one piece and at once.
pub trait LiveRows {
    /// A delivery.
    ///
    /// # Errors
    /// When the output cannot be written, as those of the others.
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()>;

    /// What could not be read.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn finding(&mut self, row: &FindingRow<'_>) -> io::Result<()>;

    /// A call as it stands.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn call(&mut self, told: &Told<'_>) -> io::Result<()>;

    /// A call that is another's.
    ///
    /// # Errors
    /// See [`Self::event`].
    fn replaced(&mut self, replaced: &Replaced<'_>) -> io::Result<()>;
}

/// The printer of a format.
#[must_use]
pub fn live_rows<'w>(
    format: LiveFormat,
    out: Out<'w>,
    screen: &'w Screen,
) -> Box<dyn LiveRows + 'w> {
    match format {
        LiveFormat::Table => Box::new(Lines { out, screen, day: None }),
        LiveFormat::Ndjson => Box::new(Objects { out, line: Vec::new() }),
    }
}

/// A JSON object a line; `row` says what it is.
struct Objects<'w> {
    out: Out<'w>,
    line: Vec<u8>,
}

#[derive(Serialize)]
struct Row<T> {
    row: &'static str,
    #[serde(flatten)]
    of: T,
}

#[derive(Serialize)]
struct CallRow<'t> {
    revision: u32,
    #[serde(rename = "final")]
    is_final: bool,
    replaced_by: Option<&'t str>,
    #[serde(flatten)]
    of: &'t Call<'t>,
}

#[derive(Serialize)]
struct ReplacedRow<'t> {
    revision: u32,
    #[serde(rename = "final")]
    is_final: bool,
    replaced_by: &'t str,
    call_id: &'t str,
    app_id: Option<&'t str>,
}

impl Objects<'_> {
    fn write(&mut self, row: &'static str, of: impl Serialize) -> io::Result<()> {
        self.line.clear();
        json(&mut self.line, &Row { row, of })?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }
}

impl LiveRows for Objects<'_> {
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()> {
        self.write("event", told)
    }

    fn finding(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        self.write("finding", row)
    }

    fn call(&mut self, told: &Told<'_>) -> io::Result<()> {
        let Told { call, revision, is_final, .. } = *told;
        self.write("call", CallRow { revision, is_final, replaced_by: None, of: call })
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) -> io::Result<()> {
        let Replaced { call_id, app_id, revision, by } = *replaced;
        let row = ReplacedRow { revision, is_final: true, replaced_by: by, call_id, app_id };
        self.write("call", row)
    }
}

/// Lines for people. The future is unknown, so that the widths are those of the screen.
struct Lines<'w> {
    out: Out<'w>,
    screen: &'w Screen,
    /// The day of the last row.
    day: Option<Date>,
}

/// Columns of a time of day, of the longest trigger, of the longest short one, of a status.
const TIME: usize = 8;
const TRIGGER: usize = 26;
const SHORT_TRIGGER: usize = 15;
const STATUS: usize = 9;

/// The narrowest screen that has room for long triggers.
const WIDE: usize = 96;

/// Columns of a call's outcome, and of its figures.
const OUTCOME: usize = 12;
const RING: usize = 11;
const DURATION: usize = 11;
const PEOPLE: usize = 9;
/// What is said of few calls: rules, recordings, that it is told again.
const REST: usize = 17;

/// Blanks between columns.
const GAP: usize = 2;

impl Lines<'_> {
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
}

impl LiveRows for Lines<'_> {
    fn event(&mut self, told: &EventTold<'_>) -> io::Result<()> {
        let row = &told.event;
        let ink = if row.status == Status::Other { Ink::Faint } else { Ink::Plain };
        let (mut lines, mut line) = self.begin(row.event_at);
        let (trigger, wide) = if self.screen.width < WIDE {
            (short(row.trigger), SHORT_TRIGGER)
        } else {
            (row.trigger, TRIGGER)
        };
        let who_at = TIME + GAP + wide + GAP;
        let left = self.screen.width.saturating_sub(who_at + GAP + GAP + STATUS);
        let (room, id_room) = (left - left * 2 / 5, left * 2 / 5);
        self.set(&mut line, TIME + GAP, ink, trigger, wide, Cut::End);
        self.set(&mut line, who_at, Ink::Strong, &actor(row).human(self.screen), room, Cut::End);
        let id = row.session_id.or(row.conversation_id).unwrap_or("-");
        self.set(&mut line, who_at + room + GAP, Ink::Faint, id, id_room, Cut::Middle);
        if row.status != Status::Event {
            let status = status(row.status);
            let column = who_at + room + GAP + id_room + GAP;
            self.set(&mut line, column, status.ink(), &status.human(self.screen), STATUS, Cut::End);
        }
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

    fn call(&mut self, told: &Told<'_>) -> io::Result<()> {
        if !told.is_new {
            return Ok(());
        }
        let call = told.call;
        let (mut lines, mut line) = self.begin(when(call));
        let ink = Ink::of(call.outcome);
        let mark = format!("{} {}", self.screen.glyphs.of(call.outcome), call.outcome.name());
        self.set(&mut line, TIME + GAP, ink, &mark, OUTCOME, Cut::End);
        let mut column = TIME + GAP + OUTCOME + GAP;
        let figures = RING + DURATION + PEOPLE + REST + 4 * GAP;
        let room = self.screen.width.saturating_sub(column + figures).max(OUTCOME);
        let parties = who(call).human(self.screen);
        self.set(&mut line, column, Ink::Strong, &parties, room, Cut::End);
        column += room + GAP;
        for (text, wide) in [
            (call.ring_seconds.map(|ring| format!("rang {}", length(ring))), RING),
            (call.duration_seconds.map(length), DURATION),
            (Some(people(call.participant_count)), PEOPLE),
        ] {
            let text = text.unwrap_or_else(|| "-".to_owned());
            self.set(&mut line, column, Ink::Plain, &text, wide, Cut::End);
            column += wide + GAP;
        }
        let recordings = (!call.recordings.is_empty())
            .then(|| (Ink::Recording, count(call.recordings.len() as u64, "recording")));
        let rules = (!call.rules.is_empty()).then(|| (Ink::Odd, call.rules.join(" ")));
        let again = (told.revision > 1).then(|| (Ink::Faint, format!("rev {}", told.revision)));
        for (ink, text) in [rules, recordings, again].into_iter().flatten() {
            line.skip_to(column);
            line.add(ink, &text);
            column = line.width() + 1;
        }
        lines.push(line);
        self.write(&lines)
    }

    /// The call that has its events is told anyway.
    fn replaced(&mut self, _: &Replaced<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// A trigger in short: `joined`, `recording`.
fn short(trigger: &str) -> &str {
    let participant = trigger.strip_prefix("call_participant_");
    let participant = participant.or_else(|| trigger.strip_prefix("meeting_participant_"));
    let recording = trigger.strip_suffix("_generated");
    participant.or(recording).unwrap_or(trigger)
}

fn people(number: usize) -> String {
    match number {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}
