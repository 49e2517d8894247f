//! How many connections the system allows.

/// Files that are no connections: the capture, the terminal, whatever was inherited.
const OTHERS: u64 = 64;

/// Connections that there may be at once, once as many as possible are asked for.
#[cfg(unix)]
pub(super) fn connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // macOS refuses a limit of none at all; then what there was holds.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    let files = if raised { maximum } else { current };
    let files = files.unwrap_or(u64::MAX);
    usize::try_from(files.saturating_sub(OTHERS).max(files / 2)).unwrap_or(usize::MAX)
}

/// Connections that there may be at once: nobody counts them.
#[cfg(not(unix))]
pub(super) fn connections() -> usize {
    usize::MAX
}
