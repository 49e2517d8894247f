//! One capture → JSON objects that may be webhooks, each with its place.
//!
//! JSON values may stand one after another in any layout, with text lines between them. Arrays are
//! entered as they come, objects that are no webhook are entered too, so that neither the size of a
//! container nor damage in it costs the webhooks inside: only one element is in memory at a time.

use std::io;

use serde::de::IgnoredAny;

use super::place::Place;
use super::rules;
use super::scan::{Scan, Stop, begins_document};
use super::tally::{Counts, Tally};
use super::window::Window;
use crate::finding::{Finding, Spot};

/// A longer line or scalar is passed over without a look inside.
pub(super) const WINDOW: usize = 1024 * 1024;

/// The longest webhook body.
pub(super) const MAX_BODY: usize = 16 * 1024 * 1024;

/// Levels of containers that are searched for webhooks.
pub(super) const MAX_ENTERED: u32 = 4;

/// A JSON object that may be a webhook body.
pub struct Candidate<'w> {
    /// From `{` to `}`, valid UTF-8, not yet known to be valid JSON.
    pub text: &'w str,
    window: &'w Window<'w>,
}

impl Candidate<'_> {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        let Spot { source, line, col, byte_offset } = self.spot(0);
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        Place { source, length, line, col, byte_offset }
    }

    /// The spot of the byte `offset` of the text.
    #[must_use]
    pub fn spot(&self, offset: usize) -> Spot {
        self.window.spot(offset)
    }
}

/// What is said of a [`Candidate`].
#[derive(Debug)]
pub enum Answer {
    /// A webhook: nothing inside it is searched.
    Webhook,
    /// Valid JSON, but no webhook.
    Other,
    /// Not valid JSON.
    Malformed(serde_json::Error),
}

/// Takes what a capture holds. The room behind this one knows what a webhook is.
pub trait Sink {
    /// Takes the object if it is a webhook. Must not keep anything of an object that it refuses: it
    /// is offered again, whole or in parts.
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer;

    /// Takes a finding of the family J.
    fn finding(&mut self, finding: Finding);
}

/// What went wrong in a document, `at` bytes behind the window's start.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static crate::finding::Rule,
    pub(super) at: usize,
    pub(super) message: String,
}

/// Reads one source to its end.
pub(super) struct Framer<'a, 'r, S> {
    pub(super) window: &'a mut Window<'r>,
    pub(super) sink: &'a mut S,
    pub(super) counts: Counts,
    /// The first value that held no webhook.
    pub(super) first_other: Option<Spot>,
    pub(super) strict: bool,
}

impl<'a, 'r, S: Sink> Framer<'a, 'r, S> {
    pub(super) fn new(window: &'a mut Window<'r>, sink: &'a mut S, strict: bool) -> Self {
        Self { window, sink, counts: Counts::default(), first_other: None, strict }
    }

    /// Reads the source.
    ///
    /// # Errors
    /// When the source cannot be read on. What was read until then has been handed to the sink.
    pub(super) fn run(&mut self) -> io::Result<()> {
        while self.skip_blank()?.is_some() {
            if self.whole_line()? {
                continue;
            }
            if self.begins_document()? {
                self.document()?;
            } else if !self.plain_value()? {
                self.text_line()?;
            }
        }
        Ok(())
    }

