//! The fast way of decoding and the plain one agree: what the fast way takes is read once more with
//! an escape in each key `trigger`, which it leaves to the other.
#![no_main]

use callscope::event::{Capture, Detail};
use callscope::finding::SourceId;
use callscope::input::{self, Counts, Reading};
use libfuzzer_sys::fuzz_target;

fn told(text: &str) -> (u64, Vec<String>) {
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    let reading = Reading::default();
    input::read_text(text.as_bytes(), SourceId(0), false, &reading, &mut capture, &mut counts)
        .expect("memory does not fail");
    let events = capture.deliveries.iter().map(|one| {
        let roster = one.what.event().map(|event| event.roster(&capture));
        format!("{:?} {:?} {roster:?} {:?}", one.what.trigger_name(&capture), one.what.event(), one.session)
    });
    (counts.damaged, events.collect())
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for line in text.lines() {
        let is_json = serde_json::from_str::<serde_json::Value>(line).is_ok();
        // Only a key is written otherwise; within a string the words would be others.
        if is_json && !line.contains('\\') {
            let other = line.replace("\"trigger\":", "\"\\u0074rigger\":");
            assert_eq!(told(line), told(&other), "{line}");
        }
    }
});
