//! Calls from the outside: each test reads a few webhooks as a capture and looks at the calls they
//! make.
//!
//! A test's name is a sentence of the specification, and what it expects is what that sentence
//! says.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a capture that cannot be written or read fails its test, in the helpers too"
)]

mod calls;
mod chosen;
mod conform;
mod dsl;
mod edges;
mod epochs;
mod ids;
mod live;
mod outcomes;
mod presence;
mod run_bounds;
mod runs;
mod same;
mod stays;
mod told;
mod twins;
