//! Strings and literals inside a container: checked and passed over.

use std::io;

use serde::de::IgnoredAny;

use super::broken::{cut, malformed};
use super::enter::Inside;
use super::frame::{Framer, MAX_BODY, not_utf8, search};
use super::scan::literal_length;
use super::sink::Sink;
use super::tally::Tally;

/// The longest string that is searched: a body in base64, and then some.
const MAX_STRING: usize = MAX_BODY / 2 * 3;

impl<S: Sink> Framer<'_, '_, S> {
    /// Passes over a string or literal and checks it; one longer than a body may be goes unchecked.
    /// Says what it holds if it is `searched`: a key is not.
    pub(super) fn scalar(&mut self, inside: &mut Inside, searched: bool) -> io::Result<Tally> {
        let Some(length) = self.scalar_length()? else {
            let at = self.sighting(MAX_STRING);
            self.skip_string()?;
            return Ok(Tally::other(at));
        };
        let at = self.sighting(length);
        let text = &self.window.text()[..length];
        let valid = match std::str::from_utf8(text) {
            Err(error) => Err(not_utf8(error.valid_up_to())),
            Ok(text) => match serde_json::from_str::<IgnoredAny>(text) {
                Err(error) if error.is_eof() && self.window.ends_at(length) => Err(cut(length)),
                Err(error) => Err(malformed(text.as_bytes(), &error)),
                Ok(_) => Ok(text),
            },
        };
        let tally = match valid {
            Ok(text) if searched && text.starts_with('"') => {
                search!(self, |search, context| search.string(text, context))
            }
            Ok(_) => Tally::other(at),
            Err(fault) => {
                if !inside.told {
                    inside.told = true;
                    self.tell(&fault);
                }
                Tally::other(at)
            }
        };
        self.window.consume(length.max(1));
        Ok(tally)
    }

    /// Bytes of the string or literal at the start; `None` where it is longer than a body may be. A
    /// line end ends a string: none may hold one.
    fn scalar_length(&mut self) -> io::Result<Option<usize>> {
        let mut looked = 1;
        loop {
            let text = self.window.text();
            let text = &text[..text.len().min(MAX_STRING + 1)];
            let end = match text.first() {
                Some(b'"') => string_length(text, &mut looked),
                _ => Some(literal_length(text)).filter(|length| *length < text.len()),
            };
            if end.is_some() {
                return Ok(end);
            }
            if text.len() > MAX_STRING {
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

/// Bytes of the string that `text` begins with, up to its quote or its line's end. It was `looked`
/// through so far.
fn string_length(text: &[u8], looked: &mut usize) -> Option<usize> {
    loop {
        let rest = text.get(*looked..)?;
        let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            *looked = text.len();
            return None;
        };
        let at = *looked + found;
        match text[at] {
            b'"' => return Some(at + 1),
            b'\n' => return Some(at),
            _ if text.get(at + 1) == Some(&b'\n') => return Some(at + 1),
            _ if at + 1 == text.len() => {
                *looked = at;
                return None;
            }
            _ => *looked = at + 2,
        }
    }
}
