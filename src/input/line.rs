//! Lines of text: logs that hold webhooks somewhere in them.

use std::io;

use super::broken::{cut, unexpected};
use super::frame::{Fault, Framer, LineHead, MAX_BODY, WINDOW, search};
use super::head::Head;
use super::join::{Joined, Log, Open};
use super::outline::begins_webhook;
use super::rules;
use super::scan::{Extent, has_trigger};
use super::search::is_promising;
use super::sink::{Answer, Sink};
use super::tally::Tally;
use super::text::{Dump, dump, outside};
use super::window::Piece;
use crate::finding::Finding;

/// As much of a line's beginning is compared with that of others.
const PREFIX: usize = 1024;

/// So many lines are looked at for one that goes on with a document.
const LINES_AHEAD: usize = 64;

/// The longest first line of a request.
const MAX_REQUEST_LINE: usize = 8192;

/// A line of text that is being read.
struct Line {
    /// Where it begins: a byte of the source's text.
    begins: u64,
    head: Head,
    prefix: Vec<u8>,
    /// How far it was looked through for its end: bytes of the source's text.
    known: u64,
    /// Whether it is to go on in lines that follow.
    goes_on: bool,
}

impl<S: Sink> Framer<'_, '_, S> {
    /// Takes the webhooks out of a line of text.
    pub(super) fn text_line(&mut self) -> io::Result<()> {
        let line_length = self.line_length()?;
        let length = line_length.unwrap_or(WINDOW);
        if self.is_header(length) {
            self.counts.skipped_lines += 1;
            self.window.consume(length);
            return Ok(());
        }
        let text = &self.window.text()[..length];
        let head = Head::of(text);
        if head.runtime.as_ref().is_some_and(|runtime| runtime.partial) {
            self.split_line(&head, length);
            return Ok(());
        }
        if self.is_strict() {
            self.tell(&outside(0));
        }
        self.line = LineHead { name: head.name, written: head.stamp.as_ref().map(|(_, at)| *at) };
        if !line_length.is_some_and(|length| self.webhook_behind_text(length)) {
            self.parts_of_line(head, length)?;
        }
        self.line = LineHead::default();
        Ok(())
    }

    /// The usual case: takes the line if all behind its first object is one webhook.
    fn webhook_behind_text(&mut self, length: usize) -> bool {
        let text = &self.window.text()[..length];
        let Some(at) = memchr::memchr_iter(b'{', text).find(|at| text.get(at + 1) != Some(&b'}'))
        else {
            return false;
        };
        let object = std::str::from_utf8(text[at..].trim_ascii_end());
        // To parse one that was cut takes as long as one that is whole.
        let may_be = |object: &&str| object.ends_with('}') && begins_webhook(object.as_bytes());
        let Some(object) = object.ok().filter(may_be) else {
            return false;
        };
        let answer = search!(self, |search, context| search.offer(object, context));
        let taken = matches!(answer, Answer::Webhook);
        if taken {
            self.add(Tally::WEBHOOK);
            self.window.consume(length);
        }
        taken
    }

    /// Takes what a line has in it, object by object.
    fn parts_of_line(&mut self, head: Head, length: usize) -> io::Result<()> {
        let text = &self.window.text()[..length];
        let dump = dump(text);
        let prefix = text[..length.min(PREFIX)].to_vec();
        let dump = dump.map(|(at, dump)| self.dump_finding(at, dump));
        let (webhooks, damaged) = (self.counts.webhooks, self.counts.damaged);
        let begins = self.window.passed();
        let mut line = Line { begins, head, prefix, known: 0, goes_on: false };
        while !line.goes_on && self.skip_to_brace()? {
            self.brace(&mut line)?;
        }
        if self.counts.webhooks == webhooks && self.counts.damaged == damaged && !line.goes_on {
            self.counts.skipped_lines += 1;
            self.notes.log_lines = true;
            if let Some(finding) = dump {
                self.keep(finding);
            }
        }
        Ok(())
    }

    /// Whether a line is one of the first lines of a request, which has its body behind them.
    fn is_header(&mut self, length: usize) -> bool {
        let line = self.window.text()[..length].trim_ascii_end();
        if self.headers {
            let name = line.iter().take_while(|byte| is_token(**byte)).count();
            self.headers = name > 0 && line.get(name) == Some(&b':');
            return self.headers;
        }
        let method = line.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        let version = line.len().saturating_sub(b" HTTP/1.1".len());
        self.headers = method > 0
            && line.get(method) == Some(&b' ')
            && line.len() <= MAX_REQUEST_LINE
            && line.get(version..).is_some_and(|end| end.starts_with(b" HTTP/"));
        self.headers
    }

    fn dump_finding(&mut self, at: usize, dump: &Dump) -> Finding {
        let message = format!("this is {}, not JSON", dump.what);
        self.finding(&rules::CONSOLE_DUMP, at, &message).help(dump.help)
    }

