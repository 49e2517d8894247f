//! Reads sources, long ones and many short ones with several threads.

mod line_batches;
mod merge;
mod short_files;

use std::io::{self, Read};

use self::line_batches::{LineBatches, SpareMemory};
use self::merge::{BatchJob, read_batches};
pub use self::short_files::read_all;
use super::expand::Trouble;
use super::kept::Kept;
use super::notes::{Notes, Reading};
use super::place::Encoding;
use super::scan::{Scan, Stop};
use super::sink::Parts;
use super::source::{Opened, Sources, Told};
use super::tally::{Counts, Found};
use super::window::Window;
use super::{frame, told};
use crate::finding::{SourceId, Spot};
use crate::threads::Threads;

/// How the reading of a text is shared.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// Threads that read.
    pub threads: Threads,
    /// Bytes of a batch of lines; a text of fewer than two is read by one thread.
    pub batch: u64,
}

impl Split {
    /// One thread reads everything.
    pub const NONE: Self = Self { threads: Threads::ONE, batch: u64::MAX };

    /// This many threads, with batches of the usual size.
    #[must_use]
    pub fn among(threads: Threads) -> Self {
        // Results that wait for their turn keep their text: 1 MiB cost 1 to 6 MB more, and saved no time.
        const BATCH: u64 = 1 << 19;
        Self { threads, batch: BATCH }
    }
}

/// Reads one source of `sources` to its end into `sink`, a long one in batches as `split` says.
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
        let (found, end) = self.text((reader, length), trouble, sink, &mut notes);
        let (walked, mut counts) = (self.sources.source(self.id).walked, Counts::default());
        told(found, walked, sink, &mut counts);
        let Notes { kept, shapes, .. } = notes;
        (Done { told: Told { packing, shapes, copy }, counts, end }, kept)
    }

    /// Reads a text in batches of lines where it is long and there are threads for it.
    fn text(
        &self,
        (reader, length): (Reader, Option<u64>),
        trouble: Trouble,
        sink: &mut impl Parts,
        notes: &mut Notes,
    ) -> (Found, io::Result<()>) {
        let Split { threads, batch } = self.split;
        let is_short = length.is_some_and(|length| length / 2 < batch);
        let Some(batch) =
            usize::try_from(batch).ok().filter(|_| threads.are_several() && !is_short)
        else {
            return self.at_once(reader, trouble, sink, notes);
        };
        let spare = SpareMemory::default();
        let mut batches = LineBatches::new(reader, batch, Spot::top_of(self.id), &spare);
        let is_long = batches.has(2 * batch);
        let (encoding, bom) = Encoding::sniff(batches.head());
        if !is_long || encoding != Encoding::Utf8 {
            return self.at_once(batches, trouble, sink, notes);
        }
        batches.skip_head(bom);
        let job = BatchJob {
            reading: self.reading,
            most: self.sources.most,
            threads,
            bom: bom as u64,
            is_document: is_document(batches.head()),
            spare: &spare,
            trouble,
        };
        read_batches(&job, batches, sink, notes)
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

/// Whether the first value of a text is still open where its `head` ends.
fn is_document(head: &[u8]) -> bool {
    Scan::new(0).run(head.trim_ascii_start()) == Stop::More
}
