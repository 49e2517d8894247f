//! The figures of `stats`.
//!
//! A [`CallTally`] counts: calls are added one at a time, other tallies at any time, in any order. It
//! holds counts and, for each length, how often it occurs, but nothing that could not be merged.
//! [`CallStats`] are the figures of a tally, such as quantiles. Both are published JSON documents.

mod arrivals;
mod call_index;
mod call_stats;
mod call_tally;
mod group_by;
mod histogram;
mod merge;
mod partial;
mod presence;
mod quantiles;
mod word_counts;

pub use call_index::{CallIndex, IndexedCall};
pub use call_stats::{
    AttemptCounts, CallStats, DayStats, LostWebhooks, NamedCount, OutcomeCount, ParticipantSeconds,
    PeakCount, RecordingStats,
};
pub use call_tally::CallTally;
pub use group_by::{CallGroups, GroupBy, GroupKey};
pub use histogram::Histogram;
pub use partial::{PartialGroup, PartialStats, SCHEMA as PARTIAL_SCHEMA};
pub use quantiles::Quantiles;
