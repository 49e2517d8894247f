//! A capture says the same however it was taken: what simulated calls are in plain, they are in
//! every carrier, from a file, from a pipe, packed, mixed with another, and damaged.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod bodies;
mod calls;
mod carriers;
mod damage;
#[expect(dead_code, reason = "proptest makes its tapes elsewhere")]
#[path = "../properties/dice.rs"]
mod dice;
mod program;
mod same;
mod tape;
#[expect(dead_code, reason = "not every style is for every carrier")]
#[path = "../properties/writing.rs"]
mod writing;
