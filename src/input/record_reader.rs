//! Reads a text that arrives line by line. Each line is a record.

use std::io;

use super::expand::{Most, Trouble};
use super::frame::Framer;
use super::kept::Kept;
use super::notes::{Context, Notes, Reading};
use super::sink::Sink;
use super::tally::{Counts, Found};
use super::told;
use super::window::{Rest, Window};
use crate::finding::{SourceId, Spot};

/// Reads records one by one; each has its place in the text that they form together.
#[derive(Debug)]
pub struct RecordReader {
    notes: Notes,
    found: Found,
    /// Where the next record begins in the text.
    at: Spot,
}

impl RecordReader {
    /// A text that has this many bytes and lines already, which are not read.
    #[must_use]
    pub fn after(bytes: u64, lines: u64) -> Self {
        let notes = Notes::new(&Reading::default(), Kept::new(0), Most::typed(None));
        let at = Spot { line: lines + 1, byte_offset: bytes, ..Spot::top_of(SourceId(0)) };
        Self { notes, found: Found::default(), at }
    }

    /// Reads a record: one line, with its line feed. Returns the counts of this record.
    ///
    /// # Errors
    /// None: memory does not fail to be read.
    pub fn read(&mut self, record: &[u8], sink: &mut impl Sink) -> io::Result<Counts> {
        let found = self.read_text(record, sink, false)?;
        self.at.byte_offset += record.len() as u64;
        self.at.line += 1;
        self.found.add(found);
        Ok(found.counts)
    }

    /// Reports what is known only at the end of the text, and returns its counts.
    ///
    /// # Errors
    /// None: memory does not fail to be read.
    pub fn finish(mut self, sink: &mut impl Sink) -> io::Result<Counts> {
        // Lines of logs that were still waiting for their rest.
        let rest = self.read_text(b"", sink, true)?.counts;
        self.found.counts.add(rest);
        told(self.found, false, sink, &mut Counts::default());
        Ok(rest)
    }

    /// Frames a text that begins at the next record's place.
    fn read_text(&mut self, text: &[u8], sink: &mut impl Sink, is_end: bool) -> io::Result<Found> {
        // The text is the buffer: a reader would need one of its own, cleared for each record.
        let mut window = Window::resumed(text.to_vec(), 0, Rest::End, self.at, 0);
        let (context, trouble) = (Context::default(), Trouble::default());
        let mut framer = Framer::new(&mut window, sink, &mut self.notes, context, trouble);
        if is_end {
            framer.run()?
        } else {
            framer.read_values()?
        };
        Ok(framer.found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Capture, Detail};

    const WEBHOOK: &[u8] = b"{\"body\":\"{\\\"trigger\\\":\\\"a\\\",\\\"data\\\":{}}\"}\n";

    #[test]
    fn each_record_stands_behind_what_was_there_before_it() {
        let (mut reader, mut capture) = (RecordReader::after(5, 2), Capture::new(Detail::All));
        for record in [WEBHOOK, b"{\"body\":1}\n", WEBHOOK] {
            reader.read(record, &mut capture).expect("memory");
        }
        let places: Vec<_> = capture.deliveries.iter().map(|delivery| delivery.place).collect();
        let lines: Vec<_> = places.iter().map(|place| (place.line, place.col)).collect();
        assert_eq!(lines, [(3, 9), (5, 9)]);
        let between = WEBHOOK.len() as u64 + 11;
        assert_eq!(places[0].byte_offset, 13);
        assert_eq!(places[1].byte_offset, 13 + between);
        reader.finish(&mut capture).expect("memory");
        let others = capture.findings.iter().filter(|one| one.rule.code == "J003");
        assert_eq!(others.map(|one| one.spot.line).collect::<Vec<_>>(), [4]);
    }
}
