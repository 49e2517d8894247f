//! The formats that wrap webhooks in a capture.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;

use super::json_text::{escaped, number, texts, timestamp};

/// What webhooks are captured in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum CarrierFormat {
    /// Bodies alone, one a line
    #[default]
    Plain,
    /// The log of a receiver of one's own, one object a line
    Receiver,
    /// An export of webhook.site: one document
    WebhookSite,
    /// Events of an API Gateway as a Lambda function logs them, half of the bodies in base64
    Lambda,
    /// Docker's json-file, long lines in pieces
    Docker,
    /// Lines of a log with a body behind a time
    Log,
}

/// A delivery to wrap.
#[derive(Clone, Copy)]
pub(crate) struct CarriedDelivery<'b> {
    pub(crate) trigger: &'static str,
    pub(crate) body: &'b [u8],
    /// Milliseconds since 1970.
    pub(crate) arrival: u64,
}

/// Docker splits lines into records of at most this many bytes.
const DOCKER_RECORD: usize = 16 << 10;

impl CarrierFormat {
    pub(crate) fn prologue(self) -> &'static [u8] {
        if self == Self::WebhookSite { b"{\"data\":[" } else { b"" }
    }

    pub(crate) fn separator(self) -> &'static [u8] {
        if self == Self::WebhookSite { b",\n" } else { b"\n" }
    }

    pub(crate) fn epilogue(self) -> &'static [u8] {
        if self == Self::WebhookSite { b"]}\n" } else { b"\n" }
    }

    /// The arrival in the format's resolution, in milliseconds; `None` if it has no arrival.
    pub(crate) fn recorded_arrival(self, arrival: u64) -> Option<u64> {
        match self {
            Self::Plain => None,
            Self::WebhookSite => Some(arrival / 1000 * 1000),
            _ => Some(arrival),
        }
    }

    /// Appends a delivery to `out`.
    pub(crate) fn wrap(self, out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
        match self {
            Self::Plain => out.extend_from_slice(delivery.body),
            Self::Receiver => write_receiver(out, rng, delivery),
            Self::WebhookSite => write_webhook_site(out, rng, delivery),
            Self::Lambda => write_lambda(out, rng, delivery),
            Self::Docker => write_docker(out, rng, delivery),
            Self::Log => write_log(out, rng, delivery),
        }
    }
}

const HEADERS: &str = r#""headers":{"content-type":"application/json","user-agent":"axios/1.7.2"}"#;

fn write_receiver(out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
    texts(out, &[r#"{"id":""#, &uuid(rng), r#"","trigger":""#, delivery.trigger]);
    out.extend_from_slice(br#"","receivedAt":"#);
    number(out, delivery.arrival);
    texts(out, &[r#","method":"POST","#, HEADERS, r#","payload":"#]);
    out.extend_from_slice(delivery.body);
    out.push(b'}');
}

fn write_webhook_site(out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
    texts(out, &[r#"{"uuid":""#, &uuid(rng), r#"","method":"POST","content":""#]);
    escaped(out, delivery.body);
    let at = timestamp(delivery.arrival).strftime("%Y-%m-%d %H:%M:%S").to_string();
    texts(out, &["\",", HEADERS, r#","created_at":""#, &at, "\"}"]);
}

fn write_lambda(out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
    texts(out, &[r#"{"version":"2.0","routeKey":"POST /hooks","rawPath":"/hooks","#, HEADERS]);
    texts(out, &[r#","requestContext":{"http":{"method":"POST"},"requestId":""#, &uuid(rng)]);
    out.extend_from_slice(br#"","timeEpoch":"#);
    number(out, delivery.arrival);
    out.extend_from_slice(br#"},"body":""#);
    if rng.bool() {
        texts(out, &[&STANDARD.encode(delivery.body), r#"","isBase64Encoded":true}"#]);
    } else {
        escaped(out, delivery.body);
        texts(out, &[r#"","isBase64Encoded":false}"#]);
    }
}

fn write_docker(out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
    let at = timestamp(delivery.arrival).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let nanos = delivery.arrival % 1000 * 1_000_000 + rng.u64(..1_000_000);
    let mut rest = delivery.body;
    loop {
        let (piece, more) = rest.split_at(piece_length(rest));
        out.extend_from_slice(br#"{"log":""#);
        escaped(out, piece);
        let end = if more.is_empty() { "\\n" } else { "" };
        let time = format!("{at}.{nanos:09}Z");
        texts(out, &[end, r#"","stream":"stdout","time":""#, &time, "\"}"]);
        if more.is_empty() {
            return;
        }
        out.push(b'\n');
        rest = more;
    }
}

/// Length of the next piece: what fits, without a broken character.
fn piece_length(rest: &[u8]) -> usize {
    if rest.len() <= DOCKER_RECORD {
        return rest.len();
    }
    let is_inside = |at: &usize| rest[*at] & 0xc0 == 0x80;
    (0..=DOCKER_RECORD).rev().find(|at| !is_inside(at)).unwrap_or(DOCKER_RECORD)
}

fn write_log(out: &mut Vec<u8>, rng: &mut Rng, delivery: CarriedDelivery<'_>) {
    let at = timestamp(delivery.arrival).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    texts(out, &[&at, "\t", &uuid(rng), "\tINFO\t"]);
    out.extend_from_slice(delivery.body);
}

fn uuid(rng: &mut Rng) -> String {
    let (one, other) = (rng.u64(..), rng.u64(..));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        one >> 32,
        one >> 16 & 0xffff,
        one & 0xfff,
        other >> 48 & 0xfff,
        other & 0xffff_ffff_ffff
    )
}
