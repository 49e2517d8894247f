//! Lines of logs with webhooks in them.

use std::fmt::Write;

use super::super::bodies::{Delivery, flat};
use super::super::writing::Style;
use super::text::{lines, quoted, quoted_ascii, rfc3339, time};

pub(super) fn monolog(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let at = time(delivery, "%Y-%m-%d %H:%M:%S");
        format!("[{at}] local.INFO: webhook {} []", slashed(&flat(&delivery.body)))
    })
}

/// The same JSON with `\/` for each slash.
fn slashed(body: &str) -> String {
    body.replace("\\/", "/").replace('/', "\\/")
}

pub(super) fn monolog_string(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let at = time(delivery, "%Y-%m-%d %H:%M:%S");
        format!(
            r#"[{at}] local.INFO: webhook {{"body":{},"ip":"203.0.113.7"}} []"#,
            quoted_ascii(&delivery.body)
        )
    })
}

pub(super) fn nginx(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let mut body = String::new();
        for byte in delivery.body.bytes() {
            match byte {
                b'"' | b'\\' | ..b' ' | 0x7f.. => drop(write!(body, "\\x{byte:02X}")),
                _ => body.push(byte.into()),
            }
        }
        let at = time(delivery, "%d/%b/%Y:%H:%M:%S +0000");
        format!(r#"203.0.113.7 - - [{at}] "POST /hooks HTTP/1.1" 200 2 "-" "-" "{body}""#)
    })
}

pub(super) fn syslog(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        let (at, body) = (rfc3339(delivery), flat(&delivery.body));
        format!("<134>1 {at} web1 hooks {number} - - webhook {body}")
    })
}

pub(super) fn logfmt(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        let (at, body) = (rfc3339(delivery), quoted(&delivery.body));
        format!("time={at} level=info msg=\"webhook received\" id={number} body={body} took=3ms")
    })
}

pub(super) fn pino(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let (at, body) = (delivery.arrival, quoted(&delivery.body));
        format!(r#"{{"level":30,"time":{at},"pid":7,"hostname":"web1","msg":{body}}}"#)
    })
}

pub(super) fn thrice(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| match number % 2 {
        0 => quoted(&quoted(&quoted(&delivery.body))),
        _ => quoted_ascii(&quoted_ascii(&quoted_ascii(&delivery.body))),
    })
}

pub(super) fn lambda(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |number, delivery| {
        let (at, body) = (rfc3339(delivery), flat(&delivery.body));
        format!("{at}\t{number:08x}-12a5-4c1b\tINFO\t{body}")
    })
}

/// Two in each line, one behind the other and one inside a string.
pub(super) fn two_a_line(deliveries: &[Delivery]) -> Vec<u8> {
    let mut out = String::new();
    for pair in deliveries.chunks(2) {
        out.push_str("POST /hooks got ");
        for (at, delivery) in pair.iter().enumerate() {
            let body = flat(&delivery.body);
            out.push_str(if at == 0 { "" } else { " and " });
            out.push_str(&if at == 0 { body } else { quoted(&body) });
        }
        out.push_str(" 200 OK\n");
    }
    out.into_bytes()
}

pub(super) fn pretty(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let at = time(delivery, "%H:%M:%S");
        format!(
            "{at} [http-3] DEBUG Hooks - got {}\n{at} [http-3] DEBUG done",
            pretty_printed(delivery)
        )
    })
}

/// Over several lines, whatever it was. What a `Value` does not hold stays as it was.
pub(super) fn pretty_printed(delivery: &Delivery) -> String {
    match serde_json::from_str(&delivery.body) {
        Ok(body) => Style::PRETTY.write(&body),
        Err(_) => delivery.body.clone(),
    }
}
