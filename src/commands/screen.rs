//! Asks the terminal, the clock and the environment, once for each output.

use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use terminal_size::{Height, Width};

use crate::args::Color;
use crate::event::Moment;
use crate::view::glyph::{ASCII, UNICODE};
use crate::view::screen::{Clock, Screen};

/// Columns without a terminal and without `COLUMNS`.
const PIPE_WIDTH: usize = 100;

/// The widest screen: a wrong `COLUMNS` must not cost memory for each line.
const MAX_WIDTH: usize = 1000;

/// Zone, colour and glyphs, from flags and settings.
pub(super) struct Looks {
    /// The zone of printed times, and of times in flags.
    pub(super) tz: TimeZone,
    pub(super) paint: Paint,
}

#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) color: Color,
    /// Whether drawings are in ASCII.
    pub(super) ascii: bool,
}

/// The screen of stdout, or of an output file.
pub(super) fn screen(paint: Paint, clock: Clock, to_file: bool) -> Screen {
    let terminal = !to_file && io::stdout().is_terminal();
    let columns = terminal.then(|| terminal_size::terminal_size_of(io::stdout())).flatten();
    screen_of(paint, clock, to_file, terminal, columns)
}

/// The screen of stderr.
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
    // Otherwise the library for tables reads NO_COLOR on its own.
    crossterm::style::force_color_output(colour);
    let glyphs = if paint.ascii { &ASCII } else { &UNICODE };
    Screen { width: width(columns), colour, terminal, glyphs, clock }
}

/// Whether `--color auto` means colour, as <https://bixense.com/clicolors> and
/// <https://no-color.org> define it.
fn is_coloured(terminal: bool, to_file: bool) -> bool {
    if anstyle_query::no_color() || to_file {
        return false;
    }
    let wanted = anstyle_query::clicolor().unwrap_or(true);
    anstyle_query::clicolor_force() || (terminal && wanted && anstyle_query::term_supports_color())
}

/// The columns of the terminal, else of `COLUMNS`, else [`PIPE_WIDTH`].
fn width(terminal: Option<(Width, Height)>) -> usize {
    let from_env = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0);
    let columns = terminal.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
    columns.or_else(from_env).unwrap_or(PIPE_WIDTH).min(MAX_WIDTH)
}

/// The current time in `zone`.
///
/// # Errors
/// If `CALLSCOPE_NOW`, which sets the clock for tests, is not a time.
pub(super) fn now(zone: &TimeZone) -> Result<ZonedDateTime> {
    let now = match std::env::var("CALLSCOPE_NOW") {
        Ok(fixed) => fixed.parse().map_err(|error| anyhow!("CALLSCOPE_NOW is no time: {error}"))?,
        Err(_) => Timestamp::now(),
    };
    Ok(now.to_zoned_datetime(zone.clone()))
}

/// How times are printed.
pub(super) fn clock(looks: &Looks, relative: bool, now: &ZonedDateTime) -> Clock {
    let relative_to = relative.then(|| Moment::from(now.timestamp()));
    Clock { zone: looks.tz.clone(), relative_to }
}
