//! What ends a run, and how long it waits for its own threads then.

use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A thread whose end is waited for only so long: a disk or a terminal may take nothing any more.
pub(super) struct Worker<T>(Receiver<T>);

impl<T: Send + 'static> Worker<T> {
    pub(super) fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, done) = sync_channel(1);
        thread::spawn(move || sender.send(work()));
        Self(done)
    }

    /// What came of it; `None` where it has not ended by then.
    pub(super) fn wait(self, patience: Duration) -> Option<T> {
        self.0.recv_timeout(patience).ok()
    }
}

/// Signals that end a run.
#[cfg(unix)]
pub(super) struct Signals {
    ending: [Signal; 3],
    /// Raised where a file may not become so long; unless it is caught it kills, and nobody learns
    /// that the disk is full.
    _too_long: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Catches them from now on; needs a runtime around it.
    pub(super) fn catch() -> io::Result<Self> {
        let too_long = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = kinds.map(signal);
        Ok(Self { ending: [terminate?, interrupt?, hangup?], _too_long: signal(too_long)? })
    }

    /// Waits for one that ends the run.
    pub(super) async fn wait(mut self) {
        let [terminate, interrupt, hangup] = &mut self.ending;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// Signals that end a run.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Catches them once they are waited for.
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for one that ends the run.
    pub(super) async fn wait(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
