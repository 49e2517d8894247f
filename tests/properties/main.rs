//! Laws: what holds for any bytes and any calls. `PROPTEST_CASES` raises the number of cases.

mod bytes;
mod counts;
mod damage;
mod dice;
mod envelopes;
mod figures;
mod live;
mod mess;
mod order;
mod pieces;
mod places;
mod reading;
mod soup;
mod split;
mod world;
mod writing;

use proptest::test_runner::Config;

/// So many cases, or `PROPTEST_CASES` where that is more.
fn cases(at_least: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: wanted.unwrap_or(0).max(at_least),
        failure_persistence: None,
        ..Config::default()
    }
}