    /// Moves on to the next `{` of the line that may begin an object with something in it; `false` at
    /// the line's end.
    fn skip_to_brace(&mut self) -> io::Result<bool> {
        loop {
            let text = self.window.text();
            let may_begin = |at: &usize| match text.get(at + 1) {
                _ if text[*at] == b'\n' => true,
                None | Some(b'"' | b'\\') => true,
                Some(byte) => byte.is_ascii_whitespace(),
            };
            if let Some(at) = memchr::memchr2_iter(b'{', b'\n', text).find(may_begin) {
                let brace = text[at] == b'{';
                self.window.consume(at);
                return Ok(brace);
            }
            let length = text.len();
            self.window.consume(length);
            if !self.window.more()? {
                return Ok(false);
            }
        }
    }

    /// Takes what begins with the `{` at the start.
    fn brace(&mut self, line: &mut Line) -> io::Result<()> {
        if self.begins_document()? {
            return self.document_in_line(line);
        }
        let length = self.rest(line)?;
        let rest = &self.window.text()[..length];
        if let Some(length) = escaped_length(rest) {
            self.escaped(length);
            return Ok(());
        }
        let ends = rest[1..].iter().all(u8::is_ascii_whitespace);
        if !(ends && self.go_on_ahead(line, length)?) {
            self.window.consume(1);
        }
        Ok(())
    }

    /// Bytes to the end of the line, or a window. What was looked through once is not again.
    fn rest(&mut self, line: &mut Line) -> io::Result<usize> {
        let passed = self.window.passed();
        if line.known <= passed {
            let length = self.line_length()?.unwrap_or(WINDOW);
            line.known = passed + length as u64;
        }
        Ok(usize::try_from(line.known - passed).unwrap_or(WINDOW))
    }

    /// An object that a line of text has in it. One that holds no webhook is text.
    fn document_in_line(&mut self, line: &mut Line) -> io::Result<()> {
        let fault = match self.extent(MAX_BODY, 0)? {
            Extent::Complete(length) => match self.offer(length, 0) {
                Ok(tally) => {
                    if tally.webhooks > 0 {
                        self.add(tally);
                    }
                    self.window.consume(length);
                    return Ok(());
                }
                Err(fault) => return self.broken_in_line(fault, Some(length), line),
            },
            Extent::TooLong => {
                let tally = self.too_long(0)?;
                self.add(tally);
                return Ok(());
            }
            Extent::Cut => cut(self.window.text().len()),
            Extent::Broken(at) => unexpected(self.window.text(), at),
            Extent::TooDeep(at) => Fault::too_deep(at),
        };
        self.broken_in_line(fault, None, line)
    }

    /// What begins like an object and is none: a webhook that is broken, or goes on behind the next
    /// line's own prefix, or just text.
    fn broken_in_line(
        &mut self,
        fault: Fault,
        length: Option<usize>,
        line: &mut Line,
    ) -> io::Result<()> {
        let text = &self.window.text()[..fault.at.min(self.window.text().len())];
        let line_end = memchr::memchr(b'\n', text);
        let webhook = has_trigger(length.map_or(text, |length| &self.window.text()[..length]));
        if let Some(end) = line_end.filter(|end| fault.at > *end)
            && self.go_on_ahead(line, end)?
        {
            return Ok(());
        }
        if webhook {
            let tally = self.broken(0, fault, length)?;
            self.add(tally);
        } else if self.may_look_through(fault.at) {
            self.window.consume(1);
        } else {
            let rest = self.rest(line)?;
            self.window.consume(rest);
        }
        Ok(())
    }

    /// Keeps the rest of the line, up to `end`, if a line that follows goes on with it behind a
    /// prefix of its own.
    fn go_on_ahead(&mut self, line: &mut Line, end: usize) -> io::Result<bool> {
        // What the document itself begins with is no prefix of lines.
        let before = usize::try_from(self.window.passed() - line.begins).unwrap_or(PREFIX);
        let prefix = &line.prefix[..before.min(line.prefix.len())];
        let Some(log) = self.log_ahead((prefix, &line.head), end)? else {
            return Ok(false);
        };
        let piece = self.piece(0);
        let text = &self.window.text()[..end];
        let rest = text.strip_suffix(b"\r").unwrap_or(text);
        let Some(open) = Open::begin(log, rest, false, piece) else {
            return Ok(false);
        };
        self.open(open);
        self.window.consume(end);
        line.goes_on = true;
        Ok(true)
    }

    /// The log of the line with this beginning, which ends at `end`, by the first line that seems to
    /// go on with it. As many lines are waited for as are looked at, and none but whole ones count:
    /// what is found must not depend on how the source hands out its bytes.
    fn log_ahead(&mut self, (prefix, head): (&[u8], &Head), end: usize) -> io::Result<Option<Log>> {
        if let Some(log) = Log::of_runtime(prefix, head) {
            return Ok(Some(log));
        }
        let most = if Log::is_known(head) { LINES_AHEAD } else { 1 };
        let mut from = end + 1;
        for _ in 0..most {
            let length = loop {
                let rest = self.window.text().get(from..).unwrap_or_default();
                if let Some(length) = memchr::memchr(b'\n', rest) {
                    break length;
                }
                let length = rest.len();
                if length > WINDOW || !self.window.more()? {
                    break length;
                }
            };
            let later = self.window.text().get(from..from + length).unwrap_or_default();
            if let Some(log) = Log::of_both((prefix, head), later) {
                return Ok(Some(log));
            }
            from += length + 1;
            if from > end + WINDOW || self.window.ends_before(from) {
                break;
            }
        }
        Ok(None)
    }

