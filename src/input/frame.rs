//! One capture → JSON objects that may be webhooks, each with its place.
//!
//! JSON values may stand one after another in any layout, with text lines between them. Arrays are
//! entered as they come, objects that are no webhook are entered too, so that neither the size of a
//! container nor damage in it costs the webhooks inside: only one element is in memory at a time.

use std::borrow::Cow;
use std::io;
use std::sync::LazyLock;

use super::broken::malformed;
use super::expand::{Stopped, Trouble};
use super::notes::{Context, Notes};
use super::rules;
use super::scan::{Extent, MAX_DEPTH, Scan, Stop, begins_document};
use super::sink::Sink;
use super::stamp::Stamp;
use super::tally::{Counts, Found, Sighting, Tally};
use super::text::outside;
use super::window::{BEHIND, Window};
use crate::finding::{Finding, Rule, Spot};

/// Runs an expression with a [`Search`](super::search::Search) of the framer's window, and keeps
/// what the search has counted. It borrows the window's text and the sink at once, as no method
/// could.
macro_rules! search {
    ($framer:expr, |$search:ident, $context:ident| $body:expr) => {{
        let $context = &$framer.context.inside($framer.line.name, $framer.line.written);
        if $context.nesting == 0 {
            $framer.notes.read = $framer.window.passed() + $framer.window.text().len() as u64;
        }
        let mut searching = $crate::input::search::Search {
            window: &*$framer.window,
            sink: &mut *$framer.sink,
            notes: &mut *$framer.notes,
            damaged: 0,
            skipped: 0,
        };
        let $search = &mut searching;
        let found = $body;
        $framer.counts.damaged += searching.damaged;
        $framer.counts.skipped_lines += searching.skipped;
        found
    }};
}
pub(super) use search;

/// A longer line or scalar is passed over without a look inside.
pub(super) const WINDOW: usize = 1024 * 1024;

/// The longest webhook body.
pub(super) const MAX_BODY: usize = 16 * 1024 * 1024;

/// Levels of containers that are searched for webhooks.
pub(super) const MAX_ENTERED: u32 = 4;

/// What stands before each value of a JSON text sequence (RFC 7464).
const SEPARATOR: u8 = 0x1E;

/// The byte order mark in UTF-8.
pub(super) const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What went wrong in a document, `at` bytes behind the window's start.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static Rule,
    pub(super) at: usize,
    pub(super) message: Cow<'static, str>,
    /// Whether it makes something unreadable.
    pub(super) damages: bool,
}

/// Why the framer has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// A line begins at which nothing is open, behind the byte that was due.
    Due,
    /// The source has ended.
    End,
}

/// What the beginning of a line of text says of what stands in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineHead {
    pub(super) name: Option<&'static str>,
    pub(super) written: Option<Stamp>,
}

/// Reads one source.
pub(super) struct Framer<'a, 'r, S> {
    pub(super) window: &'a mut Window<'r>,
    pub(super) sink: &'a mut S,
    pub(super) notes: &'a mut Notes,
    /// What this text stands in.
    pub(super) context: Context<'a>,
    /// What the line of text says that is being read.
    pub(super) line: LineHead,
    pub(super) counts: Counts,
    /// The first value that held no webhook.
    pub(super) first_other: Option<Sighting>,
    /// Bytes of broken documents that were looked through before they were entered.
    pub(super) looked_through: u64,
    /// The last scan that did not come to an end, and the byte of the text at which it began. What is
    /// still open in it is not scanned again: each of many documents that are never closed has all
    /// that follow inside.
    pub(super) open_scan: Option<(u64, Scan)>,
    /// The last line on which damage was told.
    pub(super) damaged_line: Option<u64>,
    /// From where on it pays to look for more that can be passed over.
    pub(super) next_stride: u64,
    /// Whether lines are headers of a request: no body stands in them.
    pub(super) headers: bool,
    /// The byte of the source from which on the framer pauses; see [`Pause`].
    pub(super) due: u64,
    /// Why the source ends where it does, if that is not its end.
    trouble: Trouble,
    /// Whether the end that this made was met inside a document.
    cut: bool,
}

