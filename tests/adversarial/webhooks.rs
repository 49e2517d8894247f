//! Webhooks, and the carriers they come in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A carrier with one body in it, on a line of its own.
pub(crate) type Carrier = (&'static str, fn(&str) -> String);

const APP: &str = "51c09be27fd3a846";

/// A call's start, another one for each number.
pub(crate) fn started(number: u64) -> String {
    enveloped(
        "call_started",
        &json!({"created_at": 1_771_000_000 + number, "sessionId": session(number)}),
    )
}

/// A join of somebody by this name.
pub(crate) fn joined(name: &str) -> String {
    let occupant = json!({"joined_at": 1_771_000_001, "audio_call": "true", "name": name});
    enveloped("call_participant_joined", &json!({"occupant": occupant, "sessionId": session(1)}))
}

/// The end of a call that so many people left.
pub(crate) fn ended(people: u64) -> String {
    let occupant = |number: u64| {
        json!({"joined_at": 1_771_000_001 + number, "audio_call": "true",
            "left_at": 1_771_009_000, "name": format!("Occupant {number}")})
    };
    let roster: Vec<Value> = (0..people).map(occupant).collect();
    let data = json!({"all_occupants": roster, "destroyed_at": 1_771_009_000,
        "created_at": 1_771_000_000, "sessionId": session(0)});
    enveloped("call_ended", &data)
}

/// A chat message of this text.
pub(crate) fn message(text: &str) -> String {
    let message = json!({"id": "7001", "sender": "ilse", "receiverType": "user",
        "receiver": "tomas", "category": "message", "type": "text", "data": {"text": text},
        "sentAt": 1_771_000_002});
    body("message_sent", &json!({"message": message}), "")
}

fn enveloped(trigger: &str, data: &Value) -> String {
    body(trigger, data, ",\"type\":\"call\"")
}

/// In the order in which they are sent.
fn body(trigger: &str, data: &Value, more: &str) -> String {
    format!(
        "{{\"trigger\":\"{trigger}\",\"data\":{data},\"appId\":\"{APP}\",\"region\":\"eu\",\
         \"webhook\":\"0b7d55aa\"{more}}}"
    )
}

fn session(number: u64) -> String {
    format!("v1.eu.{APP}.{}{number:040x}", 1_771_000_000 + number)
}

/// The text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The text as a JSON string in a JSON string and so on.
pub(crate) fn quoted_times(text: &str, times: u32) -> String {
    (0..times).fold(text.to_owned(), |text, _| quoted(&text))
}

/// The same, 20 levels deep and more, without writing each level.
pub(crate) fn quoted_deep(text: &str, levels: u32) -> String {
    let quote = |level: u32| "\\".repeat((1 << level) - 1) + "\"";
    let opening: String = (0..levels).map(quote).collect();
    let closing: String = (0..levels).rev().map(quote).collect();
    opening + &text.replace('"', &quote(levels)) + &closing
}

#[test]
fn what_is_quoted_deep_is_what_is_quoted_level_by_level() {
    for levels in 0..6 {
        assert_eq!(quoted_deep("{\"a\":\"\"}", levels), quoted_times("{\"a\":\"\"}", levels));
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() { '=' } else { digit.into() });
        }
    }
    text
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).expect("memory");
    packed.finish().expect("memory")
}

/// The carriers whose body is a JSON string.
pub(crate) const STRINGS: [Carrier; 7] = [
    ("webhook.site", webhook_site),
    ("Hookdeck", hookdeck),
    ("RequestBin", request_bin),
    ("Lambda", lambda),
    ("CloudWatch", cloudwatch),
    ("journald", journald),
    ("HAR", har),
];

/// The carriers whose body is base64.
pub(crate) const BASE64: [Carrier; 3] =
    [("ngrok", ngrok), ("Lambda in base64", lambda_base64), ("awslogs", awslogs)];

