//! A text that comes only once, in order (packed, or from a pipe), held for a while in blocks, so
//! that several threads can read it ahead while another unpacks it.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::expand::Trouble;
use super::window::BEFORE;

/// A text of which so much is held as is about to be read.
pub(super) struct Stream {
    /// Bytes of each block but the last.
    length: usize,
    /// The most blocks that are held.
    most: usize,
    held: Mutex<Held>,
    changed: Condvar,
    /// Why the text ends where it does.
    trouble: Trouble,
}

/// What is held.
#[derive(Default)]
struct Held {
    blocks: VecDeque<Arc<Vec<u8>>>,
    /// The number of the first of them.
    first: u64,
    /// The beginning of the next one.
    begun: Vec<u8>,
    /// What comes behind the last of them, once that is known.
    end: Option<End>,
    /// Blocks that were let go, to be filled again.
    spare: Vec<Vec<u8>>,
    /// Whether nobody reads any more.
    closed: bool,
}

impl Held {
    /// Whether it ended as it should.
    fn ended(&self) -> io::Result<()> {
        match &self.end {
            Some(End::Failed(kind, text)) => Err(io::Error::new(*kind, text.clone())),
            _ => Ok(()),
        }
    }
}

enum End {
    /// Nothing.
    Here,
    /// What cannot be read.
    Failed(io::ErrorKind, String),
}

/// The beginning of a text.
pub(super) enum Begun {
    /// It is all there is, whatever comes of reading on.
    Short(Box<dyn Read + Send>),
    /// There is more.
    Long(Vec<u8>),
}

impl Begun {
    /// Reads so many bytes, or all there are if they are fewer.
    pub(super) fn with(reader: &mut (dyn Read + Send), length: usize) -> Self {
        let mut head = Vec::new();
        match reader.take(length as u64).read_to_end(&mut head) {
            Ok(read) if read == length => Self::Long(head),
            Ok(_) => Self::Short(Box::new(Cursor::new(head))),
            Err(error) => Self::Short(Box::new(Cursor::new(head).chain(Failing(Some(error))))),
        }
    }
}

/// Fails once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl Stream {
    /// A text that has `begun` so, in blocks of so many bytes; `trouble` says why it ends.
    pub(super) fn new(begun: Vec<u8>, length: usize, most: usize, trouble: Trouble) -> Self {
        let (mut blocks, mut begun) = (VecDeque::new(), begun);
        while begun.len() > length {
            let rest = begun.split_off(length);
            blocks.push_back(Arc::new(std::mem::replace(&mut begun, rest)));
        }
        let held = Mutex::new(Held { blocks, begun, ..Held::default() });
        // What is before a place is held a while longer.
        let most = most + BEFORE.div_ceil(length);
        Self { length, most, held, changed: Condvar::new(), trouble }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'h>(
        &self,
        held: MutexGuard<'h, Held>,
        until: impl Fn(&Held) -> bool,
    ) -> MutexGuard<'h, Held> {
        let wait = |held: &mut Held| !until(held);
        self.changed.wait_while(held, wait).unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what follows the beginning to its end, block by block, as soon as there is room.
    pub(super) fn fill(&self, reader: &mut (dyn Read + Send)) {
        let mut begun = std::mem::take(&mut self.held().begun);
        loop {
            let missing = (self.length - begun.len()) as u64;
            let end = match reader.take(missing).read_to_end(&mut begun) {
                Ok(read) if read as u64 == missing => None,
                Ok(_) => Some(End::Here),
                Err(error) => Some(End::Failed(error.kind(), error.to_string())),
            };
            let is_last = end.is_some();
            match self.add(begun, end) {
                Some(spare) if !is_last => begun = spare,
                _ => return,
            }
        }
    }

    /// Holds one more block, and hands out an empty one as soon as there is room for it; `None`
    /// where nobody reads any more.
    fn add(&self, block: Vec<u8>, end: Option<End>) -> Option<Vec<u8>> {
        let mut held = self.held();
        held.blocks.push_back(Arc::new(block));
        held.end = end;
        self.changed.notify_all();
        held = self
            .wait(held, |held| held.blocks.len() < self.most || held.closed || held.end.is_some());
        let mut spare = held.spare.pop().unwrap_or_else(|| Vec::with_capacity(self.length));
        spare.clear();
        (!held.closed).then_some(spare)
    }

    /// Nobody reads any more.
    pub(super) fn close(&self) {
        self.held().closed = true;
        self.changed.notify_all();
    }

    /// Nobody reads any more what stands before this byte, but for what is shown before a place.
    pub(super) fn let_go(&self, before: u64) {
        let first = before.saturating_sub(BEFORE as u64) / self.length as u64;
        let mut held = self.held();
        while held.first < first && !held.blocks.is_empty() {
            held.first += 1;
            // Where somebody reads it ahead for nothing, it goes with him.
            let block = held.blocks.pop_front().and_then(|block| Arc::try_unwrap(block).ok());
            held.spare.extend(block);
        }
        self.changed.notify_all();
    }

    /// A block, as soon as it is there; `None` behind the end.
    fn block(&self, nth: u64) -> io::Result<Option<Arc<Vec<u8>>>> {
        let place = |held: &Held| usize::try_from(nth.checked_sub(held.first)?).ok();
        let held = self.wait(self.held(), |held| {
            held.end.is_some()
                || held.closed
                || place(held).is_none_or(|place| place < held.blocks.len())
        });
        let Some(place) = place(&held) else {
            return Err(too_far());
        };
        match held.blocks.get(place) {
            Some(block) => Ok(Some(block.clone())),
            None => held.ended().map(|()| None),
        }
    }

    /// What stands from a byte on that has not been let go; what lies before is let go meanwhile,
    /// unless it is read ahead, `until` some byte. Once there is no more, `trouble` tells why.
    pub(super) fn from(&self, at: u64, until: Option<u64>, trouble: Trouble) -> Streaming<'_> {
        Streaming { stream: self, at, until, block: None, trouble }
    }
}

