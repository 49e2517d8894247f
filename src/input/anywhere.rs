//! A text that is read from any of its bytes on: a file, or a stream as far as it is held.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::expand::Trouble;
use super::meter::Meter;
use super::stream::{Stream, too_far};

/// What several threads read at once.
#[derive(Clone, Copy)]
pub(super) enum Text<'t> {
    /// A file that is neither packed nor in UTF-16.
    File { path: &'t Path, length: u64, meter: &'t Meter },
    /// What comes only once.
    Stream(&'t Stream),
}

/// What is read, and what will say why it ends.
pub(super) type Begun<'t> = (Box<dyn Read + 't>, Trouble);

impl<'t> Text<'t> {
    /// How many pieces of a length there are, or may be.
    pub(super) fn pieces(self, piece: u64) -> u64 {
        match self {
            Self::File { length, .. } => length.div_ceil(piece),
            Self::Stream(_) => u64::MAX,
        }
    }

    /// What stands from a byte on; `until` another it may be read, and perhaps for nothing.
    pub(super) fn ahead(self, from: u64, until: u64) -> io::Result<Begun<'t>> {
        let trouble = Trouble::default();
        let reader: Box<dyn Read + 't> = match self {
            Self::File { path, meter, .. } => {
                let left = until.saturating_sub(from);
                Box::new(Leashed { reader: meter.of(opened(path, from)?), left })
            }
            Self::Stream(stream) => Box::new(stream.from(from, Some(until), trouble.clone())),
        };
        Ok((reader, trouble))
    }

    /// What stands from a byte on to which all has been read; it is read only now.
    pub(super) fn on(self, from: u64, hand: &'t Hand) -> io::Result<Begun<'t>> {
        let trouble = Trouble::default();
        let reader: Box<dyn Read + 't> = match self {
            Self::File { path, meter, .. } => Box::new(meter.of(opened(path, from)?)),
            Self::Stream(stream) => {
                let held = hand.from(from);
                let rest = stream.from(from + held.len() as u64, None, trouble.clone());
                Box::new(Cursor::new(held).chain(rest))
            }
        };
        Ok((reader, trouble))
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

fn opened(path: &Path, from: u64) -> io::Result<File> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    Ok(file)
}

/// What was read of a stream behind the byte to which the reading has come.
#[derive(Default)]
pub(super) struct Hand {
    at: u64,
    bytes: Vec<u8>,
}

impl Hand {
    fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }

    /// What it has from a byte on.
    fn from(&self, at: u64) -> &[u8] {
        let before = at.checked_sub(self.at).and_then(|before| usize::try_from(before).ok());
        before.and_then(|before| self.bytes.get(before..)).unwrap_or_default()
    }

    /// What was read from a byte on.
    pub(super) fn of(at: u64, read: &[u8]) -> Self {
        Self { at, bytes: read.to_vec() }
    }

    /// Takes what was read behind it; what it has already it still has to hand out.
    pub(super) fn take_over(&mut self, read: Self) {
        if read.end() > self.end() {
            *self = read;
        }
    }

    /// Lets go of all, if it stands before a byte.
    pub(super) fn let_go(&mut self, before: u64) {
        if self.end() <= before {
            *self = Self::default();
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
