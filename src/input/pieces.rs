//! A long text, read in pieces by several threads, as if it had been read by one.
//!
//! Each piece begins behind a line feed, and is read as if nothing came before it: that holds where
//! the piece before it ends just there, nothing open. Where it does not, what was read of the piece
//! is thrown away, and it is read once more from where the last one has come to.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::anywhere::{Begun, Hand, Text};
use super::expand::Most;
use super::frame::{Framer, MAX_BODY};
use super::kept::Kept;
use super::notes::{Context, MOST_INSIDE, Notes, Reading, Shapes};
use super::sink::Parts;
use super::tally::Found;
use super::window::Window;
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
    /// How much is kept of bodies that do not stand in the text as they are.
    pub(super) kept: u64,
}

/// Where the reading stands: at the beginning of a line, with nothing open.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    /// Where the line begins, in bytes of the text.
    line_at: u64,
    /// Where the first byte on it stands that is no blank.
    at: u64,
    /// Lines before it.
    lines: u64,
}

/// What was read of a piece.
struct Piece<S> {
    /// Where its first byte stands that is no blank, in bytes of the text.
    begun: u64,
    /// Where the line stands at which it ends; lines counted from the one at which it begins. `None`
    /// where it goes to the end of the text.
    ended: Option<Stand>,
    /// Lines before its first byte that is no blank.
    blank_lines: u64,
    sink: S,
    found: Found,
    shapes: Shapes,
    kept: Kept,
    expanded: u64,
    /// How reading it ended.
    end: io::Result<()>,
}

/// Reads a text in UTF-8. What it tells is what one thread would have told; so it is where the text
/// cannot be read on.
pub(super) fn read<S: Parts>(
    whole: Whole<'_>,
    sink: &mut S,
    notes: &mut Notes,
) -> (Found, io::Result<()>) {
    let part = Mutex::new(sink.part());
    let work =
        |nth| whole.ahead(nth, || part.lock().unwrap_or_else(PoisonError::into_inner).part());
    whole.split.threads.share(whole.text.pieces(whole.split.piece), work, |turns| {
        let (found, hand) = (Found::default(), Hand::default());
        let mut joining = Joining { whole, sink, notes, stand: None, found, hand, misfits: 0 };
        let joined = joining.run(turns);
        whole.text.close();
        (joining.found, joined)
    })
}

impl Whole<'_> {
    /// Reads a piece from where the reading stands to the first line at or behind `to` at which
    /// nothing is open, into `sink`; and what was read behind it is handed to `rest`.
    fn piece<S: Parts>(
        &self,
        (reader, trouble): Begun<'_>,
        (from, to): (Stand, u64),
        mut sink: S,
        before: Before,
        rest: impl FnOnce(u64, &[u8]),
    ) -> io::Result<Piece<S>> {
        let blanks = usize::try_from(from.at - from.line_at).unwrap_or(usize::MAX);
        let mut window = match from.at {
            0 => Window::new(reader, self.id)?,
            _ => Window::resumed(reader, self.id, from.at, blanks),
        };
        let mut notes = Notes::new(self.reading, Kept::part(self.kept), self.most);
        notes.expanded(before.expanded);
        let mut framer =
            Framer::new(&mut window, &mut sink, &mut notes, Context::default(), trouble);
        framer.looked_through = before.looked_through;
        framer.skip_blank()?;
        let first = framer.window.spot(0);
        let run = framer.run_to(to);
        let ended = matches!(run, Ok(true)).then(|| {
            let spot = framer.window.spot(0);
            rest(spot.byte_offset, framer.window.text());
            let line_at = spot.byte_offset - framer.window.indent() as u64;
            Stand { line_at, at: spot.byte_offset, lines: spot.line - 1 }
        });
        let mut found = framer.found();
        found.looked_through -= before.looked_through;
        let expanded = notes.expanded_to() - before.expanded;
        let Notes { shapes, kept, .. } = notes;
        let (begun, blank_lines, end) = (first.byte_offset, first.line - 1, run.map(drop));
        Ok(Piece { begun, ended, blank_lines, sink, found, shapes, kept, expanded, end })
    }

    /// Reads a piece as if nothing came before it; `None` where no line begins in it, where it goes
    /// on for another piece and more, or where it cannot be read: whoever takes over the pieces
    /// reads, and tells, that.
    fn ahead<S: Parts>(&self, nth: u64, part: impl FnOnce() -> S) -> Option<Piece<S>> {
        let at = self.beginning(nth).ok()??;
        let to = (nth + 1) * self.split.piece;
        let text = self.text.ahead(at, to + self.split.piece).ok()?;
        let from = Stand { line_at: at, at, lines: 0 };
        self.piece(text, (from, to), part(), Before::default(), |_, _| {}).ok()
    }

    /// Where the first line begins that begins in a piece; `None` where none does.
    fn beginning(&self, piece: u64) -> io::Result<Option<u64>> {
        let from = piece * self.split.piece;
        if from == 0 {
            return Ok(Some(0));
        }
        let mut at = from - 1;
        let (mut text, _) = self.text.ahead(at, at + self.split.piece)?;
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
}