impl<'a, 'r, S: Sink> Framer<'a, 'r, S> {
    pub(super) fn new(
        window: &'a mut Window<'r>,
        sink: &'a mut S,
        notes: &'a mut Notes,
        context: Context<'a>,
        trouble: Trouble,
    ) -> Self {
        Self {
            window,
            sink,
            notes,
            context,
            line: LineHead::default(),
            counts: Counts::default(),
            first_other: None,
            looked_through: 0,
            open_scan: None,
            damaged_line: None,
            next_stride: 0,
            headers: false,
            due: u64::MAX,
            trouble,
            cut: false,
        }
    }

    /// Reads the source to its end, or to the first line at or behind [`Self::due`] at which nothing
    /// is open.
    ///
    /// # Errors
    /// When the source cannot be read on. What was read until then has been handed to the sink.
    pub(super) fn run(&mut self) -> io::Result<Pause> {
        if self.read_values()? == Pause::Due {
            return Ok(Pause::Due);
        }
        if self.context.nesting == 0 {
            self.end_of_logs();
        }
        self.end();
        Ok(Pause::End)
    }

    /// Does the same, but takes what is open at the end of the source for what goes on in another.
    pub(super) fn read_values(&mut self) -> io::Result<Pause> {
        let mut same_line = false;
        while self.skip_blank()?.is_some() {
            if !same_line && self.is_due() && self.window.at_line_start() {
                return Ok(Pause::Due);
            }
            // A line is tried as a whole once, or many values on one would cost the square of them.
            if !same_line && (self.continued_line()? || self.whole_line()?) {
                continue;
            }
            same_line = false;
            if self.begins_document()? {
                same_line = self.document()?;
            } else if !self.plain_value()? {
                self.text_line()?;
            }
        }
        Ok(Pause::End)
    }

    /// Whether the framer is to pause here, if a line begins here: nothing is open, and no earlier
    /// line says anything of those that follow.
    fn is_due(&self) -> bool {
        self.window.byte() >= self.due
            && self.notes.joins.is_empty()
            && !self.headers
            && self.window.passed() >= self.next_stride
    }

    /// Where the line begins on which nothing but blanks comes before the start.
    pub(super) fn line_start(&self) -> Spot {
        let Spot { col, byte_offset, .. } = self.window.spot(0);
        Spot { col: 1, byte_offset: byte_offset - (col - 1), ..self.window.spot(0) }
    }

    /// The same framer behind text that another one has read.
    pub(super) fn behind(mut self, found: Found) -> Self {
        let Found { counts, first_other, looked_through, damaged_line, .. } = found;
        (self.counts, self.first_other) = (counts, first_other);
        (self.looked_through, self.damaged_line) = (looked_through, damaged_line);
        self
    }

    /// What was found.
    pub(super) fn found(&self) -> Found {
        let Self { counts, first_other, looked_through, damaged_line, .. } = *self;
        let log_lines = self.notes.log_lines;
        Found { counts, first_other, looked_through, damaged_line, log_lines }
    }

    /// Tells why the source ended too early.
    fn end(&mut self) {
        if let Some(Stopped { rule, message, left }) = self.trouble.told() {
            // Of bodies inside a text the number would differ each time, and help nobody.
            let message = match left.filter(|_| self.context.nesting == 0) {
                Some(1) => message + "; 1 byte is left",
                Some(bytes) => format!("{message}; {bytes} bytes are left"),
                None => message,
            };
            // A document that it cut was counted as damaged already.
            self.counts.damaged += u64::from(!self.cut);
            let finding = Finding::new(rule, self.window.spot(0), message);
            self.sink.finding(Finding { length: 0, ..finding });
        }
    }

