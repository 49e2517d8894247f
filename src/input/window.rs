//! The part of a source that is in memory: a reused buffer that moves forward.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor as Bytes, Read};

use super::place::{Cursor, Encoding};
use crate::digest::Digest;
use crate::finding::{SourceId, Spot, Surroundings};

/// How much is asked of a source at a time.
const CHUNK: usize = 256 * 1024;

/// The most bytes around a place that are compared when it is read again, and shown: 4 KiB, a quarter
/// of them before it.
pub(super) const BEFORE: usize = 1024;
pub(super) const BEHIND: usize = 3072;

/// How much is asked of it first: most sources are short, and memory costs time where it is new.
const FIRST: usize = 16 * 1024;

/// A source's text from a moving start on. Of what lies before the start, [`BEFORE`] bytes are kept.
pub(crate) struct Window<'r> {
    rest: Rest<'r>,
    whence: Whence,
    encoding: Encoding,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// What went wrong when more was read than was asked for yet.
    failed: Option<io::Error>,
    passed: u64,
    /// The last place at or before the start that was worked out whole.
    mark: Cell<Mark>,
    /// Places behind the start that were, in their order.
    ahead: RefCell<Vec<Mark>>,
}

/// The text behind the one that is in memory.
pub(super) enum Rest<'r> {
    /// It is read when it is wanted.
    Reader(Box<dyn Read + 'r>),
    /// There is none.
    End,
    /// Another window reads it: wanting it is an error.
    OutOfReach,
}

/// Where a text stands in its source.
#[derive(Clone, Debug)]
enum Whence {
    /// It is the source, behind so many bytes of a byte order mark.
    Source(SourceId, u64),
    /// It was taken out of the source, in pieces.
    Pieces(Vec<Piece>),
}

/// A piece of a text that was taken out of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where it begins in the text.
    pub(super) at: usize,
    /// Where it stands in the source, or what it was taken out of.
    pub(super) spot: Spot,
    /// Whether it stands there as it is.
    pub(super) verbatim: bool,
}

/// A place in the buffer with everything that is known of it.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: usize,
    cursor: Cursor,
    /// Offset on disk, the BOM not counted.
    on_disk: u64,
    indent: Indent,
}

impl Mark {
    const BEGINNING: Self =
        Self { at: 0, cursor: Cursor::START, on_disk: 0, indent: Indent::BEGINNING };
}

impl<'r> Window<'r> {
    /// A window on `reader`. A byte order mark is skipped, UTF-16 behind one decoded.
    ///
    /// # Errors
    /// Whatever the reader gives for its first bytes.
    pub(crate) fn new(mut reader: Box<dyn Read + 'r>, source: SourceId) -> io::Result<Self> {
        let mut head = Vec::with_capacity(3);
        reader.by_ref().take(3).read_to_end(&mut head)?;
        let (encoding, bom) = Encoding::sniff(&head);
        head.drain(..bom);
        let reader = encoding.decode(Bytes::new(head).chain(reader));
        let whence = Whence::Source(source, bom as u64);
        Ok(Self { encoding, ..Self::empty(Rest::Reader(reader), whence) })
    }

    /// A window on the text of a source in UTF-8 from `spot` on, which begins a line or ends the
    /// source; `bom` is the length of its byte order mark. `text` begins with the `before` bytes before
    /// the spot, and `rest` gives what follows it.
    pub(super) fn resumed(
        text: Vec<u8>,
        before: usize,
        rest: Rest<'r>,
        spot: Spot,
        bom: u64,
    ) -> Self {
        let window = Self::empty(rest, Whence::Source(spot.source, bom));
        let cursor = Cursor { line: spot.line, col: spot.col };
        let passed = spot.byte_offset - bom;
        window.mark.set(Mark { at: before, cursor, on_disk: passed, ..Mark::BEGINNING });
        Self { passed, start: before, end: text.len(), buffer: text, ..window }
    }

    /// The text that is in memory, to be used again.
    pub(super) fn into_text(mut self) -> Vec<u8> {
        self.buffer.truncate(self.end);
        self.buffer
    }

    fn empty(rest: Rest<'r>, whence: Whence) -> Self {
        Self {
            rest,
            whence,
            encoding: Encoding::Utf8,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            failed: None,
            passed: 0,
            mark: Cell::new(Mark::BEGINNING),
            ahead: RefCell::default(),
        }
    }

    /// A window on a text that was taken out of a source; `encoding` is the source's.
    pub(super) fn over(text: Vec<u8>, pieces: Vec<Piece>, encoding: Encoding) -> Self {
        let window = Self::empty(Rest::End, Whence::Pieces(pieces));
        Self { end: text.len(), buffer: text, encoding, ..window }
    }

    /// A window on what `reader` takes out of something that stands at `spot`.
    pub(super) fn out_of(reader: Box<dyn Read + 'r>, spot: Spot) -> Self {
        let piece = Piece { at: 0, spot, verbatim: false };
        Self::empty(Rest::Reader(reader), Whence::Pieces(vec![piece]))
    }

