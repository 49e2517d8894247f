//! One source, read by as many threads as are worth it.

use std::io::{self, Cursor, Read};
use std::thread;

use super::anywhere::Text;
use super::expand::Trouble;
use super::kept::Kept;
use super::notes::{Notes, Reading};
use super::pieces::{self, Split, Whole};
use super::place::Encoding;
use super::sink::Parts;
use super::source::{Opened, Sources, Told};
use super::stream::{Begun, Stream};
use super::tally::{Counts, Found};
use super::window::Window;
use super::{frame, told};
use crate::finding::SourceId;

/// Reads one source of `sources` to its end into `sink`, a long one in pieces as `split` says.
///
/// # Errors
/// When the source cannot be opened or read on; `counts` then holds what was read before.
pub fn read(
    sources: &mut Sources,
    id: SourceId,
    reading: &Reading,
    split: Split,
    sink: &mut impl Parts,
    counts: &mut Counts,
) -> io::Result<()> {
    let kept = sources.take_kept();
    let (done, kept) = One { sources, id, reading, split }.read(kept, sink);
    sources.keep(kept);
    sources.tell(id, done.told);
    counts.add(done.counts);
    done.end
}

/// A source that is to be read.
pub(super) struct One<'o> {
    pub(super) sources: &'o Sources,
    pub(super) id: SourceId,
    pub(super) reading: &'o Reading,
    pub(super) split: Split,
}

/// What came of a source, but for what the sink has.
pub(super) struct Done {
    pub(super) told: Told,
    pub(super) counts: Counts,
    /// How reading it ended.
    pub(super) end: io::Result<()>,
}

type Reader = Box<dyn Read + Send>;

impl One<'_> {
    /// Reads it to its end, or to where it cannot be read on; bodies are kept behind those that
    /// `kept` has.
    pub(super) fn read(&self, kept: Kept, sink: &mut impl Parts) -> (Done, Kept) {
        let Opened { reader, packing, trouble, length, copy } = match self.sources.open(self.id) {
            Ok(opened) => opened,
            Err(error) => {
                let (told, counts) = (Told::default(), Counts::default());
                return (Done { told, counts, end: Err(error) }, kept);
            }
        };
        let mut notes = Notes::new(self.reading, kept, self.sources.most).reading_ahead();
        let (found, end) = match length {
            Some(length) => self.file(reader, length, sink, &mut notes),
            None => self.stream(reader, trouble, sink, &mut notes),
        };
        let (walked, mut counts) = (self.sources.source(self.id).walked, Counts::default());
        told(found, walked, sink, &mut counts);
        let Notes { kept, shapes, .. } = notes;
        (Done { told: Told { packing, shapes, copy }, counts, end }, kept)
    }

    /// Reads what can be read at any place.
    fn file<S: Parts>(
        &self,
        mut reader: Reader,
        length: u64,
        sink: &mut S,
        notes: &mut Notes,
    ) -> (Found, io::Result<()>) {
        let mut head = Vec::new();
        if let (true, Some(path)) =
            (self.split.is_worth(length), self.sources.source(self.id).path())
        {
            if let Err(error) = reader.by_ref().take(MARK).read_to_end(&mut head) {
                return (Found::default(), Err(error));
            }
            if Encoding::sniff(&head).0 == Encoding::Utf8 {
                let file = match self.sources.file(self.id, path) {
                    Ok(file) => file,
                    Err(error) => return (Found::default(), Err(error)),
                };
                let text = Text::File { file: &file, length, meter: &self.sources.meter };
                return pieces::read(self.whole(text, notes), sink, notes);
            }
        }
        self.at_once(Cursor::new(head).chain(reader), Trouble::default(), sink, notes)
    }

    /// Reads what comes only once; a long one while a thread of its own unpacks it.
    fn stream<S: Parts>(
        &self,
        mut reader: Reader,
        trouble: Trouble,
        sink: &mut S,
        notes: &mut Notes,
    ) -> (Found, io::Result<()>) {
        let piece = usize::try_from(self.split.piece);
        let (Ok(piece), true) = (piece, self.split.threads.are_several()) else {
            return self.at_once(reader, trouble, sink, notes);
        };
        let head = match Begun::with(&mut reader, 2 * piece) {
            Begun::Long(head) => head,
            Begun::Short(reader) => return self.at_once(reader, trouble, sink, notes),
        };
        let is_utf8 = Encoding::sniff(&head).0 == Encoding::Utf8;
        let ahead = usize::try_from(self.split.threads.ahead() + 2).unwrap_or(usize::MAX);
        let stream = Stream::new(head, piece, ahead, trouble);
        thread::scope(|scope| {
            scope.spawn(|| stream.fill(&mut reader));
            if is_utf8 {
                pieces::read(self.whole(Text::Stream(&stream), notes), sink, notes)
            } else {
                let trouble = Trouble::default();
                let found =
                    self.at_once(stream.from(0, None, trouble.clone()), trouble, sink, notes);
                stream.close();
                found
            }
        })
    }

    fn whole<'w>(&'w self, text: Text<'w>, notes: &Notes) -> Whole<'w> {
        let Self { sources, id, reading, split } = *self;
        Whole { text, id, reading, most: sources.most, split, list: None, kept: notes.kept.most() }
    }

    /// Reads a text from its beginning to its end.
    fn at_once(
        &self,
        reader: impl Read,
        trouble: Trouble,
        sink: &mut impl Parts,
        notes: &mut Notes,
    ) -> (Found, io::Result<()>) {
        match Window::new(Box::new(reader), self.id) {
            Ok(mut window) => frame(&mut window, notes, trouble, sink),
            Err(error) => (Found::default(), Err(error)),
        }
    }
}

/// Bytes of the longest byte order mark.
const MARK: u64 = 3;