    /// Moves to the next byte that is no white space.
    pub(super) fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        // Counted here, since the source may hand out the blanks in pieces.
        let mut line_ends = 0;
        while self.window.peek()?.is_some() {
            let text = self.window.text();
            let blank =
                text.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != SEPARATOR);
            let length = blank.unwrap_or(text.len());
            // An empty line ends the headers of a request.
            line_ends += memchr::memchr_iter(b'\n', &text[..length]).take(2).count();
            self.headers &= line_ends < 2;
            self.window.consume(length);
            // One file behind another may bring its byte order mark along.
            if self.begins_bom()? {
                self.window.consume(BOM.len());
            } else if blank.is_some() {
                break;
            }
        }
        self.window.peek()
    }

    /// Whether a byte order mark stands here, though the source may hand it out in pieces.
    fn begins_bom(&mut self) -> io::Result<bool> {
        loop {
            let text = self.window.text();
            if text.is_empty() || text.len() >= BOM.len() || !BOM.starts_with(text) {
                return Ok(text.starts_with(BOM));
            }
            if !self.window.more()? {
                return Ok(false);
            }
        }
    }

    /// The usual case, NDJSON: takes the line if the whole of it is one object.
    fn whole_line(&mut self) -> io::Result<bool> {
        if self.window.peek()? != Some(b'{') {
            return Ok(false);
        }
        let Some(length) = self.line_length()? else {
            return Ok(false);
        };
        let line = &self.window.text()[..length];
        let line = line.trim_ascii_end();
        if line.last() != Some(&b'}') {
            return Ok(false);
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return Ok(false);
        };
        let offered = search!(self, |search, context| search.offered(text, context, 0));
        let Ok(tally) = offered else {
            return Ok(false);
        };
        self.add(tally);
        self.window.consume(length);
        Ok(true)
    }

    /// Bytes to the end of the line, its `\n` not among them; `None` where they are more than a
    /// window.
    pub(super) fn line_length(&mut self) -> io::Result<Option<usize>> {
        let mut from = 0;
        loop {
            let text = self.window.text();
            let text = &text[..text.len().min(WINDOW + 1)];
            if let Some(found) = memchr::memchr(b'\n', &text[from..]) {
                return Ok(Some(from + found));
            }
            from = text.len();
            if from > WINDOW {
                return Ok(None);
            }
            if !self.window.more()? {
                return Ok(Some(from));
            }
        }
    }

    /// Whether an object or array begins here, with as much lookahead as its blanks need.
    pub(super) fn begins_document(&mut self) -> io::Result<bool> {
        loop {
            let text = self.window.text();
            let text = &text[..text.len().min(WINDOW)];
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

    /// Takes the document that begins here; whether another stands on the same line.
    pub(super) fn document(&mut self) -> io::Result<bool> {
        let tally = self.value(0)?;
        self.add(tally);
        self.rest_of_line()
    }

    pub(super) fn add(&mut self, tally: Tally) {
        self.counts.documents += tally.documents;
        self.counts.webhooks += tally.webhooks;
        self.counts.not_webhooks += tally.others;
        self.first_other = self.first_other.or(tally.first_other);
    }

    /// Whether text outside JSON is a finding here.
    pub(super) fn is_strict(&self) -> bool {
        self.notes.strict && self.context.nesting == 0
    }

    /// Passes over what stands behind a document on its line, up to the next document if there is
    /// one.
    fn rest_of_line(&mut self) -> io::Result<bool> {
        let mut told = !self.is_strict();
        loop {
            match self.window.peek()? {
                None | Some(b'\n') => return Ok(false),
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(_) if self.begins_document()? => return Ok(true),
                Some(_) if !told => {
                    told = true;
                    self.tell(&outside(0));
                }
                Some(_) => {}
            }
            self.window.consume(1);
        }
    }

    /// Scans the object or array at the start, `above` levels deep, as far as `limit` bytes. The
    /// window may hold more: what is found must not depend on how the source hands out its bytes.
    pub(super) fn extent(&mut self, limit: usize, above: u32) -> io::Result<Extent> {
        let mut scan = self.resumed_scan(above).unwrap_or_else(|| Scan::new(above));
        let extent = loop {
            let text = self.window.text();
            let text = &text[..text.len().min(limit + 1)];
            match scan.run(text) {
                Stop::Complete(length) if length <= limit => return Ok(Extent::Complete(length)),
                Stop::Broken(at) => break Extent::Broken(at),
                Stop::TooDeep(at) => break Extent::TooDeep(at),
                _ if text.len() > limit => break Extent::TooLong,
                _ if !self.window.more()? => break Extent::Cut,
                _ => {}
            }
        };
        self.open_scan = Some((self.window.passed(), scan));
        Ok(extent)
    }

    /// Whether the last scan left what begins at the start open.
    pub(super) fn is_open_here(&self) -> bool {
        let passed = self.window.passed();
        self.open_scan.as_ref().is_some_and(|(from, scan)| scan.has_open(passed - from))
    }

    /// The last scan, where it left what begins at the start open.
    fn resumed_scan(&mut self, above: u32) -> Option<Scan> {
        let (from, scan) = self.open_scan.as_mut()?;
        let resumed = scan.resume_at(self.window.passed() - *from, above);
        self.open_scan.take_if(|_| resumed).map(|(_, scan)| scan)
    }

    /// Offers the first `length` bytes to the sink, and searches them if they are no webhook.
    pub(super) fn offer(&mut self, length: usize, depth: u32) -> Result<Tally, Fault> {
        if self.window.text()[..length] == *b"{}" {
            return Ok(Tally::other(self.sighting(2)));
        }
        let text = match std::str::from_utf8(&self.window.text()[..length]) {
            Ok(text) => text,
            Err(error) => return Err(not_utf8(error.valid_up_to())),
        };
        search!(self, |search, context| search.offered(text, context, depth))
            .map_err(|error| malformed(text.as_bytes(), &error))
    }

    /// Reports damage or text that does not belong.
    pub(super) fn tell(&mut self, fault: &Fault) {
        let finding = self.finding(fault.rule, fault.at, &fault.message);
        if fault.damages {
            self.counts.damaged += 1;
            self.damaged_line = Some(finding.spot.line);
        }
        self.keep(finding);
    }

    /// A finding `at` bytes behind the start, with proof of the text around it.
    pub(super) fn finding(&mut self, rule: &'static Rule, at: usize, message: &str) -> Finding {
        if self.notes.reads_ahead {
            self.window.look_ahead(at + BEHIND);
        }
        let surroundings = self.window.surroundings(at);
        Finding { surroundings, ..Finding::new(rule, self.window.spot(at), message) }
    }

    /// Where the value stands that has `length` bytes from the start on.
    pub(super) fn sighting(&self, length: usize) -> Sighting {
        let text = self.window.text();
        let text = &text[..length.min(text.len())];
        let surroundings = self.window.surroundings_within(0, text);
        Sighting { spot: self.window.spot(0), surroundings }
    }

    /// Hands a finding on, but for one that says of a document what is to be said of the source as
    /// a whole.
    pub(super) fn keep(&mut self, mut finding: Finding) {
        if !self.window.is_source() {
            // What stands there is escaped or encoded: nobody sees the fault in it.
            finding.length = 0;
        }
        if finding.rule == &rules::TRUNCATED && self.trouble.told().is_some() {
            self.cut = true;
        } else {
            self.sink.finding(finding);
        }
    }
}

impl Fault {
    pub(super) fn new(
        rule: &'static Rule,
        at: usize,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { rule, at, message: message.into(), damages: true }
    }

    /// Another level than [`MAX_DEPTH`] begins at `at`.
    pub(super) fn too_deep(at: usize) -> Self {
        static MESSAGE: LazyLock<String> =
            LazyLock::new(|| format!("nested more than {MAX_DEPTH} levels deep"));
        Self::new(&rules::TOO_BIG, at, MESSAGE.as_str())
    }
}

pub(super) fn not_utf8(at: usize) -> Fault {
    Fault::new(&rules::NOT_UTF8, at, "these bytes are not UTF-8")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::{MAX_BODY, MAX_ENTERED};
    use crate::event::{Capture, Detail};
    use crate::finding::SourceId;
    use crate::input::scan::tests::SCANNED;
    use crate::input::{Counts, Reading, read_text};

    /// What a text holds, and how many bytes scans passed over for each byte of it.
    fn read(text: &str) -> (Counts, u64) {
        let (mut capture, mut counts) = (Capture::new(Detail::Warnings), Counts::default());
        SCANNED.set(0);
        let reading = Reading::default();
        read_text(text.as_bytes(), SourceId(0), false, &reading, &mut capture, &mut counts)
            .expect("reads");
        (counts, SCANNED.get() / text.len() as u64)
    }

    #[test]
    fn documents_that_are_never_closed_are_scanned_a_few_times_however_many_follow() {
        let lines = |line: &str| line.repeat(5000);
        let numbered =
            |line: &str| (0..5000).map(|at| line.replace('#', &at.to_string())).collect();
        let texts: [String; 9] = [
            lines("{\"a\":\n"),
            lines("{\"trigger\":\"call_started\",\"data\":{\"a\":\n"),
            lines("[{\"a\":\n"),
            lines(" {\"a\":[\n{\"b\":\n"),
            lines("{\"a\":{\"b\":{\"c\":{\"trigger\":\n"),
            numbered("2026-01-01T00:00:00.#Z INFO {\"trigger\":\"#\",\"data\":{\"a\":\n"),
            numbered("web-1  | {\"a#\":{\"b\":\n"),
            lines(
                "{\"log\":\"{\\\"trigger\\\":\\\"a\\\",\\\"data\\\":{\\\"a\\\":\\n\",\"stream\":\"stdout\"}\n",
            ),
            format!("{{\"message\":\"{}\"}}", lines("{\\\"trigger\\\":{\\\"a\\\":\\n")),
        ];
        for text in texts {
            let (counts, times) = read(&text);
            assert_eq!((counts.webhooks, counts.documents), (0, counts.not_webhooks));
            assert!(times <= 6, "{times} times: {}", &text[..80]);
        }
    }

    /// What a text holds that its source hands out in two pieces.
    fn in_pieces(text: &[u8], cut: usize) -> (Counts, Vec<String>) {
        let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
        let pieces = text[..cut].chain(&text[cut..]);
        let reading = Reading::default();
        read_text(pieces, SourceId(0), false, &reading, &mut capture, &mut counts).expect("reads");
        let findings = capture
            .findings
            .iter()
            .map(|finding| format!("{} {:?} {}", finding.rule.code, finding.spot, finding.message));
        (counts, findings.collect())
    }

    #[test]
    fn a_value_longer_than_a_body_ends_before_the_byte_that_breaks_it_wherever_the_source_is_cut() {
        let mut text = "{\"a\":".repeat(MAX_ENTERED as usize + 1);
        text += "1";
        text += &" ".repeat(MAX_BODY);
        let broken_at = text.len() + 2;
        text += ",\n{ a: {} }\n";
        let whole = in_pieces(text.as_bytes(), text.len());
        for cut in broken_at - 2..broken_at + 3 {
            assert_eq!(in_pieces(text.as_bytes(), cut), whole, "cut at {cut}");
        }
    }

    #[test]
    fn an_empty_line_ends_headers_wherever_the_source_is_cut() {
        let text =
            b"POST /hooks HTTP/1.1\r\nhost: a\r\n\r\npayload: {\"trigger\":\"a\",\"data\":{}}\n";
        let whole = in_pieces(text, text.len());
        assert_eq!(whole.0.webhooks, 1);
        for cut in 1..text.len() {
            assert_eq!(in_pieces(text, cut), whole, "cut at {cut}");
        }
    }
}
