//! The whole set of damaged archives, against other programs that unpack too.

#[path = "../archives/set.rs"]
mod set;

use std::fs::File;
use std::process::{Command, Stdio};

use set::{Archive, COUNT, Shelf, archives};

#[test]
fn every_archive_of_the_set_is_the_same_for_all_threads_and_for_follow() {
    let (shelf, mut damaged) = (Shelf::new(), 0);
    for archive in archives(0..COUNT) {
        damaged += usize::from(shelf.agreed(&archive).damage_at.is_some());
    }
    assert!(damaged > COUNT * 9 / 10, "{damaged} of {COUNT} are damaged");
}

#[test]
fn of_every_archive_at_least_that_is_used_which_gzip_and_zstd_unpack() {
    let (shelf, other) = (Shelf::new(), Shelf::new());
    for archive in archives(0..COUNT) {
        compare(&shelf, &other, &archive);
    }
}

fn compare(shelf: &Shelf, other: &Shelf, Archive { bytes, title }: &Archive) {
    let program = if title.contains("Zstandard") { "zstd" } else { "gzip" };
    shelf.put(bytes);
    let mut command = Command::new(program);
    command.arg("-dcq").stdin(File::open(&shelf.path).expect("the file")).stderr(Stdio::null());
    let Ok(output) = command.output() else {
        println!("skipped, because {program} is not installed: {title}");
        return;
    };
    let (found, events) = (shelf.read(1), shelf.events());
    let (length, damage_at) = (output.stdout.len() as u64, found.damage_at);
    assert!(
        damage_at.is_none_or(|at| at >= length),
        "{title}: {program} unpacks {length} bytes, not {damage_at:?}"
    );
    // From a damaged table each version of Zstandard decodes other bytes, as many of them.
    let is_wrong_text =
        found.findings.iter().any(|finding| finding.text.contains("checksum is wrong"));
    if program == "zstd" && is_wrong_text {
        return;
    }
    other.put(&output.stdout);
    assert!(events.starts_with(&other.events()), "{title}: a webhook is missing or elsewhere");
}
