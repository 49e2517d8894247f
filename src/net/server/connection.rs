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
use super::{Inbox, Limits, Shared, answer};

/// Bytes of a head, and of what is read at once of a body. All connections may have as many.
pub(super) const BUFFER: usize = 16 * 1024;

/// How long, and for how many bytes, a connection is read on that is closed: with bytes unread the
/// system would take back the answer too.
const LINGER: Duration = Duration::from_secs(2);
const LINGERING: usize = 64 << 20;

/// The same at the end of all, and how long a connection may wait then whose first request has not
/// come.
const GRACE: Duration = Duration::from_millis(200);

/// What is known of a connection from outside.
#[derive(Default)]
pub(super) struct Course {
    /// Whether a request is being answered.
    serving: AtomicBool,
    /// Requests that were answered.
    pub(super) answered: AtomicU64,
    /// Whether a request had a `Content-Length` that is none.
    pub(super) wrong_length: AtomicBool,
}

/// Why a request could not be read.
pub(super) enum Failure {
    /// Its `Content-Length` is no number, or beyond all limits; hyper does not answer it.
    WrongLength,
    /// Anything else.
    Other(hyper::Error),
}

/// Answers the requests of a connection.
pub(super) async fn hold<I: Inbox>(
    mut stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared<I>>,
    mut closes: watch::Receiver<bool>,
) {
    // Answers are short, and wait for nothing. Without it they are only later.
    let _ = stream.set_nodelay(true);
    let Some(ended) = converse(&mut stream, peer, &shared, &mut closes).await else {
        return;
    };
    let failed = ended.err();
    if let Some(refusal) = failed.as_ref().and_then(answer::unreadable) {
        shared.inbox.refused(peer, None, &refusal);
        if matches!(failed, Some(Failure::WrongLength)) {
            // Who does not read any more learns nothing.
            let _ = timeout(LINGER, stream.writable()).await;
            let _ = stream.try_write(answer::wrong_length(&refusal).as_bytes());
        }
    }
    // Who was silent was answered nothing.
    if matches!(failed, Some(Failure::Other(error)) if error.is_timeout()) {
        return;
    }
    tokio::select! {
        () = linger(&mut stream) => {}
        () = async { closing(&mut closes).await; sleep(GRACE).await } => {}
    }
}

/// Answers the requests of a connection until it is to be closed; `None` where it is past answering.
async fn converse<I: Inbox>(
    stream: &mut TcpStream,
    peer: SocketAddr,
    shared: &Shared<I>,
    closes: &mut watch::Receiver<bool>,
) -> Option<Result<(), Failure>> {
    let course = Course::default();
    let service = service_fn(|request| course.answer(request, peer, shared));
    let checked = LengthCheck::new(stream, &course);
    let connection = builder(&shared.limits).serve_connection(TokioIo::new(checked), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = course.stalls(&shared.limits) => None,
        () = closing(closes) => {
            connection.as_mut().graceful_shutdown();
            let serving = course.serving.load(Ordering::Relaxed);
            let patience = if serving { shared.limits.drain } else { GRACE };
            timeout(patience, connection).await.ok()
        }
    };
    if course.wrong_length.load(Ordering::Relaxed) {
        return Some(Err(Failure::WrongLength));
    }
    ended.map(|ended| ended.map_err(Failure::Other))
}

/// Ends when the server does.
async fn closing(closes: &mut watch::Receiver<bool>) {
    // Its sender goes only after it has said so.
    let _ = closes.wait_for(|closes| *closes).await.is_ok();
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(BUFFER);
    // Who has sent all of it may say so, and is answered all the same.
    builder.half_close(true);
    builder
}

/// Closes a connection so that the client can read what it was answered.
async fn linger(stream: &mut TcpStream) {
    // Where a request could not be read this has not been done.
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

impl Course {
    /// Ends when no request has been answered for long, though none is being answered: the client
    /// does not read its answers.
    async fn stalls(&self, limits: &Limits) {
        loop {
            let answered = self.answered.load(Ordering::Relaxed);
            sleep(limits.head * 2).await;
            let serving = self.serving.load(Ordering::Relaxed);
            if !serving && self.answered.load(Ordering::Relaxed) == answered {
                return;
            }
        }
    }

    async fn answer<I: Inbox>(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        shared: &Shared<I>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        self.serving.store(true, Ordering::Relaxed);
        let response = answer::answer(request, peer, shared).await;
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.serving.store(false, Ordering::Relaxed);
        Ok(response)
    }
}
