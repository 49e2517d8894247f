//! How many connections the system allows.

/// Files that are no connections: the capture, the terminal, whatever was inherited.
#[cfg(unix)]
const OTHERS: u64 = 64;

/// As many files as macOS allows each process (`OPEN_MAX`).
#[cfg(unix)]
const ALLOWED: u64 = 10_240;

/// Connections that there may be at once, once as many as possible are asked for.
#[cfg(unix)]
pub(super) fn connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // macOS refuses to allow any number.
    let allowed = [maximum, Some(ALLOWED)].into_iter().find(|more| {
        let raised = Rlimit { current: *more, maximum };
        more.is_none_or(|more| current.is_some_and(|current| more >= current))
            && setrlimit(Resource::Nofile, raised).is_ok()
    });
    let files = allowed.unwrap_or(current).unwrap_or(u64::MAX);
    usize::try_from(files.saturating_sub(OTHERS).max(files / 2)).unwrap_or(usize::MAX)
}

/// Connections that there may be at once: nobody counts them.
#[cfg(not(unix))]
pub(super) fn connections() -> usize {
    usize::MAX
}
