//! Lines and records of logs that belong together: a document over several lines that each have
//! their own prefix or record, and lines that a container runtime has split.

use super::frame::MAX_BODY;
use super::head::Head;
use super::scan::{Scan, Stop, begins_document};
use super::stamp::Stamp;
use super::window::Piece;

/// As many logs may be inside a document at once, and so much text may wait in them.
const MOST_LOGS: usize = 64;
const MOST_TEXT: usize = 2 * MAX_BODY;

/// The most lines of one document: the place of each is kept.
const MOST_LINES: usize = 100_000;

/// What tells the lines of one log from those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// Lines with the same prefix, its time aside.
    Prefix {
        /// What stands before the time, or the whole prefix.
        before: Vec<u8>,
        /// What stands behind the time; `None` where there is none.
        behind: Option<Vec<u8>>,
        /// Whether a runtime's tags follow.
        runtime: bool,
    },
    /// Records that say the same of where they come from.
    Records(String),
}

/// Where a line's own text begins, and whether the line goes on with the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) at: usize,
    pub(super) partial: bool,
}

impl Log {
    /// The log of a line with this head that a container runtime wrote.
    pub(super) fn of_runtime(line: &[u8], head: &Head) -> Option<Self> {
        let (runtime, (range, _)) = (head.runtime.as_ref()?, head.stamp.as_ref()?);
        Some(Self::Prefix {
            before: line[..range.start].to_vec(),
            behind: Some(line[range.end..runtime.stream.end].to_vec()),
            runtime: true,
        })
    }

    /// The log of which both a line, by its beginning and the head of it, and a later line are. `None` where nothing is
    /// known that puts a prefix before each line, or where they have none in common.
    pub(super) fn of_both((line, head): (&[u8], &Head), later: &[u8]) -> Option<Self> {
        let log = |before: &[u8], behind: Option<&[u8]>| Self::Prefix {
            before: before.to_vec(),
            behind: behind.map(<[u8]>::to_vec),
            runtime: false,
        };
        if let Some((range, _)) = &head.stamp
            && let Some(rest) = later.strip_prefix(&line[..range.start])
            && let Some((_, length)) = Stamp::leading(rest)
        {
            let behind = common(&line[range.end..], &rest[length..]);
            return Some(log(&line[..range.start], Some(behind)));
        }
        let before = common(line, later);
        let goes_on = later[before.len()..].trim_ascii_start();
        let inside = goes_on.starts_with(b"\"") || goes_on.starts_with(b"}");
        let known = head.service > 0 && before.len() >= head.service;
        (known || before.len() > 2 && inside).then(|| log(before, None))
    }

    /// Whether something is known that has put a prefix before a line, and others between it and the
    /// next line of its own.
    pub(super) fn is_known(head: &Head) -> bool {
        head.service > 0 || head.stamp.is_some()
    }

    /// Where the text of a line begins if it is one of this log.
    pub(super) fn content(&self, line: &[u8]) -> Option<Content> {
        let Self::Prefix { before, behind, runtime } = self else {
            return None;
        };
        let rest = without(line, before)?;
        let Some(behind) = behind else {
            return Some(Content { at: line.len() - rest.len(), partial: false });
        };
        let (_, length) = Stamp::leading(rest)?;
        if *runtime {
            let head = Head::of(line).runtime?;
            let same = line[head.stream.clone()] == behind[1..];
            return same.then_some(Content { at: head.content, partial: head.partial });
        }
        let rest = without(&rest[length..], behind)?;
        Some(Content { at: line.len() - rest.len(), partial: false })
    }
}

/// What two texts begin with.
fn common<'t>(one: &'t [u8], other: &[u8]) -> &'t [u8] {
    let length = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    &one[..length]
}

/// What follows a prefix. A line without a text of its own may lack the blanks at its end.
fn without<'l>(line: &'l [u8], prefix: &[u8]) -> Option<&'l [u8]> {
    let empty = || (line == prefix.trim_ascii_end()).then_some(&line[line.len()..]);
    line.strip_prefix(prefix).or_else(empty)
}

