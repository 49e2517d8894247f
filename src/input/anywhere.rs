//! A text that is read from any of its bytes on: a file, or a stream as far as it is held.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use super::expand::Trouble;
use super::file_cursor::FileCursor;
use super::meter::Meter;
use super::stream::{Stream, too_far};

/// What several threads read at once.
#[derive(Clone, Copy)]
pub(super) enum Text<'t> {
    /// A file that is neither packed nor in UTF-16.
    File { file: &'t Arc<File>, length: u64, meter: &'t Meter },
    /// What comes only once.
    Stream(&'t Stream),
}

impl<'t> Text<'t> {
    /// How many pieces of a length there are, or may be.
    pub(super) fn pieces(self, piece: u64) -> u64 {
        match self {
            Self::File { length, .. } => length.div_ceil(piece),
            Self::Stream(_) => u64::MAX,
        }
    }

    /// What stands from a byte on; `until` another it may be read, and perhaps for nothing.
    pub(super) fn ahead(self, from: u64, until: u64) -> Box<dyn Read + 't> {
        match self {
            Self::File { file, meter, .. } => {
                let left = until.saturating_sub(from);
                Box::new(Leashed { reader: meter.of(FileCursor::new(file.clone(), from)), left })
            }
            Self::Stream(stream) => Box::new(stream.from(from, Some(until), Trouble::default())),
        }
    }

    /// What stands from a byte on to which all has been read; it is read only now. Once there is no
    /// more, `trouble` tells why.
    pub(super) fn on(self, from: u64, trouble: Trouble) -> Box<dyn Read + 't> {
        match self {
            Self::File { file, meter, .. } => {
                Box::new(meter.of(FileCursor::new(file.clone(), from)))
            }
            Self::Stream(stream) => Box::new(stream.from(from, None, trouble)),
        }
    }

    /// Nobody asks any more for what stands before a byte.
    pub(super) fn let_go(self, before: u64) {
        if let Self::Stream(stream) = self {
            stream.let_go(before);
        }
    }

    /// Nobody asks for anything any more.
    pub(super) fn close(self) {
        if let Self::Stream(stream) = self {
            stream.close();
        }
    }
}

/// Fails where it is read too far.
struct Leashed<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Leashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(too_far());
        }
        let read = self.reader.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}
