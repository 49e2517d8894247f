//! Files that change between their two readings: nothing is written, sent or shown that was not read
//! first, and whatever differs is counted.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What happens to a file after it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Every body is replaced by another of its length.
    Rewrite,
    Prepend,
    /// The second half is cut off.
    Truncate,
    /// The file is renamed, and another takes its name.
    Rotate,
    Grow,
    /// Two lines of one length change places.
    Swap,
}

const CHANGES: [Change; 6] = [
    Change::Rewrite,
    Change::Prepend,
    Change::Truncate,
    Change::Rotate,
    Change::Grow,
    Change::Swap,
];

/// A name that only changed bodies hold, as long as the one that it replaces.
const NAME: &str = "Noor Haddad";
const CHANGED_NAME: &str = "Zora Zzyzxa";

impl Change {
    fn apply(self, path: &Path) {
        let text = fs::read_to_string(path).expect("a capture");
        let other =
            text.replace(NAME, CHANGED_NAME).replace("\"region\":\"us\"", "\"region\":\"eu\"");
        match self {
            Self::Rewrite => write_in_place(path, &other),
            Self::Prepend => write_in_place(path, &format!("{{}}\n{text}")),
            Self::Truncate => {
                let file = File::options().write(true).open(path).expect("a capture");
                file.set_len(text.len() as u64 / 2).expect("a disk");
            }
            Self::Rotate => {
                fs::rename(path, path.with_extension("1")).expect("a disk");
                fs::write(path, other).expect("a disk");
            }
            Self::Grow => {
                let mut file = File::options().append(true).open(path).expect("a capture");
                file.write_all(other.as_bytes()).expect("a disk");
            }
            Self::Swap => {
                let mut lines: Vec<&str> = text.lines().collect();
                let (one, two) = equal_lines(&lines);
                lines.swap(one, two);
                write_in_place(path, &(lines.join("\n") + "\n"));
            }
        }
    }

    /// The bodies of `lines` that are still where they were.
    fn unchanged<'l>(self, lines: &[&'l str]) -> Vec<&'l str> {
        let (one, two) = equal_lines(lines);
        let half = lines.iter().map(|line| line.len() + 1).sum::<usize>() / 2;
        let mut end = 0;
        let mut unchanged = Vec::new();
        for (nth, line) in lines.iter().enumerate() {
            end += line.len() + 1;
            let is_same = match self {
                Self::Rewrite | Self::Prepend => false,
                Self::Truncate => end <= half + 1,
                Self::Rotate | Self::Grow => true,
                Self::Swap => nth != one && nth != two,
            };
            if is_same {
                unchanged.push(*line);
            }
        }
        unchanged
    }
}

/// The first two different lines of one length.
fn equal_lines(lines: &[&str]) -> (usize, usize) {
    let mut pairs =
        (0..lines.len()).flat_map(|one| (one + 1..lines.len()).map(move |two| (one, two)));
    let is_pair = |(one, two): &(usize, usize)| {
        lines[*one].len() == lines[*two].len() && lines[*one] != lines[*two]
    };
    pairs.find(is_pair).expect("two lines of one length")
}

/// The same file with another text.
fn write_in_place(path: &Path, text: &str) {
    let file = File::options().write(true).truncate(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).expect("a disk");
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a disk");
        path
    }

    /// Runs a verb on `capture` and a pipe, changes `capture` after it was read, and then sends
    /// `piped` through the pipe.
    fn run(&self, verb: &[&str], capture: &Path, change: Change, piped: &str) -> Output {
        let pipe = self.path("pipe");
        let _ = fs::remove_file(&pipe);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        let child = start(verb, &[capture, &pipe]);
        // The program opens the pipe only after it has read the file.
        let mut sender = File::options().write(true).open(&pipe).expect("a pipe");
        change.apply(capture);
        sender.write_all(piped.as_bytes()).expect("a reader");
        drop(sender);
        child.wait_with_output().expect("an end")
    }
}

fn start(verb: &[&str], inputs: &[&Path]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command.args(verb).args(inputs).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("callscope starts")
}

