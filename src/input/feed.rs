//! Input that is read while it comes: a thread of its own waits for it, so that nobody else must; or
//! somebody hands it in.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::expand::Remainder;
use super::tail::{Step, Tail};

/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// How many chunks wait to be taken.
const WAITING: usize = 16;

/// How many pieces wait to be taken that are handed in, whatever their length.
const WAITING_HANDED_IN: usize = 4096;

/// How often a file is looked at that has nothing new.
const POLL: Duration = Duration::from_millis(200);

/// What comes from the thread that reads.
enum Piece {
    Bytes(Vec<u8>),
    /// Blanks in the place of so many bytes and lines.
    Gap(u64, u64),
    /// Everything that the file has for now was handed over.
    Idle,
    /// What follows is another text.
    Anew,
    Failed(io::Error),
    End,
    /// Nothing more is wanted.
    Stop,
}

/// What is done while nothing comes.
pub trait Wait {
    /// How long there is nothing to do; `None` for ever.
    fn patience(&self) -> Option<Duration>;

    /// So long nothing came. `false` where no more is wanted.
    fn pass(&mut self, waited: Duration) -> bool;
}

/// A text that comes piece by piece, and perhaps others behind it.
pub struct Feed<W> {
    pieces: Receiver<Piece>,
    chunk: Vec<u8>,
    at: usize,
    /// What is left of a gap.
    gap: (u64, u64),
    /// How many bytes wait to be taken, where they are handed in.
    waiting: Option<Arc<AtomicIsize>>,
    state: State,
    /// Whether the text has nothing more: for now, or for ever.
    is_idle: bool,
    /// Whether other texts may follow.
    is_file: bool,
    wait: W,
    stop: Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The text has ended, and another follows.
    Anew,
    Ended,
}

/// Ends a [`Feed`] from another thread.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    /// `None` where whoever hands in ends the text.
    pieces: Option<SyncSender<Piece>>,
}

impl Stop {
    /// Ends the feed where it has been read to.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
        // Where there is no room, nobody waits.
        let _ = self.pieces.as_ref().map(|pieces| pieces.try_send(Piece::Stop));
    }

    /// Whether that was asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Where a text is handed in, piece by piece; it ends when this is dropped.
#[derive(Debug)]
pub struct Inlet {
    pieces: SyncSender<Piece>,
    /// Taken out before it is counted in, it may be below 0 for a moment.
    waiting: Arc<AtomicIsize>,
    /// The most bytes that wait.
    most: usize,
    /// The bytes and lines that found no room, and that nothing stands for yet.
    gap: (u64, u64),
    /// Whether these are the first of another text, which has not begun yet.
    is_new: bool,
}

impl Inlet {
    /// A text of which at most so many bytes wait to be read, and what reads it.
    #[must_use]
    pub fn new(most: usize) -> (Self, HandedIn) {
        let (sender, pieces) = sync_channel(WAITING_HANDED_IN);
        let waiting = Arc::new(AtomicIsize::new(0));
        let inlet =
            Self { pieces: sender, waiting: waiting.clone(), most, gap: (0, 0), is_new: false };
        (inlet, HandedIn { pieces, waiting })
    }

    /// Hands in whole lines. `false` where there is no room for them, or nobody reads: then blanks
    /// stand in their place, so that what follows stands where it does.
    pub fn hand_in(&mut self, lines: Vec<u8>) -> bool {
        let length = lines.len();
        let ends = memchr::memchr_iter(b'\n', &lines).count() as u64;
        let taken = self.has_room(length) && self.pieces.try_send(Piece::Bytes(lines)).is_ok();
        if taken {
            self.waiting.fetch_add(length.cast_signed(), Ordering::Relaxed);
        } else {
            self.skip(length as u64, ends);
        }
        taken
    }

    /// Whether so many bytes may wait too, with what stands for those that might not before them.
    fn has_room(&mut self, length: usize) -> bool {
        let waiting = self.waiting.load(Ordering::Relaxed);
        let has_room = waiting.max(0).unsigned_abs().saturating_add(length) <= self.most;
        if self.is_new && has_room {
            self.is_new = self.pieces.try_send(Piece::Anew).is_err();
        }
        let (bytes, ends) = self.gap;
        let close = || self.pieces.try_send(Piece::Gap(bytes, ends)).is_ok();
        let is_closed = !self.is_new && (bytes == 0 || has_room && close());
        if is_closed {
            self.gap = (0, 0);
        }
        has_room && is_closed
    }

