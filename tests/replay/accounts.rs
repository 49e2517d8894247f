//! The log of attempts, and going on where one ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::handler::{Act, Handler};
use super::{Captured, join, text};

fn records(path: &std::path::Path) -> Vec<Value> {
    let log = fs::read_to_string(path).expect("a log");
    log.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

#[test]
fn a_record_tells_what_was_sent_where_and_what_came_back() {
    let captured = Captured::joins(2);
    let log = captured.beside("log");
    let handler = Handler::new(|nth, _| Act::Status([200, 503][nth]));
    let to = format!("{}?token=secret", handler.url);
    let mut command = captured.command(&["--to", &to, "--speed", "max"]);
    assert_eq!(command.arg("--log").arg(&log).status().expect("starts").code(), Some(1));
    let [first, second] = &records(&log)[..] else { panic!("two attempts") };
    assert_eq!(first["trigger"], "call_participant_joined");
    assert_eq!(first["call_id"], "v1.eu.5d1e.0");
    assert_eq!(first["target"], Value::from(handler.url.as_str()));
    assert_eq!((&first["attempt"], &first["line"]), (&1.into(), &1.into()));
    assert_eq!((&first["status"], &first["accepted"]), (&200.into(), &true.into()));
    assert_eq!((&first["answer"], &first["error"]), (&"seen 0".into(), &Value::Null));
    assert!(first["latency_seconds"].as_f64().is_some_and(|seconds| seconds < 5.0));
    assert!(first["sent_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(
        (&second["status"], &second["accepted"], &second["last"]),
        (&503.into(), &false.into(), &true.into())
    );
}

#[test]
fn an_answer_is_kept_only_at_its_start_and_without_controls() {
    let captured = Captured::joins(1);
    let log = captured.beside("log");
    let handler = Handler::new(|_, _| Act::Garble);
    let mut command = captured.command(&["--to", &handler.url]);
    command.arg("--log").arg(&log).status().expect("starts");
    assert_eq!(records(&log)[0]["error"], "no HTTP answer");
}

#[test]
fn going_on_sends_what_was_not_accepted_and_nothing_twice() {
    // The same body twice: each delivery counts for itself.
    let lines = [join(0), join(1), join(1), join(2)].join("\n");
    let captured = Captured::new(lines.as_bytes());
    let log = captured.beside("log");
    let first = Handler::new(|nth, _| Act::Status([200, 200, 500, 500][nth]));
    captured
        .command(&["--to", &first.url, "--speed", "max", "--log"])
        .arg(&log)
        .status()
        .expect("starts");
    // Torn as a run that was killed leaves it.
    fs::write(&log, fs::read_to_string(&log).expect("a log") + "{\"delivery\":\"ab")
        .expect("a file");
    let second = Handler::glad();
    let output =
        captured.command(&["--to", &second.url, "--speed", "max", "--resume"]).arg(&log).output();
    let output = output.expect("starts");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(second.bodies(), [join(1), join(2)].map(String::into_bytes));
    assert!(told.contains("2 bodies accepted, 2 accepted before"), "{told}");
    assert!(told.contains("the last record is cut short and will be removed"), "{told}");
    assert_eq!(records(&log).len(), 6, "each line is a record");
    // By now all is accepted.
    let third = Handler::glad();
    captured.command(&["--to", &third.url, "--resume"]).arg(&log).status().expect("starts");
    assert_eq!(third.connections(), 0);
}

#[test]
fn what_is_no_log_is_refused_and_so_is_an_input() {
    let captured = Captured::joins(1);
    let handler = Handler::glad();
    for (flag, file) in [("--resume", &captured.path), ("--log", &captured.path)] {
        let output =
            captured.command(&["--to", &handler.url, flag]).arg(file).output().expect("starts");
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read_to_string(&captured.path).expect("a file"), join(0) + "\n");
    let notes = captured.beside("notes.txt");
    for no_log in ["Things to do\n", "Things to do", "{}\n", "\n{\"delivery\":\"a.1\"}\n", "\0"] {
        fs::write(&notes, no_log).expect("a file");
        for flag in ["--log", "--resume"] {
            let output = captured
                .command(&["--to", &handler.url, flag])
                .arg(&notes)
                .output()
                .expect("starts");
            let told = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{told}");
            assert!(told.contains("notes.txt:") && told.contains("is no record"), "{told}");
            assert_eq!(fs::read_to_string(&notes).expect("a file"), no_log);
        }
    }
    for nowhere in ["/dev/zero", "/no/such/log"] {
        let output = captured.replay(&["--to", &handler.url, "--resume", nowhere]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("there is no such file"), "{told}");
    }
    assert_eq!(handler.connections(), 0, "it is refused before the first request");
    let full =
        captured.command(&["--to", &handler.url, "--log", "/dev/full"]).output().expect("starts");
    assert_eq!(full.status.code(), Some(2));
}

#[test]
#[cfg(unix)]
fn a_log_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let captured = Captured::joins(1);
    let handler = Handler::glad();
    let log = captured.beside("log");
    let mode = || fs::metadata(&log).expect("a log").permissions().mode() & 0o7777;
    let replay = |flag: &str| {
        let output =
            captured.command(&["--to", &handler.url, flag]).arg(&log).output().expect("starts");
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    };
    replay("--log");
    assert_eq!((mode(), records(&log).len()), (0o600, 1));
    for flag in ["--log", "--resume"] {
        fs::set_permissions(&log, PermissionsExt::from_mode(0o644)).expect("our own file");
        replay(flag);
        assert_eq!(mode(), 0o600, "{flag}");
    }
    assert_eq!(records(&log).len(), 2);
}

#[test]
#[cfg(unix)]
fn whoever_interrupts_it_gets_a_report_and_can_go_on() {
    let captured = Captured::joins(40);
    let log = captured.beside("log");
    let handler = Handler::new(|_, _| Act::Stall(Duration::from_millis(50)));
    let mut command = captured.command(&["--to", &handler.url, "--speed", "max", "--log"]);
    let mut child = command.arg(&log).stderr(Stdio::piped()).spawn().expect("starts");
    let mut told = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    told.next().expect("a line").expect("it says what it sends");
    for _ in 0..1000 {
        if handler.requests().len() >= 5 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    Command::new("kill").args(["-s", "INT", &pid]).status().expect("kill runs");
    let summary: String = told.map_while(Result::ok).collect();
    assert_eq!(child.wait().expect("an end").code(), Some(130), "{summary}");
    assert!(summary.contains("not sent"), "{summary}");
    let before = handler.bodies().len();
    assert!((5..40).contains(&before), "{before}");
    assert_eq!(records(&log).len(), before);
    let rest = Handler::glad();
    captured
        .command(&["--to", &rest.url, "--speed", "max", "--resume"])
        .arg(&log)
        .status()
        .expect("starts");
    let all: Vec<Vec<u8>> = handler.bodies().into_iter().chain(rest.bodies()).collect();
    assert_eq!(all, (0..40).map(|nth| join(nth).into_bytes()).collect::<Vec<_>>());
}
