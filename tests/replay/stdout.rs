//! To stdout: bodies byte for byte, at the pace at which they came, each as soon as it is due.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Bodies as odd senders write them; `AT` stands for the time, `END` for what ends a line.
const BODIES: [&str; 4] = [
    r#"{"trigger":"call_started","data":{"created_at":AT,"sessionId":"v1.eu.AT"},"appId":"5d1e"}"#,
    r#"{END  "data" : {END    "sessionId": "\u00761.eu.AT",END    "created_at":AT.0 }END  ,"appId":"5d1e","trigger":"call\u005fstarted"ENDEND}"#,
    r#"{"appId":"5d1e","trigger":"message_sent","data":{"text":"Zoë 😀 \ud83d\ude00 \/ \" \u0000 {]","n":[1e3,-0.0,1E-7],"n":[AT]}}"#,
    r#"{"trigger":"call_participant_joined","data":{"sessionId":"v1.eu.AT","occupant":{"name":"\ud800 Łucja","joined_at":"AT"}},"appId":"5d1e"}"#,
];

/// All of them at each of forty seconds.
pub(super) fn bodies() -> Vec<String> {
    let at_each = (1_771_000_000..).zip(["\n", "\r\n", "\n\n\t", "\r"].repeat(10));
    let filled = |(at, end): (u32, &str)| {
        BODIES.map(|body| body.replace("AT", &at.to_string()).replace("END", end))
    };
    at_each.flat_map(filled).collect()
}

fn callscope(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(["replay", "--to", "-"]).args(arguments).stderr(Stdio::piped());
    command
}

/// What is written for these bytes as a file, and when they are piped in.
fn replayed(bytes: &[u8], arguments: &[&str]) -> [Output; 2] {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, bytes).expect("a file");
    let file = callscope(arguments).arg(&path).output().expect("callscope starts");
    let stdin = fs::File::open(&path).expect("the file");
    let piped = callscope(arguments).stdin(stdin).output().expect("callscope starts");
    [file, piped]
}

fn lines(bodies: &[String]) -> String {
    bodies.iter().map(|body| body.clone() + "\n").collect()
}

#[test]
fn every_body_comes_out_byte_for_byte_however_it_was_captured() {
    let bodies = bodies();
    let between = |text: &str| bodies.join(text);
    let wanted = lines(&bodies).into_bytes();
    let utf16 = ["\u{feff}", &between("\n")].concat();
    let captures = [
        wanted.clone(),
        between("").into_bytes(),
        format!("\u{feff}[{}]", between("\r\n, ")).into_bytes(),
        format!("POST\n{} 200 OK\n", between(" 200 OK\nPOST /hooks\n")).into_bytes(),
        zstd::encode_all(between("  ").as_bytes(), 1).expect("memory"),
        utf16.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    for (at, capture) in captures.iter().enumerate() {
        for output in replayed(capture, &["-q", "--speed", "max"]) {
            let same = output.stdout.iter().zip(&wanted).take_while(|(one, other)| one == other);
            let same = same.count();
            assert!(output.stdout == wanted, "capture {at} differs from byte {same} on");
            assert_eq!((output.stderr, output.status.code()), (Vec::new(), Some(0)));
        }
    }
}

#[test]
fn what_is_written_is_read_as_what_was_captured() {
    let bodies = bodies();
    let events = |capture: &[u8]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture");
        fs::write(&path, capture).expect("a file");
        let columns = ["--columns", "event_at,trigger,status,idempotency_key,call_id"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.args(["events", "--format", "csv"]).args(columns).arg(path);
        let output = command.output().expect("callscope starts");
        (output.stdout, output.stderr)
    };
    let [output, _] = replayed(bodies.concat().as_bytes(), &["-q", "--speed", "max"]);
    assert_eq!(events(&output.stdout), events(bodies.concat().as_bytes()));
}

/// Three starts, each a second behind the one before.
fn seconds() -> Vec<u8> {
    let starts = bodies().into_iter().step_by(4).take(3);
    starts.map(|body| body + "\n").collect::<String>().into_bytes()
}

#[test]
fn bodies_come_at_their_pace_and_singly() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, seconds()).expect("a file");
    let started = Instant::now();
    let mut command = callscope(&["-q", "--speed", "4x"]);
    let mut child = command.arg(&path).stdout(Stdio::piped()).spawn().expect("callscope starts");
    let out = BufReader::new(child.stdout.take().expect("a pipe"));
    let came: Vec<Duration> = out.lines().map(|_| started.elapsed()).collect();
    assert!(child.wait().expect("an end").success());
    assert_eq!(came.len(), 3, "{came:?}");
    assert!((Duration::from_millis(500)..Duration::from_secs(20)).contains(&came[2]), "{came:?}");
    // A machine that is busy may hold up the reader, yet not for as long as a body waits.
    assert!(came[0] + Duration::from_millis(250) < came[2], "{came:?}");
    assert!(came[1] + Duration::from_millis(50) < came[2], "{came:?}");
}

#[test]
fn no_wait_is_longer_than_it_may_be() {
    let started = Instant::now();
    for output in replayed(&seconds(), &["-q", "--speed", "0.001x", "--max-gap", "0.1s"]) {
        assert_eq!(output.stdout, seconds());
    }
    let took = started.elapsed();
    assert!((Duration::from_millis(400)..Duration::from_secs(20)).contains(&took), "{took:?}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, lines(&bodies()).repeat(20)).expect("a file");
    let mut command = callscope(&["-q", "--speed", "max"]);
    let mut child = command.arg(&path).stdout(Stdio::piped()).spawn().expect("callscope starts");
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut [0; 8]).expect("the first bytes");
    drop(out);
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.stderr, output.status.code()), (Vec::new(), Some(0)));
}

/// Without a place for a copy, what is piped in cannot be read twice.
#[test]
#[cfg(unix)]
fn bodies_that_cannot_be_read_again_are_told_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, seconds()).expect("a file");
    let mut command = callscope(&["-"]);
    command.arg(&path).env("TMPDIR", folder.path().join("nowhere"));
    command.stdin(fs::File::open(&path).expect("the file"));
    let output = command.arg("--speed=max").output().expect("callscope starts");
    assert_eq!((&output.stdout, output.status.code()), (&seconds(), Some(2)));
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(told.starts_with("callscope: cannot read -:1 again: "), "{told}");
    let summary = told.lines().last().expect("a summary");
    assert!(summary.ends_with("; 3 bodies written, 3 could not be read again"), "{told}");
}

/// What calls turn out to be, whenever they are.
fn turned_out(capture: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("capture");
    fs::write(&path, capture).expect("a file");
    let columns = "outcome,caller,link,link_reason,ring_seconds,duration_seconds,connected_seconds,\
                   participant_seconds,event_count,delivery_count,rules";
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(["calls", "-q", "--format", "csv", "--columns", columns]).arg(path);
    String::from_utf8(command.output().expect("callscope starts").stdout).expect("UTF-8")
}

#[test]
fn calls_at_another_time_are_the_same_calls() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let moved = |arguments: &[&str]| {
        let mut command = callscope(&["-q", "--speed", "max", samples]);
        command.args(arguments).output().expect("callscope starts").stdout
    };
    let (now, later) = (moved(&[]), moved(&["--rebase-to", "2029-12-31T23:00:07Z"]));
    assert_ne!(now, later);
    let (now, later) = (turned_out(&now), turned_out(&later));
    assert!(now.lines().count() > 15, "{now}");
    assert_eq!(now, later);
}
