//! Where a webhook stands, and the sums that turn an offset into line and column.

use std::io::Read;

use encoding_rs::{UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use memchr::{memchr_iter, memrchr};

use super::kept::KeptAt;
use crate::digest::Digest;
use crate::finding::{SourceId, Spot};

/// The place of a webhook body in its source: a [`Spot`], flat because there is one for each
/// delivery. A body that is escaped or encoded stands at the string that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// Bytes of the body, in UTF-8.
    pub length: u32,
    /// Line of its `{`, from 1.
    pub line: u64,
    /// Column of its `{`, from 1, in Unicode scalar values.
    pub col: u64,
    /// Byte of its `{`, from 0, in the file as it stands on disk.
    pub byte_offset: u64,
    /// Where a body is kept that does not stand in the file as it is; `None` where it does.
    pub kept: Option<KeptAt>,
    /// Digest of the body as it was captured, in UTF-8: proof for a second reading.
    pub digest: Digest,
}

impl Place {
    /// The spot of its `{`.
    #[must_use]
    pub fn spot(&self) -> Spot {
        let Self { source, line, col, byte_offset, .. } = *self;
        Spot { source, line, col, byte_offset }
    }
}

/// Works out spots in one body, best in the order in which they stand.
#[derive(Debug)]
pub struct Spots {
    place: Place,
    encoding: Encoding,
    /// How much of the body has been counted, and what came of it.
    counted: (usize, Spot),
}

impl Spots {
    pub(super) fn new(place: Place, encoding: Encoding) -> Self {
        Self { place, encoding, counted: (0, place.spot()) }
    }

    /// The spot of the byte `offset` of the body; that of the string that holds it where the body
    /// does not stand in its source as it is.
    pub fn of(&mut self, body: &str, offset: usize) -> Spot {
        if self.place.kept.is_some() {
            return self.place.spot();
        }
        if offset < self.counted.0 {
            self.counted = (0, self.place.spot());
        }
        let (from, spot) = self.counted;
        let between = body.as_bytes().get(from..offset).unwrap_or_default();
        let Cursor { line, col } = Cursor { line: spot.line, col: spot.col }.after(between);
        let byte_offset = spot.byte_offset + self.encoding.size(between);
        self.counted = (offset, Spot { line, col, byte_offset, ..spot });
        self.counted.1
    }
}

/// How a source's text is written on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// What the byte order mark at the head of a source says, and how long the mark is.
    pub(crate) fn sniff(head: &[u8]) -> (Self, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            _ => (Self::Utf8, 0),
        }
    }

    /// The text of `reader` in UTF-8, byte order marks included. A lone surrogate becomes U+FFFD.
    pub(crate) fn decode<'r>(self, reader: impl Read + 'r) -> Box<dyn Read + 'r> {
        let (encoding, mark): (_, &[u8]) = match self {
            Self::Utf8 => return Box::new(reader),
            Self::Utf16Le => (UTF_16LE, &[0xFF, 0xFE]),
            Self::Utf16Be => (UTF_16BE, &[0xFE, 0xFF]),
        };
        let mut decoder = DecodeReaderBytesBuilder::new();
        decoder.encoding(Some(encoding)).bom_override(false);
        // The decoder drops a mark at the beginning: this one, so that the text's own is counted.
        Box::new(decoder.build(mark.chain(reader)))
    }

    /// Bytes on disk that `text` (UTF-8, perhaps damaged) takes.
    pub(crate) fn size(self, text: &[u8]) -> u64 {
        match self {
            Self::Utf8 => text.len() as u64,
            Self::Utf16Le | Self::Utf16Be => text.iter().map(|byte| utf16_bytes(*byte)).sum(),
        }
    }
}

/// A scalar's bytes in UTF-16, told at its first byte in UTF-8.
fn utf16_bytes(first: u8) -> u64 {
    match first {
        0x80..=0xBF => 0,
        0xF0..=0xFF => 4,
        _ => 2,
    }
}

/// A running count of lines and columns over text that is seen once, piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Line, from 1.
    pub(crate) line: u64,
    /// Column, from 1, in Unicode scalar values.
    pub(crate) col: u64,
}

impl Cursor {
    pub(crate) const START: Self = Self { line: 1, col: 1 };

    /// The cursor behind `text`, which begins at this one.
    #[must_use]
    pub(crate) fn after(self, text: &[u8]) -> Self {
        let line = self.line + memchr_iter(b'\n', text).count() as u64;
        match memrchr(b'\n', text) {
            Some(at) => Self { line, col: 1 + scalars(&text[at + 1..]) },
            None => Self { line, col: self.col + scalars(text) },
        }
    }
}

/// Unicode scalar values in `text`; a byte that continues one does not count.
fn scalars(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalars_and_begin_again_on_each_line() {
        let cursor = Cursor::START.after("é😀x".as_bytes());
        assert_eq!(cursor, Cursor { line: 1, col: 4 });
        let cursor = cursor.after("\r\nab".as_bytes());
        assert_eq!(cursor, Cursor { line: 2, col: 3 });
    }

    #[test]
    fn utf16_takes_two_or_four_bytes_a_scalar() {
        assert_eq!(Encoding::Utf16Le.size("aé😀".as_bytes()), 8);
        assert_eq!(Encoding::Utf8.size("aé😀".as_bytes()), 7);
    }
}
