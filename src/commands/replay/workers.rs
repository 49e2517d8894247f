//! Those who send to URLs: threads that each wait for an answer.

use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::hands::{Ears, Outlet, Word, word};
use super::sending::{Hands, Job, News};

/// Threads that each have one body on its way.
pub(super) struct Workers {
    ears: Ears,
    /// Where each takes its jobs from.
    desks: Vec<Sender<(Job, u16, Vec<u8>)>>,
    idle: Vec<usize>,
    /// Which of them has which job.
    busy: Vec<Option<Job>>,
    cut: Box<dyn Fn()>,
}

impl Workers {
    /// So many, each with an outlet of its own; `cut` breaks off what is on its way.
    pub(super) fn new(
        many: u16,
        (ears, mouth): (Ears, &Sender<Word>),
        outlet: impl Fn() -> Box<dyn Outlet>,
        cut: Box<dyn Fn()>,
    ) -> Self {
        let desk = |_| {
            let (desk, jobs) = channel::<(Job, u16, Vec<u8>)>();
            let (mouth, mut outlet) = (mouth.clone(), outlet());
            thread::spawn(move || {
                for (job, target, body) in jobs {
                    if mouth.send(word(&mut *outlet, job, target, &body)).is_err() {
                        return;
                    }
                }
            });
            desk
        };
        let many = usize::from(many.max(1));
        let desks = (0..many).map(desk).collect();
        Self { ears, desks, idle: (0..many).rev().collect(), busy: vec![None; many], cut }
    }
}

impl Hands for Workers {
    fn elapsed(&self) -> Duration {
        self.ears.elapsed()
    }

    fn is_free(&self) -> bool {
        !self.idle.is_empty()
    }

    fn start(&mut self, job: Job, target: u16, body: Vec<u8>) {
        if let Some(worker) = self.idle.pop() {
            self.busy[worker] = Some(job);
            // A thread lives as long as its desk.
            let _ = self.desks[worker].send((job, target, body));
        }
    }

    fn wait(&mut self, at_most: Option<Duration>) -> Result<News> {
        let news = self.ears.wait(at_most)?;
        if let News::Done(done) = &news
            && let Some(worker) = self.busy.iter().position(|job| *job == Some(done.job))
        {
            self.busy[worker] = None;
            self.idle.push(worker);
        }
        Ok(news)
    }

    fn break_off(&mut self) {
        (self.cut)();
    }
}
