//! SIGINT and SIGTERM: they stop a verb that handles them; otherwise they remove the temporary files
//! and end the process. SIGHUP stops a verb that handles signals.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use tempfile::{Builder, TempPath};

static STATE: Mutex<State> = Mutex::new(State { caught: None, stop: None, temporary: Vec::new() });

/// What a signal acts on.
struct State {
    /// The signals that a thread waits for.
    caught: Option<platform::Caught>,
    /// Stops the running verb; `None` if a signal ends the process.
    stop: Option<Box<dyn FnMut() + Send>>,
    /// The files that are still being written. Dropping a path removes its file.
    temporary: Vec<TempPath>,
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Starts the thread that waits for signals, unless it runs already.
    fn catch(&mut self) -> io::Result<&platform::Caught> {
        Ok(match &mut self.caught {
            Some(caught) => caught,
            none => none.insert(platform::catch()?),
        })
    }

    fn take(&mut self, path: &Path) -> Option<TempPath> {
        let at = self.temporary.iter().position(|known| **known == *path)?;
        Some(self.temporary.swap_remove(at))
    }
}

/// Calls `stop` at each SIGINT, SIGTERM and SIGHUP from now on.
///
/// # Errors
/// When the system does not let signals be caught.
pub(super) fn on_stop(stop: impl FnMut() + Send + 'static) -> Result<()> {
    let mut state = state();
    let caught = state.catch().and_then(platform::catch_hangup);
    caught.context("cannot wait for signals")?;
    state.stop = Some(Box::new(stop));
    Ok(())
}

/// Stops the verb. If it does not handle signals, removes the temporary files and calls `end`, which
/// ends the process.
fn handle_signal(end: impl FnOnce()) {
    let mut state = state();
    if let Some(stop) = &mut state.stop {
        stop();
        return;
    }
    state.temporary.clear();
    // The state is still locked: no file is created or renamed any more.
    end();
}

/// A file that is removed unless it is [persisted](Self::persist), also when a signal ends the
/// process.
#[derive(Debug)]
pub(super) struct TemporaryFile {
    file: File,
    path: PathBuf,
}

impl TemporaryFile {
    /// Creates a file in `folder`.
    ///
    /// # Errors
    /// When it cannot be created, or signals cannot be caught.
    pub(super) fn create(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<Self> {
        let mut state = state();
        // SIGHUP is left alone: `nohup` ignores it, and catching it would undo that.
        state.catch()?;
        let (file, path) = builder.tempfile_in(folder)?.into_parts();
        let created = Self { file, path: path.to_path_buf() };
        state.temporary.push(path);
        Ok(created)
    }

    /// Renames the file to `path`, which is replaced if it exists.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub(super) fn persist(self, path: &Path) -> io::Result<()> {
        let mut state = state();
        let temporary = state.take(&self.path).ok_or(io::ErrorKind::NotFound)?;
        Ok(temporary.persist(path)?)
    }
}

impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        drop(state().take(&self.path));
    }
}

#[cfg(unix)]
mod platform {
    use std::{io, thread};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    pub(super) type Caught = signal_hook::iterator::Handle;

    /// Starts the thread that waits for SIGINT and SIGTERM.
    pub(super) fn catch() -> io::Result<Caught> {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let caught = signals.handle();
        let wait = move || {
            for signal in signals.forever() {
                // The process dies by the signal itself, so that a shell sees 130 or 143.
                super::handle_signal(|| _ = emulate_default_handler(signal));
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
        Ok(caught)
    }

    pub(super) fn catch_hangup(caught: &Caught) -> io::Result<()> {
        caught.add_signal(SIGHUP)
    }
}

#[cfg(not(unix))]
mod platform {
    use std::{io, process};

    pub(super) struct Caught;

    /// Starts the thread that waits for Ctrl-C.
    pub(super) fn catch() -> io::Result<Caught> {
        ctrlc::set_handler(|| super::handle_signal(|| process::exit(130)))
            .map_err(io::Error::other)?;
        Ok(Caught)
    }

    /// There is no hangup here.
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    pub(super) fn catch_hangup(_: &Caught) -> io::Result<()> {
        Ok(())
    }
}
