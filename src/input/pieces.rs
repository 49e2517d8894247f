//! A long text, read in pieces by several threads, as if it had been read by one.
//!
//! Each piece begins behind a line feed, or with an element of the list that the text consists of,
//! and is read as if nothing came before it. One who reads the text from its beginning leaps over
//! each piece that begins just where he has come to, nothing open but what lists it. What does not
//! fit is thrown away, and he reads it once more.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use super::anywhere::Text;
use super::enter::Elements;
use super::expand::{Most, Trouble};
use super::frame::{BOM, Framer, MAX_BODY};
use super::joining::Joining;
use super::kept::Kept;
use super::list::List;
use super::notes::{Context, Notes, Reading, Shapes};
use super::sink::Parts;
use super::tally::Found;
use super::window::{BEFORE, Stand, Window};
use crate::finding::SourceId;
use crate::threads::{Threads, Turns};

/// How long a piece is, about.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// Threads that read.
    pub threads: Threads,
    /// Bytes of a piece; a text of fewer than two is read at once.
    pub piece: u64,
}

impl Split {
    /// One thread reads everything.
    pub const NONE: Self = Self { threads: Threads::ONE, piece: u64::MAX };

    /// So many threads.
    #[must_use]
    pub fn among(threads: Threads) -> Self {
        const PIECE: u64 = 2 << 20;
        Self { threads, piece: PIECE }
    }

    /// Whether a text of this length is read in pieces.
    pub(super) fn is_worth(self, length: u64) -> bool {
        self.threads.are_several() && length / 2 >= self.piece
    }
}

/// What all pieces of a text have in common.
#[derive(Clone, Copy)]
pub(super) struct Whole<'w> {
    pub(super) text: Text<'w>,
    pub(super) id: SourceId,
    pub(super) reading: &'w Reading,
    pub(super) most: Most,
    pub(super) split: Split,
    /// What it consists of; `None` where that seems to be lines.
    pub(super) list: Option<&'w List>,
    /// How much is kept of bodies that do not stand in the text as they are.
    pub(super) kept: u64,
}

/// What was read of a piece.
pub(super) struct Piece<S> {
    /// Where its first byte stands that is no blank; lines and columns are counted from near there.
    pub(super) begun: Stand,
    /// Where it ends, nothing open.
    pub(super) ended: Stand,
    /// What came of the elements of the list, where that is what was read.
    pub(super) elements: Option<Elements>,
    pub(super) sink: S,
    pub(super) found: Found,
    /// The last line on which damage was told.
    pub(super) damaged_line: Option<u64>,
    pub(super) shapes: Shapes,
    pub(super) kept: Kept,
    pub(super) expanded: u64,
}

/// Reads a text in UTF-8. What it tells is what one thread would have told; so it is where the text
/// cannot be read on.
pub(super) fn read<S: Parts>(
    whole: Whole<'_>,
    sink: &mut S,
    notes: &mut Notes,
) -> (Found, io::Result<()>) {
    let list = whole.list();
    let whole = Whole { list: list.as_ref(), ..whole };
    let part = Mutex::new(sink.part());
    let work =
        |nth| whole.ahead(nth, || part.lock().unwrap_or_else(PoisonError::into_inner).part());
    whole.split.threads.share(whole.pieces(), work, |turns| {
        let read = whole.join(turns, sink, notes);
        whole.text.close();
        read
    })
}

