//! Cuts a text into batches of whole lines.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use crate::finding::Spot;
use crate::input::window::{BEFORE, Rest, Window};

/// Bytes behind a batch that come with it: most documents that a batch begins end there, and so does
/// what is shown behind a finding.
const BEHIND_BATCH: usize = 64 * 1024;

/// Whole lines of a source in UTF-8, with some of the text around them.
pub(super) struct LineBatch {
    text: Vec<u8>,
    /// Where the batch begins in `text`.
    start: usize,
    /// Where the batch ends in `text`.
    end: usize,
    /// Where its first byte is located in the source.
    spot: Spot,
    /// Whether a line begins with its first byte; not so behind a part of a very long line.
    begins_line: bool,
    /// The batch that ends the text says how the text ends.
    last: Option<io::Result<()>>,
}

impl LineBatch {
    /// Where it begins in the source: a line begins there. `None` where that is inside a line.
    pub(super) fn line_start(&self) -> Option<Spot> {
        self.begins_line.then_some(self.spot)
    }

    /// The byte of the source at which it ends.
    pub(super) fn end(&self) -> u64 {
        self.spot.byte_offset + (self.end - self.start) as u64
    }

    /// The window on this batch and the text behind it. It takes the text, and
    /// [`Self::take_back`] gives that back.
    pub(super) fn window(&mut self, bom: u64) -> Window<'static> {
        let rest = if matches!(self.last, Some(Ok(()))) { Rest::End } else { Rest::OutOfReach };
        Window::resumed(std::mem::take(&mut self.text), self.start, rest, self.spot, bom)
    }

    pub(super) fn take_back(&mut self, window: Window<'_>) {
        self.text = window.into_text();
    }

    /// Its text from a byte of the source on, without what comes with it; empty behind its end.
    pub(super) fn text_from(&self, byte: u64) -> &[u8] {
        let passed = usize::try_from(byte.saturating_sub(self.spot.byte_offset));
        let from = passed.map_or(self.end, |passed| (self.start + passed).min(self.end));
        &self.text[from..self.end]
    }

    /// The text before a byte of the source, at most [`BEFORE`] bytes.
    pub(super) fn text_before(&self, byte: u64) -> &[u8] {
        let to = self.end - self.text_from(byte).len();
        &self.text[to.saturating_sub(BEFORE)..to]
    }

    /// The error at which the text ends, once.
    pub(super) fn take_error(&mut self) -> io::Result<()> {
        self.last.as_mut().map_or(Ok(()), |end| std::mem::replace(end, Ok(())))
    }

    /// Its memory, for another batch.
    pub(super) fn into_memory(self) -> Vec<u8> {
        self.text
    }
}

/// Memory of batches that were read.
///
/// With new memory for each batch `calls` took 7 to 9 % more processor time and twice the memory (50 to
/// 100 MB of lines, two threads).
#[derive(Default)]
pub(super) struct SpareMemory(Mutex<Vec<Vec<u8>>>);

impl SpareMemory {
    pub(super) fn put(&self, memory: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }

    fn take(&self) -> Vec<u8> {
        let mut memory =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        memory.clear();
        memory
    }
}

/// A text that is cut into batches, or read as it is where it turns out to be short.
pub(super) struct LineBatches<'r> {
    reader: Box<dyn Read + Send + 'r>,
    /// Bytes of a batch, about.
    length: usize,
    /// What was read and is in no batch yet, behind `before` bytes that are.
    text: Vec<u8>,
    before: usize,
    spot: Spot,
    begins_line: bool,
    /// How the text ends, once that is known.
    end: Option<io::Result<()>>,
    is_over: bool,
    spare: &'r SpareMemory,
}

impl<'r> LineBatches<'r> {
    /// The text of `reader`, which begins at `spot`, in batches of `length` bytes.
    pub(super) fn new(
        reader: Box<dyn Read + Send + 'r>,
        length: usize,
        spot: Spot,
        spare: &'r SpareMemory,
    ) -> Self {
        Self {
            reader,
            length,
            text: Vec::new(),
            before: 0,
            spot,
            begins_line: true,
            end: None,
            is_over: false,
            spare,
        }
    }

