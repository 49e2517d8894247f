//! What stands between documents: lines of text, and values that hold no webhook.

use std::io;

use serde::de::IgnoredAny;

use super::frame::{Extent, Fault, Framer, Sink, WINDOW};
use super::rules;
use super::tally::Tally;

impl<S: Sink> Framer<'_, '_, S> {
    /// Takes a number, string or literal that is a line of its own, or an array that begins with
    /// one, where a document could stand. Anything else that looks like it is text.
    pub(super) fn plain_value(&mut self) -> io::Result<bool> {
        match self.window.peek()? {
            Some(b'[') => self.plain_array(),
            Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => match self.line_length()? {
                Some(length) => Ok(self.plain_line(length)),
                None if self.window.peek()? == Some(b'"') => self.long_string().map(|()| true),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    fn plain_array(&mut self) -> io::Result<bool> {
        let array = match self.extent(WINDOW, 0)? {
            Extent::Complete(length) => is_json(&self.window.text()[..length]),
            Extent::TooLong => true,
            _ => false,
        };
        if array {
            self.document()?;
        }
        Ok(array)
    }

    fn plain_line(&mut self, length: usize) -> bool {
        let valid = is_json(&self.window.text()[..length]);
        if valid {
            let tally = Tally::other(self.window.spot(0));
            self.add(tally);
            self.window.consume(length);
        }
        valid
    }

    /// A line that begins with a quote and is longer than the window: a string if it ends with one.
    fn long_string(&mut self) -> io::Result<()> {
        let spot = self.window.spot(0);
        let closed = self.skip_string()?;
        let mut alone = closed;
        while let Some(byte) = self.window.peek()?.filter(|byte| *byte != b'\n') {
            alone &= byte.is_ascii_whitespace();
            self.window.consume(1);
        }
        if alone {
            self.add(Tally::other(spot));
        } else {
            self.counts.skipped_lines += 1;
        }
        Ok(())
    }

    /// Passes over a line that holds no JSON.
    pub(super) fn text_line(&mut self) -> io::Result<()> {
        self.counts.skipped_lines += 1;
        let mut length = self.line_length()?;
        let line = &self.window.text()[..length.unwrap_or(WINDOW)];
        if let Some(at) = console_dump(line) {
            self.tell(&Fault {
                rule: &rules::CONSOLE_DUMP,
                at,
                message: "this is a JavaScript console dump, not JSON".into(),
                damages: false,
            });
        } else if self.strict {
            self.tell(&outside(0));
        }
        while length.is_none() {
            self.window.consume(WINDOW);
            length = self.line_length()?;
        }
        self.window.consume(length.unwrap_or_default());
        Ok(())
    }
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Text where only JSON was asked for (`--strict`).
pub(super) fn outside(at: usize) -> Fault {
    Fault { damages: false, ..Fault::new(&rules::NOT_JSON, at, "text outside JSON") }
}

/// Where a JavaScript console dump of a webhook shows in a line of text: at an unquoted `trigger:`
/// with a quoted string.
fn console_dump(line: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(line, b"trigger: ")
        .find(|at| matches!(line.get(at + 9), Some(b'\'' | b'"' | b'`')))
}
