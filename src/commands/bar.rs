//! Progress on stderr.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Show;
use crate::view::glyph::Glyphs;

/// A bar over so many pieces of work; nothing where it is not wanted.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// The bar, as it was asked for.
    pub(super) fn new(length: u64, show: Show, quiet: bool, glyphs: &Glyphs) -> Self {
        let target = match show {
            Show::Always => ProgressDrawTarget::stderr_with_hz(8),
            Show::Auto if !quiet && io::stderr().is_terminal() => ProgressDrawTarget::stderr(),
            Show::Auto | Show::Never => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(length), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len}  {eta} left  {msg}") {
            bar.set_style(style.progress_chars(glyphs.progress));
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    /// One piece more, and what is to be said of all.
    pub(super) fn step(&self, told: impl FnOnce() -> String) {
        self.0.inc(1);
        if !self.0.is_hidden() {
            self.0.set_message(told());
        }
    }

    /// Does what writes to the terminal, the bar out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.suspend(work)
    }
}

impl Drop for Bar {
    /// Leaves the terminal as it was.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
