//! Faults by a seed, and bodies that are edited.

use super::handler::{Act, Handler};
use super::{Captured, join, text};

fn came(captured: &Captured, arguments: &[&str]) -> Vec<Vec<u8>> {
    let handler = Handler::new(|_, _| Act::Status(200));
    let output =
        captured.command(&["--to", &handler.url, "--speed", "max"]).args(arguments).output();
    assert_eq!(output.expect("starts").status.code(), Some(0));
    handler.bodies()
}

#[test]
fn a_seed_decides_what_goes_wrong() {
    let captured = Captured::joins(200);
    let faults = ["--duplicate", "10%", "--drop", "5%", "--shuffle", "5s"];
    let with = |seed: &str| came(&captured, &[&faults[..], &["--seed", seed]].concat());
    let once = with("7");
    assert_eq!(once, with("7"));
    assert_ne!(once, with("8"));
    let sent: Vec<Vec<u8>> = (0..200).map(|nth| join(nth).into_bytes()).collect();
    assert_ne!(once, sent);
    assert!(once.iter().all(|body| sent.contains(body)));
    assert!((190..230).contains(&once.len()), "{}", once.len());
}

#[test]
fn what_is_held_back_is_overtaken() {
    let captured = Captured::joins(30);
    let came = came(&captured, &["--delay", "0s..300ms", "--concurrency", "4"]);
    let sent: Vec<Vec<u8>> = (0..30).map(|nth| join(nth).into_bytes()).collect();
    assert_ne!(came, sent);
    assert!(came.len() == 30 && sent.iter().all(|body| came.contains(body)));
}

#[test]
fn what_is_dropped_is_counted() {
    let captured = Captured::joins(10);
    let handler = Handler::glad();
    let output = captured.replay(&["--to", &handler.url, "--drop", "100%"]);
    let told = text(&output.stderr);
    assert!(told.ends_with("; 0 bodies accepted, 10 dropped\n"), "{told}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn edits_are_made_where_they_fit_and_said() {
    let captured = Captured::joins(2);
    let handler = Handler::glad();
    let edits =
        ["--set", "/appId=staging", "--set", "/data/nowhere=1", "--rebase-to", "1771003600"];
    let output = captured.command(&["--to", &handler.url, "--speed", "max"]).args(edits).output();
    let told = text(&output.expect("starts").stderr);
    assert!(
        told.contains(
            "bodies are edited: /appId is set, /data/nowhere is set, times move by 3600 s"
        ),
        "{told}"
    );
    assert!(told.contains("2 bodies edited"), "{told}");
    let edited = |nth: u32| {
        let later = (1_771_003_600 + nth).to_string();
        let body = join(nth).replace(r#""appId":"5d1e""#, r#""appId":"staging""#);
        body.replace(&(1_771_000_000 + nth).to_string(), &later).into_bytes()
    };
    assert_eq!(handler.bodies(), [edited(0), edited(1)]);
}
