//! An HTTP client that posts bodies and reuses its connections.

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

/// Bytes of an answer that are read after its start, so that its connection can be reused.
const REST: u64 = 64 * 1024;

/// Options of all requests of a client.
pub struct ClientOptions {
    /// How long a request may take until the status arrives.
    pub budget: Duration,
    /// Idle connections that are kept.
    pub connections: usize,
    /// Bytes of an answer's body that are returned.
    pub start: u64,
    /// Whether to use the proxy of the environment.
    pub proxy: bool,
    /// Additional headers; they may be secrets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// Posts bodies. Does not follow redirects. Trusts the certificates of the system
/// (`SSL_CERT_FILE` and `SSL_CERT_DIR` included).
pub struct HttpClient {
    agent: Agent,
    headers: Vec<(HeaderName, HeaderValue)>,
    start: u64,
}

/// The system's resolver, with errors that differ from those of a connection.
#[derive(Debug, Default)]
struct NameResolver(DefaultResolver);

impl Resolver for NameResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        // The system reports an unknown name as an I/O error without a kind, and a silent name
        // server ends in the same timeout as a silent handler.
        self.0.resolve(uri, config, timeout).map_err(|_| ureq::Error::HostNotFound)
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// How long the status took to arrive.
    pub took: Duration,
    /// The first bytes of the answer's body.
    pub start: Vec<u8>,
}

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestFailure {
    /// Nobody listens at the port.
    Refused,
    /// No answer within the budget.
    TimedOut,
    /// The connection closed before the answer.
    Closed,
    /// The host's name cannot be resolved.
    NoHost,
    /// The host cannot be reached.
    Unreachable,
    /// A certificate is not trusted, or the server has no TLS.
    Tls,
    /// The proxy refused.
    Proxy,
    /// The response is not HTTP.
    Garbled,
    /// Anything else.
    Other,
}

impl HttpClient {
    /// A client with these options.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(if options.proxy { Proxy::try_from_env() } else { None })
            .timeout_global(Some(options.budget))
            .user_agent(concat!("callscope/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(options.connections)
            .max_idle_connections_per_host(options.connections)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), NameResolver::default());
        Self { agent, headers: options.headers, start: options.start }
    }

    /// Posts a body and waits for the answer.
    ///
    /// # Errors
    /// When no answer arrived.
    pub fn post(&self, to: &Endpoint, body: &[u8]) -> Result<HttpAnswer, RequestFailure> {
        let mut request = Request::post(to.uri().clone());
        if !self.headers.iter().any(|(name, _)| name == CONTENT_TYPE) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(body).map_err(|_| RequestFailure::Other)?;
        let begun = Instant::now();
        let answer = self.agent.run(request).map_err(|error| RequestFailure::of(&error))?;
        let (status, took) = (answer.status().as_u16(), begun.elapsed());
        Ok(HttpAnswer { status, took, start: start(answer, self.start) })
    }

    /// Cuts all connections: requests in progress fail.
    pub fn cut(&self) {
        self.agent.clone().shutdown();
    }
}

/// The start of an answer's body, as far as it arrives: the status alone decides.
fn start(answer: Response<Body>, length: u64) -> Vec<u8> {
    let mut reader = answer.into_body().into_reader();
    let mut start = Vec::new();
    let read = (&mut reader).take(length).read_to_end(&mut start);
    if read.is_ok() {
        let _ = io::copy(&mut reader.take(REST), &mut io::sink());
    }
    start
}

impl RequestFailure {
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
            // An invalid certificate arrives wrapped in this kind.
            io::ErrorKind::InvalidData => Self::Tls,
            _ => Self::Other,
        }
    }

    /// A few words for people.
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

impl fmt::Display for RequestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
