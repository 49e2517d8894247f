//! How requests are answered.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::admission::Admission;
use super::notices::{Notices, request_line};
use super::writer::{Task, Waiting};
use crate::args::Failing;
use crate::commands::seeded_rng::SeededRng;
use crate::net::server::{Body, Head, Inbox, Refusal, StatusCode};

/// What a fault answers where no status was typed.
const FAULT: u16 = 500;

/// Where requests are judged, handed to the writer, and answered when it has written them.
pub(super) struct Desk {
    pub(super) admission: Admission,
    pub(super) fault: Mutex<Fault>,
    pub(super) delay: Duration,
    pub(super) writer: mpsc::Sender<Task>,
    pub(super) notices: Arc<Notices>,
    pub(super) refused: Refused,
}

/// Which requests are answered with another status.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    share: f64,
    dice: SeededRng,
    /// How many were.
    many: u64,
}

impl Fault {
    pub(super) fn new(faults: &Failing, seed: u64) -> Self {
        let status = StatusCode::from_u16(faults.respond.unwrap_or(FAULT)).ok();
        let share = faults.fail_rate.unwrap_or(if faults.respond.is_some() { 1.0 } else { 0.0 });
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, share, dice: SeededRng::new(seed, 0), many: 0 }
    }

    fn status(&mut self) -> StatusCode {
        if self.dice.hits(self.share) {
            self.many += 1;
            self.status
        } else {
            StatusCode::OK
        }
    }

    /// What is done on purpose; `None` where nothing is.
    pub(super) fn plan(&self, seed: u64) -> Option<String> {
        let status = self.status.as_u16();
        match self.share {
            share if share >= 1.0 => Some(format!("answers {status} on purpose")),
            share if share > 0.0 => {
                Some(format!("answers {status} on purpose, a share of {share} (--seed {seed})"))
            }
            _ => None,
        }
    }

    /// What was done on purpose; `None` where nothing was.
    fn line(&self) -> Option<String> {
        let status = self.status.as_u16();
        (self.many > 0).then(|| format!("{} answered {status} on purpose", self.many))
    }
}

/// How many requests were refused, by status.
#[derive(Debug, Default)]
pub(super) struct Refused(Mutex<BTreeMap<u16, u64>>);

impl Refused {
    fn count(&self, status: StatusCode) {
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(status.as_u16())
            .or_default() += 1;
    }

    /// `4 refused (3 × 401, 1 × 413)`; `None` where none was.
    fn line(&self) -> Option<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let list: Vec<_> =
            counts.iter().map(|(status, many)| format!("{many} × {status}")).collect();
        let all: u64 = counts.values().sum();
        (all > 0).then(|| format!("{all} refused ({})", list.join(", ")))
    }
}

impl Desk {
    /// `, 2 answered 500 on purpose, 4 refused (3 × 401, 1 × 413)`: what there was of it.
    pub(super) fn line(&self) -> String {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).line();
        let parts = [fault, self.refused.line()].into_iter().flatten();
        parts.fold(String::new(), |line, part| line + ", " + &part)
    }
}

impl Inbox for Desk {
    fn admit(&self, head: &Head) -> Result<(), Refusal> {
        self.admission.check(head)
    }

    async fn take(&self, head: Arc<Head>, body: Body) -> Result<StatusCode, Refusal> {
        let (written, answer) = oneshot::channel();
        let waiting = Waiting { head, body, received_at: Timestamp::now(), written };
        let closing = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the capture has ended");
        self.writer.send(Task::Write(waiting)).await.map_err(|_| closing())?;
        answer.await.map_err(|_| closing())??;
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        Ok(self.fault.lock().unwrap_or_else(PoisonError::into_inner).status())
    }

    fn refused(&self, peer: SocketAddr, head: Option<&Head>, refusal: &Refusal) {
        self.refused.count(refusal.status);
        let status = refusal.status.as_u16();
        let request = head.map(|head| " ".to_owned() + &request_line(head));
        let request = request.unwrap_or_default();
        self.notices.say(&format!("{status}{request} from {peer}: {}", refusal.why));
    }
}
