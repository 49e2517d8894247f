//! What is answered to a request.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use super::connection::Failure;
use super::{Body, Coding, Head, Inbox, Refusal, Shared, body};

/// Has a request judged, reads its body, and has it taken.
pub(super) async fn answer<I: Inbox>(
    request: Request<Incoming>,
    peer: SocketAddr,
    shared: &Shared<I>,
) -> Response<Full<Bytes>> {
    let (parts, incoming) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let mut head = Head { method: parts.method, path, headers: parts.headers, peer };
    let read = read(&mut head, incoming, shared).await;
    let head = Arc::new(head);
    let taken = match read {
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

/// The body of a request that is wanted; else why not, and whether some of the body was not read. Of
/// one that was unpacked the head says nothing of the packed one any more.
async fn read<I: Inbox>(
    head: &mut Head,
    incoming: Incoming,
    shared: &Shared<I>,
) -> Result<Body, (Refusal, bool)> {
    let is_empty = incoming.is_end_stream();
    shared.inbox.admit(head).map_err(|refusal| (refusal, !is_empty))?;
    let read = body::read(incoming, &shared.limits, &shared.held).await;
    let body = read.map_err(|refusal| (refusal, !is_empty))?;
    if head.coding() != Coding::Gzip {
        return Ok(body);
    }
    match body::unpacked(&body, &shared.limits).await {
        Ok(Some(unpacked)) => {
            head.headers.remove(CONTENT_ENCODING);
            head.headers.remove(CONTENT_LENGTH);
            Ok(unpacked)
        }
        Ok(None) => Ok(body),
        Err(refusal) => Err((refusal, false)),
    }
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

/// The whole answer to a request whose `Content-Length` is wrong, which hyper does not answer; the
/// connection is closed behind it.
pub(super) fn wrong_length(refusal: &Refusal) -> String {
    let (status, text) = (refusal.status, &refusal.why);
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{text}\n",
        text.len() + 1
    )
}

/// What is answered to a request whose head could not be read; `None` where nothing is.
pub(super) fn unreadable(failure: &Failure) -> Option<Refusal> {
    let Failure::Other(error) = failure else {
        let why = "the Content-Length is no number, or beyond all limits";
        return Some(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, why));
    };
    if error.is_parse_too_large() {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Some(Refusal::new(status, "the head of the request is too long"));
    }
    let why = "that is no request of HTTP/1";
    error.is_parse().then(|| Refusal::new(StatusCode::BAD_REQUEST, why))
}
