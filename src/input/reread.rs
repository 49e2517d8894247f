//! A text that is read another time, mostly forward: through one buffer.

use std::io::{self, Read, Seek, SeekFrom};

use super::again::Again;
use super::place::{Cursor, Encoding};
use super::source::Sources;
use crate::finding::{SourceId, Spot};

/// Bytes that are read at a time.
const CHUNK: u64 = 64 * 1024;

/// A source, or what is kept of all.
#[derive(Debug)]
pub(super) struct Reread {
    again: Box<dyn Again>,
    pub(super) encoding: Encoding,
    /// Bytes of the byte order mark.
    pub(super) bom: u64,
    buffer: Vec<u8>,
    /// Where the buffer begins in the text.
    at: u64,
    /// Whether it goes to the text's end.
    to_end: bool,
}

impl Reread {
    pub(super) fn source(sources: &Sources, id: SourceId) -> io::Result<Self> {
        let mut again = sources.again(id)?;
        let (encoding, bom) = again.encoding()?;
        Ok(Self { encoding, bom: bom as u64, ..Self::new(again) })
    }

    pub(super) fn kept(sources: &Sources) -> io::Result<Self> {
        Ok(Self::new(sources.kept()?))
    }

    fn new(again: Box<dyn Again>) -> Self {
        let encoding = Encoding::Utf8;
        Self { again, encoding, bom: 0, buffer: Vec::new(), at: 0, to_end: false }
    }

    /// The bytes from a place on, as many as there are.
    pub(super) fn piece(&mut self, from: u64, length: u64) -> io::Result<&[u8]> {
        let held = self.at..=self.at + self.buffer.len() as u64;
        let whole = self.to_end || from.saturating_add(length) <= *held.end();
        if !(held.contains(&from) && whole) {
            self.fill(from, length.max(CHUNK))?;
        }
        let start = bytes(from - self.at);
        let end = start.saturating_add(bytes(length)).min(self.buffer.len());
        Ok(&self.buffer[start..end])
    }

    fn fill(&mut self, from: u64, length: u64) -> io::Result<()> {
        // What fails on the way must not look like what was asked for.
        self.buffer.clear();
        (self.at, self.to_end) = (from, false);
        self.again.seek(SeekFrom::Start(from))?;
        (&mut *self.again).take(length).read_to_end(&mut self.buffer)?;
        self.to_end = (self.buffer.len() as u64) < length;
        Ok(())
    }

    /// Line and column of what follows a value that stands at `spot` and has `length` bytes in
    /// UTF-8.
    pub(super) fn end(&mut self, spot: Spot, length: u64) -> io::Result<(u64, u64)> {
        let mut cursor = Cursor { line: spot.line, col: spot.col };
        if self.encoding != Encoding::Utf8 {
            // No character takes more than twice its bytes.
            let encoding = self.encoding;
            let text = encoding.text(self.piece(spot.byte_offset, 2 * length)?);
            cursor = cursor.after(&text.as_bytes()[..text.len().min(bytes(length))]);
            return Ok((cursor.line, cursor.col));
        }
        let (mut at, end) = (spot.byte_offset, spot.byte_offset + length);
        while at < end {
            let piece = self.piece(at, CHUNK.min(end - at))?;
            if piece.is_empty() {
                break;
            }
            cursor = cursor.after(piece);
            at += piece.len() as u64;
        }
        Ok((cursor.line, cursor.col))
    }
}

/// A number of bytes in memory; of more than there can be, the most.
pub(super) fn bytes(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