    /// Whether the text stands in its source as it is.
    pub(super) fn is_source(&self) -> bool {
        matches!(self.whence, Whence::Source(..))
    }

    /// How the source is written.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text from the start on that has been read.
    pub(crate) fn text(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether all of the source is in memory, or behind us.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.rest, Rest::End)
    }

    /// Whether the source is known to end `ahead` bytes behind the start.
    pub(super) fn ends_at(&self, ahead: usize) -> bool {
        self.is_done() && self.start + ahead == self.end
    }

    /// Whether the source is known to have nothing `ahead` bytes behind the start.
    pub(super) fn ends_before(&self, ahead: usize) -> bool {
        self.is_done() && self.start + ahead >= self.end
    }

    /// The byte at the start; `None` at the end of the source.
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.start == self.end && !self.more()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.start]))
    }

    /// Reads on, so that [`Self::text`] grows. `false` at the end of the source.
    pub(crate) fn more(&mut self) -> io::Result<bool> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        match self.rest {
            Rest::Reader(_) => self.make_room(),
            Rest::End => return Ok(false),
            Rest::OutOfReach => return Err(io::Error::other("read too far ahead")),
        }
        while let Rest::Reader(reader) = &mut self.rest {
            match reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.rest = Rest::End,
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Reads on until the text has `length` bytes or ends. What goes wrong is kept for the next
    /// [`Self::more`]: nobody has asked for that text yet.
    pub(super) fn look_ahead(&mut self, length: usize) {
        while self.failed.is_none() && self.text().len() < length {
            match self.more() {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => self.failed = Some(error),
            }
        }
    }

    /// Whether [`Self::look_ahead`] met an error that nobody was told of.
    pub(super) fn has_failed_ahead(&self) -> bool {
        self.failed.is_some()
    }

    /// The text around the place `ahead` bytes behind the start; `None` where it is not verbatim in
    /// its source.
    pub(super) fn surroundings(&self, ahead: usize) -> Option<Surroundings> {
        let at = (self.start + ahead).min(self.end);
        self.surroundings_of(at.saturating_sub(BEFORE), at, (at + BEHIND).min(self.end))
    }

    /// The same of nothing but the text itself, a slice of this window's that begins there.
    pub(super) fn surroundings_within(&self, ahead: usize, text: &[u8]) -> Option<Surroundings> {
        let at = (self.start + ahead).min(self.end);
        self.surroundings_of(at, at, (at + text.len().min(BEHIND)).min(self.end))
    }

    fn surroundings_of(&self, from: usize, at: usize, to: usize) -> Option<Surroundings> {
        if !self.is_source() {
            return None;
        }
        // No character is cut: of UTF-16 the bytes on disk are counted by whole characters.
        let is_inside = |at: &usize| self.buffer.get(*at).is_some_and(|byte| byte & 0xC0 == 0x80);
        let from = (from..at).find(|at| !is_inside(at)).unwrap_or(at);
        let to = (at..=to).rev().find(|to| *to == self.end || !is_inside(to)).unwrap_or(at);
        let on_disk = |text: &[u8]| u16::try_from(self.encoding.size(text)).ok();
        Some(Surroundings {
            before: on_disk(&self.buffer[from..at])?,
            after: on_disk(&self.buffer[at..to])?,
            digest: Digest::of(&self.buffer[from..to]),
        })
    }

    /// Room for a chunk behind the text; first by letting go of what lies before the start.
    fn make_room(&mut self) {
        if self.start >= CHUNK.max(self.end - self.start) || self.start == self.end {
            self.forget();
        }
        let read = self.passed + (self.end - self.start) as u64;
        let chunk = usize::try_from(2 * read).unwrap_or(CHUNK).clamp(FIRST, CHUNK);
        if self.buffer.len() < self.end + chunk {
            // Twice the text, so that a long value is not copied again for every chunk.
            let room = (self.end + chunk).max(2 * (self.end - self.start));
            self.buffer.resize(room, 0);
        } else if self.start <= BEFORE && self.buffer.len() > 16 * CHUNK && self.end < CHUNK {
            self.buffer.truncate(2 * CHUNK);
            self.buffer.shrink_to_fit();
        }
    }

    fn forget(&mut self) {
        let before = self.start.min(BEFORE);
        let mark = self.mark();
        self.mark.set(Mark { at: before, ..mark });
        self.ahead.borrow_mut().clear();
        let gone = self.start - before;
        self.buffer.copy_within(gone..self.end, 0);
        self.end -= gone;
        self.start = before;
    }

    /// `mark` moved to `at`, which must not lie before it.
    fn moved(&self, mark: Mark, at: usize) -> Mark {
        if mark.at == at {
            return mark;
        }
        let between = &self.buffer[mark.at..at];
        Mark {
            at,
            cursor: mark.cursor.after(between),
            on_disk: mark.on_disk + self.encoding.size(between),
            indent: mark.indent.after(between),
        }
    }

    /// The mark at the start. The start only moves forward, so what was counted up to it serves the
    /// next question too.
    fn mark(&self) -> Mark {
        let mark = self.moved(self.mark.get(), self.start);
        self.mark.set(mark);
        mark
    }

    /// The mark at `at`, at or behind the start. On the way there others are left behind, so that no
    /// question costs more than the way from the nearest.
    fn mark_at(&self, at: usize) -> Mark {
        const STRIDE: usize = 4096;
        let start = self.mark();
        let mut ahead = self.ahead.borrow_mut();
        if ahead.first().is_some_and(|first| first.at < start.at) {
            ahead.retain(|mark| mark.at >= start.at);
        }
        let behind = ahead.partition_point(|mark| mark.at <= at);
        let mut mark = behind.checked_sub(1).map_or(start, |nearest| ahead[nearest]);
        // Marks stand a stride apart but for the first, so only behind the last one can be more.
        while at - mark.at > STRIDE {
            mark = self.moved(mark, mark.at + STRIDE);
            ahead.push(mark);
        }
        self.moved(mark, at)
    }

    /// Moves the start forward over `length` bytes of the text.
    pub(crate) fn consume(&mut self, length: usize) {
        let before = self.start;
        self.start = (self.start + length).min(self.end);
        self.passed += (self.start - before) as u64;
    }

    /// Bytes of the text that lie before the start.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }

    /// The byte of the source at the start, if that is in UTF-8.
    pub(super) fn byte(&self) -> u64 {
        match self.whence {
            Whence::Source(_, bom) => bom + self.passed,
            Whence::Pieces(_) => self.passed,
        }
    }

    /// The spot `ahead` bytes behind the start.
    pub(crate) fn spot(&self, ahead: usize) -> Spot {
        match &self.whence {
            Whence::Source(source, bom) => self.spot_in_source(*source, *bom, ahead),
            Whence::Pieces(pieces) => self.spot_of_piece(pieces, ahead),
        }
    }

    fn spot_of_piece(&self, pieces: &[Piece], ahead: usize) -> Spot {
        let at = (self.start + ahead).min(self.end);
        let behind = pieces.partition_point(|piece| piece.at <= at);
        let piece = &pieces[behind.saturating_sub(1)];
        if !piece.verbatim {
            return piece.spot;
        }
        let before = &self.buffer[piece.at.min(at)..at];
        Spot {
            col: piece.spot.col + Cursor::START.after(before).col - 1,
            byte_offset: piece.spot.byte_offset + self.encoding.size(before),
            ..piece.spot
        }
    }

    fn spot_in_source(&self, source: SourceId, bom: u64, ahead: usize) -> Spot {
        let mark = self.mark_at((self.start + ahead).min(self.end));
        Spot {
            source,
            line: mark.cursor.line,
            col: mark.cursor.col,
            byte_offset: bom + mark.on_disk,
        }
    }

    /// Whether nothing but blanks stands before the start on its line.
    pub(crate) fn at_line_start(&self) -> bool {
        self.mark().indent.open
    }

    /// How many blanks begin the line on which the start stands.
    pub(crate) fn indent(&self) -> usize {
        self.mark().indent.blanks
    }
}

