//! What is answered to a request.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use super::{Body, Head, Inbox, Refusal, Shared, body};

/// Has a request judged, reads its body, and has it taken.
pub(super) async fn answer<I: Inbox>(
    request: Request<Incoming>,
    peer: SocketAddr,
    shared: &Shared<I>,
) -> Response<Full<Bytes>> {
    let (parts, incoming) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let head = Arc::new(Head { method: parts.method, path, headers: parts.headers, peer });
    let taken = match read(&head, incoming, shared).await {
        // The end of the body is known; the next request can follow.
        Ok(body) => shared.inbox.take(head.clone(), body).await.map_err(|refusal| (refusal, false)),
        Err(refused) => Err(refused),
    };
    let (refusal, is_unread) = match taken {
        Ok(status) => return respond(status, Bytes::new()),
        Err(refused) => refused,
    };
    shared.inbox.refused(peer, Some(&head), &refusal);
    refused(&refusal, is_unread)
}

/// The body of a request that is wanted; else why not, and whether some of the body was not read.
async fn read<I: Inbox>(
    head: &Head,
    incoming: Incoming,
    shared: &Shared<I>,
) -> Result<Body, (Refusal, bool)> {
    let is_empty = incoming.is_end_stream();
    shared.inbox.admit(head).map_err(|refusal| (refusal, !is_empty))?;
    let read = body::read(incoming, &shared.limits, &shared.held).await;
    read.map_err(|refusal| (refusal, !is_empty))
}

/// What is answered to a request that was refused.
fn refused(refusal: &Refusal, is_unread: bool) -> Response<Full<Bytes>> {
    let mut response = respond(refusal.status, format!("{}\n", refusal.why).into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if let Some((name, value)) = &refusal.header {
        headers.insert(name, value.clone());
    }
    if is_unread {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn respond(status: StatusCode, text: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = status;
    response
}

/// What was answered to a request whose head could not be read; `None` where nothing was.
pub(super) fn unreadable(error: &hyper::Error) -> Option<Refusal> {
    if error.is_parse_too_large() {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Some(Refusal::new(status, "the head of the request is too long"));
    }
    let why = "that is no request of HTTP/1";
    error.is_parse().then(|| Refusal::new(StatusCode::BAD_REQUEST, why))
}
