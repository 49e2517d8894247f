//! On how many cases a law is tried.

use proptest::test_runner::Config;

/// So many cases, or `PROPTEST_CASES` where that is more.
pub(crate) fn cases(at_least: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: wanted.unwrap_or(0).max(at_least),
        failure_persistence: None,
        ..Config::default()
    }
}