/// The blanks that begin a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Indent {
    blanks: usize,
    /// Nothing else has come on the line yet.
    open: bool,
}

impl Indent {
    const BEGINNING: Self = Self { blanks: 0, open: true };

    /// The indent behind `text`.
    fn after(self, text: &[u8]) -> Self {
        let (before, line) = match memchr::memrchr(b'\n', text) {
            Some(at) => (Self::BEGINNING, &text[at + 1..]),
            None => (self, text),
        };
        if !before.open {
            return before;
        }
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        Self { blanks: before.blanks + blanks, open: blanks == line.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(bytes: &'static [u8]) -> Window<'static> {
        let mut window = Window::new(Box::new(bytes), SourceId(0)).expect("reads");
        while window.more().expect("reads") {}
        window
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_counted_in_the_offset_on_disk() {
        let mut window = window(b"\xEF\xBB\xBF{}\n{}");
        window.consume(3);
        let spot = window.spot(0);
        assert_eq!((spot.line, spot.col, spot.byte_offset), (2, 1, 6));
    }

    #[test]
    fn utf16_is_decoded_and_its_offset_counts_the_bytes_on_disk() {
        let mut window = window(b"\xFF\xFE\xE9\x00\n\x00{\x00");
        assert_eq!(window.text(), "é\n{".as_bytes());
        window.consume(3);
        assert_eq!(window.spot(0).byte_offset, 6);
    }

    #[test]
    fn a_line_starts_behind_its_blanks() {
        let mut window = window(b"  {x {");
        window.consume(2);
        assert!(window.at_line_start());
        window.consume(3);
        assert!(!window.at_line_start());
        assert_eq!(window.indent(), 2);
    }
}
