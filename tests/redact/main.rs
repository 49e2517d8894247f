//! `redact`: nothing of anybody is left, and everything that callscope says stays what it was.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

#[path = "../properties/cases.rs"]
mod cases;
#[path = "../properties/dice.rs"]
mod dice;
#[path = "../properties/mess.rs"]
mod mess;
#[path = "../properties/world.rs"]
mod world;

mod bodies;
mod captures;
mod law;
mod laws;
mod mapping;
mod planted;
mod program;
mod refusals;
mod search;
mod secrets;
