//! The document of `stats --partial`, which `stats --merge` reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call_tally::CallTally;
use super::group_by::GroupBy;
use super::histogram::Histogram;

/// The kind and number of the document.
pub const SCHEMA: &str = "stats-partial/1";

/// What the figures of some calls are made of, and of each group of them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PartialStats<S> {
    /// [`SCHEMA`].
    pub schema: String,
    /// Zone of days and hours.
    pub zone: String,
    /// What the groups have in common; `None` where there are none.
    pub grouped_by: Option<GroupBy>,
    /// The run's figures.
    pub summary: S,
    /// All calls.
    pub whole: CallTally,
    /// The groups.
    pub groups: Vec<PartialGroup>,
}

/// A group of calls.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Part")]
pub struct PartialGroup {
    /// What they have in common.
    pub group_key: Option<String>,
    /// What there is of them.
    pub tally: CallTally,
}

impl<S> PartialStats<S> {
    /// Whether the tallies can come from calls: no value was counted less than once, and no call or
    /// stay ended before it began.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.whole.is_sound() && self.groups.iter().all(|part| part.tally.is_sound())
    }
}

impl CallTally {
    fn is_sound(&self) -> bool {
        let Self { ring, duration, connected, participants, lag, .. } = self;
        let counted = |values: &&Histogram| values.sorted().iter().all(|(_, count)| *count > 0);
        let begun = |steps: &&Histogram| {
            let mut open = 0_i64;
            let never_less = steps.sorted().iter().all(|(_, step)| {
                open = open.saturating_add(*step);
                open >= 0
            });
            never_less && open == 0
        };
        [ring, duration, connected, participants, lag].iter().all(counted)
            && [&self.calls_open, &self.stays_open].iter().all(begun)
    }
}
