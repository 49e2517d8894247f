//! Shows captured webhooks as rows: those that `follow` prints of the same capture.

use std::io;

use anyhow::Result;

use super::shutdown::{TimedWriter, WriteClock};
use crate::args::{Listen, LiveShow, Waits};
use crate::commands::is_broken_pipe;
use crate::commands::live::{EventReceiver, EventRows};
use crate::commands::read::complain;
use crate::commands::screen::{clock, error_screen, now, screen};
use crate::commands::settings::Settings;
use crate::view::report::Out;
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// How captured webhooks are shown.
pub(super) struct LiveView {
    show: LiveShow,
    waits: Waits,
    /// Name of the capture.
    name: String,
    screen: Screen,
    /// Whether stdout has the capture.
    to_stderr: bool,
}

impl LiveView {
    /// # Errors
    /// When the environment pins the clock to an invalid time.
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
            waits: args.live.patience,
            name: args.out.as_ref().map_or_else(|| "-".into(), |out| out.display().to_string()),
            screen,
            to_stderr,
        })
    }

    /// Shows events until no more come. `None` if rows could not be written, which is reported; it
    /// is no failure that nobody reads them.
    pub(super) fn run(&self, received: &EventReceiver, clock: WriteClock) -> Option<Summary> {
        let out: Out<'_> = if self.to_stderr {
            Box::new(TimedWriter { inner: io::stderr(), clock })
        } else {
            Box::new(TimedWriter { inner: io::stdout(), clock })
        };
        let mut rows = EventRows::new(&self.show, &self.waits, &self.name, out, &self.screen);
        let counts = received.show(&mut rows);
        match rows.finish(counts) {
            Ok((summary, _)) => Some(summary),
            Err(error) if is_broken_pipe(&error) => Some(Summary::default()),
            Err(error) => {
                complain(&error);
                None
            }
        }
    }
}
