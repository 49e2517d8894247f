//! Requests as browsers and proxies keep them.

use super::super::bodies::Delivery;
use super::text::{lines, listed, quoted, rfc3339};

pub(super) fn har(deliveries: &[Delivery]) -> Vec<u8> {
    let before = r#"{"log":{"version":"1.2","creator":{"name":"proxy","version":"1"},"pages":[],"entries":["#;
    listed(deliveries, (before, ",\n", "]}}"), |_, delivery| {
        let (at, body) = (rfc3339(delivery).replace('Z', "+00:00"), &delivery.body);
        format!(
            r#"{{"startedDateTime":"{at}","time":3,"request":{{"method":"POST","url":"https://x.example/hooks","httpVersion":"HTTP/1.1","headers":[{{"name":"Content-Type","value":"application/json"}}],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":{},"postData":{{"mimeType":"application/json","text":{}}}}},"response":{{"status":200,"statusText":"OK","headers":[],"cookies":[],"content":{{"size":11,"mimeType":"application/json","text":"{{\"ok\":true}}"}},"redirectURL":""}},"cache":{{}},"timings":{{"send":0,"wait":3,"receive":0}}}}"#,
            body.len(),
            quoted(body)
        )
    })
}

fn request(delivery: &Delivery) -> String {
    format!(
        "POST /hooks HTTP/1.1\r\nHost: x.example\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        delivery.body.len(),
        delivery.body
    )
}

pub(super) fn dump(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| request(delivery))
}

pub(super) fn dump_with_answers(deliveries: &[Delivery]) -> Vec<u8> {
    lines(deliveries, |_, delivery| {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
        format!("{}\r\n{answer}\r\n", request(delivery))
    })
}
