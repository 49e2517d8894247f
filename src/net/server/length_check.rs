//! Refuses a request whose `Content-Length` cannot be read as a number.
//!
//! hyper answers such a request with 400 by itself, and lets nobody choose another status.

use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connection::{BUFFER, Course};

/// The name of the header, in lower case.
const CONTENT_LENGTH: &[u8] = b"content-length";

/// A connection. Reading it fails at a `Content-Length` that is no number or beyond all limits.
///
/// A head that came together with the request before it is not looked at: hyper answers it with 400.
pub(super) struct LengthCheck<'c> {
    stream: &'c mut TcpStream,
    course: &'c Course,
    /// How many requests had been answered when this head began.
    answered: u64,
    /// The line that is not complete yet.
    line: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first line of a head; blank lines may precede it.
    Before,
    /// Inside a head.
    Head,
    /// Behind the head, until the request is answered.
    Behind,
}

impl<'c> LengthCheck<'c> {
    pub(super) fn new(stream: &'c mut TcpStream, course: &'c Course) -> Self {
        Self { stream, course, answered: 0, line: Vec::new(), state: State::Before }
    }

    /// Looks at the next bytes.
    fn check(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let answered = self.course.answered.load(Ordering::Relaxed);
        if answered != self.answered {
            (self.answered, self.state) = (answered, State::Before);
            self.line.clear();
        }
        while self.state != State::Behind {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.line.extend_from_slice(bytes);
                // hyper refuses a head that is longer.
                if self.line.len() > BUFFER {
                    self.state = State::Behind;
                }
                return Ok(());
            };
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            let is_right = if self.line.is_empty() {
                self.state.next(line)
            } else {
                self.line.extend_from_slice(line);
                let is_right = self.state.next(&self.line);
                self.line.clear();
                is_right
            };
            if !is_right {
                self.course.wrong_length.store(true, Ordering::Relaxed);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    }
}

impl State {
    /// Takes a line of a head; `false` if it is a wrong `Content-Length`.
    fn next(&mut self, line: &[u8]) -> bool {
        *self = match (*self, line.trim_ascii().is_empty()) {
            (Self::Head, true) => Self::Behind,
            (state, true) => state,
            (_, false) => Self::Head,
        };
        let Some((name, value)) = line.split_at_checked(CONTENT_LENGTH.len()) else {
            return true;
        };
        match value.strip_prefix(b":") {
            Some(value) if name.eq_ignore_ascii_case(CONTENT_LENGTH) => {
                is_length(value.trim_ascii())
            }
            _ => true,
        }
    }
}

/// Whether a value is a number. One beyond 63 bits is longer than any body, and hyper's own numbers
/// have no room for all of those of 64.
fn is_length(value: &[u8]) -> bool {
    let digits = std::str::from_utf8(value).ok().filter(|_| value.iter().all(u8::is_ascii_digit));
    digits.is_some_and(|digits| digits.parse::<i64>().is_ok())
}

impl AsyncRead for LengthCheck<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut *self.stream).poll_read(context, buffer))?;
        Poll::Ready(self.check(&buffer.filled()[before..]))
    }
}

impl AsyncWrite for LengthCheck<'_> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.course.wrong_length.load(Ordering::Relaxed) {
            // The answer is still to be written.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut *self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_digits_alone_and_fits_63_bits() {
        for (value, expected) in [
            ("0", true),
            ("1048577", true),
            ("9223372036854775807", true),
            ("9223372036854775808", false),
            ("99999999999999999999999", false),
            ("", false),
            ("+5", false),
            ("-1", false),
            ("5, 5", false),
            ("0x10", false),
            ("abc", false),
        ] {
            assert_eq!(is_length(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn only_lines_of_the_head_are_looked_at() {
        let mut state = State::Before;
        assert!(state.next(b"\r\n") && state == State::Before);
        assert!(state.next(b"POST / HTTP/1.1\r\n") && state == State::Head);
        assert!(state.next(b"Content-Length: 5\r\n") && state.next(b"x-content-length: a\r\n"));
        assert!(!state.next(b"CONTENT-LENGTH:a\n"));
        assert!(state.next(b"\r\n") && state == State::Behind);
    }
}
