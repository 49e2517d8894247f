//! A packed file that is written to, damaged, rotated.

use std::fs::{self, File};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn gzip(webhooks: &[Value]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    for webhook in webhooks {
        writeln!(packed, "{webhook}").expect("memory");
    }
    packed.finish().expect("memory")
}

fn zstd(webhooks: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = webhooks.iter().map(Value::to_string).collect();
    ::zstd::encode_all((lines.join("\n") + "\n").as_bytes(), 3).expect("memory")
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = File::options().append(true).create(true).open(path).expect("opens");
    file.write_all(bytes).expect("writes");
}

fn follow(path: &Path) -> Following {
    Following::start(&["--events", "-F", path.to_str().expect("UTF-8")])
}

#[test]
fn a_member_that_is_not_whole_yet_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, pack) in [("one.gz", gzip as fn(&[Value]) -> Vec<u8>), ("one.zst", zstd)] {
        let path = folder.path().join(name);
        let member = pack(&[started("one", 0), started("two", 1)]);
        append(&path, &member[..member.len() / 2]);
        let follow = follow(&path);
        assert!(follow.is_silent(500), "{name}: it is not damaged yet");
        append(&path, &member[member.len() / 2..]);
        assert_eq!(
            (&follow.row()["session_id"], &follow.row()["line"]),
            (&json!("one"), &json!(2))
        );
        append(&path, &[&[0; 100], &pack(&[started("three", 2)])[..]].concat());
        assert_eq!(follow.row()["session_id"], "three", "{name}");
        follow.signal("TERM");
        let ended = follow.wait();
        assert_eq!(shorts(&ended.rows), Vec::<String>::new(), "{name}: nothing is damaged");
        assert!(
            ended.told.starts_with("3 calls from 3 events (3 webhooks in 1 source)\n"),
            "{name}: {}",
            ended.told
        );
    }
}

#[test]
fn a_member_that_is_not_whole_at_the_end_is_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, pack) in [("cut.gz", gzip as fn(&[Value]) -> Vec<u8>), ("cut.zst", zstd)] {
        let path = folder.path().join(name);
        let member = pack(&[started("two", 1)]);
        append(&path, &[&pack(&[started("one", 0)])[..], &member[..member.len() / 2]].concat());
        let follow = follow(&path);
        assert_eq!(follow.row()["session_id"], "one", "{name}");
        assert!(follow.is_silent(500), "{name}: it may go on");
        follow.signal("TERM");
        let ended = follow.wait();
        assert_eq!(shorts(&ended.rows), ["J002"], "{name}");
        let message = ended.rows[0]["message"].as_str().expect("a text");
        assert!(
            message.ends_with("is cut here: it ends inside a member; 0 bytes are left"),
            "{message}"
        );
        assert!(ended.told.contains("1 damaged place"), "{name}: {}", ended.told);
    }
}

#[test]
fn behind_damage_nothing_is_read_until_another_file_stands_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hooks.gz");
    let mut wrong = gzip(&[started("one", 0)]);
    let checksum = wrong.len() - 8;
    wrong[checksum] ^= 1;
    append(&path, &wrong);
    append(&path, &gzip(&[started("two", 1)]));
    let follow = follow(&path);
    assert_eq!(follow.row()["session_id"], "one");
    let finding = follow.row();
    assert_eq!(short(&finding), "J002", "it is told at once");
    let message = finding["message"].as_str().expect("a text");
    let second = gzip(&[started("two", 1)]).len();
    let left: usize = (message.split("; ").nth(1).and_then(|left| left.split(' ').next()))
        .and_then(|left| left.parse().ok())
        .expect("a number");
    assert!(
        message.contains("its checksum is wrong") && (second..second + 8).contains(&left),
        "{message}"
    );
    append(&path, &gzip(&[started("three", 2)]));
    assert!(follow.is_silent(500));
    fs::rename(&path, folder.path().join("hooks.1.gz")).expect("renames");
    append(&path, &gzip(&[started("four", 3)]));
    let row = follow.row();
    assert_eq!((&row["session_id"], &row["line"]), (&json!("four"), &json!(1)));
    follow.signal("TERM");
    let ended = follow.wait();
    assert!(ended.rows.is_empty());
    assert!(ended.told.contains("1 damaged place"), "{}", ended.told);
}
