//! Requests, and the receiver that decides which are accepted and how they are answered.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};

use super::body::RequestBody;

/// Receives the requests of a server.
pub trait RequestReceiver: Send + Sync + 'static {
    /// Decides about a request before its body is read.
    ///
    /// # Errors
    /// When it is refused.
    fn admit(&self, head: &RequestHead) -> Result<(), Refusal>;

    /// Takes an admitted request with a body that is not empty, and returns the status to answer. A
    /// gzip body is unpacked and its head adapted, unless its data is damaged.
    ///
    /// # Errors
    /// When the request cannot be stored.
    fn take(
        &self,
        head: Arc<RequestHead>,
        body: RequestBody,
    ) -> impl Future<Output = Result<StatusCode, Refusal>> + Send;

    /// Records a refused request; without a head if that could not be read.
    fn refused(&self, peer: SocketAddr, head: Option<&RequestHead>, refusal: &Refusal);
}

/// The head of a request.
#[derive(Debug)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// Its path, without the query, which may hold a secret.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The address of the sender, usually of a proxy or a tunnel.
    pub peer: SocketAddr,
}

/// The content coding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCoding {
    /// None.
    Identity,
    /// Gzip, once.
    Gzip,
    /// Another one, or several.
    Other,
}

impl RequestHead {
    /// The coding by `Content-Encoding`.
    #[must_use]
    pub fn coding(&self) -> ContentCoding {
        let values = self.headers.get_all(CONTENT_ENCODING).iter();
        let names = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
        let names = names.map(str::trim).filter(|name| !name.eq_ignore_ascii_case("identity"));
        names.fold(ContentCoding::Identity, |coding, name| match coding {
            _ if name.is_empty() => coding,
            ContentCoding::Identity
                if ["gzip", "x-gzip"].iter().any(|gzip| name.eq_ignore_ascii_case(gzip)) =>
            {
                ContentCoding::Gzip
            }
            _ => ContentCoding::Other,
        })
    }
}

/// Why a request is refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The reason, a lower-case fragment.
    pub why: Cow<'static, str>,
    /// A header that belongs to the status.
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal without a header.
    pub fn new(status: StatusCode, why: impl Into<Cow<'static, str>>) -> Self {
        Self { status, why: why.into(), header: None }
    }

    /// The same with a header.
    #[must_use]
    pub fn with(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, HeaderValue::from_static(value))), ..self }
    }
}
