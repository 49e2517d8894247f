//! What is said on stderr while requests come. Nobody waits for a terminal that is slow.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::ends::{Timed, WriteClock};
use crate::input::without_secret_parameters;
use crate::net::server::Head;
use crate::view::text::{Cut, fit, shown};
use crate::view::words::count;

/// How many notices wait to be said.
const WAITING: usize = 1024;

/// Columns of a method and of a path.
const METHOD: usize = 16;
const PATH: usize = 80;

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
        let request = head.map(|head| request_line(head) + " ");
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

/// `POST /hooks`: escaped, shortened, and without secret parameters.
pub(super) fn request_line(head: &Head) -> String {
    let path = without_secret_parameters(&head.path);
    let [method, path] = [shown(head.method.as_str()), shown(&path)];
    [fit(&method, METHOD, Cut::End, "…"), fit(&path, PATH, Cut::End, "…")].join(" ")
}

/// Says notices until there are no more; nobody is told if stderr is gone.
pub(super) fn say(lines: &Receiver<String>, clock: WriteClock) {
    let mut stderr = Timed { inner: io::stderr(), clock };
    for line in lines {
        let _ = stderr.write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::server::HeaderMap;

    #[test]
    fn a_request_is_shown_escaped_shortened_and_without_secrets() {
        let line = |method: &str, path: &str| {
            let method = method.parse().expect("a method");
            let (headers, peer) = (HeaderMap::new(), ([127, 0, 0, 1], 1).into());
            request_line(&Head { method, path: path.to_owned(), headers, peer })
        };
        assert_eq!(line("POST", "/a;token=hunter2/b"), "POST /a;token=[hidden]/b");
        assert_eq!(line("POST", "/\u{1b}[2J\u{202e}"), "POST /\\u{1b}[2J\\u{202e}");
        let long = line(&"M".repeat(5000), &format!("/{}", "p".repeat(5000)));
        assert_eq!(long, format!("{}… /{}…", "M".repeat(METHOD - 1), "p".repeat(PATH - 2)));
    }

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