/// A log that is inside a document, or inside a line.
#[derive(Debug)]
pub(super) struct Open {
    log: Log,
    pub(super) text: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// Whether its last line goes on.
    partial: bool,
    /// The document it is inside of, and where that begins.
    scan: Option<(usize, Scan)>,
    /// When its first line was written.
    pub(super) written: Option<Stamp>,
    pub(super) name: Option<&'static str>,
    /// How many lines or records it has.
    pub(super) parts: u64,
}

impl Open {
    /// A log that has this text; `None` where the text is whole.
    pub(super) fn begin(log: Log, text: &[u8], partial: bool, piece: Piece) -> Option<Self> {
        let scan = unfinished(text, 0);
        (partial || scan.is_some()).then(|| Self {
            log,
            text: text.to_vec(),
            pieces: vec![piece],
            partial,
            scan,
            written: None,
            name: None,
            parts: 1,
        })
    }

    pub(super) fn is_of_lines(&self) -> bool {
        matches!(self.log, Log::Prefix { .. })
    }

    /// Adds a line, and says what the text is now.
    fn go_on(&mut self, text: &[u8], partial: bool, piece: Piece) -> State {
        let (before, same_line) = (self.text.len(), self.partial);
        if !same_line {
            self.text.push(b'\n');
        }
        self.pieces.push(Piece { at: self.text.len(), ..piece });
        self.text.extend_from_slice(text);
        self.partial = partial;
        self.parts += 1;
        let Some((at, mut scan)) = self.scan.take() else {
            self.scan = unfinished(&self.text, before);
            return self.state();
        };
        match scan.run(&self.text[at..]) {
            Stop::More => self.scan = Some((at, scan)),
            Stop::Complete(length) => self.scan = unfinished(&self.text, at + length),
            Stop::Broken(_) | Stop::TooDeep(_) if same_line => {
                self.scan = unfinished(&self.text, at + 1);
            }
            Stop::Broken(_) | Stop::TooDeep(_) => {
                self.text.truncate(before);
                self.pieces.pop();
                self.parts -= 1;
                return State::Broken;
            }
        }
        self.state()
    }

    /// Whether more lines may follow.
    fn is_short(&self) -> bool {
        self.text.len() <= MAX_BODY && self.pieces.len() < MOST_LINES
    }

    fn state(&self) -> State {
        if self.scan.is_some() || self.partial { State::Open } else { State::Whole }
    }
}

/// What has become of an open log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Whole,
    Broken,
}

/// What a line has done to an open log.
#[derive(Debug)]
pub(super) enum Joined {
    /// It is one with the lines before it, and more must come.
    Open,
    /// It has made the text whole.
    Whole(Open),
    /// It is no part of the text before it, which ends broken.
    Broken(Open),
}

/// All logs that are open.
#[derive(Debug, Default)]
pub(super) struct Joins(Vec<Open>);

impl Joins {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The log that goes on with a line, by its number, with where the line's text begins.
    pub(super) fn of_line(&self, line: &[u8]) -> Option<(usize, Content)> {
        let fitting = |(at, open): (usize, &Open)| Some((at, open.log.content(line)?));
        self.0.iter().enumerate().rev().find_map(fitting)
    }

    /// The number of a log that is open.
    pub(super) fn number(&self, log: &Log) -> Option<usize> {
        self.0.iter().position(|open| open.log == *log)
    }

    /// Goes on with the log of this number.
    pub(super) fn go_on(&mut self, at: usize, text: &[u8], partial: bool, piece: Piece) -> Joined {
        match self.0[at].go_on(text, partial, piece) {
            State::Open if self.0[at].is_short() => Joined::Open,
            State::Open | State::Whole => Joined::Whole(self.0.remove(at)),
            State::Broken => Joined::Broken(self.0.remove(at)),
        }
    }

