//! Refuses a request whose `Content-Length` cannot be read as a number.
//!
//! hyper answers such a request with 400 by itself, and lets nobody choose another status.

use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connection::{BUFFER, ConnectionState};

/// The name of the header, in lower case.
const CONTENT_LENGTH: &[u8] = b"content-length";

/// A connection. Reading it fails at a `Content-Length` that is no number or beyond all limits.
///
/// Does not check a head that arrived together with the request before it: hyper answers it with 400.
pub(super) struct LengthCheck<'c> {
    stream: &'c mut TcpStream,
    connection: &'c ConnectionState,
    /// Requests that were answered when this head began.
    answered: u64,
    /// The beginning of a line that is not complete yet.
    line: Vec<u8>,
    position: HeadPosition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeadPosition {
    /// Before the first line of a head, perhaps in blank lines.
    Before,
    Within,
    /// After the head, until the request is answered.
    After,
}

impl<'c> LengthCheck<'c> {
    pub(super) fn new(stream: &'c mut TcpStream, connection: &'c ConnectionState) -> Self {
        Self { stream, connection, answered: 0, line: Vec::new(), position: HeadPosition::Before }
    }

    fn check(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let answered = self.connection.answered.load(Ordering::Relaxed);
        if answered != self.answered {
            (self.answered, self.position) = (answered, HeadPosition::Before);
            self.line.clear();
        }
        while self.position != HeadPosition::After {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.line.extend_from_slice(bytes);
                // hyper refuses a head that is longer.
                if self.line.len() > BUFFER {
                    self.position = HeadPosition::After;
                }
                return Ok(());
            };
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            let is_right = if self.line.is_empty() {
                self.position.next(line)
            } else {
                self.line.extend_from_slice(line);
                let is_right = self.position.next(&self.line);
                self.line.clear();
                is_right
            };
            if !is_right {
                self.connection.wrong_length.store(true, Ordering::Relaxed);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    }
}

impl HeadPosition {
    /// Moves past a line of a head; `false` if it is an invalid `Content-Length`.
    fn next(&mut self, line: &[u8]) -> bool {
        *self = match (*self, line.trim_ascii().is_empty()) {
            (Self::Within, true) => Self::After,
            (state, true) => state,
            (_, false) => Self::Within,
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

/// Whether a value is a number of at most 63 bits: hyper cannot represent all lengths of 64 bits.
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
        if self.connection.wrong_length.load(Ordering::Relaxed) {
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
        let mut state = HeadPosition::Before;
        assert!(state.next(b"\r\n") && state == HeadPosition::Before);
        assert!(state.next(b"POST / HTTP/1.1\r\n") && state == HeadPosition::Within);
        assert!(state.next(b"Content-Length: 5\r\n") && state.next(b"x-content-length: a\r\n"));
        assert!(!state.next(b"CONTENT-LENGTH:a\n"));
        assert!(state.next(b"\r\n") && state == HeadPosition::After);
    }
}
