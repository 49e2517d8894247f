//! What is refused, and how a run ends.

use std::process::{Command, Stdio};

use crate::program::{run, text};

#[track_caller]
fn refused(words: &str, because: &str) {
    let output = run(words.split_whitespace());
    let told = text(output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(told.contains(because), "{words}: {told}");
    assert!(output.stdout.is_empty(), "{words}");
}

#[test]
fn what_cannot_be_made_is_refused() {
    refused("generate --mix ended=0", "one weight at least must be above 0");
    refused("generate --mix rejcted=1", "did you mean `rejected`?");
    refused("generate --participants 6..2", "expected numbers of people");
    refused("generate --faults drops=1%", "did you mean `drop`?");
    refused("generate --faults drop=2", "expected a share");
    refused("generate --carrier stone", "invalid value");
    refused("generate --start 2100-12-31", "between the years 2015 and 2100");
    refused("generate --start 1999-12-31", "between the years 2015 and 2100");
    refused("generate --calls 18446744073709551615", "between the years 2015 and 2100");
    refused("generate -o same --truth ./same", "would be one file");
    refused("generate --truth nowhere/truth", "there is no folder nowhere");
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly_and_without_a_truth() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let truth = folder.path().join("truth");
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["generate", "--calls", "100000000", "--truth"])
        .arg(&truth)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("callscope starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{}", text(output.stderr));
    assert_eq!(text(output.stderr), "");
    assert!(!truth.exists());
}
