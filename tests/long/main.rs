//! Tests of more than ten seconds. `tests/long/run.sh` runs them, `cargo test` does not.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot prepare")]

mod archives;
mod redact;
