//! Whatever was captured, calls are made of it, and each event belongs to one.
#![no_main]

use callscope::event::{Capture, Detail};
use callscope::finding::SourceId;
use callscope::flow::{Limits, Reconstruction};
use callscope::input::{self, Counts, Reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    input::read_text(bytes, SourceId(0), false, &Reading::default(), &mut capture, &mut counts)
        .expect("memory does not fail");
    let calls = Reconstruction::new(&capture, &Limits::USUAL, &|_| None);
    let events: usize = calls.calls().map(|call| call.event_count).sum();
    assert_eq!(events, calls.identities.events().count());
    let findings = calls.findings().count();
    assert!(findings >= capture.findings.len());
});
