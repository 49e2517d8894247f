//! What is refused before anything is read or written.

use super::program::{file, run};

fn told(arguments: &[&str]) -> (Option<i32>, String) {
    let sample = "samples/answered.ndjson";
    let mut all: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"redact", &sample];
    all.extend(arguments.iter().map(|one| one as &dyn AsRef<std::ffi::OsStr>));
    let output = run(&all);
    assert!(output.stdout.is_empty(), "something was written");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn a_key_that_is_none_is_refused_and_not_shown() {
    let short = file(b"short-and-secret");
    let shorter = file(b"too-short");
    assert!(short.exists());
    for path in [shorter.to_str().expect("a path"), "/no/such/key"] {
        let (status, told) = told(&["--key-file", path]);
        assert_eq!(status, Some(2));
        assert!(told.contains("key") && !told.contains("too-short"), "{told}");
    }
}

#[test]
fn a_key_without_an_end_is_refused() {
    #[cfg(unix)]
    assert_eq!(told(&["--key-file", "/dev/zero"]).0, Some(2));
}

#[test]
fn an_id_is_kept_only_with_what_it_is_made_of() {
    for (typed, wanted) in [("conversation", "--keep uid"), ("session,name", "--keep app")] {
        let (status, told) = told(&["--keep", typed]);
        assert_eq!(status, Some(2));
        assert!(told.contains(wanted), "{told}");
    }
    let (status, told) = told(&["--keep", "names"]);
    assert_eq!(status, Some(2));
    assert!(told.contains("'name'"), "{told}");
}

#[test]
fn the_key_and_the_inputs_are_not_written_over() {
    let capture = file(&std::fs::read("samples/answered.ndjson").expect("the sample"));
    let key = file(b"a key that must not be written over");
    for path in [&capture, &key] {
        let before = std::fs::read(path).expect("there");
        let output = run(&[&"redact", &"--key-file", &key, &capture, &"-o", path]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read(path).expect("there"), before);
    }
}

#[test]
fn a_line_in_which_a_name_is_left_is_refused_with_its_place() {
    let ring = r#"{"trigger":"call_cancelled","data":{"call":{"id":"52","conversationId":"http_user_https","sender":"http","receiverType":"user","receiver":"https","category":"call","type":"audio","data":{"action":"cancelled"},"sentAt":1771000000,"updatedAt":1771000000}},"appId":"9c4e","region":"us","webhook":"77aa"}"#;
    let recording = r#"{"trigger":"recording_generated","data":{"recordingDate":"2026-02-13","duration":"7","startTime":"1771000000","sessionId":"weekly","recording_url":"https://rec.example/a.mp4"},"appId":"9c4e","region":"us","webhook":"77aa"}"#;
    // No URL is one without a word that is somebody's here.
    let capture = file(format!("{ring}\n{}", format!("{recording}\n").repeat(12)).as_bytes());
    let summary = file(b"");
    let output = run(&[&"redact", &capture, &"--summary", &summary]);
    assert_eq!(output.status.code(), Some(2));
    let written = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(written.lines().count(), 1);
    assert!(written.contains("call_cancelled") && !written.contains("http"), "{written}");
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    let place = capture.to_str().expect("a path");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[0],
        format!("callscope: {place}:2 is refused: a name or an id would be left in it")
    );
    assert!(lines[9].starts_with(&format!("callscope: {place}:11 is refused")), "{told}");
    assert_eq!(lines[10], "callscope: 2 more were refused");
    assert!(lines[11].contains("12 refused") && lines[11].ends_with("1 body written"), "{told}");
    let summary = std::fs::read_to_string(&summary).expect("the summary");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!((&summary["refused"], &summary["changed"]), (&12.into(), &0.into()));
}