/// What was used up before a piece of what a text may cost.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    looked_through: u64,
    expanded: u64,
}

/// Takes over one piece after another.
struct Joining<'j, 'w, S> {
    whole: Whole<'w>,
    sink: &'j mut S,
    notes: &'j mut Notes,
    /// Where the next piece has to begin; `None` before the first.
    stand: Option<Stand>,
    found: Found,
    hand: Hand,
    /// How many pieces, one after another, were read for nothing.
    misfits: u32,
}

/// After so many misfits nobody reads ahead any more: documents are longer than pieces, or lie over
/// many lines.
const MISFITS: u32 = 3;

impl<S: Parts> Joining<'_, '_, S> {
    fn run(&mut self, turns: &mut Turns<'_, Option<Piece<S>>>) -> io::Result<()> {
        for nth in 0.. {
            let to = (nth + 1) * self.whole.split.piece;
            let is_behind = self.stand.is_some_and(|stand| stand.at >= to);
            if !is_behind && !self.next(nth, to, turns)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes a piece over, or reads it again; whether more follows.
    fn next(
        &mut self,
        nth: u64,
        mut to: u64,
        turns: &mut Turns<'_, Option<Piece<S>>>,
    ) -> io::Result<bool> {
        let stand = self.stand.unwrap_or_default();
        let fits = |piece: &Piece<S>| {
            let begins_there = self.stand.is_none() || piece.begun == stand.at;
            begins_there && piece.end.is_ok() && self.can_afford(piece, stand.line_at)
        };
        if let Some(piece) = turns.next(nth).flatten().filter(fits) {
            self.misfits = 0;
            return self.take(piece);
        }
        self.misfits += 1;
        if self.misfits >= MISFITS {
            turns.end();
            to = u64::MAX;
        }
        let piece = self.again(stand, to)?;
        self.take(piece)
    }

    /// Reads a piece from where the last one has come to.
    fn again(&mut self, stand: Stand, to: u64) -> io::Result<Piece<S>> {
        let looked_through = self.found.looked_through;
        let before = Before { looked_through, expanded: self.notes.expanded_to() };
        let mut read = Hand::default();
        let text = self.whole.text.on(stand.at, &self.hand)?;
        let piece = self.whole.piece(text, (stand, to), self.sink.part(), before, |at, rest| {
            read = Hand::of(at, rest);
        })?;
        self.hand.take_over(read);
        Ok(piece)
    }

    /// Whether a piece has cost what it could cost behind those before it too.
    fn can_afford(&self, piece: &Piece<S>, from: u64) -> bool {
        let expanded = piece.expanded == 0
            || self.notes.expanded_to() + piece.expanded <= (100 * from).min(MOST_INSIDE);
        let looked = piece.found.looked_through == 0
            || self.found.looked_through + piece.found.looked_through
                <= 8 * from + 4 * MAX_BODY as u64;
        expanded && looked
    }

    fn take(&mut self, piece: Piece<S>) -> io::Result<bool> {
        // Both count the lines up to the same byte.
        let lines = self.stand.map_or(0, |stand| stand.lines.saturating_sub(piece.blank_lines));
        let Piece { ended, sink, found, shapes, mut kept, expanded, end, .. } = piece;
        let own = &mut self.notes.kept;
        self.sink.join(sink, lines, &mut |at, length| own.take_over(&mut kept, at, length));
        self.notes.shapes.join(shapes);
        self.notes.expanded(expanded);
        self.found.add(found, lines);
        end?;
        self.stand = ended.map(|ended| Stand { lines: ended.lines + lines, ..ended });
        if let Some(stand) = self.stand {
            self.hand.let_go(stand.at);
            self.whole.text.let_go(stand.at);
        }
        Ok(self.stand.is_some())
    }
}