    /// Moves to the next byte that is no white space.
    pub(super) fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        while self.window.peek()?.is_some() {
            let text = self.window.text();
            let blank = text.iter().position(|byte| !byte.is_ascii_whitespace());
            let length = blank.unwrap_or(text.len());
            self.window.consume(length);
            if blank.is_some() {
                break;
            }
        }
        self.window.peek()
    }

    /// The usual case, NDJSON: takes the line if the whole of it is one webhook.
    fn whole_line(&mut self) -> io::Result<bool> {
        if self.window.peek()? != Some(b'{') {
            return Ok(false);
        }
        let length = self.line_length()?;
        let Some(line) = self.window.text().get(..length) else {
            return Ok(false);
        };
        let line = line.trim_ascii_end();
        if line.last() != Some(&b'}') {
            return Ok(false);
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return Ok(false);
        };
        let candidate = Candidate { text, window: self.window };
        let taken = matches!(self.sink.object(&candidate), Answer::Webhook);
        if taken {
            self.add(Tally::WEBHOOK);
            self.window.consume(length);
        }
        Ok(taken)
    }

    /// Bytes to the end of the line, its `\n` not among them; at most [`WINDOW`] and a chunk.
    fn line_length(&mut self) -> io::Result<usize> {
        let mut from = 0;
        loop {
            let text = self.window.text();
            if let Some(found) = memchr::memchr(b'\n', &text[from..]) {
                return Ok(from + found);
            }
            from = text.len();
            if from > WINDOW || !self.window.more()? {
                return Ok(from);
            }
        }
    }

    /// Whether an object or array begins here, with as much lookahead as its blanks need.
    pub(super) fn begins_document(&mut self) -> io::Result<bool> {
        loop {
            let text = self.window.text();
            if begins_document(text) {
                return Ok(true);
            }
            let undecided = matches!(text.first(), Some(b'{' | b'['))
                && text.len() < WINDOW
                && text[1..].iter().all(u8::is_ascii_whitespace);
            if !undecided || !self.window.more()? {
                return Ok(false);
            }
        }
    }

    fn document(&mut self) -> io::Result<()> {
        // An object knows its own spot; looking every one up would cost more than reading it.
        let spot = (self.first_other.is_none() && self.window.peek()? == Some(b'['))
            .then(|| self.window.spot(0));
        let tally = self.value(0)?;
        if tally.others > 0 {
            self.first_other = self.first_other.or(spot);
        }
        self.add(tally);
        self.rest_of_line()
    }

    fn add(&mut self, tally: Tally) {
        self.counts.documents += tally.documents;
        self.counts.webhooks += tally.webhooks;
        self.counts.not_webhooks += tally.others;
    }

    /// Passes over what stands behind a document on its line, up to the next document.
    fn rest_of_line(&mut self) -> io::Result<()> {
        let mut told = !self.strict;
        loop {
            match self.window.peek()? {
                None | Some(b'\n') => return Ok(()),
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(_) if self.begins_document()? => return Ok(()),
                Some(_) if !told => {
                    told = true;
                    self.tell(&outside(0));
                }
                Some(_) => {}
            }
            self.window.consume(1);
        }
    }

    /// Takes a number, string, literal or array of such that stands where a document could.
    fn plain_value(&mut self) -> io::Result<bool> {
        let length = match self.window.peek()? {
            Some(b'[') => match self.extent(WINDOW)? {
                Extent::Complete(length) => length,
                _ => return Ok(false),
            },
            Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.line_length()?,
            _ => return Ok(false),
        };
        let valid = serde_json::from_slice::<IgnoredAny>(&self.window.text()[..length]).is_ok();
        if valid {
            self.first_other = self.first_other.or(Some(self.window.spot(0)));
            self.add(Tally::OTHER);
            self.window.consume(length);
            self.rest_of_line()?;
        }
        Ok(valid)
    }

    /// Passes over a line that holds no JSON.
    fn text_line(&mut self) -> io::Result<()> {
        self.counts.skipped_lines += 1;
        let length = self.line_length()?;
        let line = &self.window.text()[..length];
        if let Some(at) = console_dump(line) {
            self.tell(&Fault {
                rule: &rules::CONSOLE_DUMP,
                at,
                message: "this is a JavaScript console dump, not JSON".into(),
            });
        } else if self.strict {
            self.tell(&outside(0));
        }
        self.window.consume(length);
        while !matches!(self.window.peek()?, None | Some(b'\n')) {
            let length = self.line_length()?;
            self.window.consume(length);
        }
        Ok(())
    }

    /// Scans the object or array at the start, reading on up to `limit` bytes.
    pub(super) fn extent(&mut self, limit: usize) -> io::Result<Extent> {
        let mut scan = Scan::new();
        loop {
            match scan.run(self.window.text()) {
                Stop::Complete(length) => return Ok(Extent::Complete(length)),
                Stop::Broken(at) => return Ok(Extent::Broken(at)),
                Stop::TooDeep(at) => return Ok(Extent::TooDeep(at)),
                Stop::More if self.window.text().len() > limit => return Ok(Extent::TooLong),
                Stop::More if !self.window.more()? => return Ok(Extent::Cut),
                Stop::More => {}
            }
        }
    }

    /// Offers the first `length` bytes to the sink.
    pub(super) fn offer(&mut self, length: usize) -> Result<Answer, Fault> {
        let text = match std::str::from_utf8(&self.window.text()[..length]) {
            Ok(text) => text,
            Err(error) => return Err(not_utf8(error.valid_up_to())),
        };
        let candidate = Candidate { text, window: self.window };
        Ok(self.sink.object(&candidate))
    }

    /// Reports damage or text that does not belong.
    pub(super) fn tell(&mut self, fault: &Fault) {
        if fault.rule != &rules::CONSOLE_DUMP && !is_outside(fault) {
            self.counts.damaged += 1;
        }
        let spot = self.window.spot(fault.at);
        let mut finding = Finding::new(fault.rule, spot, fault.message.clone());
        if fault.rule == &rules::CONSOLE_DUMP {
            finding = finding.help("log JSON.stringify(payload) instead of the object itself");
        }
        self.sink.finding(finding);
    }
}

/// How far the object or array at the window's start reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// This many bytes.
    Complete(usize),
    /// To the byte at which it cannot go on.
    Broken(usize),
    /// To the bracket that opens one level too many.
    TooDeep(usize),
    /// Further than the limit.
    TooLong,
    /// Beyond the end of the source.
    Cut,
}

pub(super) fn not_utf8(at: usize) -> Fault {
    Fault { rule: &rules::NOT_UTF8, at, message: "these bytes are not UTF-8".into() }
}

const OUTSIDE: &str = "text outside JSON";

fn outside(at: usize) -> Fault {
    Fault { rule: &rules::NOT_JSON, at, message: OUTSIDE.into() }
}

/// Whether the fault is text where only JSON was asked for (`--strict`), which damages nothing.
fn is_outside(fault: &Fault) -> bool {
    fault.message == OUTSIDE
}

/// Where a JavaScript console dump of a webhook shows in a line of text: at an unquoted `trigger:`
/// with a quoted string.
fn console_dump(line: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(line, b"trigger: ")
        .find(|at| matches!(line.get(at + 9), Some(b'\'' | b'"' | b'`')))
}
