//! What the reader makes of captures that were made to break it: the right webhooks, everything
//! else counted, in bounded memory and time, and never a panic. Each test names the most that one
//! reading may take in a debug build on two cores, and kills the program that takes longer.
//!
//! The largest are left out unless asked for:
//! `cargo test --release --test adversarial -- --ignored`. `CALLSCOPE_TESTED` names another
//! program to test than the one just built.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod bombs;
mod chat;
mod child;
mod cuts;
mod endless;
mod lines;
mod long_lines;
mod nested;
mod reading;
mod streams;
mod webhooks;