    /// Keeps a log open; where there are too many, the one that was opened first is given up.
    pub(super) fn open(&mut self, open: Open) -> Option<Open> {
        self.0.push(open);
        let waiting: usize = self.0.iter().map(|open| open.text.len()).sum();
        (self.0.len() > MOST_LOGS || waiting > MOST_TEXT).then(|| self.0.remove(0))
    }

    /// The log that was opened first, at the end of the source.
    pub(super) fn next(&mut self) -> Option<Open> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }
}

/// The first document of a text, from a byte on, that is still open at its end.
pub(super) fn unfinished(text: &[u8], from: usize) -> Option<(usize, Scan)> {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'{', text.get(at..)?) {
        at += found;
        let rest = &text[at..];
        if begins_document(rest) || rest[1..].trim_ascii().is_empty() {
            let mut scan = Scan::new(0);
            match scan.run(rest) {
                Stop::More => return Some((at, scan)),
                Stop::Complete(length) => at += length - 1,
                Stop::Broken(_) => {}
                Stop::TooDeep(deep) => at += deep,
            }
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{SourceId, Spot};

    fn piece() -> Piece {
        Piece { at: 0, spot: Spot::top_of(SourceId(0)), verbatim: true }
    }

    fn of_both(line: &[u8], later: &[u8]) -> Option<Log> {
        Log::of_both((line, &Head::of(line)), later)
    }

    fn content<'l>(log: &Log, line: &'l str) -> Option<&'l str> {
        log.content(line.as_bytes()).map(|content| &line[content.at..])
    }

    #[test]
    fn lines_with_one_prefix_are_of_one_log() {
        let log = of_both(b"web-1  | got {", b"web-1  |   \"a\": 1").expect("one log");
        assert_eq!(content(&log, "web-1  | }"), Some("}"));
        assert_eq!(content(&log, "web-1  |"), Some(""));
        assert_eq!(content(&log, "web-2  | }"), None);
        assert_eq!(of_both(b"web-1  | {", b"web-2  | {"), None);
        assert_eq!(of_both(b"plain {", b"plain text"), None);
        assert!(of_both(b"hook-7f app {", b"hook-7f app   \"a\": 1").is_some());
    }

    #[test]
    fn the_time_in_a_prefix_may_change() {
        let log = of_both(
            b"Jan  2 09:40:00 host app[7]: got {",
            b"Jan  2 09:40:00 host app[7]:   \"a\": 1",
        );
        let log = log.expect("one log");
        assert_eq!(content(&log, "Jan  2 09:40:01 host app[7]: }"), Some("}"));
        assert_eq!(content(&log, "Jan  2 09:40:01 host app[8]: }"), None);
    }

    #[test]
    fn a_line_that_a_runtime_has_split_is_whole_again() {
        let first = b"2026-01-02T09:40:00Z stdout P {\"a\":";
        let log = Log::of_runtime(first, &Head::of(first)).expect("of a runtime");
        let open = Open::begin(log.clone(), &first[30..], true, piece()).expect("goes on");
        let mut joins = Joins::default();
        assert!(joins.open(open).is_none());
        assert_eq!(joins.of_line(b"2026-01-02T09:40:00Z stderr F other"), None);
        let last = b"2026-01-02T09:40:00.5Z stdout F 1}";
        let (of, content) = joins.of_line(last).expect("the same log");
        assert_eq!((Some(of), content.partial), (joins.number(&log), false));
        let joined = joins.go_on(of, &last[content.at..], content.partial, piece());
        assert!(matches!(joined, Joined::Whole(open) if open.text == b"{\"a\":1}"));
        assert!(joins.is_empty());
    }

    #[test]
    fn the_document_that_is_open_at_the_end_of_a_text_is_found() {
        let at = |text: &str| unfinished(text.as_bytes(), 0).map(|(at, _)| at);
        assert_eq!(at(r#"a {x} {"a":1} {"b": ["#), Some(14));
        assert_eq!(at("function() {"), Some(11));
        assert_eq!(at(r#"{"a":{}} {b"#), None);
    }
}
