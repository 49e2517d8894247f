//! What was captured, replayed and captured again.

use super::*;

/// Samples in which no event comes with two contents: which of them counts is decided by arrival.
fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|end| end == "ndjson" || end == "json"))
        .filter(|file| !file.ends_with("duplicates.ndjson"))
        .collect();
    files.sort();
    files
}

/// Replays to somebody who listens, and ends them.
fn captured(listening: Listening, inputs: &[PathBuf], args: &[&str]) -> Ended {
    let to = format!("http://{}/hooks", listening.address);
    let mut replay = Command::new(env!("CARGO_BIN_EXE_callscope"));
    replay.args(["replay", "--to", &to, "--speed", "max", "--no-config"]).args(args).args(inputs);
    let output = replay.env_remove("CALLSCOPE_AUTH").output().expect("starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    listening.end()
}

fn bodies(ended: &Ended) -> Vec<String> {
    let body = |record: Value| record["body"].as_str().expect("a body").to_owned();
    ended.capture().into_iter().map(body).collect()
}

/// The calls of a capture but for how often their webhooks came.
fn calls(ended: &Ended) -> Vec<Value> {
    let printed = ended.callscope(&["calls", "--no-config", "--format", "ndjson", "capture"]);
    let printed = String::from_utf8(printed).expect("UTF-8");
    let row = |line: &str| {
        let mut row: Value = serde_json::from_str(line).expect("a row");
        row["delivery_count"].take();
        row
    };
    printed.lines().map(row).collect()
}

#[test]
fn what_is_replayed_is_captured_byte_for_byte_and_tells_the_same_calls() {
    let first = captured(Listening::start(&[]), &samples(), &[]);
    let again = [first.folder.path().join("capture")];
    let second = captured(Listening::start(&["--sync"]), &again, &[]);
    assert_eq!(bodies(&first), bodies(&second));
    let (first, second) = (calls(&first), calls(&second));
    assert!(first.len() > 12, "{}", first.len());
    assert_eq!(first, second);
}

#[test]
fn faults_on_the_way_change_no_call() {
    let first = captured(Listening::start(&[]), &samples(), &[]);
    let again = [first.folder.path().join("capture")];
    let faults = ["--duplicate", "30%", "--shuffle", "30s", "--delay", "0s..300ms"];
    let faults = [&faults[..], &["--concurrency", "8", "--seed", "5"]].concat();
    let second = captured(Listening::start(&[]), &again, &faults);
    assert!(bodies(&second).len() > bodies(&first).len());
    assert_ne!(bodies(&second)[..20], bodies(&first)[..20]);
    assert_eq!(calls(&first), calls(&second));
}

#[test]
fn whoever_has_the_password_may_replay_to_it() {
    let folder = TempDir::new().expect("a folder");
    let auth = folder.path().join("auth");
    fs::write(&auth, "ana:secret\n").expect("a file");
    let auth = auth.to_str().expect("UTF-8").to_owned();
    let listening = Listening::start_in(folder, &["--out", "capture", "--auth-file", "auth"]);
    let ended = captured(listening, &samples(), &["--auth-file", &auth]);
    assert!(ended.capture().len() > 100);
    let kept = fs::read_to_string(ended.folder.path().join("capture")).expect("a capture");
    assert!(!kept.contains("YW5hOnNlY3JldA") && !kept.contains("authorization"));
}
