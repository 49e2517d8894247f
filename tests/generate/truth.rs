//! Without faults, or with such as lose nothing, `calls` prints the truth.

use crate::program::{assert_same, generate, told};

const CARRIERS: [&str; 6] = ["plain", "receiver", "webhook-site", "lambda", "docker", "log"];

#[track_caller]
fn comes_out(words: &str) {
    let made = generate(words);
    assert_same(&made.calls(), &made.truth, words);
}

#[test]
fn calls_print_the_truth_whatever_becomes_of_them() {
    for (seed, mix) in [
        "ended=1",
        "rejected=1,busy=1",
        "cancelled=1,unanswered=1",
        "group=1",
        "meeting=1",
        "ended=60,rejected=10,busy=5,cancelled=10,unanswered=10,group=10,meeting=15",
    ]
    .into_iter()
    .enumerate()
    {
        comes_out(&format!("--calls 400 --seed {seed} --mix {mix}"));
    }
}

#[test]
fn calls_print_the_truth_in_every_carrier_and_with_every_fault_that_loses_nothing() {
    for carrier in CARRIERS {
        comes_out(&format!("--calls 300 --seed 21 --carrier {carrier}"));
        for faults in ["duplicate=20%", "copy=20%", "shuffle=30s", "strip-entities"] {
            comes_out(&format!("--calls 150 --seed 22 --carrier {carrier} --faults {faults}"));
        }
        let all = "duplicate=100%,copy=100%,shuffle=2h,strip-entities";
        comes_out(&format!("--calls 150 --seed 23 --carrier {carrier} --faults {all}"));
    }
}

#[test]
fn a_shuffle_that_makes_webhooks_late_is_told_where_the_carrier_tells_the_time() {
    let words = "--calls 300 --seed 31 --carrier log --faults shuffle=70s";
    let made = generate(words);
    assert_same(&made.calls(), &made.truth, words);
    let late = made.truth.lines().filter(|row| row.contains(r#""rules":["D001"]"#)).count();
    assert!((1..300).contains(&late), "{late}");
}

#[test]
fn crowds_that_come_and_go_and_are_recorded_come_out() {
    let habits = "--recordings 100% --rejoin 100% --mix group=1,meeting=1";
    // Such a roster is more than one record of Docker's.
    comes_out(&format!("--calls 40 --seed 41 {habits} --participants 150..400 --carrier docker"));
    comes_out(&format!("--calls 200 --seed 42 {habits} --participants 1..3"));
}

#[test]
fn one_call_or_none_comes_out() {
    for carrier in CARRIERS {
        comes_out(&format!("--calls 1 --seed 51 --carrier {carrier}"));
        comes_out(&format!("--calls 0 --seed 51 --carrier {carrier}"));
    }
}

#[test]
fn the_truth_does_not_depend_on_order_or_files() {
    let made = generate("--calls 500 --seed 61 --faults duplicate=5%,copy=5%");
    let text = String::from_utf8(made.bytes()).expect("UTF-8");
    let mut lines: Vec<&str> = text.lines().collect();
    fastrand::Rng::with_seed(61).shuffle(&mut lines);
    let files: Vec<_> = (lines.chunks(700).enumerate())
        .map(|(at, lines)| made.file(&format!("{at}.ndjson"), lines))
        .collect();
    assert!(files.len() > 3, "{}", files.len());
    let printed = told(&["calls", "-q", "--format", "ndjson"], &files);
    assert_same(&printed, &made.truth, "shuffled over files");
}

#[test]
fn check_finds_nothing_of_warning_or_worse_and_every_field_documented() {
    for carrier in CARRIERS {
        let made = generate(&format!("--calls 400 --seed 71 --carrier {carrier}"));
        let families = "J,S,K,L,F,R,D";
        let check = ["check", "-q", "--format", "concise", "--select", families];
        let printed = told(&check, std::slice::from_ref(&made.capture));
        let bad: Vec<&str> = printed
            .lines()
            .filter(|line| !line.contains(" info[") || line.contains("[S"))
            .collect();
        assert!(bad.is_empty(), "{carrier}: {bad:?}");
    }
}