    /// Has what follows be another text, with so many bytes and lines before it.
    pub fn begin_anew(&mut self, bytes: u64, lines: u64) {
        (self.is_new, self.gap) = (true, (bytes, lines));
    }

    /// Has blanks stand for so many bytes and the lines that end in them.
    pub fn skip(&mut self, bytes: u64, lines: u64) {
        self.gap = (self.gap.0 + bytes, self.gap.1 + lines);
    }
}

/// What reads a text that is handed in.
#[derive(Debug)]
pub struct HandedIn {
    pieces: Receiver<Piece>,
    waiting: Arc<AtomicIsize>,
}

impl<W: Wait> Feed<W> {
    /// Stdin, to its end.
    pub fn stdin(wait: W) -> Self {
        Self::new(wait, |buffer| {
            Ok(match io::stdin().read(buffer)? {
                0 => Step::End,
                read => Step::Read(read),
            })
        })
    }

    /// The file at a path, from its beginning, and every file that stands there after it.
    pub fn file(path: &Path, wait: W) -> Self {
        let mut tail = Tail::new(path);
        let mut feed = Self::new(wait, move |buffer| tail.step(buffer));
        feed.is_file = true;
        feed
    }

    /// What is handed in.
    pub fn handed_in(text: HandedIn, wait: W) -> Self {
        let stop = Stop { asked: Arc::default(), pieces: None };
        Self::of(text.pieces, Some(text.waiting), stop, wait)
    }

    fn new(wait: W, read: impl FnMut(&mut [u8]) -> io::Result<Step> + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        let stop = Stop { asked: Arc::default(), pieces: Some(sender.clone()) };
        let asked = stop.asked.clone();
        thread::spawn(move || hand_over(read, &sender, &asked));
        Self::of(pieces, None, stop, wait)
    }

    fn of(pieces: Receiver<Piece>, waiting: Option<Arc<AtomicIsize>>, stop: Stop, wait: W) -> Self {
        Self {
            pieces,
            chunk: Vec::new(),
            at: 0,
            gap: (0, 0),
            waiting,
            state: State::Open,
            is_idle: false,
            is_file: false,
            wait,
            stop,
        }
    }

    /// Takes a piece of the text.
    fn take(&mut self, chunk: Vec<u8>) {
        if let Some(waiting) = &self.waiting {
            waiting.fetch_sub(chunk.len().cast_signed(), Ordering::Relaxed);
        }
        (self.chunk, self.at) = (chunk, 0);
    }

    /// Goes on with a gap: blanks, then ends of lines; `false` where there is none.
    fn fill(&mut self) -> bool {
        let (bytes, ends) = self.gap;
        let blanks = bytes.saturating_sub(ends);
        let (byte, length) = if blanks > 0 { (b' ', blanks) } else { (b'\n', bytes) };
        let length = usize::try_from(length).unwrap_or(CHUNK).min(CHUNK);
        (self.chunk, self.at) = (vec![byte; length], 0);
        self.gap.0 -= length as u64;
        length > 0
    }

