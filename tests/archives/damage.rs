//! Damaged archives: everything before the damage is used, and one finding says what is left.

use std::fmt::Write as _;

use flate2::{Compression, GzBuilder};
use serde_json::Value;

use super::set::{COUNT, Shelf, archives};
use super::{findings, gzip, printed, run, zstd};

/// So many webhooks, one to a line, none like another.
fn webhooks(count: usize) -> Vec<u8> {
    let mut text = String::new();
    for nth in 0..count {
        let session = format!("standup-{:x}", nth * 2_654_435_761 % 1_000_003);
        writeln!(
            text,
            "{{\"trigger\":\"meeting_started\",\"data\":{{\"created_at\":{},\"sessionId\":\"{session}\"}},\
             \"appId\":\"77d0c1\",\"region\":\"eu\",\"webhook\":\"hook-9\",\"type\":\"meet\"}}",
            1_771_400_000 + nth
        )
        .expect("memory");
    }
    text.into_bytes()
}

fn checked_zstd(text: &[u8]) -> Vec<u8> {
    super::set::zstd(text)
}

/// The findings as rule and message, and how many webhooks there are.
fn read(packed: &[u8]) -> (Vec<(String, String)>, usize) {
    let found = findings(packed, &["--allow-empty"]);
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let found = found.iter().map(|one| (word(one, "rule"), word(one, "message"))).collect();
    let events = run(&["events", "-q", "--format", "ndjson"], packed, false).stdout;
    (found, String::from_utf8_lossy(&events).lines().count())
}

fn j002(message: &str) -> (String, String) {
    ("J002".to_owned(), message.to_owned())
}

#[test]
fn of_two_members_the_first_is_used_and_of_the_second_all_before_its_damage() {
    let (first, second) = (webhooks(300), gzip(&webhooks(4000)));
    for cut in [1, 3, 12, 15] {
        let (found, events) = read(&[&gzip(&first), &second[..cut]].concat());
        // What begins with one byte is not known for a member.
        let due = match cut {
            1 => {
                "the gzip data is damaged here: other bytes follow behind the packed data; \
                  1 byte is left"
            }
            _ => "the gzip data is cut here: it ends inside a member; 0 bytes are left",
        };
        assert_eq!((found, events), (vec![j002(due)], 300), "{cut}");
    }
    let mut packed = [gzip(&first), second.clone()].concat();
    let method = gzip(&first).len() + 2;
    packed[method] ^= 1;
    let (found, events) = read(&packed);
    let due =
        format!("the gzip data is damaged here: it is not valid; {} bytes are left", second.len());
    assert_eq!((found, events), (vec![j002(&due)], 300));
}

#[test]
fn a_wrong_checksum_or_length_at_the_end_costs_nothing_but_what_follows() {
    let (text, next) = (webhooks(500), webhooks(7));
    for (pack, trailer, packing) in
        [(gzip as fn(&[u8]) -> Vec<u8>, 8, "gzip"), (checked_zstd, 4, "zstd")]
    {
        let whole = pack(&text);
        for at in [whole.len() - trailer, whole.len() - 1] {
            let mut wrong = whole.clone();
            wrong[at] ^= 4;
            let behind = pack(&next);
            let (found, events) = read(&[&wrong[..], &behind].concat());
            assert_eq!(events, 500, "{packing} {at}");
            let [(rule, message)] = &found[..] else {
                panic!("{packing} {at}: {found:?}");
            };
            assert_eq!(rule, "J002");
            assert!(message.starts_with(&format!("the {packing} data is damaged here: ")));
            let left = message.rsplit("; ").next().and_then(|end| end.split(' ').next());
            let left: usize = left.and_then(|left| left.parse().ok()).expect("a number");
            assert!((behind.len()..behind.len() + trailer).contains(&left), "{message}");
        }
    }
    let mut wrong = gzip(&text);
    let last = wrong.len() - 1;
    wrong[last] ^= 4;
    let due = "the gzip data is damaged here: its length is wrong; 0 bytes are left";
    assert_eq!(read(&wrong), (vec![j002(due)], 500));
}

#[test]
fn a_block_that_is_damaged_costs_no_block_before_it() {
    // 128 KiB are a block.
    let text = webhooks(3000);
    let whole =
        text[..text.len() / (128 << 10) * (128 << 10)].split(|byte| *byte == b'\n').count() - 1;
    let packed = checked_zstd(&text);
    let mut invalid = 0;
    for at in (packed.len() - 2500..packed.len() - 10).step_by(211) {
        let (found, events) = read(&packed[..at]);
        let due = "the zstd data is cut here: it ends inside a member; 0 bytes are left";
        assert_eq!((found, events), (vec![j002(due)], whole), "{at}");
        let mut changed = packed.clone();
        changed[at] ^= 0x20;
        let (found, events) = read(&changed);
        let Some((rule, message)) = found.last() else {
            panic!("{at}: no damage");
        };
        assert!(rule == "J002" && events >= whole, "{at}: {events} of {whole}, {message}");
        invalid += usize::from(!message.contains("checksum"));
    }
    assert!(whole > 1000 && invalid > 0, "{whole} {invalid}");
}

#[test]
fn zeros_between_members_and_behind_them_are_no_damage() {
    let (one, other) = (webhooks(20), webhooks(30));
    for pack in [gzip, zstd] {
        let padded = [pack(&one), vec![0; 600], pack(&other), vec![0; 70_000]].concat();
        assert_eq!(read(&padded), (vec![], 50));
    }
    let named = GzBuilder::new().filename("hooks.log").comment("padded").extra("x");
    let mut named = named.write(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut named, &one).expect("memory");
    let mixed = [named.finish().expect("memory"), zstd(&other)].concat();
    assert_eq!(read(&mixed), (vec![], 50), "a member may be of the other kind");
}

#[test]
fn other_bytes_behind_the_members_are_counted() {
    for (packing, packed) in [("gzip", gzip(&webhooks(9))), ("zstd", zstd(&webhooks(9)))] {
        let (found, events) = read(&[&packed[..], &[0; 5], b"{\"not\":\"packed\"}"].concat());
        let due = format!(
            "the {packing} data is damaged here: other bytes follow behind the packed data; \
             16 bytes are left"
        );
        assert_eq!((found, events), (vec![j002(&due)], 9));
    }
}

#[test]
fn an_archive_that_gives_no_webhook_before_its_cut_is_damaged_and_has_none() {
    let packed = &gzip(&webhooks(1))[..18];
    let found = findings(packed, &[]);
    let codes: Vec<_> = found.iter().map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(codes.len(), 2, "{found:?}");
    assert!(codes.contains(&Some("J002")) && codes.contains(&Some("J007")), "{found:?}");
    let output = run(&["calls", "--json"], packed, true);
    let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
    assert_eq!(document["summary"]["damaged"], 1);
    assert_eq!(printed(&["events", "-q", "--format", "ndjson"], packed, true), "");
}

#[test]
fn every_tenth_archive_of_the_set_is_the_same_for_all_threads_and_for_follow() {
    let (shelf, mut damaged) = (Shelf::new(), 0);
    for archive in archives((0..COUNT).step_by(COUNT / 50).map(|number| number + number / 10 % 5)) {
        damaged += usize::from(shelf.agreed(&archive).damage_at.is_some());
    }
    assert!(damaged > 40, "{damaged} of 50 are damaged");
}
