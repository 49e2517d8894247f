//! Pieces that were read ahead, taken over one after another by the one who reads the text from its
//! beginning.

use std::io::Read;

use super::expand::Trouble;
use super::frame::MAX_BODY;
use super::leap::{Ahead, Here, Taken};
use super::notes::{MOST_INSIDE, Notes};
use super::pieces::{Piece, Whole};
use super::sink::{Parts, Shift};
use super::window::Stand;
use crate::threads::Turns;

/// After so many misfits, one after another, nobody reads ahead any more: documents are longer than
/// pieces, or lie over many lines.
const MISFITS: u64 = 3;

/// Takes over one piece after another.
pub(super) struct Joining<'j, 'q, 'w, S> {
    whole: Whole<'w>,
    /// What will say why the text ends.
    trouble: Trouble,
    turns: &'j mut Turns<'q, Option<Piece<S>>>,
    /// The next piece.
    nth: u64,
    /// A piece, by its number, that begins further on.
    early: Option<(u64, Piece<S>)>,
    /// How many pieces, one after another, were read for nothing.
    misfits: u64,
}

impl<'j, 'q, 'w, S> Joining<'j, 'q, 'w, S> {
    pub(super) fn new(
        whole: Whole<'w>,
        trouble: Trouble,
        turns: &'j mut Turns<'q, Option<Piece<S>>>,
    ) -> Self {
        Self { whole, trouble, turns, nth: 0, early: None, misfits: 0 }
    }

    /// The piece in which a byte stands, or a later one.
    fn piece(&mut self, nth: u64) -> Option<Piece<S>> {
        match self.early.take() {
            Some((early, piece)) if early == nth => Some(piece),
            _ => self.turns.next(nth).flatten(),
        }
    }

    /// Goes on behind a piece that was read for nothing; from which byte on.
    fn misfit(&mut self, nth: u64) -> u64 {
        self.misfits += 1;
        // What a document begins with is gone once it is known that it is too long to be kept.
        let begun = self.whole.list.map_or(0, |_| MAX_BODY as u64 / self.whole.split.piece);
        if self.misfits >= MISFITS + begun {
            self.turns.end();
            return u64::MAX;
        }
        self.nth = nth + 1;
        self.nth * self.whole.split.piece
    }
}

impl<'w, S: Parts> Ahead<'w, S> for Joining<'_, '_, 'w, S> {
    fn take(&mut self, here: &Here, sink: &mut S, notes: &mut Notes) -> Result<Taken, u64> {
        let at = here.stand.spot.byte_offset;
        let nth = self.nth.max(at / self.whole.split.piece);
        match self.piece(nth) {
            Some(piece) if piece.begun.spot.byte_offset > at => {
                let due = piece.begun.spot.byte_offset;
                self.early = Some((nth, piece));
                Err(due)
            }
            Some(piece) if piece.fits(here, notes) => {
                (self.misfits, self.nth) = (0, nth + 1);
                let due = self.nth * self.whole.split.piece;
                let taken = piece.join(here, due, sink, notes);
                self.whole.text.let_go(taken.ended.spot.byte_offset);
                Ok(taken)
            }
            _ => Err(self.misfit(nth)),
        }
    }

    fn reader(&self, from: u64) -> Box<dyn Read + 'w> {
        self.whole.text.on(from, self.trouble.clone())
    }
}

impl<S: Parts> Piece<S> {
    /// Whether it is what one would have read who came here from before.
    fn fits(&self, here: &Here, notes: &Notes) -> bool {
        let stands = self.begun.spot.byte_offset == here.stand.spot.byte_offset
            && self.elements.as_ref().map(|elements| elements.depth) == here.depth;
        stands && self.may_tell(here) && self.can_afford(here, notes)
    }

    /// Whether what it tells of damage would be told here too: that depends on how the line begins,
    /// and on what was told of it.
    fn may_tell(&self, here: &Here) -> bool {
        self.found.counts.damaged == 0
            || self.begun.indent == here.stand.indent
                && here.damaged_line != Some(here.stand.spot.line)
    }

    /// Whether it has cost what it could cost behind those before it too.
    fn can_afford(&self, here: &Here, notes: &Notes) -> bool {
        let from = here.stand.spot.byte_offset;
        let expanded = self.expanded == 0
            || notes.expanded_to() + self.expanded <= (100 * from).min(MOST_INSIDE);
        let looked = self.found.looked_through == 0
            || here.looked_through + self.found.looked_through <= 8 * from + 4 * MAX_BODY as u64;
        expanded && looked
    }

    /// Hands over what was read of it, as if it had been read here.
    fn join(self, here: &Here, due: u64, sink: &mut S, notes: &mut Notes) -> Taken {
        let Self { begun, ended, mut elements, found, damaged_line, .. } = self;
        let shift = Shift::between(begun.spot, here.stand.spot);
        let (own, mut kept) = (&mut notes.kept, self.kept);
        sink.join(self.sink, shift, &mut |at, length| own.take_over(&mut kept, at, length));
        notes.shapes.join(self.shapes);
        notes.expanded(self.expanded);
        let is_same_line = ended.spot.line == begun.spot.line;
        let indent = if is_same_line { here.stand.indent.closed() } else { ended.indent };
        if let Some(elements) = &mut elements {
            elements.tally = elements.tally.moved(shift);
        }
        Taken {
            ended: Stand { spot: shift.of(ended.spot), indent },
            found: found.moved(shift),
            elements,
            damaged_line: damaged_line.map(|line| line + shift.lines()),
            due,
        }
    }
}