/// What was there is not there any more, or is not read any further.
pub(super) fn too_far() -> io::Error {
    io::Error::other("read too far ahead")
}

/// Reads a stream from a byte on.
pub(super) struct Streaming<'s> {
    stream: &'s Stream,
    at: u64,
    until: Option<u64>,
    /// The block that is read, and its number.
    block: Option<(u64, Arc<Vec<u8>>)>,
    trouble: Trouble,
}

impl Streaming<'_> {
    /// What is left of the block in which the next byte stands; nothing behind the end.
    fn rest(&mut self) -> io::Result<&[u8]> {
        let length = self.stream.length as u64;
        let (nth, within) = (self.at / length, self.at % length);
        if self.block.as_ref().is_none_or(|(held, _)| *held != nth) {
            self.block = None;
            if self.until.is_none() {
                self.stream.let_go(self.at);
            }
            self.block = self.stream.block(nth)?.map(|block| (nth, block));
        }
        let block = self.block.as_ref().map(|(_, block)| block.as_slice()).unwrap_or_default();
        Ok(block.get(usize::try_from(within).unwrap_or(usize::MAX)..).unwrap_or_default())
    }
}

impl Read for Streaming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.until.is_some_and(|until| self.at >= until) {
            return Err(too_far());
        }
        let read = self.rest()?.read(buffer)?;
        self.at += read as u64;
        if read == 0 && !buffer.is_empty() {
            self.stream.held().ended()?;
            self.trouble.take_over(&self.stream.trouble);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_is_read_of_a_stream_is_the_stream_in_blocks_of_any_length() {
        let text: Vec<u8> = (0..1000_u16).map(|nth| nth.to_le_bytes()[0]).collect();
        for (length, read_at_once) in [(1, 1), (7, 3), (50, 64), (250, 1000), (499, 2000)] {
            let mut reader: Box<dyn Read + Send> = Box::new(Cursor::new(text.clone()));
            let Begun::Long(head) = Begun::with(&mut reader, 2 * length) else {
                unreachable!("it is longer than two blocks");
            };
            let stream = Stream::new(head, length, 3, Trouble::default());
            let read = thread::scope(|scope| {
                scope.spawn(|| stream.fill(&mut reader));
                let mut read = Vec::new();
                let mut from = stream.from(0, None, Trouble::default());
                while from.by_ref().take(read_at_once).read_to_end(&mut read).expect("memory") > 0 {
                }
                read
            });
            assert_eq!(read, text, "blocks of {length}");
        }
    }
}
