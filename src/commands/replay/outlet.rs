//! Where bodies go.

use std::io::{self, Write};

use anyhow::{Context, Result};

use crate::args::Target;
use crate::commands::output;

/// What takes one body after another.
pub(super) trait Outlet {
    /// Sends a body on its way; nothing of it is held back.
    ///
    /// # Errors
    /// When it cannot take this body, nor any other.
    fn send(&mut self, body: &[u8]) -> Result<()>;
}

/// Opens what was typed.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn open(target: Target) -> Result<Box<dyn Outlet>> {
    Ok(match target {
        Target::Stdout => Box::new(Lines(output::open(None)?)),
    })
}

/// Bodies one behind the other, each with a line feed behind it. One that has line feeds inside is
/// left as it is.
struct Lines<W>(W);

impl<W: Write> Lines<W> {
    fn write(&mut self, body: &[u8]) -> io::Result<()> {
        self.0.write_all(body)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}

impl<W: Write> Outlet for Lines<W> {
    fn send(&mut self, body: &[u8]) -> Result<()> {
        self.write(body).context("cannot write the output")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts its flushes as bytes of `|`.
    #[derive(Default)]
    struct Seen(Vec<u8>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.push(b'|');
            Ok(())
        }
    }

    #[test]
    fn each_body_is_flushed_as_it_is_with_a_line_feed_behind_it() {
        let mut lines = Lines(Seen::default());
        for body in ["{\r\n \"a\": 1}", "{}"] {
            lines.send(body.as_bytes()).expect("memory");
        }
        assert_eq!(lines.0.0, b"{\r\n \"a\": 1}\n|{}\n|");
    }
}
