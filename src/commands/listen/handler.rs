//! Answers requests: checks them, hands them to the writer, and waits until they are captured.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::admission::Admission;
use super::stderr_log::{StderrLog, request_line};
use super::workers::Workers;
use super::writer::{CaptureRequest, CaptureTask};
use crate::args::{Failing, Listen};
use crate::commands::seeded_rng::SeededRng;
use crate::event::Span;
use crate::net::server::{Refusal, RequestBody, RequestHead, RequestReceiver, StatusCode};

/// The status of a fault without `--respond`.
const FAULT: u16 = 500;

pub(super) struct RequestHandler {
    admission: Admission,
    faults: Mutex<FaultInjector>,
    /// Refused requests by status.
    refused: Mutex<BTreeMap<u16, u64>>,
    /// How long each answer is delayed.
    delay: Duration,
    tasks: mpsc::Sender<CaptureTask>,
    log: Arc<StderrLog>,
}

/// Chooses the requests that get another status on purpose.
#[derive(Debug)]
pub(super) struct FaultInjector {
    status: StatusCode,
    /// The probability of a fault, 0 to 1.
    rate: f64,
    seed: u64,
    rng: SeededRng,
    /// Faults so far.
    injected: u64,
}

impl FaultInjector {
    /// # Errors
    /// When the system has no random seed.
    pub(super) fn new(args: &Failing) -> Result<Self> {
        let seed = args.seed.map_or_else(getrandom::u64, Ok).context("there is no chance")?;
        let status = StatusCode::from_u16(args.respond.unwrap_or(FAULT)).ok();
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let rate = args.fail_rate.unwrap_or(if args.respond.is_some() { 1.0 } else { 0.0 });
        Ok(Self { status, rate, seed, rng: SeededRng::new(seed, 0), injected: 0 })
    }

    fn next_status(&mut self) -> StatusCode {
        if self.rng.hits(self.rate) {
            self.injected += 1;
            self.status
        } else {
            StatusCode::OK
        }
    }

    /// Announces the faults; `None` if there will be none.
    pub(super) fn plan(&self) -> Option<String> {
        let Self { status, rate, seed, .. } = self;
        let plan = format!("answers {} on purpose", status.as_u16());
        match rate {
            rate if *rate >= 1.0 => Some(plan),
            rate if *rate > 0.0 => Some(format!("{plan}, a share of {rate} (--seed {seed})")),
            _ => None,
        }
    }
}

impl RequestHandler {
    pub(super) fn new(
        args: &Listen,
        admission: Admission,
        faults: FaultInjector,
        workers: &Workers,
    ) -> Self {
        let delay = args.failing.delay.map_or(0, Span::micros).unsigned_abs();
        Self {
            admission,
            faults: Mutex::new(faults),
            refused: Mutex::default(),
            delay: Duration::from_micros(delay),
            tasks: workers.tasks.clone(),
            log: workers.log.clone(),
        }
    }

    /// `, 2 answered 500 on purpose, 4 refused (3 × 401, 1 × 413)`; empty if there were none.
    pub(super) fn summary(&self) -> String {
        let mut parts = Vec::new();
        let faults = lock(&self.faults);
        if faults.injected > 0 {
            let status = faults.status.as_u16();
            parts.push(format!(", {} answered {status} on purpose", faults.injected));
        }
        let refused = lock(&self.refused);
        let all: u64 = refused.values().sum();
        if all > 0 {
            let by_status: Vec<_> =
                refused.iter().map(|(status, count)| format!("{count} × {status}")).collect();
            parts.push(format!(", {all} refused ({})", by_status.join(", ")));
        }
        parts.concat()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RequestReceiver for RequestHandler {
    fn admit(&self, head: &RequestHead) -> Result<(), Refusal> {
        self.admission.check(head)
    }

    async fn take(&self, head: Arc<RequestHead>, body: RequestBody) -> Result<StatusCode, Refusal> {
        let (answer, written) = oneshot::channel();
        let request = CaptureRequest { head, body, received_at: Timestamp::now(), answer };
        let closing = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the capture has ended");
        self.tasks.send(CaptureTask::Write(request)).await.map_err(|_| closing())?;
        written.await.map_err(|_| closing())??;
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        Ok(lock(&self.faults).next_status())
    }

    fn refused(&self, peer: SocketAddr, head: Option<&RequestHead>, refusal: &Refusal) {
        let status = refusal.status.as_u16();
        *lock(&self.refused).entry(status).or_default() += 1;
        let request = head.map_or_else(String::new, |head| format!(" {}", request_line(head)));
        self.log.say(&format!("{status}{request} from {peer}: {}", refusal.why));
    }
}
