//! A file that is written to, rotated and cut.

use std::fs::{self, File};
use std::path::Path;

use super::*;

fn append(path: &Path, webhook: &Value) {
    let mut file = File::options().append(true).create(true).open(path).expect("opens");
    writeln!(file, "{webhook}").expect("writes");
}

#[test]
fn a_file_is_waited_for_rotated_and_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("app.log");
    let follow = Following::start(&["--events", "-F", path.to_str().expect("UTF-8")]);
    assert!(follow.is_silent(300));
    append(&path, &started("one", 0));
    assert_eq!(follow.row()["session_id"], "one");
    append(&path, &started("two", 1));
    assert_eq!(follow.row()["line"], 2);
    let old = folder.path().join("app.log.1");
    fs::rename(&path, &old).expect("renames");
    append(&old, &started("three", 2));
    assert_eq!(follow.row()["line"], 3, "its writer still has the old file");
    append(&path, &started("four", 3));
    let row = follow.row();
    assert_eq!((&row["session_id"], &row["line"]), (&json!("four"), &json!(1)));
    // As `copytruncate` does.
    File::create(&path).expect("cuts");
    thread::sleep(Duration::from_millis(500));
    append(&path, &started("five", 4));
    let row = follow.row();
    assert_eq!((&row["session_id"], &row["line"]), (&json!("five"), &json!(1)));
    follow.signal("TERM");
    let ended = follow.wait();
    assert!(ended.status.success());
    assert!(ended.told.contains("is not there yet; waiting for it"), "{}", ended.told);
    assert!(ended.told.contains("5 calls from 5 events"), "{}", ended.told);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let follow = Following::start(&["-F", folder.path().to_str().expect("UTF-8")]);
    let ended = follow.wait();
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.told.contains("it is a folder"), "{}", ended.told);
}
