//! SIGINT and SIGTERM: they stop a verb that handles them; otherwise they remove the temporary files
//! and end the process.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use tempfile::{Builder, TempPath};

static STATE: Mutex<State> =
    Mutex::new(State { is_caught: false, stop: None, temporary: Vec::new() });

/// What a signal acts on.
struct State {
    /// Whether a thread waits for signals.
    is_caught: bool,
    /// How the running verb is stopped; `None` where a signal ends the process.
    stop: Option<Box<dyn FnMut() + Send>>,
    /// The files that are still being written. Dropping a path removes its file.
    temporary: Vec<TempPath>,
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Starts to wait for signals, unless a thread does already.
    fn catch(&mut self, with_hangup: bool) -> io::Result<()> {
        if !self.is_caught {
            platform::catch(with_hangup)?;
            self.is_caught = true;
        }
        Ok(())
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
    state.catch(true).context("cannot wait for signals")?;
    state.stop = Some(Box::new(stop));
    Ok(())
}

/// Stops the verb. Where none handles signals, removes the temporary files and calls `end`, which
/// ends the process. The state stays locked until then, so that no file is made or renamed.
fn received(end: impl FnOnce()) {
    let mut state = state();
    if let Some(stop) = &mut state.stop {
        stop();
        return;
    }
    state.temporary.clear();
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
        // A hangup may be ignored, as `nohup` has it; so it stays as it is.
        state.catch(false)?;
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

    /// Starts the thread that waits for signals. One that ends the process is the process's end, so
    /// that a shell sees 130 or 143.
    pub(super) fn catch(with_hangup: bool) -> io::Result<()> {
        let caught = [SIGINT, SIGTERM].into_iter().chain(with_hangup.then_some(SIGHUP));
        let mut signals = Signals::new(caught)?;
        let wait = move || {
            for signal in signals.forever() {
                super::received(|| _ = emulate_default_handler(signal));
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
        Ok(())
    }
}

#[cfg(not(unix))]
mod platform {
    use std::{io, process};

    /// Calls back at each Ctrl-C.
    pub(super) fn catch(_: bool) -> io::Result<()> {
        ctrlc::set_handler(|| super::received(|| process::exit(130))).map_err(io::Error::other)
    }
}