/// The others.
pub(crate) const OTHERS: [Carrier; 8] = [
    ("nothing", |body| format!("{body}\n")),
    ("array", |body| format!("[{body}]\n")),
    ("own receiver", own_receiver),
    ("Docker", docker),
    ("CRI", |body| format!("2026-02-13T16:26:40.000000001Z stdout F {body}\n")),
    ("compose", |body| format!("hooks-1  | {body}\n")),
    ("log line", |body| format!("[2026-02-13 16:26:40] local.INFO: webhook {body} []\n")),
    ("log line, quoted", |body| format!("16:26:40 INFO body={}\n", quoted(body))),
];

pub(crate) fn all_carriers() -> impl Iterator<Item = Carrier> {
    STRINGS.into_iter().chain(BASE64).chain(OTHERS)
}

pub(crate) fn webhook_site(body: &str) -> String {
    line(&json!({"data": [{"uuid": "9f2", "method": "POST", "content": body, "headers": {},
        "created_at": "2026-02-13 16:26:40"}]}))
}

pub(crate) fn hookdeck(body: &str) -> String {
    line(&json!({"id": "evt_1", "created_at": "2026-02-13T16:26:40.001Z",
        "data": {"headers": {}, "body": body}}))
}

pub(crate) fn request_bin(body: &str) -> String {
    line(&json!({"body": body, "headers": {}, "method": "POST", "client_ip": "192.0.2.9"}))
}

pub(crate) fn lambda(body: &str) -> String {
    line(&lambda_event(body, false))
}

pub(crate) fn lambda_base64(body: &str) -> String {
    line(&lambda_event(&base64(body.as_bytes()), true))
}

pub(crate) fn lambda_event(body: &str, base64: bool) -> Value {
    json!({"version": "2.0", "headers": {}, "requestContext": {"timeEpoch": 1_771_000_000_123_u64},
        "body": body, "isBase64Encoded": base64})
}

pub(crate) fn cloudwatch(body: &str) -> String {
    let message = format!("2026-02-13T16:26:40.123Z\t5f1e\tINFO\t{body}\n");
    line(&json!({"events": [{"timestamp": 1_771_000_000_123_u64, "message": message}]}))
}

pub(crate) fn awslogs(body: &str) -> String {
    let event = json!({"id": "1", "timestamp": 1_771_000_000_123_u64, "message": body});
    let batch = json!({"messageType": "DATA_MESSAGE", "logEvents": [event]}).to_string();
    line(&json!({"awslogs": {"data": base64(&gzip(batch.as_bytes()))}}))
}

pub(crate) fn journald(body: &str) -> String {
    line(&json!({"MESSAGE": body, "__REALTIME_TIMESTAMP": "1771000000123456"}))
}

pub(crate) fn docker(body: &str) -> String {
    line(&json!({"log": format!("{body}\n"), "stream": "stdout",
        "time": "2026-02-13T16:26:40.000000001Z"}))
}

pub(crate) fn har(body: &str) -> String {
    line(&json!({"log": {"version": "1.2", "entries": [{"startedDateTime":
        "2026-02-13T16:26:40.001Z", "request": {"method": "POST", "postData":
        {"mimeType": "application/json", "text": body}}, "response": {"status": 200}}]}}))
}

pub(crate) fn ngrok(body: &str) -> String {
    let length = body.len();
    let raw = format!("POST /hooks HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
    line(&json!({"requests": [{"id": "rq_1", "start": "2026-02-13T16:26:40Z",
        "request": {"headers": {}, "raw": base64(raw.as_bytes())}}]}))
}

fn own_receiver(body: &str) -> String {
    format!(
        "{{\"id\":\"r1\",\"trigger\":\"x\",\"receivedAt\":1771000000123,\"method\":\"POST\",\
         \"headers\":{{}},\"payload\":{body}}}\n"
    )
}

/// The lines of one text or of many, each in its place.
pub(crate) fn lines<T>(parts: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    parts.into_iter().map(line).collect::<Vec<_>>().concat()
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}
