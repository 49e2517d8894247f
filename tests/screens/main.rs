//! What a user sees on a terminal: pictures of whole screens, when there is colour, and that no
//! line is wider than the screen.
//!
//! `SNAPSHOTS=overwrite cargo test --test screens` draws `tests/screens/*.term.svg` anew; open
//! those that changed in a browser.
#![cfg(unix)]

mod colour;
#[path = "../properties/dice.rs"]
mod dice;
#[path = "../properties/mess.rs"]
mod mess;
mod pictures;
mod straight;
mod stranger;
mod terminal;
#[path = "../properties/world.rs"]
mod world;

use proptest::test_runner::Config;

/// So many cases, or `PROPTEST_CASES` where that is more.
fn cases(at_least: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: wanted.unwrap_or(0).max(at_least),
        failure_persistence: None,
        // Each step runs the program many times.
        max_shrink_iters: 200,
        ..Config::default()
    }
}
