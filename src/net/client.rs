//! Requests out: bodies that are posted over connections which are kept.

use std::fmt;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use ureq::http::{Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Proxy};

use super::Endpoint;

/// How much of an answer is read behind its start so that its connection can be used again.
const REST: u64 = 64 * 1024;

/// What holds for every request of a client.
pub struct Terms {
    /// How long a request may take until its answer's status is there.
    pub budget: Duration,
    /// How many connections are kept.
    pub connections: usize,
    /// How many bytes of an answer are kept.
    pub start: u64,
    /// Whether the proxy that the environment names is used.
    pub proxy: bool,
    /// Headers beside those of the protocol; they may be secrets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// Posts bodies. Redirects are answers as any other; certificates are those that the system trusts
/// (`SSL_CERT_FILE` and `SSL_CERT_DIR` included).
pub struct Client {
    agent: Agent,
    headers: Vec<(HeaderName, HeaderValue)>,
    start: u64,
}

/// The system's resolver, with errors that cannot be taken for those of a connection.
#[derive(Debug, Default)]
struct NameResolver(DefaultResolver);

impl Resolver for NameResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        // The system reports an unknown name as an I/O error of no kind, and a name server that is
        // silent ends in a timeout like that of an answer.
        self.0.resolve(uri, config, timeout).map_err(|_| ureq::Error::HostNotFound)
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How long it took until that was there.
    pub took: Duration,
    /// The first bytes of the answer's body.
    pub start: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody listens there.
    Refused,
    /// There was no answer within the budget.
    TimedOut,
    /// The connection was cut before the answer.
    Closed,
    /// The host's name cannot be resolved.
    NoHost,
    /// The host cannot be reached.
    Unreachable,
    /// There is no safe connection: a certificate that is not trusted, or no TLS at all.
    Tls,
    /// The proxy refused.
    Proxy,
    /// What came is no answer of HTTP.
    Garbled,
    /// Anything else.
    Other,
}

impl Client {
    /// A client with these terms.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(if terms.proxy { Proxy::try_from_env() } else { None })
            .timeout_global(Some(terms.budget))
            .user_agent(concat!("callscope/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(terms.connections)
            .max_idle_connections_per_host(terms.connections)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), NameResolver::default());
        Self { agent, headers: terms.headers, start: terms.start }
    }

    /// Posts a body and waits for the answer.
    ///
    /// # Errors
    /// When none came.
    pub fn post(&self, to: &Endpoint, body: &[u8]) -> Result<Answer, Failure> {
        let mut request = Request::post(to.uri().clone());
        if !self.headers.iter().any(|(name, _)| name == CONTENT_TYPE) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(body).map_err(|_| Failure::Other)?;
        let begun = Instant::now();
        let answer = self.agent.run(request).map_err(|error| Failure::of(&error))?;
        let (status, took) = (answer.status().as_u16(), begun.elapsed());
        Ok(Answer { status, took, start: start(answer, self.start) })
    }

    /// Cuts all connections: what waits for an answer gets none.
    pub fn cut(&self) {
        self.agent.clone().shutdown();
    }
}

/// The start of an answer's body, as far as it comes; with the status all is decided.
fn start(answer: Response<Body>, length: u64) -> Vec<u8> {
    let mut reader = answer.into_body().into_reader();
    let mut start = Vec::new();
    let read = (&mut reader).take(length).read_to_end(&mut start);
    if read.is_ok() {
        let _ = io::copy(&mut reader.take(REST), &mut io::sink());
    }
    start
}

impl Failure {
    fn of(error: &ureq::Error) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::TimedOut,
            ureq::Error::HostNotFound => Self::NoHost,
            ureq::Error::Io(error) => Self::of_io(error),
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired => Self::Tls,
            ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => Self::Proxy,
            ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Self::Garbled,
            ureq::Error::ConnectionFailed => Self::Unreachable,
            _ => Self::Other,
        }
    }

    fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::NotConnected
            | io::ErrorKind::UnexpectedEof => Self::Closed,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Self::Unreachable,
            // What is wrong with a certificate comes wrapped.
            io::ErrorKind::InvalidData => Self::Tls,
            _ => Self::Other,
        }
    }

    /// What is said of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "connection refused",
            Self::TimedOut => "timed out",
            Self::Closed => "connection closed",
            Self::NoHost => "host name not resolved",
            Self::Unreachable => "host unreachable",
            Self::Tls => "no trusted TLS",
            Self::Proxy => "proxy refused",
            Self::Garbled => "no HTTP answer",
            Self::Other => "failed",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
