//! `diff`: two captures call by call: exactly what differs, whatever the order and the carrier.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it cannot prepare, in the helpers too"
)]

mod exact;
mod program;
mod same;
mod torn;
