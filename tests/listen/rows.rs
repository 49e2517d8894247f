//! Rows: those of `follow`, with findings and lateness.

use super::*;

#[test]
fn rows_are_those_that_follow_prints_of_the_capture() {
    let listening = Listening::start(&["--json"]);
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/lost.ndjson");
    for line in fs::read_to_string(samples).expect("a sample").lines() {
        assert_eq!(listening.post(line.as_bytes()), 200);
    }
    let ended = listening.end();
    let capture = fs::File::open(ended.folder.path().join("capture")).expect("a capture");
    let mut follow = Command::new(env!("CARGO_BIN_EXE_callscope"));
    follow.args(["follow", "--json"]).stdin(capture).stderr(Stdio::null());
    let followed = String::from_utf8(follow.output().expect("starts").stdout).expect("text");
    assert_eq!(ended.printed, followed.replace("\"source\":\"-\"", "\"source\":\"capture\""));
    // Years late.
    assert!(ended.printed.contains("D001"), "{}", ended.printed);
}

#[test]
fn rows_are_selected_as_those_of_follow_are() {
    let listening = Listening::start(&["--calls", "--json"]);
    listening.post(WEBHOOK.as_bytes());
    let ended = listening.end();
    let rows: Vec<Value> =
        ended.printed.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect();
    assert!(rows.iter().all(|row| row["row"] == "call") && !rows.is_empty(), "{rows:?}");
}

#[test]
fn it_says_nothing_but_where_it_listens_when_it_is_to_be_quiet() {
    let listening = Listening::start(&["--quiet"]);
    assert_eq!((listening.post(b""), listening.post(b"hello")), (400, 200));
    let ended = listening.end();
    assert_eq!(ended.said, Vec::<String>::new());
}
