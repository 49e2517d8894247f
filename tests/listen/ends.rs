//! How a run ends: drained, killed, or because nobody reads the capture any more.

use std::collections::HashSet;

use super::crowd::{captured, send_all};
use super::*;

#[test]
fn whoever_terminates_it_waits_for_what_has_begun() {
    for name in ["TERM", "INT"] {
        let listening = Listening::start(&["--delay", "600ms"]);
        let mut stream = listening.connect();
        stream.write_all(&request("/", &[], WEBHOOK.as_bytes())).expect("it reads");
        let (idle, half) = (listening.connect(), listening.connect());
        (&half).write_all(b"POST / HTTP/1.1\r\n").expect("it reads");
        thread::sleep(Duration::from_millis(200));
        let begun = Instant::now();
        listening.signal(name);
        let mut heard = String::new();
        stream.read_to_string(&mut heard).expect("text");
        assert_eq!(status(&heard), 200);
        let ended = listening.wait();
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert_eq!((ended.status.code(), ended.capture().len()), (Some(0), 1), "{name}");
        drop((idle, half));
    }
}

#[test]
fn after_a_kill_every_answer_is_in_the_file_and_a_torn_line_is_told() {
    let listening = Listening::start(&["--sync"]);
    let (pid, path) = (listening.child.id().to_string(), listening.file("capture"));
    let killer = thread::spawn(move || {
        // In the middle of it.
        while fs::metadata(&path).map_or(0, |file| file.len()) < 200_000 {
            thread::sleep(Duration::from_millis(1));
        }
        let killed = Command::new("kill").args(["-s", "KILL", &pid]).status();
        assert!(killed.expect("kill runs").success());
    });
    let answered = send_all(&listening.address, 20, 2000);
    killer.join().expect("it was killed");
    assert!(!answered.is_empty() && answered.len() < 40_000, "{}", answered.len());
    let ended = listening.wait();
    let path = ended.folder.path().join("capture");
    let text = fs::read_to_string(&path).expect("a capture");
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let records: Vec<Value> = whole.map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answered.difference(&captured(&records)).collect::<HashSet<_>>(), HashSet::new());

    // A line as a kill within a write leaves it.
    let file = fs::File::options().append(true).open(&path).expect("a file");
    let torn = text.lines().next().expect("a line");
    (&file).write_all(&torn.as_bytes()[..torn.len() - 40]).expect("a disk");
    let found = ended.callscope(&["check", "--format", "concise", "--select", "J", "capture"]);
    let found = String::from_utf8(found).expect("text");
    assert!(found.contains("J002") && found.lines().count() == 1, "{found}");
}

#[test]
fn the_capture_goes_to_a_pipe_and_the_rows_to_stderr() {
    let listening = Listening::start_in(TempDir::new().expect("a folder"), &["--json"]);
    let mut listening = listening;
    let capture = listening.child.stdout.take().expect("a pipe");
    let mut follow = Command::new(env!("CARGO_BIN_EXE_callscope"));
    follow.args(["follow", "--json"]).stdin(capture).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut follow = follow.spawn().expect("starts");
    let mut rows = BufReader::new(follow.stdout.take().expect("a pipe")).lines();
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    // At once, while both run.
    let row: Value =
        serde_json::from_str(&rows.next().expect("a row").expect("text")).expect("JSON");
    let own: Value = serde_json::from_str(&listening.said("meeting_started")).expect("JSON");
    assert_eq!(row, own);
    assert!(row["received_at"].is_string(), "{row}");
    let ended = listening.end();
    assert!(follow.wait().expect("ends").success() && ended.status.success());
}

#[test]
fn it_ends_quietly_when_nobody_reads_the_capture_any_more() {
    let mut listening = Listening::start_in(TempDir::new().expect("a folder"), &[]);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    drop(listening.child.stdout.take());
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 503);
    let ended = listening.wait();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.summary().contains("1 body captured"), "{}", ended.summary());
}

#[test]
fn nobody_who_reads_its_output_keeps_it_from_ending_within_two_seconds() {
    let long = WEBHOOK.replace("room", &"r".repeat(300_000));
    for (args, redirected) in [("--out capture", ""), ("--out capture", "2>&1"), ("", "")] {
        let folder = TempDir::new().expect("a folder");
        let mut command = Command::new("sh");
        let script =
            format!("exec \"$0\" listen --no-config --bind 127.0.0.1:0 --json {args} {redirected}");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_callscope")]);
        command.current_dir(folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        // Read by byte, so that nothing more is taken out of the pipe.
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut stderr = child.stderr.take().expect("a pipe");
        let says: &mut dyn Read = if redirected.is_empty() { &mut stderr } else { &mut stdout };
        let (mut first, mut byte) = (String::new(), [0]);
        while !first.ends_with('\n') {
            says.read_exact(&mut byte).expect("a line");
            first.push(char::from(byte[0]));
        }
        let address = first.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.expect("an address").to_owned();
        if redirected.is_empty() {
            thread::spawn(move || drop(std::io::copy(&mut stderr, &mut std::io::sink())));
        }
        let senders: Vec<_> = (0..3)
            .map(|_| {
                let (address, body) = (address.clone(), long.clone());
                thread::spawn(move || {
                    let mut stream = connect(&address);
                    let _ = stream.write_all(&request("/hooks", &[], body.as_bytes()));
                    let mut heard = String::new();
                    let _ = stream.read_to_string(&mut heard);
                    heard
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(400));
        let begun = Instant::now();
        let pid = child.id().to_string();
        assert!(
            Command::new("kill").args(["-s", "INT", &pid]).status().expect("kill runs").success()
        );
        while child.try_wait().expect("it runs").is_none() {
            assert!(begun.elapsed() < Duration::from_secs(2), "{args} {redirected}");
            thread::sleep(Duration::from_millis(10));
        }
        let heard = senders.into_iter().map(|sender| sender.join().expect("a sender"));
        let answered = heard.filter(|heard| heard.starts_with("HTTP/1.1 200 ")).count();
        // What is answered 200 is written, here to a pipe that has no room for it.
        assert_eq!(answered, if args.is_empty() { 0 } else { 3 }, "{args} {redirected}");
        drop(stdout);
    }
}
