//! Reads and unpacks bodies, within limits of time and memory.

use std::io::Read;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body as _, Incoming};
use hyper::header::RETRY_AFTER;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::{Refusal, ServerLimits};

/// Bytes that are unpacked at a time: other connections have their turn between them.
const STEP: usize = 64 * 1024;

/// A whole body. Its bytes count against [`ServerLimits::held`] until it is dropped.
#[derive(Debug)]
pub struct RequestBody {
    bytes: Vec<u8>,
    held: HeldBytes,
}

impl Deref for RequestBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes that count against [`ServerLimits::held`] until this is dropped.
#[derive(Debug)]
struct HeldBytes {
    all: Arc<AtomicU64>,
    own: u64,
}

impl HeldBytes {
    /// Counts more bytes; `false` if all together exceed the limit.
    fn add(&mut self, more: u64, most: u64) -> bool {
        self.own += more;
        self.all.fetch_add(more, Ordering::Relaxed) + more <= most
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own, Ordering::Relaxed);
    }
}

impl RequestBody {
    fn new(all: &Arc<AtomicU64>) -> Self {
        Self { bytes: Vec::new(), held: HeldBytes { all: all.clone(), own: 0 } }
    }

    fn add(&mut self, bytes: &[u8], limits: &ServerLimits) -> Result<(), Refusal> {
        if (self.bytes.len() + bytes.len()) as u64 > limits.max_body {
            return Err(too_long(limits));
        }
        if !self.held.add(bytes.len() as u64, limits.held) {
            let why = "too many bodies at once; try again";
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why).with(RETRY_AFTER, "1"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// Reads a body to its end.
///
/// # Errors
/// When it is empty, too long, too slow, breaks off, or does not fit into memory with the others.
pub(super) async fn read(
    mut incoming: Incoming,
    limits: &ServerLimits,
    all: &Arc<AtomicU64>,
) -> Result<RequestBody, Refusal> {
    // By the announced length, before `100 Continue` asks for the body.
    if incoming.size_hint().lower() > limits.max_body {
        return Err(too_long(limits));
    }
    let mut body = RequestBody::new(all);
    let filled = timeout(limits.body, fill(&mut body, &mut incoming, limits)).await;
    filled.unwrap_or_else(|_| {
        let why = format!("the body took longer than {} s", limits.body.as_secs());
        Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, why))
    })?;
    if body.is_empty() { Err(no_body()) } else { Ok(body) }
}

/// Unpacks a gzip body; `None` if its data is damaged or cut.
///
/// # Errors
/// When the unpacked body is empty, too long, or does not fit into memory with the others.
pub(super) async fn unpacked(
    packed: &RequestBody,
    limits: &ServerLimits,
) -> Result<Option<RequestBody>, Refusal> {
    let mut body = RequestBody::new(&packed.held.all);
    let mut decoder = MultiGzDecoder::new(&packed.bytes[..]);
    let mut step = vec![0; STEP];
    while let Ok(read) = decoder.read(&mut step) {
        if read == 0 {
            return if body.is_empty() { Err(no_body()) } else { Ok(Some(body)) };
        }
        body.add(&step[..read], limits)?;
        yield_now().await;
    }
    Ok(None)
}

async fn fill(
    body: &mut RequestBody,
    incoming: &mut Incoming,
    limits: &ServerLimits,
) -> Result<(), Refusal> {
    while let Some(frame) = incoming.frame().await {
        let broken = |_| Refusal::new(StatusCode::BAD_REQUEST, "the body broke off");
        // Trailers are not part of the body.
        let Ok(bytes) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        body.add(&bytes, limits)?;
    }
    Ok(())
}

fn no_body() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "the request has no body")
}

fn too_long(limits: &ServerLimits) -> Refusal {
    let why = format!("the body is longer than {} bytes", limits.max_body);
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, why)
}
