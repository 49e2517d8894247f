//! Tests of more than ten seconds. `tests/long/run.sh` runs them, `cargo test` does not.
#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

mod archives;
#[expect(dead_code, reason = "others feed it through a pipe")]
#[path = "../adversarial/child.rs"]
mod child;
mod never_closed;
mod redact;
