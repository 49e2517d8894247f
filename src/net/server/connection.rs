//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::length_check::LengthCheck;
use super::{RequestReceiver, ServerContext, ServerLimits, answer};

/// Bytes of the longest head, and of a read of a body. Every connection may use as many.
pub(super) const BUFFER: usize = 16 * 1024;

/// How long, and for how many bytes, a closed connection is still read: with unread bytes the system
/// would discard the answer too.
const LINGER: Duration = Duration::from_secs(2);
const LINGERING: usize = 64 << 20;

/// The same when the server ends, and how long a connection without a first request may then wait.
const GRACE: Duration = Duration::from_millis(200);

/// The state of a connection, which tasks beside the one that serves it read too.
#[derive(Default)]
pub(super) struct ConnectionState {
    /// Whether a request is being answered.
    serving: AtomicBool,
    pub(super) answered: AtomicU64,
    /// Whether a request had an invalid `Content-Length`.
    pub(super) wrong_length: AtomicBool,
}

/// Why a request could not be read.
pub(super) enum ReadFailure {
    /// Its `Content-Length` is no number, or beyond all limits; hyper does not answer it.
    WrongLength,
    /// Anything else.
    Other(hyper::Error),
}

/// Answers the requests of a connection.
pub(super) async fn hold<I: RequestReceiver>(
    mut stream: TcpStream,
    peer: SocketAddr,
    context: Arc<ServerContext<I>>,
    mut closes: watch::Receiver<bool>,
) {
    // Answers are short: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(ended) = converse(&mut stream, peer, &context, &mut closes).await else {
        return;
    };
    let failed = ended.err();
    if let Some(refusal) = failed.as_ref().and_then(answer::unreadable) {
        context.receiver.refused(peer, None, &refusal);
        if matches!(failed, Some(ReadFailure::WrongLength)) {
            // A client that does not read is not waited for.
            let _ = timeout(LINGER, stream.writable()).await;
            let _ = stream.try_write(answer::wrong_length(&refusal).as_bytes());
        }
    }
    // A client that sent nothing got no answer to wait for.
    if matches!(failed, Some(ReadFailure::Other(error)) if error.is_timeout()) {
        return;
    }
    tokio::select! {
        () = linger(&mut stream) => {}
        () = async { closing(&mut closes).await; sleep(GRACE).await } => {}
    }
}

/// Answers the requests of a connection until it is to be closed; `None` if it cannot be answered.
async fn converse<I: RequestReceiver>(
    stream: &mut TcpStream,
    peer: SocketAddr,
    context: &ServerContext<I>,
    closes: &mut watch::Receiver<bool>,
) -> Option<Result<(), ReadFailure>> {
    let state = ConnectionState::default();
    let service = service_fn(|request| state.answer(request, peer, context));
    let checked = LengthCheck::new(stream, &state);
    let connection = builder(&context.limits).serve_connection(TokioIo::new(checked), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = state.stalls(&context.limits) => None,
        () = closing(closes) => {
            connection.as_mut().graceful_shutdown();
            let serving = state.serving.load(Ordering::Relaxed);
            let patience = if serving { context.limits.drain } else { GRACE };
            timeout(patience, connection).await.ok()
        }
    };
    if state.wrong_length.load(Ordering::Relaxed) {
        return Some(Err(ReadFailure::WrongLength));
    }
    ended.map(|ended| ended.map_err(ReadFailure::Other))
}

/// Completes when the server ends.
async fn closing(closes: &mut watch::Receiver<bool>) {
    // The sender is dropped only after it sent `true`.
    let _ = closes.wait_for(|closes| *closes).await.is_ok();
}

fn builder(limits: &ServerLimits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(BUFFER);
    // A client may shut down its side once it has sent the request, and still gets the answer.
    builder.half_close(true);
    builder
}

/// Closes a connection so that the client can read what it was answered.
async fn linger(stream: &mut TcpStream) {
    // hyper does not do this for a request that it could not read.
    let _ = poll_fn(|context| Pin::new(&mut *stream).poll_shutdown(context)).await;
    let mut buffer = vec![0; 4 * 1024];
    let read = async {
        let mut left = LINGERING;
        while left > 0 && stream.readable().await.is_ok() {
            match stream.try_read(&mut buffer) {
                Ok(0) => return,
                Ok(read) => left = left.saturating_sub(read),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    };
    // It is closed either way.
    let _ = timeout(LINGER, read).await;
}

impl ConnectionState {
    /// Completes when the client does not read its answers: for long none was completed, though no
    /// request is being answered.
    async fn stalls(&self, limits: &ServerLimits) {
        loop {
            let answered = self.answered.load(Ordering::Relaxed);
            sleep(limits.head * 2).await;
            let serving = self.serving.load(Ordering::Relaxed);
            if !serving && self.answered.load(Ordering::Relaxed) == answered {
                return;
            }
        }
    }

    async fn answer<I: RequestReceiver>(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        context: &ServerContext<I>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        self.serving.store(true, Ordering::Relaxed);
        let response = answer::answer(request, peer, context).await;
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.serving.store(false, Ordering::Relaxed);
        Ok(response)
    }
}
