//! A file is the same however many threads read it in batches of any length.
#![no_main]

use std::num::NonZeroUsize;
use std::path::Path;

use callscope::event::{Capture, Detail};
use callscope::input::{self, Counts, Reading, Sources, Split};
use callscope::threads::Threads;
use libfuzzer_sys::fuzz_target;

fn told(path: &Path, split: Split) -> (Counts, String) {
    let mut sources = Sources::default();
    sources.add(path, &mut |error| panic!("{error:#}"));
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    let id = sources.ids().next().expect("a source");
    let reading = Reading::default();
    input::read(&mut sources, id, &reading, split, &mut capture, &mut counts).expect("a disk");
    let places = capture.deliveries.iter().map(|one| (one.place, one.content, one.received_at));
    let bodies = capture.deliveries.iter().map(|one| sources.body(one.place).ok());
    let all = (places.collect::<Vec<_>>(), bodies.collect::<Vec<_>>(), &capture.findings);
    (counts, format!("{all:?}"))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((length, bytes)) = bytes.split_first() else {
        return;
    };
    // Lines are elements of a list just as well.
    let list = [b"[", &*bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b','), b"]"].concat();
    let bytes = if length % 2 == 1 { &list } else { bytes };
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("a disk");
    let threads = Threads::new(NonZeroUsize::new(2).expect("two"));
    let split = Split { threads, batch: u64::from(*length).max(1) };
    assert_eq!(told(file.path(), Split::NONE), told(file.path(), split));
});
