//! A body that is read a second time is the one that was read first, or has changed, whatever
//! happens to the file meanwhile.
#![no_main]

use callscope::event::{Capture, Detail};
use callscope::input::{self, BodyReader, Counts, Reading, Sources, Split, Unreadable};
use libfuzzer_sys::fuzz_target;

// The first byte says how much of the rest the file holds first; then it holds the other part, and
// then the first again.
fuzz_target!(|bytes: &[u8]| {
    let Some((split, bytes)) = bytes.split_first() else {
        return;
    };
    let (first, second) = bytes.split_at(bytes.len() * usize::from(*split) / 255);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), first).expect("a disk");
    let mut sources = Sources::default();
    sources.add(file.path(), &mut |error| panic!("{error:#}"));
    let (mut capture, mut counts) = (Capture::new(Detail::Unknown), Counts::default());
    let id = sources.ids().next().expect("a source");
    let reading = Reading::default();
    input::read(&mut sources, id, &reading, Split::NONE, &mut capture, &mut counts).expect("a disk");
    let read_again = || -> Vec<Option<String>> {
        let mut bodies = BodyReader::new(&sources);
        for finding in &capture.findings {
            let body = finding.delivery.map(|delivery| capture.place(delivery));
            let excerpt = bodies.excerpt(finding, body);
            assert!(excerpt.is_none() || body.is_none_or(|body| bodies.body(body).is_ok()));
        }
        let body = |place| match bodies.body(place) {
            Ok(body) => Some(body.to_owned()),
            Err(Unreadable::Changed) => None,
            Err(Unreadable::Failed(error)) => panic!("{error}"),
        };
        capture.deliveries.iter().map(|delivery| delivery.place).map(body).collect()
    };
    let original = read_again();
    assert!(original.iter().all(Option::is_some) && sources.changed() == 0, "a false alarm");
    std::fs::write(file.path(), second).expect("a disk");
    for (one, other) in read_again().iter().zip(&original) {
        assert!(one.is_none() || one == other, "another body");
    }
    std::fs::write(file.path(), first).expect("a disk");
    assert_eq!(read_again(), original);
});
