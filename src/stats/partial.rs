//! Tallies that were written down, to be put together with others later.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by::By;
use super::sums::Sums;
use super::tally::Tally;

/// The kind and number of the document.
pub const SCHEMA: &str = "stats-partial/1";

/// What the figures of some calls are made of, and of each group of them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Partial<S> {
    /// [`SCHEMA`].
    pub schema: String,
    /// Zone of days and hours.
    pub zone: String,
    /// What the groups have in common; `None` where there are none.
    pub grouped_by: Option<By>,
    /// The run's figures.
    pub summary: S,
    /// All calls.
    pub whole: Tally,
    /// The groups.
    pub groups: Vec<Part>,
}

/// A group of calls.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// What they have in common.
    pub group_key: Option<String>,
    /// What there is of them.
    pub tally: Tally,
}

impl<S> Partial<S> {
    /// Whether the tallies could have come of calls: nothing was counted less than once, and nothing
    /// ended that had not begun.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.whole.is_sound() && self.groups.iter().all(|part| part.tally.is_sound())
    }
}

impl Tally {
    fn is_sound(&self) -> bool {
        let Self { ring, duration, connected, participants, lag, .. } = self;
        let counted = |sums: &&Sums| sums.in_order().iter().all(|(_, count)| *count > 0);
        let begun = |steps: &&Sums| {
            let mut open = 0_i64;
            let never_less = steps.in_order().iter().all(|(_, step)| {
                open = open.saturating_add(*step);
                open >= 0
            });
            never_less && open == 0
        };
        [ring, duration, connected, participants, lag].iter().all(counted)
            && [&self.calls_open, &self.stays_open].iter().all(begun)
    }
}
