//! Batches of lines, parsed by several threads and merged in their order.
//!
//! Each batch is parsed as if nothing came before it. That holds wherever the text before it ends
//! with a line at which nothing is open. Where it does not, because a document, a record or a request
//! goes on over the boundary, the merging thread reads on by itself up to a batch for which it holds.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::line_batches::{LineBatch, LineBatches, SpareMemory};
use crate::finding::Spot;
use crate::input::expand::{Most, Trouble};
use crate::input::frame::{Framer, MAX_BODY, Pause};
use crate::input::kept::Kept;
use crate::input::notes::{Context, MOST_INSIDE, Notes, Reading, Shapes};
use crate::input::sink::Parts;
use crate::input::tally::Found;
use crate::input::window::{Rest, Window};
use crate::threads::{Results, Threads};

/// After this many batches in a row whose parse did not fit, workers parse no more: the text is an
/// array, or its documents are longer than batches.
const MISFITS: u32 = 3;

/// What a worker has found in a batch.
struct ParsedBatch<S> {
    /// The line at which it begins, behind blank lines.
    begins: Spot,
    /// The line at which it ends, behind the batch; the end of the source behind the last one.
    ends: Spot,
    sink: S,
    found: Found,
    shapes: Shapes,
    kept: Kept,
    /// Bytes to which packed data inside of it has expanded.
    expanded: u64,
}

/// What all batches of a text have in common.
pub(super) struct BatchJob<'j> {
    pub(super) reading: &'j Reading,
    pub(super) most: Most,
    pub(super) threads: Threads,
    /// Bytes of the byte order mark.
    pub(super) bom: u64,
    /// Whether one document is most of the text, so that no lines are worth parsing.
    pub(super) is_document: bool,
    pub(super) spare: &'j SpareMemory,
    /// Why the text ends where it does.
    pub(super) trouble: Trouble,
}

/// Parses all batches into `sink`.
pub(super) fn read_batches<S: Parts>(
    job: &BatchJob<'_>,
    batches: LineBatches<'_>,
    sink: &mut S,
    notes: &mut Notes,
) -> (Found, io::Result<()>) {
    let start = batches.spot();
    let (parts, kept) = (Mutex::new(sink.part()), notes.kept.most());
    let is_sequential = AtomicBool::new(job.is_document);
    let parse = |mut batch: LineBatch| {
        let part = || parts.lock().unwrap_or_else(PoisonError::into_inner).part();
        let is_wanted = batch.line_start().is_some() && !is_sequential.load(Ordering::Relaxed);
        let parsed = if is_wanted { job.parse(&mut batch, part(), kept) } else { None };
        (batch, parsed)
    };
    job.threads.share(batches, parse, |results| {
        let queue = RefCell::new(BatchQueue {
            results,
            pulled: VecDeque::new(),
            spare: job.spare,
            misfits: 0,
            is_sequential: &is_sequential,
        });
        let mut merger = Merger { job, queue, at: start, found: Found::default() };
        let end = merger.run(sink, notes);
        (merger.found, end)
    })
}

impl BatchJob<'_> {
    /// Parses a batch as if nothing came before it. `None` where something is open at its end, or
    /// depends on text further on.
    fn parse<S: Parts>(
        &self,
        batch: &mut LineBatch,
        mut sink: S,
        kept: u64,
    ) -> Option<ParsedBatch<S>> {
        let due = batch.end();
        let mut window = batch.window(self.bom);
        let mut notes = Notes::new(self.reading, Kept::part(kept), self.most).reading_ahead();
        let (context, trouble) = (Context::default(), Trouble::default());
        let mut framer = Framer::new(&mut window, &mut sink, &mut notes, context, trouble);
        framer.due = due;
        let begins = framer.skip_blank().map(|_| framer.line_start());
        let pause = begins.and_then(|begins| Ok((begins, framer.run()?)));
        let (found, line) = (framer.found(), framer.line_start());
        // Only who reads the whole text knows why it ends, and what that means for what it cuts.
        let is_cut = window.is_done() && found.counts.damaged > 0;
        let is_whole = !is_cut && !window.has_failed_ahead();
        let end = window.spot(0);
        batch.take_back(window);
        let (begins, pause) = pause.ok().filter(|_| is_whole)?;
        let ends = if pause == Pause::End { end } else { line };
        let expanded = notes.expanded_to();
        let Notes { shapes, kept, .. } = notes;
        Some(ParsedBatch { begins, ends, sink, found, shapes, kept, expanded })
    }
}

impl<S> ParsedBatch<S> {
    /// Whether parsing it behind the text before it would have come to the same.
    fn fits(&self, at: Spot, found: &Found, notes: &Notes) -> bool {
        self.begins.byte_offset == at.byte_offset
            && self.would_report(at, found)
            && self.can_afford(found, notes)
    }

    /// Whether damage in it would be reported there too: once a line.
    fn would_report(&self, at: Spot, found: &Found) -> bool {
        self.found.counts.damaged == 0 || found.damaged_line != Some(at.line)
    }

    /// Whether it keeps to the budgets of the text as a whole.
    fn can_afford(&self, before: &Found, notes: &Notes) -> bool {
        let from = self.begins.byte_offset;
        let expanded = self.expanded == 0
            || notes.expanded_to() + self.expanded <= (100 * from).min(MOST_INSIDE);
        let looked = self.found.looked_through;
        let is_affordable =
            looked == 0 || before.looked_through + looked <= 8 * from + 4 * MAX_BODY as u64;
        expanded && is_affordable
    }
}

