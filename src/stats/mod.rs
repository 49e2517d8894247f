//! Calls → figures.
//!
//! A [`Tally`] takes calls one at a time and another tally at any time, in any order: it holds
//! counts, and for each length how often it occurred, never a figure that could not be put together
//! again. [`Stats`] are the figures that it comes to.

mod arrivals;
mod by;
mod figures;
mod filed;
mod mix;
mod partial;
mod presence;
mod quantiles;
mod sums;
mod tally;
mod words;

pub use by::{By, Groups, Key};
pub use figures::{
    Attempts, Day, LostWebhooks, Named, ParticipantSeconds, Peak, Recordings, Stats, Turnout,
};
pub use filed::{Entry, Filed};
pub use partial::{Part, Partial, SCHEMA as PARTIAL};
pub use quantiles::Quantiles;
pub use sums::Sums;
pub use tally::Tally;
