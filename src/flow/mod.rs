//! Events → calls.
//!
//! `link` finds which ring record, ring outcome and session are one call, and which runs a
//! meeting's session id had; each of its passes needs one key's records at a time, and none depends
//! on the order of arrival. `call` then reconstructs each call from its events alone. [`live`] does
//! both for a capture that is not over.

mod arrival;
mod call;
mod conform;
mod edge;
mod evidence;
mod joined;
mod limits;
mod link;
mod link_epochs;
mod link_outcomes;
pub mod live;
mod numbered;
mod order;
mod reconstruction;
mod records;
pub mod rules;
mod runs;
mod stays;

pub use arrival::{Arrival, is_retry};
pub use call::{Call, Outcome, Recorded, Seen, Stay};
pub use limits::Limits;
pub use link::{Link, LinkReason};
pub use order::rank;
pub use reconstruction::Reconstruction;
