//! A file that is moved or deleted while it is written to.

use super::crowd::{captured, send_all};
use super::*;

#[test]
fn what_comes_after_a_file_was_moved_or_deleted_is_in_the_file_that_has_the_name_now() {
    let listening = Listening::start(&["--json", "--events", "--sync"]);
    let [path, moved] = ["capture", "moved"].map(|name| listening.file(name));
    assert_eq!((listening.post(&webhook(1)), listening.post(&webhook(2))), (200, 200));
    fs::rename(&path, &moved).expect("a disk");
    fs::write(&path, "an older line\n").expect("a disk");
    assert_eq!(listening.post(&webhook(3)), 200);
    assert!(listening.said("moved or deleted").contains("opened anew"));
    fs::remove_file(&path).expect("a disk");
    assert_eq!(listening.post(&webhook(4)), 200);
    let ended = listening.end();
    assert_eq!(captured(&records(&moved)), [1, 2].into());
    assert_eq!(captured(&ended.capture()), [4].into());
    // Rows name the lines of the file that had the name.
    let rows = ended.printed.lines().map(|row| serde_json::from_str(row).expect("JSON"));
    let lines: Vec<Value> = rows.map(|row: Value| row["line"].clone()).collect();
    assert_eq!(lines, [1, 2, 2, 1]);
    assert!(ended.summary().contains("; 4 bodies captured"), "{}", ended.summary());
}

#[test]
fn nothing_that_was_answered_is_lost_while_a_file_is_moved_again_and_again() {
    let listening = Listening::start(&[]);
    let path = listening.file("capture");
    let rotation = thread::spawn(move || {
        let moved: Vec<PathBuf> = (0..40).map(|at| path.with_extension(at.to_string())).collect();
        for to in &moved {
            thread::sleep(Duration::from_millis(5));
            // It may not be there yet.
            let _ = fs::rename(&path, to);
        }
        moved
    });
    let answered = send_all(&listening.address, 10, 300);
    assert_eq!(answered.len(), 3000);
    let moved = rotation.join().expect("a thread");
    let ended = listening.end();
    let files = moved.iter().map(PathBuf::as_path).filter(|path| path.exists());
    let mut all: Vec<Value> = files.flat_map(records).collect();
    let path = ended.folder.path().join("capture");
    all.extend(if path.exists() { records(&path) } else { Vec::new() });
    assert_eq!((all.len(), captured(&all)), (3000, answered));
}

#[test]
fn a_name_that_cannot_be_opened_anew_is_answered_507_until_it_can() {
    let folder = TempDir::new().expect("a folder");
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).expect("a disk");
    let listening = Listening::start_in(folder, &["--out", "inner/capture"]);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    fs::rename(&inner, listening.file("elsewhere")).expect("a disk");
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 507);
    let said = listening.said(" 507 ");
    assert!(said.contains("moved or deleted") && said.contains("No such file"), "{said}");
    fs::create_dir(&inner).expect("a disk");
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    assert_eq!(records(&inner.join("capture")).len(), 1);
    listening.end();
}

#[test]
fn a_hangup_opens_the_name_anew_and_ends_a_run_without_a_file() {
    let listening = Listening::start(&[]);
    let path = listening.file("capture");
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    fs::rename(&path, listening.file("moved")).expect("a disk");
    listening.signal("HUP");
    // Before anything more comes.
    listening.said("opened anew");
    assert!(path.exists());
    // Of a file that is where it was there is nothing to be done.
    listening.signal("HUP");
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    let ended = listening.end();
    assert_eq!((ended.capture().len(), ended.status.code()), (1, Some(0)));

    let listening = Listening::start_in(TempDir::new().expect("a folder"), &[]);
    listening.signal("HUP");
    assert_eq!(listening.wait().status.code(), Some(0));
}
