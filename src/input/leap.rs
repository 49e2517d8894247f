//! From a place at which nothing is open over what others have read from there on.

use std::io::{self, Read};

use super::enter::{Elements, Inside};
use super::frame::Framer;
use super::notes::Notes;
use super::sink::Sink;
use super::tally::Found;
use super::window::Stand;

/// Others, who read what stands further on.
pub(super) trait Ahead<'r, S> {
    /// Hands what they have read from here on over to `sink` and `notes`; else says from which byte
    /// on they are to be asked again.
    fn take(&mut self, here: &Here, sink: &mut S, notes: &mut Notes) -> Result<Taken, u64>;

    /// What stands from a byte on.
    fn reader(&self, from: u64) -> Box<dyn Read + 'r>;
}

/// Where the reading stands, and what it has met so far that matters to what follows.
pub(super) struct Here {
    pub(super) stand: Stand,
    /// How deep the array stands that goes on here with an element; `None` where a line begins.
    pub(super) depth: Option<u32>,
    pub(super) looked_through: u64,
    pub(super) damaged_line: Option<u64>,
}

/// What others have read, but for what the sink and the notes have.
pub(super) struct Taken {
    /// Where it ends.
    pub(super) ended: Stand,
    pub(super) found: Found,
    /// What came of the elements of an array, where it begins with one.
    pub(super) elements: Option<Elements>,
    /// The last line of it on which damage was told.
    pub(super) damaged_line: Option<u64>,
    /// From which byte on they are to be asked again.
    pub(super) due: u64,
}

impl<S: Sink> Framer<'_, '_, S> {
    /// Whether the reading is to stop or to leap here, if a line or an element begins here.
    pub(super) fn is_due(&self) -> bool {
        self.window.byte() >= self.due && self.is_calm()
    }

    /// Whether nothing is open but containers, and nothing that came before tells anything of what
    /// follows.
    pub(super) fn is_calm(&self) -> bool {
        self.notes.joins.is_empty()
            && !self.headers
            && self.window.passed() >= self.next_stride
            && self.line.name.is_none()
            && self.line.written.is_none()
    }

    /// Leaps over what others have read from here on, where a line begins or else an element of an
    /// array so deep; whether they had.
    pub(super) fn leap(&mut self, mut list: Option<(u32, &mut Inside)>) -> io::Result<bool> {
        let begun = self.window.stand();
        let mut stand = begun;
        while let Some(taken) = self.taken(stand, list.as_ref().map(|(depth, _)| *depth)) {
            stand = taken.ended;
            let mut goes_on = stand.spot.byte_offset >= taken.due;
            if let (Some((_, inside)), Some(elements)) = (&mut list, &taken.elements) {
                inside.go_on(elements, taken.found.counts.damaged > 0);
                goes_on &= inside.takes_value();
            }
            self.take_over(taken);
            if !goes_on {
                break;
            }
        }
        let length = stand.spot.byte_offset - begun.spot.byte_offset;
        if let (Some(ahead), true) = (&self.ahead, length > 0) {
            self.window.leap(length, stand, |from| ahead.reader(from))?;
            self.open_scan = None;
        }
        Ok(length > 0)
    }

    /// What others have read from a place on.
    fn taken(&mut self, stand: Stand, depth: Option<u32>) -> Option<Taken> {
        let Self { looked_through, damaged_line, .. } = *self;
        let here = Here { stand, depth, looked_through, damaged_line };
        match self.ahead.as_mut()?.take(&here, self.sink, self.notes) {
            Ok(taken) => Some(taken),
            Err(due) => {
                self.due = due;
                None
            }
        }
    }

    fn take_over(&mut self, Taken { found, damaged_line, due, .. }: Taken) {
        self.due = due;
        self.counts.add(found.counts);
        self.first_other = self.first_other.or(found.first_other);
        self.looked_through += found.looked_through;
        self.notes.log_lines |= found.log_lines;
        self.damaged_line = damaged_line.or(self.damaged_line);
    }
}
