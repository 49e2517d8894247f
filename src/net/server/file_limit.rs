//! The number of connections that the system allows.

/// Open files that are no connections: the capture, the terminal, inherited files.
#[cfg(unix)]
const OTHERS: u64 = 64;

/// Files that macOS allows each process (`OPEN_MAX`).
#[cfg(unix)]
const ALLOWED: u64 = 10_240;

/// Raises the limit of open files as far as possible. Returns the number of connections it allows.
#[cfg(unix)]
pub(super) fn connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // macOS refuses an unlimited number.
    let allowed = [maximum, Some(ALLOWED)].into_iter().find(|more| {
        let raised = Rlimit { current: *more, maximum };
        more.is_none_or(|more| current.is_some_and(|current| more >= current))
            && setrlimit(Resource::Nofile, raised).is_ok()
    });
    let files = allowed.unwrap_or(current).unwrap_or(u64::MAX);
    usize::try_from(files.saturating_sub(OTHERS).max(files / 2)).unwrap_or(usize::MAX)
}

/// Without a limit of open files.
#[cfg(not(unix))]
pub(super) fn connections() -> usize {
    usize::MAX
}
