//! Documents that are not valid JSON: what is told of them, and where reading goes on.

use std::borrow::Cow;
use std::io;

use super::frame::{Fault, Framer, MAX_BODY, MAX_ENTERED, WINDOW};
use super::resync::Resync;
use super::rules;
use super::scan::has_trigger;
use super::search::is_promising;
use super::sink::Sink;
use super::tally::Tally;

impl<S: Sink> Framer<'_, '_, S> {
    /// A document that is not valid JSON: a webhook is passed over whole, anything else is entered
    /// for the whole webhooks in it. `length` is known where its brackets are in order.
    pub(super) fn broken(
        &mut self,
        depth: u32,
        fault: Fault,
        length: Option<usize>,
    ) -> io::Result<Tally> {
        let end = match length {
            Some(length) => length,
            None => self.end_of_broken(fault.at)?,
        };
        let text = &self.window.text()[..end];
        let holds_more = memchr::memchr2(b'{', b'[', &text[1..]).is_some();
        // In a message that somebody wrote anything may look like the beginning of JSON. What is
        // broken behind a damage on its line is the same damage.
        let expected = self.context.nesting > 0 || self.is_behind_damage();
        if expected && !is_promising(text) {
            self.pass_over(end)?;
            return Ok(Tally::DAMAGED);
        }
        let webhook = has_trigger(text) || fault.rule == &rules::TOO_BIG;
        if !webhook && holds_more && depth < MAX_ENTERED && self.may_look_through(end) {
            return self.enter_broken(depth, &fault);
        }
        let fault = self.within(fault, end)?;
        self.tell(&fault);
        self.window.consume(end);
        Ok(Tally::DAMAGED)
    }

    /// Whether damage was told of the line on which the start stands, before it.
    fn is_behind_damage(&self) -> bool {
        !self.window.at_line_start() && self.damaged_line == Some(self.window.spot(0).line)
    }

    /// Passes over `length` bytes of what is broken, or over more where nothing of use follows on
    /// the line: a line of nothing but broken brackets is soon behind us.
    fn pass_over(&mut self, length: usize) -> io::Result<()> {
        const STRIDE: usize = 64 * 1024;
        const LONGEST_SIGN: usize = 16;
        let passed = self.window.passed();
        if passed < self.next_stride {
            self.window.consume(length);
            return Ok(());
        }
        let line = self.line_length()?.unwrap_or(WINDOW).min(STRIDE);
        if is_promising(&self.window.text()[..line]) {
            self.next_stride = passed + STRIDE as u64;
            self.window.consume(length);
        } else {
            self.window.consume(length.max(line.saturating_sub(LONGEST_SIGN)));
        }
        Ok(())
    }

    /// Whether `length` bytes may be looked through once more. What is inside a broken document is
    /// looked through again when it is entered; text made of nothing but broken brackets would cost
    /// the square of its length.
    pub(super) fn may_look_through(&mut self, length: usize) -> bool {
        self.looked_through += length as u64;
        self.looked_through <= 8 * self.window.passed() + 4 * MAX_BODY as u64
    }

    /// The fault as it shows once the end of the broken document is known: a document that was cut
    /// is told of where it was cut, not where something else begins.
    fn within(&mut self, fault: Fault, end: usize) -> io::Result<Fault> {
        if self.ends_with(fault.at.min(end))? {
            let whole = self.window.text()[..fault.at.min(end)].trim_ascii_end().len();
            return Ok(cut(whole));
        }
        let text = self.window.text();
        let at = fault.at.min(end);
        let whole = text[..at].trim_ascii_end().len();
        let on_its_line = !text[whole..at].contains(&b'\n');
        if fault.at < end && (on_its_line || fault.rule != &rules::NOT_JSON) {
            let line_end = text[..=fault.at].ends_with(b"\r\n");
            return Ok(Fault { at: fault.at - usize::from(line_end), ..fault });
        }
        Ok(Fault::new(&rules::NOT_JSON, whole, "the document is cut short here"))
    }

    /// Whether nothing but blanks follows `ahead` bytes behind the start, up to the end of the
    /// source.
    fn ends_with(&mut self, ahead: usize) -> io::Result<bool> {
        loop {
            let rest = &self.window.text()[ahead..];
            if !rest.trim_ascii().is_empty() || rest.len() > WINDOW {
                return Ok(false);
            }
            if !self.window.more()? {
                return Ok(true);
            }
        }
    }

    fn enter_broken(&mut self, depth: u32, fault: &Fault) -> io::Result<Tally> {
        let before = self.counts.damaged;
        let finding = self.finding(fault.rule, fault.at, &fault.message);
        let tally = self.enter(depth)?;
        if self.counts.damaged == before {
            // What is wrong lies where nothing was looked for.
            self.counts.damaged += 1;
            self.keep(finding);
        }
        Ok(tally)
    }

    /// Bytes of the broken document at the start, with as much text as it takes to tell. Its end is
    /// looked for only so far, as all of that is in memory.
    fn end_of_broken(&mut self, broken_at: usize) -> io::Result<usize> {
        const FURTHEST: usize = 4 * 1024 * 1024;
        let most = (broken_at + FURTHEST).min(MAX_BODY);
        let mut resync = Resync::new(broken_at, self.window.indent());
        loop {
            let text = self.window.text();
            let last = text.len() > most;
            if let Some(end) = resync.run(&text[..text.len().min(most)], last) {
                return Ok(end);
            }
            if !self.window.more()? {
                let text = self.window.text();
                return Ok(resync.run(text, true).unwrap_or(text.len()));
            }
        }
    }
}

/// The byte of `text` at which no JSON value can go on.
pub(super) fn unexpected(text: &[u8], at: usize) -> Fault {
    let message: Cow<'static, str> = match text.get(at) {
        Some(b'\n') => "the line ends inside a string".into(),
        Some(byte) if byte.is_ascii_graphic() => {
            format!("not valid JSON: `{}` does not belong here", char::from(*byte)).into()
        }
        _ => "not valid JSON from here on".into(),
    };
    Fault::new(&rules::NOT_JSON, at, message)
}

pub(super) fn cut(at: usize) -> Fault {
    Fault::new(&rules::TRUNCATED, at, "the input ends inside a document")
}

/// The fault in `text` as the parser tells it.
pub(super) fn malformed(text: &[u8], error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    let message = match message.split(" at line ").next().unwrap_or(&message) {
        "expected ident" => "expected true, false or null",
        message => message,
    };
    if message.contains("recursion limit") {
        return Fault::too_deep(0);
    }
    Fault::new(
        &rules::NOT_JSON,
        offset_of(text, error.line(), error.column()),
        format!("not valid JSON: {message}"),
    )
}

/// The byte that the parser means with a line and a column, both from 1, the column in bytes.
fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => memchr::memchr_iter(b'\n', text).nth(line - 2).map_or(0, |at| at + 1),
    };
    (line_start + column.saturating_sub(1)).min(text.len())
}
