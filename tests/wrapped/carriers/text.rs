//! What several carriers are written with: times, quoting, base64.

use std::fmt::Write;

use jiff::Timestamp;

use super::super::bodies::Delivery;

/// The arrival in UTC, in words of `strftime`.
pub(super) fn time(delivery: &Delivery, form: &str) -> String {
    let arrival = Timestamp::from_millisecond(delivery.arrival).expect("a time of these years");
    arrival.strftime(form).to_string()
}

/// The arrival in RFC 3339 with milliseconds.
pub(super) fn rfc3339(delivery: &Delivery) -> String {
    time(delivery, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// The arrival in RFC 3339 with nanoseconds, as containers have it.
pub(super) fn nanos(delivery: &Delivery) -> String {
    time(delivery, "%Y-%m-%dT%H:%M:%S%.9fZ")
}

/// A JSON string, as most write it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text")
}

/// A JSON string as PHP, Python and many others write it: nothing but ASCII, and with `\/`.
pub(super) fn quoted_ascii(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'/' | b'"' | b'\\')) => out.extend(['\\', byte.into()]),
            Ok(b'\n') => out.push_str("\\n"),
            Ok(byte @ b' '..=b'~') => out.push(byte.into()),
            _ => drop(write!(out, "\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

/// RFC 4648 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let sextet = bits >> (18 - 6 * digit) & 63;
            let told = digit <= group.len();
            out.push(if told { char::from(DIGITS[sextet as usize]) } else { '=' });
        }
    }
    out
}

/// One document a line.
pub(super) fn lines(deliveries: &[Delivery], line: impl Fn(usize, &Delivery) -> String) -> Vec<u8> {
    let mut out = String::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        out.push_str(&line(number, delivery));
        out.push('\n');
    }
    out.into_bytes()
}

/// One document that holds all, each as an element of an array.
pub(super) fn listed(
    deliveries: &[Delivery],
    layout: (&str, &str, &str),
    element: impl Fn(usize, &Delivery) -> String,
) -> Vec<u8> {
    listed_text(deliveries, layout, element).into_bytes()
}

/// The same as text.
pub(super) fn listed_text(
    deliveries: &[Delivery],
    (before, between, behind): (&str, &str, &str),
    element: impl Fn(usize, &Delivery) -> String,
) -> String {
    let elements: Vec<String> =
        deliveries.iter().enumerate().map(|(number, delivery)| element(number, delivery)).collect();
    format!("{before}{}{behind}", elements.join(between))
}
