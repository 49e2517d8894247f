//! Input that is read while it comes: a thread of its own waits for it, so that nobody else must.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

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
        Self::new(wait, move |buffer| tail.step(buffer))
    }

    fn new(wait: W, read: impl FnMut(&mut [u8]) -> io::Result<Step> + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        let stop = Stop { asked: Arc::default(), pieces: sender.clone() };
        let asked = stop.asked.clone();
        thread::spawn(move || hand_over(read, &sender, &asked));
        Self { pieces, chunk: Vec::new(), at: 0, state: State::Open, wait, stop }
    }

    /// What ends it.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Whether another text follows the one that has ended; it is what is read next.
    pub fn turn(&mut self) -> bool {
        let follows = self.state == State::Anew;
        if follows {
            self.state = State::Open;
        }
        follows
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
            match self.next() {
                Some(Piece::Bytes(chunk)) => (self.chunk, self.at) = (chunk, 0),
                Some(Piece::Anew) => self.state = State::Anew,
                Some(Piece::Failed(error)) => {
                    self.state = State::Ended;
                    return Err(error);
                }
                Some(Piece::End | Piece::Stop) | None => self.state = State::Ended,
            }
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
    let mut buffer = vec![0; CHUNK];
    while !asked.load(Ordering::Relaxed) {
        let piece = match read(&mut buffer) {
            Ok(Step::Read(read)) => Piece::Bytes(buffer[..read].to_vec()),
            Ok(Step::Anew) => Piece::Anew,
            Ok(Step::End) => Piece::End,
            Ok(Step::Wait) => {
                thread::sleep(POLL);
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Piece::Failed(error),
        };
        let is_last = matches!(piece, Piece::End | Piece::Failed(_));
        if pieces.send(piece).is_err() || is_last {
            return;
        }
    }
}