type Pulled<S> = (LineBatch, Option<ParsedBatch<S>>);

/// The batches of a text in their order.
struct BatchQueue<'q, 'r, S> {
    results: &'q mut Results<'r, Pulled<S>>,
    /// Batches that are not merged yet.
    pulled: VecDeque<Pulled<S>>,
    spare: &'q SpareMemory,
    /// Batches in a row that were parsed for nothing.
    misfits: u32,
    /// Whether workers hand batches on without parsing them.
    is_sequential: &'q AtomicBool,
}

impl<S> BatchQueue<'_, '_, S> {
    /// The number of the pulled batch that has a byte of the source, or of the first behind it;
    /// `None` behind the end of the source.
    fn number(&mut self, byte: u64) -> Option<usize> {
        while self.pulled.back().is_none_or(|(batch, _)| batch.end() <= byte) {
            let next = self.results.next()?;
            self.pulled.push_back(next);
        }
        Some(self.pulled.partition_point(|(batch, _)| batch.end() <= byte))
    }

    fn at(&mut self, byte: u64) -> Option<&LineBatch> {
        let number = self.number(byte)?;
        self.pulled.get(number).map(|(batch, _)| batch)
    }

    /// The number of the batch that begins at a line, if it fits there.
    fn fitting(&mut self, at: Spot, found: &Found, notes: &Notes) -> Option<usize> {
        self.number(at.byte_offset);
        self.pulled.iter().position(|(_, parsed)| {
            parsed.as_ref().is_some_and(|parsed| parsed.fits(at, found, notes))
        })
    }

    /// Takes a batch out, and drops those before it.
    fn take(&mut self, number: usize) -> Option<ParsedBatch<S>> {
        self.drop_first(number);
        let (batch, parsed) = self.pulled.pop_front()?;
        self.spare.put(batch.into_memory());
        self.misfits = 0;
        parsed
    }

    fn drop_first(&mut self, count: usize) {
        for (batch, _) in self.pulled.drain(..count) {
            self.spare.put(batch.into_memory());
            self.misfits += 1;
        }
        if self.misfits >= MISFITS {
            self.is_sequential.store(true, Ordering::Relaxed);
        }
    }
}

/// Reads the text of the queue's batches from a byte of the source on.
struct QueueReader<'b, 'q, 'r, S> {
    queue: &'b RefCell<BatchQueue<'q, 'r, S>>,
    at: u64,
}

impl<S> Read for QueueReader<'_, '_, '_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut queue = self.queue.borrow_mut();
        let Some(number) = queue.number(self.at) else {
            let last = queue.pulled.back_mut();
            return last.map_or(Ok(()), |(batch, _)| batch.take_error()).map(|()| 0);
        };
        // The framer is behind this reader, as a rule less than a batch: it may fit the last one.
        queue.drop_first(number.saturating_sub(1));
        let number = number.min(1);
        let read = queue.pulled[number].0.text_from(self.at).read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Merges the batches in their order.
struct Merger<'m, 'q, 'r, S> {
    job: &'m BatchJob<'m>,
    queue: RefCell<BatchQueue<'q, 'r, S>>,
    /// The line up to which everything was read, or the end of the source.
    at: Spot,
    found: Found,
}

impl<S: Parts> Merger<'_, '_, '_, S> {
    fn run(&mut self, sink: &mut S, notes: &mut Notes) -> io::Result<()> {
        while self.read_on(sink, notes)? == Pause::Due {
            while let Some(parsed) = self.next_fitting(notes) {
                self.merge(parsed, sink, notes);
            }
        }
        Ok(())
    }

    fn next_fitting(&mut self, notes: &Notes) -> Option<ParsedBatch<S>> {
        let queue = self.queue.get_mut();
        let number = queue.fitting(self.at, &self.found, notes)?;
        queue.take(number)
    }

    fn merge(&mut self, parsed: ParsedBatch<S>, sink: &mut S, notes: &mut Notes) {
        let (own, mut kept) = (&mut notes.kept, parsed.kept);
        sink.join(parsed.sink, &mut |at, length| own.take_over(&mut kept, at, length));
        notes.shapes.join(parsed.shapes);
        notes.expanded(parsed.expanded);
        notes.log_lines |= parsed.found.log_lines;
        self.found.add(parsed.found);
        self.at = parsed.ends;
    }

    /// Reads on from the line up to which everything was read: to a line at which a batch fits, or
    /// to the end.
    fn read_on(&mut self, sink: &mut S, notes: &mut Notes) -> io::Result<Pause> {
        let (queue, at) = (&self.queue, self.at.byte_offset);
        let text = match queue.borrow_mut().at(at) {
            Some(batch) => batch.text_before(at).to_vec(),
            None => Vec::new(),
        };
        let (before, rest) = (text.len(), Rest::Reader(Box::new(QueueReader { queue, at })));
        let mut window = Window::resumed(text, before, rest, self.at, self.job.bom);
        let trouble = self.job.trouble.clone();
        let framer = Framer::new(&mut window, sink, notes, Context::default(), trouble);
        let mut framer = framer.behind(self.found);
        framer.due = at;
        loop {
            let pause = framer.run();
            (self.at, self.found) = (framer.line_start(), framer.found());
            let mut queue = queue.borrow_mut();
            let is_over = !matches!(pause, Ok(Pause::Due));
            if is_over || queue.fitting(self.at, &self.found, framer.notes).is_some() {
                return pause;
            }
            framer.due = queue.at(self.at.byte_offset).map_or(u64::MAX, LineBatch::end);
        }
    }
}
