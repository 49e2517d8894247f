//! What is said on stderr while requests come. Nobody waits for a terminal that is slow.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::net::server::Head;
use crate::view::text::shown;
use crate::view::words::count;

/// How many notices wait to be said.
const WAITING: usize = 1024;

/// Takes notices; those that find no room are counted.
#[derive(Debug)]
pub(super) struct Notices {
    /// `None` where nothing is to be said.
    lines: Option<SyncSender<String>>,
    lost: AtomicU64,
}

impl Notices {
    /// Notices, and what says them; none where it is `quiet`.
    pub(super) fn new(quiet: bool) -> (Self, Receiver<String>) {
        let (lines, said) = sync_channel(WAITING);
        (Self { lines: (!quiet).then_some(lines), lost: AtomicU64::new(0) }, said)
    }

    /// Whether anything is to be said.
    pub(super) fn are_wanted(&self) -> bool {
        self.lines.is_some()
    }

    /// Says something of a request.
    pub(super) fn of(&self, peer: SocketAddr, head: Option<&Head>, what: &str) {
        let request = head.map(|head| format!("{} {} ", head.method, head.path));
        self.say(&format!("{}from {peer}: {what}", request.unwrap_or_default()));
    }

    /// Says something.
    pub(super) fn say(&self, what: &str) {
        let Some(lines) = &self.lines else {
            return;
        };
        let lost = self.lost.swap(0, Ordering::Relaxed);
        let before = match lost {
            0 => String::new(),
            lost => format!("callscope: {} not shown\n", count(lost, "notice")),
        };
        let line = format!("{before}callscope: {}\n", shown(what));
        if lines.try_send(line).is_err() {
            self.lost.fetch_add(lost + 1, Ordering::Relaxed);
        }
    }
}

/// Says notices until there are no more; nobody is told if stderr is gone.
pub(super) fn say(lines: &Receiver<String>) {
    for line in lines {
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_is_counted_and_told_behind_it() {
        let (notices, said) = Notices::new(false);
        for at in 0..WAITING + 3 {
            notices.say(&at.to_string());
        }
        assert_eq!(said.try_iter().count(), WAITING);
        notices.say("a\u{1b}b");
        let line = said.try_recv().expect("a line");
        assert_eq!(line, "callscope: 3 notices not shown\ncallscope: a\\u{1b}b\n");
    }
}
