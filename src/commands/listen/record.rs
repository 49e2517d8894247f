//! A request as a line of the capture.

use std::borrow::Cow;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::input::{names_secret, without_secret_parameters, without_secrets};
use crate::net::server::{ContentCoding, HeaderMap, RequestHead};
use crate::view::report::json;

/// A line of the capture.
#[derive(Serialize)]
struct CaptureRecord<'r> {
    received_at: String,
    method: &'r str,
    path: Cow<'r, str>,
    headers: PublicHeaders<'r>,
    body: Cow<'r, str>,
    /// The body is not UTF-8, or gzip that could not be unpacked. Written only if true.
    #[serde(rename = "isBase64Encoded", skip_serializing_if = "std::ops::Not::not")]
    is_base64: bool,
}

/// Headers without those that hold credentials; what looks like a credential in others is covered.
struct PublicHeaders<'r>(&'r HeaderMap);

/// Adds the line of a request, with its line feed.
///
/// # Errors
/// None while there is memory.
pub(super) fn write(
    out: &mut Vec<u8>,
    received_at: Timestamp,
    head: &RequestHead,
    body: &[u8],
) -> io::Result<()> {
    let is_packed = head.coding() == ContentCoding::Gzip;
    let text = std::str::from_utf8(body).ok().filter(|_| !is_packed);
    let record = CaptureRecord {
        received_at: format!("{received_at:.6}"),
        method: head.method.as_str(),
        path: without_secret_parameters(&head.path),
        headers: PublicHeaders(&head.headers),
        is_base64: text.is_none(),
        body: text.map_or_else(|| STANDARD.encode(body).into(), Cow::Borrowed),
    };
    json(out, &record)?;
    out.push(b'\n');
    Ok(())
}

impl Serialize for PublicHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.0.keys().filter(|name| !names_secret(name.as_str()));
        serializer.collect_map(names.map(|name| (name.as_str(), value(self.0, name.as_str()))))
    }
}

/// The values of a header, joined.
fn value(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    without_secrets(&values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::server::Method;

    fn line(headers: &[(&'static str, &str)], body: &[u8]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        let peer = ([127, 0, 0, 1], 1).into();
        let head = RequestHead { method: Method::POST, path: "/a".into(), headers: map, peer };
        let at = "2026-01-02T09:40:00.5Z".parse().expect("a time");
        let mut out = Vec::new();
        write(&mut out, at, &head, body).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_body_is_a_string_and_repeated_headers_are_one() {
        assert_eq!(
            line(&[("X-A", "1"), ("x-b", "2"), ("x-a", "3")], b"{\"a\": \"\xc3\xa9\"}\r\n"),
            "{\"received_at\":\"2026-01-02T09:40:00.500000Z\",\"method\":\"POST\",\"path\":\"/a\",\
             \"headers\":{\"x-a\":\"1, 3\",\"x-b\":\"2\"},\"body\":\"{\\\"a\\\": \\\"é\\\"}\\r\\n\"}\n"
        );
    }

    #[test]
    fn a_body_that_is_no_utf8_is_in_base64() {
        let line = line(&[], b"\xff{}");
        assert!(line.ends_with("\"body\":\"/3t9\",\"isBase64Encoded\":true}\n"), "{line}");
    }

    #[test]
    fn no_header_with_a_credential_is_kept() {
        let secrets = [
            ("authorization", "Basic hunter2"),
            ("proxy-authorization", "Basic hunter2"),
            ("cookie", "a=hunter2"),
            ("set-cookie", "a=hunter2"),
            ("x-api-key", "hunter2"),
            ("x-hub-signature-256", "hunter2"),
            ("x-auth", "hunter2"),
            ("x-forwarded", "Bearer hunter2"),
            ("referer", "https://ana:hunter2@example.org/?token=hunter2"),
            ("x-kept", "yes"),
        ];
        let line = line(&secrets, b"{}");
        assert!(!line.contains("hunter2") && line.contains("\"x-kept\":\"yes\""), "{line}");
    }
}
