//! Those who send: what they have in common, and the run's own thread, which writes to stdout.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result};
use jiff::Timestamp;

use super::answer::Answer;
use super::sending::{Done, Hands, Job, News};
use crate::commands::output::{self, Output};

/// What a thread, or whoever stops the run, has to say.
pub(super) enum Word {
    Done(Done),
    Failed(Error),
    Stop,
}

impl Word {
    fn news(self) -> Result<News> {
        match self {
            Self::Done(done) => Ok(News::Done(done)),
            Self::Failed(error) => Err(error),
            Self::Stop => Ok(News::Stop),
        }
    }
}

/// Takes bodies, one after another.
pub(super) trait Outlet: Send {
    /// Sends a body to a target, and says what came of it, and how long that took.
    ///
    /// # Errors
    /// When nothing more can be sent.
    fn send(&mut self, target: u16, body: &[u8]) -> Result<(Answer, Duration)>;
}

/// Bodies on stdout, one behind the other, each with a line feed behind it and nothing of it held
/// back. One that has line feeds inside is left as it is.
pub(super) struct Lines<W>(W);

impl Lines<Output> {
    pub(super) fn stdout() -> Result<Self> {
        Ok(Self(output::open(None)?))
    }
}

impl<W: Write> Lines<W> {
    fn write(&mut self, body: &[u8]) -> io::Result<()> {
        self.0.write_all(body)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}

impl<W: Write + Send> Outlet for Lines<W> {
    fn send(&mut self, _: u16, body: &[u8]) -> Result<(Answer, Duration)> {
        let begun = Instant::now();
        self.write(body).context("cannot write the output")?;
        Ok((Answer::Written, begun.elapsed()))
    }
}

/// The clock, and where words come in.
pub(super) struct Ears {
    begun: Instant,
    words: Receiver<Word>,
}

impl Ears {
    /// Ears, and what to speak into.
    pub(super) fn new() -> (Self, Sender<Word>) {
        let (mouth, words) = channel();
        (Self { begun: Instant::now(), words }, mouth)
    }

    /// How long ago the run began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn wait(&self, at_most: Option<Duration>) -> Result<News> {
        let word = match at_most {
            Some(at_most) => self.words.recv_timeout(at_most),
            None => self.words.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match word {
            Ok(word) => word.news(),
            Err(RecvTimeoutError::Timeout) => Ok(News::Time),
            Err(RecvTimeoutError::Disconnected) => Ok(News::Stop),
        }
    }
}

/// Does a job and says what came of it.
pub(super) fn word(outlet: &mut dyn Outlet, job: Job, target: u16, body: &[u8]) -> Word {
    let sent_at = Timestamp::now();
    match outlet.send(target, body) {
        Ok((answer, latency)) => Word::Done(Done { job, sent_at, latency, answer }),
        Err(error) => Word::Failed(error),
    }
}

/// The run's own thread: what takes no time needs no other.
pub(super) struct Own {
    ears: Ears,
    outlet: Box<dyn Outlet>,
    /// What came of the last job.
    word: Option<Word>,
}

impl Own {
    pub(super) fn new(ears: Ears, outlet: Box<dyn Outlet>) -> Self {
        Self { ears, outlet, word: None }
    }
}

impl Hands for Own {
    fn elapsed(&self) -> Duration {
        self.ears.elapsed()
    }

    fn is_free(&self) -> bool {
        self.word.is_none()
    }

    fn start(&mut self, job: Job, target: u16, body: Vec<u8>) {
        self.word = Some(word(&mut *self.outlet, job, target, &body));
    }

    fn wait(&mut self, at_most: Option<Duration>) -> Result<News> {
        // Without a look at what comes in, a run that never waits could not be stopped.
        let heard = self.word.as_ref().map(|_| self.ears.words.try_recv());
        match (heard, self.word.take()) {
            (Some(Ok(Word::Stop)), word) => {
                self.word = word;
                Ok(News::Stop)
            }
            (_, Some(word)) => word.news(),
            (_, None) => self.ears.wait(at_most),
        }
    }

    fn break_off(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts its flushes as bytes of `|`.
    #[derive(Default)]
    struct Seen(Vec<u8>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.push(b'|');
            Ok(())
        }
    }

    #[test]
    fn each_body_is_flushed_as_it_is_with_a_line_feed_behind_it() {
        let mut lines = Lines(Seen::default());
        for body in ["{\r\n \"a\": 1}", "{}"] {
            let (answer, _) = lines.send(0, body.as_bytes()).expect("memory");
            assert_eq!(answer, Answer::Written);
        }
        assert_eq!(lines.0.0, b"{\r\n \"a\": 1}\n|{}\n|");
    }
}