fn run(verb: &[&str], input: &Path) -> Output {
    start(verb, &[input]).wait_with_output().expect("an end")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn joined(second: u32, name: &str) -> String {
    format!(
        r#"{{"trigger":"call_participant_joined","type":"call","appId":"2f9c1d7e40b85a36","region":"us","webhook":"hook-1","data":{{"sessionId":"v1.us.2f9c1d7e40b85a36.17700000003c41d09a8be27f5610d4c8b3a9f0e6d27b518c4d","occupant":{{"joined_at":{},"audio_call":"maybe","name":"{name}"}}}}}}"#,
        1_770_000_100 + second
    )
}

/// Joins with a finding each; some of one length.
fn capture() -> String {
    let names = ["Noor Haddad", "Ida Berg", "Noor Haddad", "Jo", "Mateus Oliveira"];
    let bodies = (0..40).map(|nth| joined(nth, names[nth as usize % names.len()]) + "\n");
    bodies.collect()
}

fn last_body() -> String {
    joined(900, "Lin Wei")
}

fn warned(output: &Output) -> usize {
    text(&output.stderr).matches("changed since it was read").count()
}

fn summary(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a summary")).expect("JSON")
}

#[test]
fn replay_sends_no_body_that_changed() {
    for change in CHANGES {
        let folder = Folder::new();
        let original = capture();
        let lines: Vec<&str> = original.lines().collect();
        let file = folder.file("log.ndjson", &original);
        let verb = ["replay", "--to", "-", "--speed", "max"];
        let output = folder.run(&verb, &file, change, &last_body());
        let mut expected = change.unchanged(&lines);
        let last = last_body();
        expected.push(&last);
        assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), expected, "{change:?}");
        let changed = lines.len() + 1 - expected.len();
        assert_eq!(warned(&output), changed.min(10), "{change:?}: {}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(if changed > 0 { 2 } else { 0 }), "{change:?}");
        if changed > 10 {
            let more = format!("{} more places changed since they were read", changed - 10);
            assert!(text(&output.stderr).contains(&more), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn redact_writes_no_body_that_changed() {
    for change in CHANGES {
        let folder = Folder::new();
        let original = capture();
        let lines: Vec<&str> = original.lines().collect();
        let key = folder.file("key", "a key that is long enough for the tests");
        let key = key.to_str().expect("UTF-8");
        let figures = folder.path("figures.json");
        let verb =
            ["redact", "-q", "--key-file", key, "--summary", figures.to_str().expect("UTF-8")];
        let file = folder.file("log.ndjson", &original);
        let output = folder.run(&verb, &file, change, &last_body());
        let expected = [&*change.unchanged(&lines).join("\n"), &last_body(), ""].join("\n");
        let expected_file = folder.file("expected.ndjson", expected.trim_start());
        let expected = run(&["redact", "-q", "--key-file", key], &expected_file);
        assert_eq!(text(&output.stdout), text(&expected.stdout), "{change:?}");
        let changed = lines.len() - change.unchanged(&lines).len();
        assert_eq!(summary(&figures)["changed"], changed, "{change:?}");
        assert_eq!(output.status.code(), Some(if changed > 0 { 2 } else { 0 }), "{change:?}");
    }
}

#[test]
fn redact_writes_nothing_that_changed_while_it_was_writing() {
    let folder = Folder::new();
    let original = capture().repeat(400);
    let file = folder.file("log.ndjson", &original);
    let key = folder.file("key", "a key that is long enough for the tests");
    let key = key.to_str().expect("UTF-8");
    let whole = run(&["redact", "-q", "--key-file", key], &file);
    let whole: Vec<&str> = text(&whole.stdout).lines().collect();
    let figures = folder.path("figures.json");
    let verb = ["redact", "-q", "--key-file", key, "--summary", figures.to_str().expect("UTF-8")];
    let mut child = start(&verb, &[&file]);
    let mut out = child.stdout.take().expect("a pipe");
    let mut first = [0; 1];
    // It writes: all was read once. What it still has to write does not fit into the pipe.
    out.read_exact(&mut first).expect("a first byte");
    Change::Rewrite.apply(&file);
    let mut rest = String::from_utf8(first.to_vec()).expect("UTF-8");
    out.read_to_string(&mut rest).expect("UTF-8");
    let status = child.wait().expect("an end");
    let written: Vec<&str> = rest.lines().collect();
    assert_eq!(written, whole[..written.len()], "what was read first, or nothing");
    assert_eq!(summary(&figures)["changed"], whole.len() - written.len());
    assert!(written.len() < whole.len(), "the file changed too late");
    assert_eq!(status.code(), Some(2));
}

#[test]
fn check_shows_nothing_of_a_body_that_changed() {
    for change in CHANGES {
        for format in ["text", "json", "github", "sarif", "gitlab"] {
            let folder = Folder::new();
            let original = capture();
            let file = folder.file("log.ndjson", &original);
            let verb = ["check", "--format", format];
            let output = folder.run(&verb, &file, change, &last_body());
            let shown = text(&output.stdout);
            assert!(
                !shown.contains(CHANGED_NAME) && !shown.contains("\"eu\""),
                "{change:?} {format}: {shown}"
            );
            let is_whole = matches!(change, Change::Rotate | Change::Grow);
            if is_whole {
                assert_eq!(warned(&output), 0, "{change:?} {format}: {}", text(&output.stderr));
            } else if format != "json" {
                assert!(warned(&output) > 0, "{change:?} {format}: {}", text(&output.stderr));
                assert_eq!(output.status.code(), Some(2), "{change:?} {format}");
            }
        }
    }
}

#[test]
fn a_finding_of_a_body_that_changed_stands_at_its_beginning() {
    let folder = Folder::new();
    let file = folder.file("log.ndjson", &format!("{}\n", joined(0, NAME)));
    let report = folder.path("report.json");
    let sarif = format!("sarif={}", folder.path("report.sarif").display());
    let json = format!("json={}", report.display());
    let verb = ["check", "--select", "S003", "--format", &sarif, "--format", &json];
    let output = folder.run(&verb, &file, Change::Rewrite, &last_body());
    let report = summary(&report);
    let finding = &report["findings"][0];
    assert_eq!((&finding["col"], &finding["pointer"]), (&Value::from(1), &Value::Null));
    assert!(finding["message"].as_str().is_some_and(|message| message.contains("maybe")));
    assert_eq!(report["summary"]["changed"], 1, "{}", text(&output.stderr));
}

#[test]
fn text_without_a_webhook_is_shown_only_if_it_is_what_was_read() {
    for change in CHANGES {
        let folder = Folder::new();
        let damage =
            format!("{{\"who\":\"{NAME}\",\"a\" 1}}\n{}\n{}\n", joined(1, "Jo"), joined(2, "Al"));
        let file = folder.file("log.ndjson", &damage);
        let output = folder.run(&["check", "--select", "J"], &file, change, &last_body());
        let shown = text(&output.stdout);
        assert!(shown.contains("J001") && !shown.contains(CHANGED_NAME), "{change:?}: {shown}");
        let is_same = matches!(change, Change::Rotate | Change::Grow);
        assert_eq!(shown.contains(NAME), is_same, "{change:?}: {shown}");
        assert_eq!(output.status.code(), Some(if is_same { 1 } else { 2 }), "{change:?}");
    }
}

#[test]
fn diff_compares_no_body_that_changed() {
    for change in CHANGES {
        let folder = Folder::new();
        let file = folder.file("a.ndjson", &capture());
        let other = capture().replace("\"us\"", "\"in\"");
        let output = folder.run(&["diff"], &file, change, &other);
        let shown = text(&output.stdout);
        assert!(!shown.contains("\"eu\"") && !shown.contains(CHANGED_NAME), "{change:?}: {shown}");
        let is_same = matches!(change, Change::Rotate | Change::Grow);
        assert_eq!(output.status.code(), Some(if is_same { 1 } else { 2 }), "{change:?}: {shown}");
        assert_eq!(warned(&output) == 0, is_same, "{change:?}");
    }
}

#[test]
fn a_tie_that_needs_a_changed_body_goes_to_the_earlier() {
    let folder = Folder::new();
    // The second has the smaller body, by its region.
    let (one, two) = (joined(1, NAME), joined(1, NAME).replace("\"us\"", "\"in\""));
    let text_of = |output: &Output| {
        let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        rows["events"][0]["region"].clone()
    };
    let verb = ["events", "--distinct", "--json", "-t", "call_participant_joined"];
    let file = folder.file("log.ndjson", &format!("{one}\n{two}\n"));
    assert_eq!(text_of(&run(&verb, &file)), "in");
    let output = folder.run(&verb, &file, Change::Prepend, &last_body());
    assert_eq!((text_of(&output), output.status.code()), ("us".into(), Some(2)));
}

#[test]
fn a_file_beyond_those_kept_open_is_opened_again_only_if_it_is_the_same() {
    let folder = Folder::new();
    let bodies = |nth: u32| format!("{}\n", joined(nth, NAME));
    let paths: Vec<PathBuf> =
        (0..300).map(|nth| folder.file(&format!("{nth:03}.ndjson"), &bodies(nth))).collect();
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let mut inputs: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    inputs.push(&pipe);
    let child = start(&["replay", "--to", "-", "--speed", "max"], &inputs);
    let mut sender = File::options().write(true).open(&pipe).expect("a pipe");
    // The first files are closed by now.
    fs::remove_file(&paths[0]).expect("a disk");
    fs::write(folder.path("new"), bodies(1)).expect("a disk");
    fs::rename(folder.path("new"), &paths[1]).expect("a disk");
    Change::Grow.apply(&paths[2]);
    sender.write_all(last_body().as_bytes()).expect("a reader");
    drop(sender);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(text(&output.stdout).lines().count(), 299, "{}", text(&output.stderr));
    assert_eq!(warned(&output), 2, "{}", text(&output.stderr));
}
