//! What was captured, as rows: those that `follow` prints of the same text.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Result;

use super::ends::{Timed, WriteClock};
use crate::args::{Listen, LiveShow};
use crate::commands::is_broken_pipe;
use crate::commands::live::{Live, patience};
use crate::commands::read::complain;
use crate::commands::screen::{clock, error_screen, now, screen};
use crate::commands::settings::Settings;
use crate::flow::live::Patience;
use crate::input::{Feed, HandedIn, Reading};
use crate::view::report::Out;
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// How what was captured is shown.
pub(super) struct Shown {
    show: LiveShow,
    patience: Patience,
    /// Name of the capture.
    name: String,
    screen: Screen,
    /// Whether stdout is the capture's.
    to_stderr: bool,
}

impl Shown {
    /// As it was typed.
    ///
    /// # Errors
    /// When the clock is pinned to what is no time.
    pub(super) fn new(args: &Listen, settings: &Settings) -> Result<Self> {
        let looks = settings.looks(&args.live.looks);
        let clock = clock(&looks, false, &now(&looks.tz)?);
        let to_stderr = args.out.is_none();
        let screen = if to_stderr {
            error_screen(looks.paint, clock)
        } else {
            screen(looks.paint, clock, false)
        };
        Ok(Self {
            show: args.live.shown.clone(),
            patience: patience(&args.live.patience),
            name: args.out.as_ref().map_or_else(|| "-".into(), |out| out.display().to_string()),
            screen,
            to_stderr,
        })
    }

    /// Shows a text to its end; the clock times each write. `None`, and told, where its rows could not
    /// be written; that nobody reads them is all right.
    pub(super) fn run(&self, text: HandedIn, clock: WriteClock) -> Option<Summary> {
        let live = Live {
            show: &self.show,
            patience: self.patience,
            name: &self.name,
            screen: &self.screen,
            reading: Reading::default(),
            most: None,
            verbose: false,
        };
        let out: Out<'_> = if self.to_stderr {
            Box::new(Timed { inner: io::stderr(), clock })
        } else {
            Box::new(Timed { inner: io::stdout(), clock })
        };
        match live.run(out, |waiting| Feed::handed_in(text, waiting), |_| Ok(())) {
            Ok(lived) => Some(lived.summary),
            Err(error) if is_broken_pipe(&error) => Some(Summary::default()),
            Err(error) => {
                complain(&error);
                None
            }
        }
    }
}

/// The bytes that are in a capture before anything is added, and the lines that end in them; a line
/// that is torn is ended first.
///
/// # Errors
/// When it cannot be read.
pub(super) fn beginning(path: &Path) -> io::Result<(u64, u64)> {
    if !path.metadata()?.is_file() {
        return Ok((0, 0));
    }
    let mut file = File::open(path)?;
    let (mut bytes, mut lines, mut last) = (0, 0, b'\n');
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(end) = buffer[..read].last() else {
            break;
        };
        bytes += read as u64;
        lines += memchr::memchr_iter(b'\n', &buffer[..read]).count() as u64;
        last = *end;
    }
    let torn = u64::from(last != b'\n');
    Ok((bytes + torn, lines + torn))
}