    /// Reads until `length` bytes are there. Whether the text is that long.
    pub(super) fn has(&mut self, length: usize) -> bool {
        let wanted = self.before + length;
        let missing = wanted.saturating_sub(self.text.len());
        if missing > 0 && self.end.is_none() {
            self.text.reserve(missing);
            let read = self.reader.by_ref().take(missing as u64).read_to_end(&mut self.text);
            self.end = match read {
                Ok(_) if self.text.len() < wanted => Some(Ok(())),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            };
        }
        self.text.len() >= wanted
    }

    /// What was read and is in no batch yet.
    pub(super) fn head(&self) -> &[u8] {
        &self.text[self.before..]
    }

    /// Where the next batch begins in the source.
    pub(super) fn spot(&self) -> Spot {
        self.spot
    }

    /// Drops the first `length` bytes of the head.
    pub(super) fn skip_head(&mut self, length: usize) {
        self.text.drain(..length);
        self.spot.byte_offset += length as u64;
    }

    /// Length of the next batch: as many whole lines as fit, or one that is longer. A line whose end
    /// was not read yet is cut.
    fn next_length(&self) -> usize {
        let unread = self.head();
        if self.end.is_some() && unread.len() <= self.length + BEHIND_BATCH.min(self.length) {
            return unread.len();
        }
        let (fitting, behind) = unread.split_at(self.length.min(unread.len()));
        match memchr::memrchr(b'\n', fitting) {
            Some(at) => at + 1,
            None => fitting.len() + memchr::memchr(b'\n', behind).map_or(0, |at| at + 1),
        }
    }
}

impl Iterator for LineBatches<'_> {
    type Item = LineBatch;

    fn next(&mut self) -> Option<LineBatch> {
        if self.is_over {
            return None;
        }
        self.has(self.length + BEHIND_BATCH.min(self.length));
        let (start, end) = (self.before, self.before + self.next_length());
        self.is_over = end == self.text.len() && self.end.is_some();
        // What is before the next batch is shown with findings at its beginning.
        let kept = end.saturating_sub(BEFORE);
        let mut next = self.spare.take();
        next.extend_from_slice(&self.text[kept..]);
        let text = std::mem::replace(&mut self.text, next);
        self.before = end - kept;
        let (spot, begins_line) = (self.spot, self.begins_line);
        let batch = &text[start..end];
        self.spot.line += memchr::memchr_iter(b'\n', batch).count() as u64;
        self.spot.byte_offset += batch.len() as u64;
        self.begins_line = batch.ends_with(b"\n");
        let last = if self.is_over { self.end.take() } else { None };
        Some(LineBatch { text, start, end, spot, begins_line, last })
    }
}

impl Read for LineBatches<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.text[self.before..]).read(buffer)?;
        self.before += read;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        match self.end.take() {
            Some(Err(error)) => Err(error),
            _ => self.reader.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::SourceId;

    /// The batches of a text.
    fn batches(text: &str, length: usize) -> Vec<(String, Spot, bool)> {
        let spare = SpareMemory::default();
        let reader = Box::new(text.as_bytes());
        let batches = LineBatches::new(reader, length, Spot::top_of(SourceId(0)), &spare);
        batches
            .map(|batch| {
                let text = String::from_utf8_lossy(batch.text_from(0)).into_owned();
                (text, batch.spot, batch.begins_line)
            })
            .collect()
    }

    #[test]
    fn batches_are_whole_lines_and_together_the_text() {
        let lines: Vec<String> = (0..200).map(|nth| "x".repeat(nth * 7 % 60)).collect();
        let text = lines.join("\n") + "\n";
        for length in [1, 20, 61, 500, 100_000] {
            let batches = batches(&text, length);
            let all: String = batches.iter().map(|(text, ..)| text.as_str()).collect();
            assert_eq!(all, text, "batches of {length}");
            let mut line = 1;
            for (text, spot, begins_line) in &batches {
                assert_eq!(spot.line, line, "batches of {length}");
                assert!(*begins_line || length < 60);
                line += text.matches('\n').count() as u64;
            }
        }
    }

    #[test]
    fn a_line_without_an_end_in_sight_is_cut() {
        let text = "x".repeat(1000);
        let batches = batches(&text, 100);
        let begin: Vec<bool> = batches.iter().map(|(_, _, begins_line)| *begins_line).collect();
        assert!(begin[0] && begin[1..].iter().all(|begins| !begins), "{begin:?}");
        assert_eq!(batches.iter().map(|(text, ..)| text.len()).sum::<usize>(), 1000);
    }
}
