//! Bodies as odd senders write them are captured as they are.

use super::*;

#[test]
fn every_webhook_comes_back_byte_for_byte() {
    let bodies: Vec<String> = vec![
        WEBHOOK.to_owned(),
        WEBHOOK.replace(',', "\r\n ,\t"),
        WEBHOOK.replace("room", r"Zo\u00eb \ud83d\ude00 \/ \ud800 \u0000"),
        WEBHOOK.replace("room", "Zoë 😀 \u{7f}\u{85}\u{2028}\u{202e} {]"),
        r#"{"n":[1e3,-0.0,1E-7],"trigger":"message_sent","data":{"text":"{\"trigger\":\"call_ended\"}"}}"#.to_owned(),
    ];
    let listening = Listening::start(&[]);
    for body in &bodies {
        assert_eq!(listening.post(body.as_bytes()), 200, "{body}");
    }
    let ended = listening.end();
    let captured = ended.capture();
    let captured: Vec<_> = captured.iter().map(|one| one["body"].as_str().expect("text")).collect();
    assert_eq!(captured, bodies);
    let replayed = ended.callscope(&["replay", "--to", "-", "--speed", "max", "capture"]);
    assert_eq!(String::from_utf8(replayed).expect("UTF-8"), bodies.join("\n") + "\n");
    // Nothing that strangers wrote moves a cursor.
    let capture = fs::read_to_string(ended.folder.path().join("capture")).expect("a capture");
    assert!(!capture.contains(['\u{7f}', '\u{85}', '\u{2028}', '\u{202e}']));
}

#[test]
fn what_is_no_json_no_webhook_or_no_text_is_captured_and_told() {
    let listening = Listening::start(&[]);
    for (body, told) in [
        (&b"hello \x1b[2J"[..], "the body is not JSON: "),
        (b"{\"trigger\":\"call_ended\",\"data\":{", "the body is not JSON: "),
        (b"[1, 2]", "the body is JSON, but no webhook"),
        (b"\xff\xfe\x00", "the body is not JSON: "),
    ] {
        assert_eq!(listening.post(body), 200);
        let said = listening.said(told);
        assert!(said.starts_with("callscope: POST /hooks from 127.0.0.1:"), "{said}");
        assert!(said.ends_with("captured all the same") && !said.contains('\x1b'), "{said}");
    }
    let ended = listening.end();
    let capture = ended.capture();
    assert_eq!(capture[0]["body"], "hello \u{1b}[2J");
    assert_eq!(capture[0].get("isBase64Encoded"), None);
    assert_eq!(
        (&capture[3]["body"], &capture[3]["isBase64Encoded"]),
        (&json!("//4A"), &json!(true))
    );
    assert!(ended.summary().contains("; 4 bodies captured"), "{}", ended.summary());
}

#[test]
fn a_body_may_come_in_chunks_and_wait_to_be_asked_for() {
    let listening = Listening::start(&[]);
    let start = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    let (one, two) = WEBHOOK.split_at(7);
    let chunks = format!("7\r\n{one}\r\n{:x};odd=1\r\n{two}\r\n0\r\ntrailer: 1\r\n\r\n", two.len());
    let chunked = format!("{start}transfer-encoding: chunked\r\n\r\n{chunks}");
    assert_eq!(status(&listening.exchange(chunked.as_bytes())), 200);

    let mut stream = listening.connect();
    let length = WEBHOOK.len();
    write!(stream, "{start}content-length: {length}\r\nexpect: 100-continue\r\n\r\n")
        .expect("it reads");
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).expect("it asks");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(WEBHOOK.as_bytes()).expect("it reads");
    let mut heard = String::new();
    stream.read_to_string(&mut heard).expect("text");
    assert_eq!(status(&heard), 200);
    let ended = listening.end();
    assert_eq!(ended.capture().iter().filter(|one| one["body"] == WEBHOOK).count(), 2);
}

#[test]
fn a_capture_is_added_to_and_rows_name_the_lines_of_the_file() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("capture"), "an older line\na torn one").expect("a file");
    let listening = Listening::start_in(folder, &["--out", "capture", "--json"]);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    let ended = listening.end();
    let row: Value =
        serde_json::from_str(ended.printed.lines().next().expect("a row")).expect("JSON");
    assert_eq!((&row["source"], &row["line"]), (&json!("capture"), &json!(3)));
    let capture = fs::read_to_string(ended.folder.path().join("capture")).expect("a capture");
    assert!(capture.starts_with("an older line\na torn one\n{\"received_at\":"), "{capture}");
}
