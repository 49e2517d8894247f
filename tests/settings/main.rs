//! What `callscope.toml` and a baseline say, and who wins where several say something.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod baseline;
mod display;
mod file;
mod ignore;
mod program;
mod severity;
