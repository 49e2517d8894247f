//! Answers a request.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use super::connection::ReadFailure;
use super::{
    ContentCoding, Refusal, RequestBody, RequestHead, RequestReceiver, ServerContext, body,
};

/// Reads a request that is admitted, and hands it to the receiver.
pub(super) async fn answer<I: RequestReceiver>(
    request: Request<Incoming>,
    peer: SocketAddr,
    context: &ServerContext<I>,
) -> Response<Full<Bytes>> {
    let (parts, incoming) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let mut head = RequestHead { method: parts.method, path, headers: parts.headers, peer };
    let read = read(&mut head, incoming, context).await;
    let head = Arc::new(head);
    let taken = match read {
        // The whole body was read: the connection can carry the next request.
        Ok(body) => {
            context.receiver.take(head.clone(), body).await.map_err(|refusal| (refusal, false))
        }
        Err(refused) => Err(refused),
    };
    let (refusal, is_unread) = match taken {
        Ok(status) => return respond(status, Bytes::new()),
        Err(refused) => refused,
    };
    context.receiver.refused(peer, Some(&head), &refusal);
    refused(&refusal, is_unread)
}

/// The body of a request; or why it is refused, and whether some of the body was not read. If the
/// body was unpacked, the head loses the headers of the packed one.
async fn read<I: RequestReceiver>(
    head: &mut RequestHead,
    incoming: Incoming,
    context: &ServerContext<I>,
) -> Result<RequestBody, (Refusal, bool)> {
    let is_empty = incoming.is_end_stream();
    context.receiver.admit(head).map_err(|refusal| (refusal, !is_empty))?;
    let read = body::read(incoming, &context.limits, &context.held).await;
    let body = read.map_err(|refusal| (refusal, !is_empty))?;
    if head.coding() != ContentCoding::Gzip {
        return Ok(body);
    }
    match body::unpacked(&body, &context.limits).await {
        Ok(Some(unpacked)) => {
            head.headers.remove(CONTENT_ENCODING);
            head.headers.remove(CONTENT_LENGTH);
            Ok(unpacked)
        }
        Ok(None) => Ok(body),
        Err(refusal) => Err((refusal, false)),
    }
}

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

/// The whole answer to a request with an invalid `Content-Length`, which hyper does not answer. The
/// connection closes after it.
pub(super) fn wrong_length(refusal: &Refusal) -> String {
    let (status, text) = (refusal.status, &refusal.why);
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{text}\n",
        text.len() + 1
    )
}

/// The answer to a request whose head could not be read, if it gets one.
pub(super) fn unreadable(failure: &ReadFailure) -> Option<Refusal> {
    let ReadFailure::Other(error) = failure else {
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