    /// What ends it.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Whether another text follows the one that was read; it is what is read next. What is left of
    /// a file behind damage is passed over, until another file takes its place.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn turn(&mut self) -> io::Result<bool> {
        while self.is_file && self.state == State::Open {
            self.skip_held();
            self.receive()?;
        }
        let follows = self.state == State::Anew;
        if follows {
            self.state = State::Open;
        }
        Ok(follows)
    }

    /// Passes over what the text has for now, and counts it.
    pub(super) fn skip_rest(&mut self) -> io::Result<Remainder> {
        let mut bytes = self.skip_held();
        while !self.is_idle && self.state == State::Open {
            self.receive()?;
            bytes += self.skip_held();
        }
        Ok(Remainder { bytes, is_whole: self.is_idle })
    }

    /// Passes over what was received and not read, and counts it.
    fn skip_held(&mut self) -> u64 {
        let bytes = (self.chunk.len() - self.at) as u64 + self.gap.0;
        (self.at, self.gap) = (self.chunk.len(), (0, 0));
        bytes
    }

    /// Waits for the next piece, and holds it.
    fn receive(&mut self) -> io::Result<()> {
        match self.next() {
            Some(Piece::Bytes(chunk)) => {
                self.is_idle &= chunk.is_empty();
                self.take(chunk);
            }
            Some(Piece::Gap(bytes, ends)) => self.gap = (bytes, ends),
            Some(Piece::Idle) => self.is_idle = true,
            Some(Piece::Anew) => (self.state, self.is_idle) = (State::Anew, true),
            Some(Piece::End) => (self.state, self.is_idle) = (State::Ended, true),
            Some(Piece::Failed(error)) => {
                self.state = State::Ended;
                return Err(error);
            }
            Some(Piece::Stop) | None => self.state = State::Ended,
        }
        Ok(())
    }

    /// Waits for the next piece; `None` where no more is wanted.
    fn next(&mut self) -> Option<Piece> {
        loop {
            if self.stop.is_asked() {
                return None;
            }
            let begun = Instant::now();
            let piece = match self.wait.patience() {
                Some(patience) => self.pieces.recv_timeout(patience),
                None => self.pieces.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if !self.wait.pass(begun.elapsed()) {
                return None;
            }
            match piece {
                Ok(Piece::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
                Ok(piece) => return Some(piece),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl<W: Wait> Read for Feed<W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() && !self.fill() {
            if self.state != State::Open {
                return Ok(0);
            }
            self.receive()?;
        }
        let read = (&self.chunk[self.at..]).read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

impl<W> Drop for Feed<W> {
    /// Lets the thread go that waits for a file.
    fn drop(&mut self) {
        self.stop.asked.store(true, Ordering::Relaxed);
    }
}

/// Reads until there is no more, or nobody takes it.
fn hand_over(
    mut read: impl FnMut(&mut [u8]) -> io::Result<Step>,
    pieces: &SyncSender<Piece>,
    asked: &AtomicBool,
) {
    let (mut buffer, mut is_idle) = (vec![0; CHUNK], false);
    while !asked.load(Ordering::Relaxed) {
        let piece = match read(&mut buffer) {
            Ok(Step::Read(read)) => Piece::Bytes(buffer[..read].to_vec()),
            Ok(Step::Anew) => Piece::Anew,
            Ok(Step::End) => Piece::End,
            Ok(Step::Wait) if is_idle => {
                thread::sleep(POLL);
                continue;
            }
            Ok(Step::Wait) => Piece::Idle,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Piece::Failed(error),
        };
        is_idle = matches!(piece, Piece::Idle);
        let is_last = matches!(piece, Piece::End | Piece::Failed(_));
        if pieces.send(piece).is_err() || is_last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for ever.
    struct Patient;

    impl Wait for Patient {
        fn patience(&self) -> Option<Duration> {
            None
        }

        fn pass(&mut self, _: Duration) -> bool {
            true
        }
    }

    #[test]
    fn blanks_stand_for_what_was_there_before_and_for_what_found_no_room() {
        let (mut inlet, text) = Inlet::new(10);
        inlet.skip(5, 2);
        let taken = ["a\nb\n", "12345\n", "1\n2\n3\n4\n", "c\n"]
            .map(|lines| inlet.hand_in(lines.as_bytes().to_vec()));
        assert_eq!(taken, [true, true, false, false]);
        let mut feed = Feed::handed_in(text, Patient);
        let mut read = [0; 15];
        feed.read_exact(&mut read).expect("memory");
        assert_eq!(&read, b"   \n\na\nb\n12345\n");
        assert!(inlet.hand_in(b"d\n".to_vec()));
        drop(inlet);
        let mut rest = String::new();
        feed.read_to_string(&mut rest).expect("memory");
        assert_eq!(rest, "     \n\n\n\n\nd\n");
    }

    #[test]
    fn another_text_begins_behind_what_was_there_before_it() {
        let (mut inlet, text) = Inlet::new(10);
        assert!(inlet.hand_in(b"a\n".to_vec()));
        inlet.begin_anew(3, 1);
        // It begins once there is room for some of it.
        assert!(!inlet.hand_in(b"long and longer\n".to_vec()));
        assert!(inlet.hand_in(b"b\n".to_vec()));
        drop(inlet);
        let mut feed = Feed::handed_in(text, Patient);
        let mut read = String::new();
        feed.read_to_string(&mut read).expect("memory");
        assert_eq!(read, "a\n");
        assert!(feed.turn().expect("a text"));
        read.clear();
        feed.read_to_string(&mut read).expect("memory");
        assert_eq!(read, "                 \n\nb\n");
        assert!(!feed.turn().expect("a text"));
    }
}
