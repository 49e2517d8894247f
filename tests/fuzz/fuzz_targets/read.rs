//! Any bytes are framed or reported: nothing panics, and each webhook lies within the capture, behind
//! the one before it.
#![no_main]

use callscope::event::{Capture, Detail};
use callscope::finding::SourceId;
use callscope::input::{self, Counts, Reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mut capture, mut counts) = (Capture::new(Detail::Unknown), Counts::default());
    let reading = Reading { strict: bytes.len() % 2 == 0, ..Reading::default() };
    input::read_text(bytes, SourceId(0), false, &reading, &mut capture, &mut counts)
        .expect("memory does not fail");
    assert_eq!(counts.webhooks, capture.deliveries.len() as u64);
    assert_eq!(counts.documents, counts.webhooks + counts.not_webhooks);
    for delivery in capture.deliveries.iter() {
        assert!(delivery.place.byte_offset <= bytes.len() as u64);
    }
    let plain = capture.deliveries.iter().filter(|delivery| delivery.place.kept.is_none());
    let mut end = 0;
    for place in plain.map(|delivery| delivery.place) {
        assert!(place.byte_offset >= end, "webhooks overlap");
        end = place.byte_offset + 1;
    }
});
