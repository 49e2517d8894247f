//! What whoever runs a server decides: which requests are wanted, and how they are answered.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};

use super::body::Body;

/// Takes requests.
pub trait Inbox: Send + Sync + 'static {
    /// Judges a request before its body is read.
    ///
    /// # Errors
    /// When it is not wanted.
    fn admit(&self, head: &Head) -> Result<(), Refusal>;

    /// Takes a request that was admitted, its body whole and not empty; gives the status that is
    /// answered. A gzip body is unpacked, and its head says nothing of gzip any more, unless its data
    /// is damaged.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn take(
        &self,
        head: Arc<Head>,
        body: Body,
    ) -> impl Future<Output = Result<StatusCode, Refusal>> + Send;

    /// A request was refused; of one that could not be read there is no head.
    fn refused(&self, peer: SocketAddr, head: Option<&Head>, refusal: &Refusal);
}

/// The head of a request.
#[derive(Debug)]
pub struct Head {
    /// Its method.
    pub method: Method,
    /// Its path, without the query, which may hold a secret.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Where it came from; a proxy or a tunnel, as a rule.
    pub peer: SocketAddr,
}

/// How a body is encoded for its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// Packed once with gzip.
    Gzip,
    /// In another way, or in several.
    Other,
}

impl Head {
    /// How the body is encoded, by `Content-Encoding`.
    #[must_use]
    pub fn coding(&self) -> Coding {
        let values = self.headers.get_all(CONTENT_ENCODING).iter();
        let names = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
        let names = names.map(str::trim).filter(|name| !name.eq_ignore_ascii_case("identity"));
        names.fold(Coding::Identity, |coding, name| match coding {
            _ if name.is_empty() => coding,
            Coding::Identity
                if ["gzip", "x-gzip"].iter().any(|gzip| name.eq_ignore_ascii_case(gzip)) =>
            {
                Coding::Gzip
            }
            _ => Coding::Other,
        })
    }
}

/// Why a request is not taken.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// What is wrong, a lower-case fragment.
    pub why: Cow<'static, str>,
    /// A header that goes with the status.
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal without a header of its own.
    pub fn new(status: StatusCode, why: impl Into<Cow<'static, str>>) -> Self {
        Self { status, why: why.into(), header: None }
    }

    /// The same with a header.
    #[must_use]
    pub fn with(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, HeaderValue::from_static(value))), ..self }
    }
}