impl Whole<'_> {
    /// The list that the text seems to consist of.
    fn list(&self) -> Option<List> {
        /// Of most texts the first value is shorter.
        const SHORT: u64 = 64 * 1024;
        let piece = self.split.piece;
        let (mut text, mut head) = (self.text.ahead(0, piece), Vec::new());
        text.by_ref().take(SHORT.min(piece)).read_to_end(&mut head).ok()?;
        List::open_in(&head)?;
        text.take(piece - head.len() as u64).read_to_end(&mut head).ok()?;
        List::open_in(&head)
    }

    /// How many pieces there are, or may be. A short object is read whole, whatever it lists.
    fn pieces(&self) -> u64 {
        let is_object = self.list.is_some_and(|list| list.depth > 0);
        match self.text {
            Text::File { length, .. } if is_object && length <= MAX_BODY as u64 => 0,
            text => text.pieces(self.split.piece),
        }
    }

    /// Reads all of it, leaping over what was read ahead.
    fn join<S: Parts>(
        &self,
        turns: &mut Turns<'_, Option<Piece<S>>>,
        sink: &mut S,
        notes: &mut Notes,
    ) -> (Found, io::Result<()>) {
        let trouble = Trouble::default();
        let reader = self.text.on(0, trouble.clone());
        let mut window = match Window::new(reader, self.id) {
            Ok(window) => window,
            Err(error) => return (Found::default(), Err(error)),
        };
        let mut joining = Joining::new(*self, trouble.clone(), turns);
        let mut framer = Framer::new(&mut window, sink, notes, Context::default(), trouble);
        framer.due = self.list.map_or(0, |list| list.begins);
        framer.ahead = Some(&mut joining);
        let end = framer.run();
        (framer.found(), end)
    }

    /// Reads a piece as if nothing came before it; `None` where nothing begins in it, where it goes
    /// on for another piece and more, or where it cannot be read: whoever takes over the pieces
    /// reads, and tells, that.
    fn ahead<S: Parts>(&self, nth: u64, part: impl FnOnce() -> S) -> Option<Piece<S>> {
        let (mut window, mut sink) = (self.window(nth).ok()??, part());
        let mut notes = Notes::new(self.reading, Kept::part(self.kept), self.most).reading_ahead();
        let (context, trouble) = (Context::default(), Trouble::default());
        let mut framer = Framer::new(&mut window, &mut sink, &mut notes, context, trouble);
        framer.due = (nth + 1) * self.split.piece;
        framer.skip_blank().ok()?;
        let begun = framer.window.stand();
        let elements = match self.list {
            Some(list) => Some(framer.elements(list.depth).ok()?),
            None => framer.run().map(|()| None).ok()?,
        };
        let (ended, found) = (framer.window.stand(), framer.found());
        let damaged_line = framer.damaged_line;
        // Only who reads all knows why the text ends, and what that means for what it cuts.
        let is_cut = framer.window.is_done() && found.counts.damaged > 0;
        if is_cut || !framer.is_calm() || framer.window.has_failed_ahead() {
            return None;
        }
        let expanded = notes.expanded_to();
        let Notes { shapes, kept, .. } = notes;
        Some(Piece { begun, ended, elements, sink, found, damaged_line, shapes, kept, expanded })
    }

    /// A window on a piece and, where it goes on, another; `None` where nothing begins in it.
    fn window(&self, nth: u64) -> io::Result<Option<Window<'_>>> {
        let Some(from) = self.beginning(nth)? else {
            return Ok(None);
        };
        let until = (nth + 2) * self.split.piece;
        if from == 0 {
            return Window::new(self.text.ahead(0, until), self.id).map(Some);
        }
        let first = from.saturating_sub(BEFORE as u64);
        let (mut text, mut before) = (self.text.ahead(first, until), Vec::new());
        text.by_ref().take(from - first).read_to_end(&mut before)?;
        if first == 0 && before.starts_with(BOM) {
            before.drain(..BOM.len());
        }
        Ok(Some(Window::resumed(text, self.id, from, self.list.is_none(), before)))
    }

    /// Where a piece begins; `None` where nothing in it could.
    fn beginning(&self, nth: u64) -> io::Result<Option<u64>> {
        match (nth * self.split.piece, self.list) {
            (0, list) => Ok(Some(list.map_or(0, |list| list.begins))),
            (from, Some(list)) => self.first_element(list, from),
            (from, None) => self.first_line(from),
        }
    }

    /// Where the first line begins that begins at or behind a byte.
    fn first_line(&self, from: u64) -> io::Result<Option<u64>> {
        let mut at = from - 1;
        let mut text = self.text.ahead(at, at + self.split.piece);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match text.read(&mut buffer)? {
                0 => return Ok(None),
                read => match memchr::memchr(b'\n', &buffer[..read]) {
                    Some(end) => return Ok(Some(at + end as u64 + 1)),
                    None => at += read as u64,
                },
            }
        }
    }

    /// Behind the comma before the first element that seems to begin at or behind a byte.
    fn first_element(&self, list: &List, from: u64) -> io::Result<Option<u64>> {
        /// Blanks between a comma and an element, at the most.
        const BLANKS: u64 = 64;
        let before = from.min(BLANKS);
        let start = from - before;
        let mut left = before + self.split.piece;
        let (mut reader, mut text) = (self.text.ahead(start, start + left), Vec::new());
        while left > 0 {
            // Twice as much each time, or what was looked through would be again and again.
            let more = left.min((text.len() as u64).max(64 * 1024));
            if reader.by_ref().take(more).read_to_end(&mut text)? == 0 {
                break;
            }
            if let Some(found) = list.element(&text, usize::try_from(before).unwrap_or(0)) {
                return Ok(Some(start + found as u64));
            }
            left -= more;
        }
        Ok(None)
    }
}
