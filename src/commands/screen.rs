//! The terminal, the clock and the environment, asked once.

use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use terminal_size::{Height, Width};

use crate::args::Color;
use crate::event::Moment;
use crate::view::glyph::{ASCII, UNICODE};
use crate::view::screen::{Clock, Screen};

/// Columns where there is no terminal to ask and no `COLUMNS`.
const PIPE_WIDTH: usize = 100;

/// No screen is wider, whatever it says.
const WIDEST: usize = 1000;

/// How people are shown what was found.
pub(super) struct Looks {
    /// Zone of times, and of dates that are typed.
    pub(super) tz: TimeZone,
    /// Colour and glyphs.
    pub(super) paint: Paint,
}

/// Colour and glyphs.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    /// When there is colour.
    pub(super) color: Color,
    /// Whether drawings are in ASCII.
    pub(super) ascii: bool,
}

/// The screen that output for people goes to; a file where `to_file` says so.
pub(super) fn screen(paint: Paint, clock: Clock, to_file: bool) -> Screen {
    let terminal = !to_file && io::stdout().is_terminal();
    let columns = terminal.then(|| terminal_size::terminal_size_of(io::stdout())).flatten();
    screen_of(paint, clock, to_file, terminal, columns)
}

/// The screen that stderr goes to.
#[cfg(feature = "net")]
pub(super) fn error_screen(paint: Paint, clock: Clock) -> Screen {
    let terminal = io::stderr().is_terminal();
    let columns = terminal.then(|| terminal_size::terminal_size_of(io::stderr())).flatten();
    screen_of(paint, clock, false, terminal, columns)
}

fn screen_of(
    paint: Paint,
    clock: Clock,
    to_file: bool,
    terminal: bool,
    columns: Option<(Width, Height)>,
) -> Screen {
    let colour = match paint.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_coloured(terminal, to_file),
    };
    // The table's library looks at NO_COLOR by itself otherwise.
    crossterm::style::force_color_output(colour);
    let glyphs = if paint.ascii { &ASCII } else { &UNICODE };
    Screen { width: width(columns), colour, terminal, glyphs, clock }
}

/// Whether there is colour where nobody said so: as <https://bixense.com/clicolors> and
/// <https://no-color.org> have it.
fn is_coloured(terminal: bool, to_file: bool) -> bool {
    if anstyle_query::no_color() || to_file {
        return false;
    }
    let wanted = anstyle_query::clicolor().unwrap_or(true);
    anstyle_query::clicolor_force() || (terminal && wanted && anstyle_query::term_supports_color())
}

/// The terminal's columns, else those that `COLUMNS` says, else [`PIPE_WIDTH`].
fn width(asked: Option<(Width, Height)>) -> usize {
    let from_env = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0);
    let columns = asked.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
    columns.or_else(from_env).unwrap_or(PIPE_WIDTH).min(WIDEST)
}

/// Now, in the zone that was asked for.
///
/// # Errors
/// When `CALLSCOPE_NOW`, which pins the clock for tests, is no time.
pub(super) fn now(zone: &TimeZone) -> Result<ZonedDateTime> {
    let now = match std::env::var("CALLSCOPE_NOW") {
        Ok(pinned) => {
            pinned.parse().map_err(|error| anyhow!("CALLSCOPE_NOW is no time: {error}"))?
        }
        Err(_) => Timestamp::now(),
    };
    Ok(now.to_zoned_datetime(zone.clone()))
}

/// How times are told.
pub(super) fn clock(looks: &Looks, relative: bool, now: &ZonedDateTime) -> Clock {
    let relative_to = relative.then(|| Moment::from(now.timestamp()));
    Clock { zone: looks.tz.clone(), relative_to }
}
