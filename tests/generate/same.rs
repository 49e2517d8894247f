//! A seed decides everything, and each purpose of it alone.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Made, generate};

#[test]
fn a_seed_decides_every_byte() {
    for words in ["", "--carrier lambda", "--faults duplicate=9%,drop=9%,corrupt=9%,shuffle=9s"] {
        let made = |seed: u8| generate(&format!("--calls 120 --seed {seed} {words}"));
        let (one, again, other) = (made(1), made(1), made(2));
        assert_eq!((one.bytes(), &one.truth), (again.bytes(), &again.truth), "{words}");
        assert_ne!(one.bytes(), other.bytes(), "{words}");
    }
}

/// The truth without what faults change.
fn core(made: &Made) -> Vec<Value> {
    let mut rows = made.rows();
    for row in &mut rows {
        let row = row.as_object_mut().expect("an object");
        for changed in ["event_count", "delivery_count", "lost", "rules"] {
            row.remove(changed);
        }
    }
    rows
}

#[test]
fn faults_and_carriers_leave_the_calls_as_they_were() {
    let plain = generate("--calls 200 --seed 3");
    for words in [
        "--carrier docker",
        "--faults drop=20%,corrupt=10%",
        "--faults duplicate=20%,copy=10%,shuffle=5m --carrier log",
    ] {
        let made = generate(&format!("--calls 200 --seed 3 {words}"));
        assert_eq!(core(&made), core(&plain), "{words}");
    }
}

#[test]
fn more_calls_begin_with_the_same() {
    let (few, many) = (generate("--calls 50 --seed 4"), generate("--calls 500 --seed 4"));
    let first: Vec<&str> = many.truth.lines().take(50).collect();
    assert_eq!(few.truth.lines().collect::<Vec<_>>(), first);
}

#[test]
fn about_one_name_in_seven_is_not_ascii_and_the_mix_is_kept() {
    let rows = generate("--calls 4000 --seed 5").rows();
    let outcome = |word| rows.iter().filter(|row| row["outcome"] == word).count();
    assert!((240..600).contains(&outcome("rejected")), "{}", outcome("rejected"));
    assert!((90..300).contains(&outcome("busy")), "{}", outcome("busy"));
    let stays = rows.iter().filter_map(|row| row["stays"].as_array()).flatten();
    let names: Vec<&str> = stays.filter_map(|stay| stay["name"].as_str()).collect();
    let odd = names.iter().filter(|name| !name.is_ascii()).count();
    let share = odd * 100 / names.len();
    assert!((12..30).contains(&share), "{share} %");
}

#[test]
fn nothing_is_made_with_the_code_that_reads_captures() {
    let mut rooms = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generate")];
    while let Some(room) = rooms.pop() {
        for entry in room.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                rooms.push(path);
                continue;
            }
            let code = fs::read_to_string(&path).expect("a file");
            let others = code.replace("crate::generate::", "");
            assert!(!others.contains("crate::"), "{}", path.display());
        }
    }
}
