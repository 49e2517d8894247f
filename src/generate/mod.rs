//! Calls that never happened, and the truth about them.
//!
//! Bytes go the other way here: what a call is gets decided first, and its webhooks and its row of
//! the truth are both written from that. So this room imports no other: were the truth worked out
//! with the code that reads captures, it would share its mistakes.
//!
//! Only situations are made that have one right answer: each attempt has its second in its app for
//! itself, nobody rings or is rung while an earlier attempt could still get an outcome (a redial
//! comes behind it), and nobody is in one call twice at once under one name in one second.

mod app;
mod body;
mod call;
mod carrier;
mod ledger;
mod mix;
mod names;
mod party;
mod post;
mod row;
mod scenario;
mod session;
mod truth;
mod world;
mod written;

use std::io::{self, Write};

pub use carrier::Carrier;
pub use mix::{Fate, Mix};
pub use world::{LONGEST, LONGEST_GAP};

/// What is asked for. Times are Unix seconds, shares 0 to 1.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many calls.
    pub calls: u64,
    /// What decides everything else.
    pub seed: u64,
    /// The second of the first call.
    pub start: u64,
    /// What becomes of the calls.
    pub mix: Mix,
    /// How many people are in a group call or a meeting, at least and at the most.
    pub participants: (usize, usize),
    /// The share of answered calls and meetings that are recorded.
    pub recordings: f64,
    /// The share of people who leave and come back.
    pub rejoin: f64,
    /// What goes wrong on the way.
    pub faults: Faults,
    /// What the webhooks are captured in.
    pub carrier: Carrier,
}

/// What goes wrong on the way. Shares are of the events, but of `corrupt` of the deliveries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// Delivered again, as CometChat retries.
    pub duplicate: f64,
    /// Delivered through a second webhook configuration too.
    pub copy: f64,
    /// Never delivered.
    pub drop: f64,
    /// Each delivery is late by up to so many milliseconds.
    pub shuffle: u64,
    /// No `call_initiated` says more than the barest documented form: no session id, no names.
    pub strip_entities: bool,
    /// Cut in half, or with a broken byte.
    pub corrupt: f64,
}

/// What came of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Calls.
    pub calls: u64,
    /// Deliveries that were written, the corrupt ones among them.
    pub webhooks: u64,
    /// Events of which no sound delivery was written.
    pub lost: u64,
    /// Deliveries that are corrupt.
    pub corrupt: u64,
}

/// Writes the capture that is planned, and the truth about it where that is wanted. The memory it
/// takes depends on how many calls are open at once, not on how many there are.
///
/// # Errors
/// When either cannot be written.
pub fn generate(
    plan: &Plan,
    capture: &mut dyn Write,
    truth: Option<&mut dyn Write>,
) -> io::Result<Generated> {
    let mut world = world::World::new(plan);
    let mut ledger = ledger::Ledger::new(truth);
    let mut post = post::Post::new(plan, capture)?;
    loop {
        if let Some(call) = world.birth(ledger.next_step_at()) {
            ledger.open(call);
        } else if let Some(call) = ledger.next_call() {
            post.send(call, &mut world)?;
            ledger.settle(&world)?;
        } else {
            break;
        }
    }
    ledger.finish()?;
    post.finish(world.made())
}
