//! Requests in, over HTTP/1.1. Whatever a client does or leaves undone costs a bounded amount of
//! memory and time.

mod answer;
mod body;
mod connection;
mod files;
mod inbox;
mod length_check;
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

pub use body::Body;
pub use hyper::{HeaderMap, Method, StatusCode, header};
pub use inbox::{Coding, Head, Inbox, Refusal};

/// What a client may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may be idle before it.
    pub head: Duration,
    /// How long a body may take.
    pub body: Duration,
    /// How long requests that have begun may take at the end.
    pub drain: Duration,
    /// Bytes of a body, of a packed one before and after it is unpacked.
    pub max_body: u64,
    /// Bytes of all bodies that have not been answered, together. One that is unpacked counts twice.
    pub held: u64,
    /// Connections at once; fewer where the system allows fewer.
    pub connections: usize,
}

/// Connections that wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4096;

/// How long is waited where a connection cannot be had, for want of files as a rule.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
}

/// What all connections share.
struct Shared<I> {
    inbox: Arc<I>,
    limits: Limits,
    /// Bytes of bodies that are held.
    held: Arc<AtomicU64>,
}

impl Server {
    /// Listens; needs a runtime around it.
    ///
    /// # Errors
    /// When the host is not known, or none of its addresses can be had.
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

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `end`; those that have begun by then are finished within
    /// [`Limits::drain`].
    pub async fn serve<I: Inbox>(
        self,
        inbox: Arc<I>,
        limits: Limits,
        end: impl Future<Output = ()>,
    ) {
        let most = limits.connections.min(files::connections()).clamp(1, Semaphore::MAX_PERMITS);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let slots = Arc::new(Semaphore::new(most as usize));
        let shared = Arc::new(Shared { inbox, limits, held: Arc::default() });
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
        // Without a connection there is nobody to tell.
        let _ = closing.send(true);
        let _ = timeout(limits.drain, slots.acquire_many(most)).await;
    }

    /// The next connection there is room for.
    async fn next(&self, slots: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            // Nobody closes it.
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

/// Whether it is one connection that failed rather than accepting.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
