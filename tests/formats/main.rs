//! Findings in every format: the same findings everywhere, as their readers take them.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that fails says so")]

mod github;
mod golden;
mod limits;
mod merged;
mod outputs;
mod readers;
mod run;
mod signals;
