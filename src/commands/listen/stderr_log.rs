//! The log on stderr while requests arrive. Nobody waits for a slow terminal.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::shutdown::{TimedWriter, WriteClock};
use crate::input::without_secret_parameters;
use crate::net::server::RequestHead;
use crate::view::text::{Cut, fit, shown};
use crate::view::words::count;

/// Notices that wait to be printed.
const WAITING: usize = 1024;

/// Columns of a method and of a path.
const METHOD: usize = 16;
const PATH: usize = 80;

/// Queues notices; those that find no room are counted.
#[derive(Debug)]
pub(super) struct StderrLog {
    /// `None` ends the log.
    lines: Sender<Option<String>>,
    waiting: Arc<AtomicUsize>,
    lost: AtomicU64,
    quiet: bool,
}

/// The queued notices.
pub(super) struct NoticeQueue {
    lines: Receiver<Option<String>>,
    waiting: Arc<AtomicUsize>,
}

impl StderrLog {
    /// A log, and its queue. If it is `quiet`, only its last lines are printed.
    pub(super) fn new(quiet: bool) -> (Self, NoticeQueue) {
        let (sender, lines) = channel();
        let waiting = Arc::<AtomicUsize>::default();
        let log = Self { lines: sender, waiting: waiting.clone(), lost: AtomicU64::new(0), quiet };
        (log, NoticeQueue { lines, waiting })
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether notices wait to be printed.
    pub(super) fn is_behind(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Prints a notice about a request.
    pub(super) fn say_of(&self, peer: SocketAddr, head: &RequestHead, what: &str) {
        self.say(&format!("{} from {peer}: {what}", request_line(head)));
    }

    pub(super) fn say(&self, what: &str) {
        if self.quiet {
            return;
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let lost = match self.lost.swap(0, Ordering::Relaxed) {
            0 => String::new(),
            lost => format!("callscope: {} not shown\n", count(lost, "notice")),
        };
        // Fails if the log is closed.
        let _ = self.lines.send(Some(format!("{lost}callscope: {}\n", shown(what))));
    }

    /// Prints the last lines, and ends the log.
    pub(super) fn close(&self, last: String) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.lines.send(Some(last)).and_then(|()| self.lines.send(None));
    }
}

/// `POST /hooks`: escaped, shortened, and without secret parameters.
pub(super) fn request_line(head: &RequestHead) -> String {
    let path = without_secret_parameters(&head.path);
    let [method, path] = [shown(head.method.as_str()), shown(&path)];
    [fit(&method, METHOD, Cut::End, "…"), fit(&path, PATH, Cut::End, "…")].join(" ")
}

impl Iterator for NoticeQueue {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let line = self.lines.recv().ok()??;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(line)
    }
}

impl NoticeQueue {
    /// Prints notices to stderr until the log ends.
    pub(super) fn print(self, clock: WriteClock) {
        let mut stderr = TimedWriter { inner: io::stderr(), clock };
        for line in self {
            // If stderr has gone, nobody can be told.
            let _ = stderr.write_all(line.as_bytes());
        }
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
            request_line(&RequestHead { method, path: path.to_owned(), headers, peer })
        };
        assert_eq!(line("POST", "/a;token=hunter2/b"), "POST /a;token=[hidden]/b");
        assert_eq!(line("POST", "/\u{1b}[2J\u{202e}"), "POST /\\u{1b}[2J\\u{202e}");
        let long = line(&"M".repeat(5000), &format!("/{}", "p".repeat(5000)));
        assert_eq!(long, format!("{}… /{}…", "M".repeat(METHOD - 1), "p".repeat(PATH - 2)));
    }

    #[test]
    fn what_finds_no_room_is_counted_and_told_behind_it() {
        let (log, mut notices) = StderrLog::new(false);
        for at in 0..WAITING + 3 {
            log.say(&at.to_string());
        }
        assert_eq!(notices.by_ref().take(WAITING).count(), WAITING);
        log.say("a\u{1b}b");
        let line = notices.next().expect("a line");
        assert_eq!(line, "callscope: 3 notices not shown\ncallscope: a\\u{1b}b\n");
        log.close("the end\n".to_owned());
        assert_eq!(notices.collect::<Vec<_>>(), ["the end\n"]);
    }
}
