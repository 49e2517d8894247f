//! An HTTP/1.1 server. Whatever a client does costs a bounded amount of memory and time.

mod answer;
mod body;
mod connection;
mod file_limit;
mod length_check;
mod request;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

pub use body::RequestBody;
pub use hyper::{HeaderMap, Method, StatusCode, header};
pub use request::{ContentCoding, Refusal, RequestHead, RequestReceiver};

/// Bounds of what clients may cost.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// How long a head may take to arrive, and how long a connection may be idle before it.
    pub head: Duration,
    /// How long a body may take to arrive.
    pub body: Duration,
    /// How long requests may take that are in progress when the server ends.
    pub drain: Duration,
    /// Bytes of a body, packed and unpacked.
    pub max_body: u64,
    /// Bytes of all unanswered bodies together. A packed one counts in both forms.
    pub held: u64,
    /// Connections at once, or fewer if the system allows fewer.
    pub connections: usize,
}

/// Connections that wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4096;

/// The pause after a connection could not be accepted, usually for want of files.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that listens.
#[derive(Debug)]
pub struct HttpServer {
    listener: TcpListener,
}

/// What all connections share.
struct ServerContext<I> {
    receiver: Arc<I>,
    limits: ServerLimits,
    /// Bytes of all unanswered bodies.
    held: Arc<AtomicU64>,
}

impl HttpServer {
    /// Listens on a port. Must be called within a runtime.
    ///
    /// # Errors
    /// When the host is unknown, or none of its addresses is available.
    pub fn bind(host: &str, port: u16) -> io::Result<Self> {
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "no such host");
        for address in (host, port).to_socket_addrs()? {
            match listen(address) {
                Ok(listener) => return Ok(Self { listener }),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `end` completes; those in progress are then finished within
    /// [`ServerLimits::drain`].
    pub async fn serve<I: RequestReceiver>(
        self,
        receiver: Arc<I>,
        limits: ServerLimits,
        end: impl Future<Output = ()>,
    ) {
        let most =
            limits.connections.min(file_limit::connections()).clamp(1, Semaphore::MAX_PERMITS);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let slots = Arc::new(Semaphore::new(most as usize));
        let shared = Arc::new(ServerContext { receiver, limits, held: Arc::default() });
        let (closing, closes) = watch::channel(false);
        let mut end = pin!(end);
        loop {
            let (stream, peer, slot) = tokio::select! {
                biased;
                () = &mut end => break,
                next = self.next(&slots) => next,
            };
            let held = connection::hold(stream, peer, shared.clone(), closes.clone());
            tokio::spawn(async move {
                held.await;
                drop(slot);
            });
        }
        drop(self.listener);
        // Fails if there are no connections.
        let _ = closing.send(true);
        let _ = timeout(limits.drain, slots.acquire_many(most)).await;
    }

    /// The next connection there is room for.
    async fn next(&self, slots: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            // Cannot fail: the semaphore is never closed.
            let Ok(slot) = slots.clone().acquire_owned().await else {
                return std::future::pending().await;
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, slot),
                Err(error) if is_of_one(&error) => {}
                Err(_) => sleep(PAUSE).await,
            }
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A run that has just ended must not keep the next one from its port. Elsewhere this would let
    // two runs have one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Whether an error concerns one connection only, and the next can be accepted at once.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