    /// A piece that stands `ahead` bytes behind the start.
    fn piece(&self, ahead: usize) -> Piece {
        Piece { at: 0, spot: self.window.spot(ahead), verbatim: self.window.is_source() }
    }

    /// Keeps a log open, with what its line says.
    fn open(&mut self, mut open: Open) {
        (open.written, open.name) = (self.line.written, self.line.name);
        if let Some(given_up) = self.notes.joins.open(open) {
            self.joined(given_up);
        }
    }

    fn joined(&mut self, open: Open) {
        let tally = search!(self, |search, context| search.joined(open, context));
        self.add(tally);
    }

    /// The beginning of a line that a container runtime has split.
    fn split_line(&mut self, head: &Head, length: usize) {
        let line = &self.window.text()[..length];
        let content = head.runtime.as_ref().map_or(length, |runtime| runtime.content);
        let text = line[content..].strip_suffix(b"\r").unwrap_or(&line[content..]);
        let open = Log::of_runtime(line, head)
            .and_then(|log| Open::begin(log, text, true, self.piece(content)));
        self.line = LineHead { name: head.name, written: head.stamp.as_ref().map(|(_, at)| *at) };
        if let Some(open) = open {
            self.open(open);
        }
        self.line = LineHead::default();
        self.window.consume(length);
    }

    /// Takes a line that goes on with what an earlier one began.
    pub(super) fn continued_line(&mut self) -> io::Result<bool> {
        if self.notes.joins.is_empty() {
            return Ok(false);
        }
        let Some(length) = self.line_length()? else {
            return Ok(false);
        };
        let line = &self.window.text()[..length];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((log, content)) = self.notes.joins.of_line(line) else {
            return Ok(false);
        };
        let piece = self.piece(content.at);
        match self.notes.joins.go_on(log, &line[content.at..], content.partial, piece) {
            Joined::Open => {}
            Joined::Whole(open) => self.joined(open),
            Joined::Broken(open) => {
                self.joined(open);
                return Ok(false);
            }
        }
        self.window.consume(length);
        Ok(true)
    }

    /// Takes what is still open at the end of the source.
    pub(super) fn end_of_logs(&mut self) {
        while let Some(open) = self.notes.joins.next() {
            self.joined(open);
        }
    }

    /// An object whose quotes are escaped, in a string perhaps that the line has in it.
    fn escaped(&mut self, length: usize) {
        let text = &self.window.text()[..length];
        if is_promising(text) {
            let tally = search!(self, |search, context| search.escaped(text, context));
            if tally.webhooks > 0 {
                self.add(tally);
            }
        }
        self.window.consume(length);
    }
}

/// Whether the name of a header may have this in it.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// How long the text is that begins with an object whose quotes are escaped: to the quote that ends
/// the string it stands in, or the line. `None` where no such object begins here.
fn escaped_length(line: &[u8]) -> Option<usize> {
    let mut rest = &line[1..];
    loop {
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        rest = &rest[blanks..];
        let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
        let behind = &rest[slashes..];
        match behind.first()? {
            _ if slashes == 0 => return None,
            b'n' | b'r' | b't' => rest = &behind[1..],
            b'"' | b'}' => break,
            b'x' if behind.starts_with(b"x22") => break,
            b'x' if [&b"x0A"[..], b"x0D", b"x09"].contains(&behind.get(..3)?) => {
                rest = &behind[3..];
            }
            b'u' if behind.starts_with(b"u0022") => break,
            _ => return None,
        }
    }
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &line[at..]) {
        at += found;
        if line[at] == b'"' {
            // An object that is not escaped may have begun.
            let before = line[..at].trim_ascii_end();
            return Some(before.strip_suffix(b"{").map_or(at, <[u8]>::len));
        }
        at = (at + 2).min(line.len());
    }
    Some(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_whose_quotes_are_escaped_ends_with_the_string_that_holds_it() {
        let length = |text: &str| escaped_length(text.as_bytes());
        assert_eq!(length(r#"{\"a\":1}" x"#), Some(9));
        assert_eq!(length(r#"{\n  \"a\":1}"#), Some(13));
        assert_eq!(length(r"{\x22a\x22:1} rest"), Some(18));
        assert_eq!(length(r"{\x0A \x22a\x22:1}"), Some(18));
        assert_eq!(length(r#"{\\\"a\\\":1}" x"#), Some(13));
        assert_eq!(length(r"{a}"), None);
        assert_eq!(length(r"{\q"), None);
    }
}
