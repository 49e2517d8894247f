//! Progress on stderr.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Show;
use crate::input::Meter;

/// A bar over so many pieces of work; nothing where it is not wanted.
#[derive(Debug)]
pub(super) struct Bar {
    drawn: ProgressBar,
    /// Where it is drawn once that is worth it; `None` where it is drawn already, or never.
    target: Option<ProgressDrawTarget>,
    begun: Instant,
}

/// A bar of its own accord: it follows a meter.
#[derive(Debug)]
pub(super) struct Following {
    bar: ProgressBar,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// How often a meter is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Looks before anything is drawn: what is done by then needs no bar.
const PATIENCE: u32 = 10;

fn target(show: Show, quiet: bool) -> ProgressDrawTarget {
    match show {
        Show::Always => ProgressDrawTarget::stderr_with_hz(8),
        Show::Auto if !quiet && io::stderr().is_terminal() => ProgressDrawTarget::stderr(),
        Show::Auto | Show::Never => ProgressDrawTarget::hidden(),
    }
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=>-")),
        Err(_) => bar,
    }
}

impl Following {
    /// Follows the bytes that are read, so many in all; `None` where nobody knows how many.
    pub(super) fn new(meter: Meter, total: Option<u64>, show: Show, quiet: bool) -> Self {
        let (bar, is_over) = (ProgressBar::hidden(), Arc::new(AtomicBool::new(false)));
        if target(show, quiet).is_hidden() {
            return Self { bar, is_over, thread: None };
        }
        let template = match total {
            Some(_) => "{bar:24} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            None => "{bytes} read  {bytes_per_sec}",
        };
        let bar = styled(bar, template);
        if let Some(total) = total {
            bar.set_length(total);
        }
        let (own, over) = (bar.clone(), is_over.clone());
        let thread = thread::spawn(move || {
            for look in 0.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                if look == PATIENCE {
                    own.set_draw_target(target(show, quiet));
                }
                own.set_position(meter.bytes().min(total.unwrap_or(u64::MAX)));
                thread::park_timeout(LOOK);
            }
            own.finish_and_clear();
        });
        Self { bar, is_over, thread: Some(thread) }
    }

    /// Does what writes to the terminal, the bar out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bar.suspend(work)
    }
}

impl Drop for Following {
    /// Leaves the terminal as it was.
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It has nothing to say.
            let _ = thread.join();
        }
    }
}

impl Bar {
    /// The bar, as it was asked for.
    pub(super) fn new(length: u64, show: Show, quiet: bool) -> Self {
        let bar = styled(ProgressBar::hidden(), "{bar:24} {pos}/{len}  {eta} left  {msg}");
        bar.set_length(length);
        let target = Some(target(show, quiet)).filter(|target| !target.is_hidden());
        Self { drawn: bar, target, begun: Instant::now() }
    }

    /// One piece more, and what is to be said of all. What is done soon needs no bar.
    pub(super) fn step(&mut self, told: impl FnOnce() -> String) {
        self.drawn.inc(1);
        if self.begun.elapsed() >= LOOK * PATIENCE
            && let Some(target) = self.target.take()
        {
            self.drawn.set_draw_target(target);
            self.drawn.enable_steady_tick(LOOK * 2);
        }
        if !self.drawn.is_hidden() {
            self.drawn.set_message(told());
        }
    }

    /// Does what writes to the terminal, the bar out of the way.
    pub(super) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.drawn.suspend(work)
    }
}

impl Drop for Bar {
    /// Leaves the terminal as it was.
    fn drop(&mut self) {
        self.drawn.finish_and_clear();
    }
}
