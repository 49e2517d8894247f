//! Input that is read while it comes: a thread of its own waits for it, so that nobody else must.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::expand::Remainder;
use super::tail::{Step, Tail};

/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// How many chunks wait to be taken.
const WAITING: usize = 16;

/// How often a file is looked at that has nothing new.
const POLL: Duration = Duration::from_millis(200);

/// What comes from the thread that reads.
enum Piece {
    Bytes(Vec<u8>),
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
    pieces: SyncSender<Piece>,
}

impl Stop {
    /// Ends the feed where it has been read to.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
        // Where there is no room, nobody waits.
        let _ = self.pieces.try_send(Piece::Stop);
    }

    /// Whether that was asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
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

    fn new(wait: W, read: impl FnMut(&mut [u8]) -> io::Result<Step> + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        let stop = Stop { asked: Arc::default(), pieces: sender.clone() };
        let asked = stop.asked.clone();
        thread::spawn(move || hand_over(read, &sender, &asked));
        Self {
            pieces,
            chunk: Vec::new(),
            at: 0,
            state: State::Open,
            is_idle: false,
            is_file: false,
            wait,
            stop,
        }
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
        let bytes = (self.chunk.len() - self.at) as u64;
        self.at = self.chunk.len();
        bytes
    }

    /// Waits for the next piece, and holds it.
    fn receive(&mut self) -> io::Result<()> {
        match self.next() {
            Some(Piece::Bytes(chunk)) => {
                self.is_idle &= chunk.is_empty();
                (self.chunk, self.at) = (chunk, 0);
            }
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
        while self.at == self.chunk.len() {
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
