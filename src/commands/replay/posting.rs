//! Bodies to URLs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::access::Headers;
use super::answer::Answer;
use super::hands::{Lines, Outlet};
use super::mask::Mask;
use super::playing::Playing;
use super::route::Destination;
use crate::net::{Client, Terms};

/// How many bytes of an answer are kept.
const ANSWER: usize = 200;

/// A client, and where its requests go. A clone shares the client's connections.
#[derive(Clone)]
pub(super) struct Posting {
    client: Arc<Client>,
    targets: Arc<[Destination]>,
    mask: Arc<Mask>,
}

impl Posting {
    pub(super) fn new(playing: &Playing<'_>, headers: Headers, mask: Arc<Mask>) -> Self {
        let client = Client::new(Terms {
            budget: playing.manners.budget,
            connections: playing.args.pace.concurrency.into(),
            start: (ANSWER as u64).saturating_add(mask.reach()),
            proxy: playing.args.route.proxy,
            headers,
        });
        Self { client: Arc::new(client), targets: playing.targets.list.clone().into(), mask }
    }

    /// What the requests go through.
    pub(super) fn client(&self) -> Arc<Client> {
        self.client.clone()
    }
}

impl Outlet for Posting {
    fn send(&mut self, target: u16, body: &[u8]) -> Result<(Answer, Duration)> {
        let begun = Instant::now();
        match &self.targets[usize::from(target)] {
            Destination::Stdout => Lines::stdout()?.send(target, body),
            Destination::Url(endpoint) => Ok(match self.client.post(endpoint, body) {
                Ok(answer) => {
                    let start = self.mask.start(&answer.start, ANSWER);
                    (Answer::Status(answer.status, start), answer.took)
                }
                Err(failure) => (Answer::Nothing(failure.name()), begun.elapsed()),
            }),
        }
    }
}
