//! What whoever runs a server decides: which requests are wanted, and how they are answered.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::header::{HeaderName, HeaderValue};
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
    /// answered.
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
