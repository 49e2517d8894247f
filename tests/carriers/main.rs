//! The same small call in every carrier: it must come out as from the plain capture, with the time
//! of arrival where the carrier tells it, and nothing of the carrier's secrets.
//!
//! A capture is a file in `own`, in `chat` (one of the bodies a chat message that quotes webhooks),
//! in `crowd` (a body over 16 KiB), in `wrong` (bodies with schema findings) or in `third_party`;
//! the plain one stands beside the folder. No list names them.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod arrival;
mod bodies;
mod damage;
mod neighbours;
mod pieces;
mod places;
mod reading;
mod secrets;
mod shelf;

use std::fmt::Debug;
use std::thread;

use shelf::Fixture;

/// Asks one thing of every fixture, several at a time, and tells all that fail.
fn judge(fixtures: &[Fixture], ask: impl Fn(&Fixture) -> Result<(), String> + Sync) {
    let failure = |fixture: &Fixture| Some(format!("{}: {}", fixture.name, ask(fixture).err()?));
    let failures: Vec<String> = thread::scope(|scope| {
        let lanes = fixtures.chunks(fixtures.len().div_ceil(8));
        let lanes: Vec<_> = lanes
            .map(|lane| scope.spawn(|| lane.iter().filter_map(failure).collect::<Vec<_>>()))
            .collect();
        lanes.into_iter().flat_map(|lane| lane.join().expect("an answer")).collect()
    });
    let (failed, all) = (failures.len(), fixtures.len());
    assert!(failures.is_empty(), "{failed} of {all} fail\n{}", failures.join("\n"));
}

/// What differs first.
fn same<T: PartialEq + Debug>(found: &[T], expected: &[T]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} rows, expected {}", found.len(), expected.len()));
    }
    let different = found.iter().zip(expected).find(|(found, expected)| found != expected);
    different.map_or(Ok(()), |(found, expected)| Err(format!("{found:?}, expected {expected:?}")))
}
