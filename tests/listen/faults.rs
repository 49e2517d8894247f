//! Answers that are wrong on purpose: what came is captured all the same.

use super::*;

#[test]
fn a_status_is_answered_instead_of_200() {
    let listening = Listening::start(&["--respond", "503"]);
    assert_eq!(listening.post(WEBHOOK.as_bytes()), 503);
    let ended = listening.end();
    assert_eq!(ended.capture().len(), 1);
    let summary = "; 1 body captured, 1 answered 503 on purpose";
    assert!(ended.summary().ends_with(summary), "{}", ended.summary());
}

#[test]
fn a_share_fails_as_the_seed_decides() {
    let statuses = |seed: &str| -> Vec<u16> {
        let listening = Listening::start(&["--fail-rate", "30%", "--seed", seed, "--quiet"]);
        let statuses = (0..60).map(|at| listening.post(&webhook(at))).collect();
        assert_eq!(listening.end().capture().len(), 60);
        statuses
    };
    let first = statuses("7");
    let failed = first.iter().filter(|status| **status == 500).count();
    assert!((6..32).contains(&failed), "{failed}");
    assert!(first.iter().all(|status| [200, 500].contains(status)));
    assert_eq!(statuses("7"), first);
    assert_ne!(statuses("8"), first);
}

#[test]
fn an_answer_is_late_and_the_capture_is_not() {
    let listening = Listening::start(&["--delay", "1500ms"]);
    let begun = Instant::now();
    let mut stream = listening.connect();
    stream.write_all(&request("/", &[], WEBHOOK.as_bytes())).expect("it reads");
    while fs::metadata(listening.file("capture")).map_or(0, |file| file.len()) == 0 {
        assert!(begun.elapsed() < Duration::from_millis(1400), "it is written before its answer");
        thread::sleep(Duration::from_millis(5));
    }
    let mut heard = String::new();
    stream.read_to_string(&mut heard).expect("text");
    assert!(begun.elapsed() >= Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert_eq!(status(&heard), 200);
    listening.end();
}
