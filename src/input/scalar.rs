//! Strings and literals inside a container: checked and passed over.

use std::io;

use serde::de::IgnoredAny;

use super::enter::{Inside, malformed};
use super::frame::{Framer, Sink, WINDOW, not_utf8};
use super::scan::literal_length;

impl<S: Sink> Framer<'_, '_, S> {
    /// Passes over a string or literal and checks it; one longer than the window goes unchecked.
    pub(super) fn scalar(&mut self, inside: &mut Inside) -> io::Result<()> {
        let Some(length) = self.scalar_length()? else {
            self.skip_string()?;
            return Ok(());
        };
        let text = &self.window.text()[..length];
        let fault = match std::str::from_utf8(text) {
            Err(error) => Some(not_utf8(error.valid_up_to())),
            Ok(text) => serde_json::from_str::<IgnoredAny>(text)
                .err()
                .map(|error| malformed(text.as_bytes(), &error)),
        };
        if let Some(fault) = fault
            && !inside.told
        {
            inside.told = true;
            self.tell(&fault);
        }
        self.window.consume(length.max(1));
        Ok(())
    }

    /// Bytes of the string or literal at the start; `None` where it is longer than the window. A
    /// line end ends a string: none may hold one.
    fn scalar_length(&mut self) -> io::Result<Option<usize>> {
        loop {
            let text = self.window.text();
            let text = &text[..text.len().min(WINDOW + 1)];
            let end = match text.first() {
                Some(b'"') => string_length(text),
                _ => Some(literal_length(text)).filter(|length| *length < text.len()),
            };
            if end.is_some() {
                return Ok(end);
            }
            if text.len() > WINDOW {
                return Ok(None);
            }
            if !self.window.more()? {
                return Ok(Some(self.window.text().len()));
            }
        }
    }

    /// Passes over a string or literal of any length; `false` where it is a string without its end.
    pub(super) fn skip_string(&mut self) -> io::Result<bool> {
        let quote = self.window.peek()? == Some(b'"');
        self.window.consume(1);
        let mut escaped = false;
        while let Some(byte) = self.window.peek()? {
            let ends = if quote {
                (byte == b'"' && !escaped) || byte == b'\n'
            } else {
                literal_length(&[byte]) == 0
            };
            if ends {
                self.window.consume(usize::from(quote && byte == b'"'));
                return Ok(!quote || byte == b'"');
            }
            escaped = byte == b'\\' && !escaped;
            self.window.consume(1);
        }
        Ok(!quote)
    }
}

/// Bytes of the string that `text` begins with, up to its quote or its line's end.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', text.get(at..)?)?;
        match text[at] {
            b'"' => return Some(at + 1),
            b'\n' => return Some(at),
            _ if text.get(at + 1) == Some(&b'\n') => return Some(at + 1),
            _ => at += 2,
        }
    }
}
