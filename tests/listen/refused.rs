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
        (request("/hooks", &[("content-encoding", "br")], b"{}"), 415, "gzip"),
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
fn a_length_that_is_too_great_or_no_number_is_answered_before_the_body_is_asked_for() {
    let listening = Listening::start(&["--path", "/hooks"]);
    let lengths = [
        "1048577",
        "9223372036854775808",
        "18446744073709551615",
        "99999999999999999999999",
        "abc",
        "-5",
        "+5",
        "0x10",
        "5, 5",
        "",
    ];
    for length in lengths {
        let request = format!(
            "POST /hooks HTTP/1.1\r\nhost: a\r\nContent-Length: {length}\r\nexpect: 100-continue\r\n\r\n"
        );
        let heard = listening.exchange(request.as_bytes());
        assert_eq!(status(&heard), 413, "{length}: {heard}");
        assert!(heard.contains("connection: close"), "{heard}");
        let said = listening.said("callscope: 413 ");
        assert!(said.contains("from 127.0.0.1:"), "{said}");
    }
    // Likewise on a connection that is used again, and in pieces.
    let mut stream = listening.connect();
    let first = String::from_utf8(request("/hooks", &[], WEBHOOK.as_bytes())).expect("text");
    let first = first.replace("connection: close\r\n", "");
    stream.write_all(first.as_bytes()).expect("it reads");
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    for piece in ["POST /hooks HTTP/1.1\r\nhost: a\r\ncontent-le", "ngth: 1", "x\r\n\r\n"] {
        thread::sleep(Duration::from_millis(30));
        stream.write_all(piece.as_bytes()).expect("it reads");
    }
    let mut heard = String::new();
    stream.read_to_string(&mut heard).expect("text");
    assert!(heard.contains("HTTP/1.1 413 Payload Too Large\r\n"), "{heard}");
    // What a body says is nobody's header.
    let body = "{\r\ncontent-length: abc\r\n}";
    assert_eq!(listening.post(body.as_bytes()), 200);
    assert!(listening.end().summary().ends_with("11 refused (11 × 413)"));
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
