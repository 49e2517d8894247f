//! Requests that are not taken: each is told why, and none is captured.

use super::*;

#[test]
fn a_bad_request_gets_the_status_that_fits_and_the_next_is_taken() {
    let listening = Listening::start(&["--path", "/hooks"]);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let big = vec![b'1'; 10_000_000];
    let chunk = [format!("{:x}\r\n", big.len()).as_bytes(), &big, b"\r\n0\r\n\r\n"].concat();
    let chunked = "POST /hooks HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    let many = (0..500).fold(String::new(), |all, at| all + &format!("x-{at}: 1\r\n"));
    let start = "POST /hooks HTTP/1.1\r\nhost: a\r\n";
    for (request, expected, told) in [
        (request("/hooks", &[], b""), 400, "no body"),
        (format!("{start}connection: close\r\n\r\n").into_bytes(), 400, "no body"),
        (b"GARBAGE\r\n\r\n".to_vec(), 400, ""),
        (format!("{start}transfer-encoding: chunked\r\n\r\nx\r\n").into_bytes(), 400, "broke off"),
        (request("/elsewhere", &[], b"{}"), 404, "nothing at this path"),
        (b"GET /hooks HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 405, "by POST"),
        (request("/hooks", &[], &big), 413, "longer than 1048576 bytes"),
        ([chunked.as_bytes(), &chunk].concat(), 413, "longer than 1048576 bytes"),
        (request("/hooks", &[form], b"a=1"), 415, "application/json"),
        (request("/hooks", &[("content-encoding", "gzip")], b"{}"), 415, "encoded"),
        (request("/hooks", &[("x-bomb", &"b".repeat(200_000))], b"{}"), 431, ""),
        (format!("{start}{many}\r\n").into_bytes(), 431, ""),
    ] {
        let heard = listening.exchange(&request);
        assert_eq!(status(&heard), expected, "{heard}");
        assert!(heard.contains(told), "{heard}");
        let said = listening.said(&format!("callscope: {expected} "));
        assert!(said.contains("from 127.0.0.1:") && said.contains(told), "{said}");
        assert_eq!(heard.contains("\r\nallow: POST\r\n"), expected == 405, "{heard}");
    }
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    let ended = listening.end();
    assert_eq!(ended.capture().len(), 1);
    let summary =
        "1 body captured, 12 refused (4 × 400, 1 × 404, 1 × 405, 2 × 413, 2 × 415, 2 × 431)";
    assert!(ended.summary().ends_with(summary), "{}", ended.summary());
}

#[test]
fn a_body_of_just_the_longest_length_is_taken() {
    let listening = Listening::start(&["--max-body", "1000", "--quiet"]);
    let body = |length| vec![b'1'; length];
    assert_eq!((listening.post(&body(1000)), listening.post(&body(1001))), (200, 413));
    let ended = listening.end();
    assert!(ended.said.is_empty(), "{:?}", ended.said);
    assert_eq!(ended.capture().len(), 1);
}

#[test]
fn who_is_slow_or_silent_keeps_nobody_else_waiting() {
    let listening = Listening::start(&[]);
    let mut slow: Vec<_> = (0..200).map(|_| listening.connect()).collect();
    for stream in &mut slow[..100] {
        stream.write_all(b"POST /hooks HTTP/1.1\r\nhost: a\r\nx-slow: ").expect("it reads");
    }
    let begun = Instant::now();
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    assert!(begun.elapsed() < Duration::from_secs(1));
    drop(slow);
    listening.end();
}
