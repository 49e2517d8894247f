//! A disk that is full: 507, never 200, and on again when there is room.

use super::*;

#[test]
#[cfg(target_os = "linux")]
fn a_device_that_takes_nothing_is_answered_507() {
    let folder = TempDir::new().expect("a folder");
    let listening = Listening::start_in(folder, &["--out", "/dev/full"]);
    for _ in 0..2 {
        assert_eq!(listening.post(WEBHOOK.as_bytes()), 507);
        assert!(listening.said(" 507 ").contains("the capture cannot be written: No space left"));
    }
    let ended = listening.end();
    assert!(ended.summary().ends_with("; 0 bodies captured, 2 refused (2 × 507)"));
}

#[test]
fn a_file_that_may_not_grow_keeps_what_it_has_and_takes_what_fits() {
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new("sh");
    // Blocks of 512 bytes, or of 1024.
    let script = "ulimit -f 16; exec \"$0\" listen --bind 0 --out capture --sync --events";
    command.args(["-c", script, env!("CARGO_BIN_EXE_callscope")]);
    let listening = Listening::run(folder, command);
    let long = format!("\"{}\"", "a".repeat(20_000));
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    assert_eq!(listening.post(long.as_bytes()), 507);
    assert!(listening.said(" 507 ").contains("cannot be written"));
    // There is room for a short one still, until there is none.
    let statuses: Vec<u16> = (0..100).map(|at| listening.post(&webhook(at))).collect();
    let taken = statuses.iter().filter(|status| **status == 200).count();
    assert!(statuses[0] == 200 && statuses[99] == 507, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 507].contains(status)), "{statuses:?}");
    // And again when somebody has made some.
    let capture = fs::File::options().write(true).open(listening.file("capture"));
    capture.and_then(|file| file.set_len(0)).expect("a disk");
    assert_eq!(listening.post(long.as_bytes()), 507);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 200);
    let ended = listening.end();
    assert!(ended.summary().contains(&format!("{} bodies captured", taken + 2)));
    assert_eq!(ended.capture().len(), 1);
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn a_disk_that_has_room_again_is_written_to_again() {
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new("sh");
    let script = "ulimit -S -f 1; exec \"$0\" listen --bind 0 --out capture";
    command.args(["-c", script, env!("CARGO_BIN_EXE_callscope")]);
    let listening = Listening::run(folder, command);
    let statuses: Vec<u16> = (0..6).map(|at| listening.post(&webhook(at))).collect();
    assert!(statuses[0] == 200 && statuses[5] == 507, "{statuses:?}");
    let taken = statuses.iter().filter(|status| **status == 200).count();
    let pid = listening.child.id().to_string();
    let raised = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
    if !raised.is_ok_and(|status| status.success()) {
        return;
    }
    assert_eq!(listening.post(&webhook(6)), 200);
    let ended = listening.end();
    assert_eq!(ended.capture().len(), taken + 1);
}
