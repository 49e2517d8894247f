//! Ends a run: its signals, and how long it waits for threads whose writes may be stuck.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A write that takes longer is stuck: nobody reads the pipe.
const STUCK: Duration = Duration::from_secs(1);

/// How often a write is checked.
const POLL: Duration = Duration::from_millis(20);

/// When the current write began; `None` between writes.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteClock(Arc<Mutex<Option<Instant>>>);

impl WriteClock {
    pub(super) fn time<T>(&self, write: impl FnOnce() -> T) -> T {
        self.set(Some(Instant::now()));
        let written = write();
        self.set(None);
        written
    }

    /// Waits until a write is stuck.
    pub(super) async fn until_stuck(self) {
        while !self.is_stuck() {
            tokio::time::sleep(POLL).await;
        }
    }

    fn is_stuck(&self) -> bool {
        let began = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        began.is_some_and(|began| began.elapsed() >= STUCK)
    }

    fn set(&self, began: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = began;
    }
}

/// A writer whose writes are timed.
pub(super) struct TimedWriter<W> {
    pub(super) inner: W,
    pub(super) clock: WriteClock,
}

impl<W: Write> Write for TimedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.clock.time(|| self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.clock.time(|| self.inner.flush())
    }
}

/// A thread that may never end: a disk or a terminal may accept nothing any more.
pub(super) struct WorkerThread<T> {
    done: Receiver<T>,
    clock: WriteClock,
}

impl<T: Send + 'static> WorkerThread<T> {
    /// Starts a thread whose writes the clock times.
    pub(super) fn start(
        clock: WriteClock,
        work: impl FnOnce(WriteClock) -> T + Send + 'static,
    ) -> Self {
        let (sender, done) = sync_channel(1);
        let own_clock = clock.clone();
        thread::spawn(move || sender.send(work(own_clock)));
        Self { done, clock }
    }

    /// The thread's result; `None` if it has not ended in time, or is stuck in a write.
    pub(super) fn wait(self, patience: Duration) -> Option<T> {
        let begun = Instant::now();
        loop {
            match self.done.recv_timeout(POLL) {
                Ok(done) => return Some(done),
                Err(RecvTimeoutError::Timeout)
                    if begun.elapsed() < patience && !self.clock.is_stuck() => {}
                Err(_) => return None,
            }
        }
    }
}

/// Signals that end a run, or make it reopen its capture.
#[cfg(unix)]
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    /// Raised when a file reaches the size limit. Uncaught it would kill the run before it could
    /// report a full disk.
    _too_long: Signal,
}

#[cfg(unix)]
impl StopSignals {
    /// Catches the signals from now on. Must be called within a runtime.
    pub(super) fn catch() -> io::Result<Self> {
        let too_long = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            _too_long: signal(too_long)?,
        })
    }

    /// Waits for a signal that ends the run: SIGHUP does unless `outlives_hangup`.
    pub(super) async fn wait(mut self, outlives_hangup: impl Fn() -> bool) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => if !outlives_hangup() { return },
            }
        }
    }
}

/// Signals that end a run.
#[cfg(not(unix))]
pub(super) struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for one that ends the run.
    pub(super) async fn wait(self, _outlives_hangup: impl Fn() -> bool) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_stuck_in_a_write_is_not_waited_for_and_whoever_works_is() {
        let sleep = |clock: WriteClock| clock.time(|| thread::sleep(STUCK * 10));
        let stuck = WorkerThread::start(WriteClock::default(), sleep);
        let begun = Instant::now();
        assert_eq!(stuck.wait(STUCK * 8), None);
        assert!(begun.elapsed() < STUCK * 2, "{:?}", begun.elapsed());
        let busy = WorkerThread::start(WriteClock::default(), |_| thread::sleep(STUCK + STUCK / 5));
        assert_eq!(busy.wait(STUCK * 8), Some(()));
    }
}
