//! Bodies to URLs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::access::Headers;
use super::answer::Answer;
use super::hands::{Lines, Outlet};
use super::playing::Playing;
use super::route::Destination;
use crate::net::{Client, Terms};

/// A client, and where its requests go. A clone shares the client's connections.
#[derive(Clone)]
pub(super) struct Posting {
    client: Arc<Client>,
    targets: Arc<[Destination]>,
}

impl Posting {
    pub(super) fn new(playing: &Playing<'_>, headers: Headers) -> Self {
        let client = Client::new(Terms {
            budget: playing.manners.budget,
            connections: playing.args.pace.concurrency.into(),
            proxy: playing.args.route.proxy,
            headers,
        });
        Self { client: Arc::new(client), targets: playing.targets.list.clone().into() }
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
                Ok(answer) => (Answer::Status(answer.status, answer.start), answer.took),
                Err(failure) => (Answer::Nothing(failure.name()), begun.elapsed()),
            }),
        }
    }
}
