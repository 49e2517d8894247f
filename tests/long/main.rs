//! Tests of more than ten seconds. `tests/long/run.sh` runs them, `cargo test` does not.
