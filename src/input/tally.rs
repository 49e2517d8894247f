//! What a source held, counted.

use crate::finding::{Spot, Surroundings};

/// A place, with proof of the text that begins there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(super) spot: Spot,
    /// `None` where the text is not verbatim in its source.
    pub(super) surroundings: Option<Surroundings>,
}

impl Sighting {
    /// A place whose text is not verbatim in its source.
    pub(super) fn unproven(spot: Spot) -> Self {
        Self { spot, surroundings: None }
    }
}

/// The counts of one or more sources. `documents` counts JSON values; a value that holds several
/// webhooks counts once for each element of the arrays they stand in, however it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// JSON values read.
    pub documents: u64,
    /// Webhooks found in them.
    pub webhooks: u64,
    /// Values without a webhook.
    pub not_webhooks: u64,
    /// Places that were not readable (J001, J002, J004, J005).
    pub damaged: u64,
    /// Text lines without a webhook.
    pub skipped_lines: u64,
}

impl Counts {
    /// Adds another source's counts.
    pub fn add(&mut self, other: Counts) {
        self.documents += other.documents;
        self.webhooks += other.webhooks;
        self.not_webhooks += other.not_webhooks;
        self.damaged += other.damaged;
        self.skipped_lines += other.skipped_lines;
    }
}

/// What was found in a text, apart from what the sink has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    pub(super) counts: Counts,
    /// The first value that held no webhook.
    pub(super) first_other: Option<Sighting>,
    /// Bytes of broken documents that were looked through before they were entered.
    pub(super) looked_through: u64,
    /// The last line on which damage was reported.
    pub(super) damaged_line: Option<u64>,
    /// Whether an envelope held a line of a log.
    pub(super) log_lines: bool,
}

impl Found {
    /// Adds what was found in the text that follows.
    pub(super) fn add(&mut self, later: Self) {
        self.counts.add(later.counts);
        self.first_other = self.first_other.or(later.first_other);
        self.looked_through += later.looked_through;
        self.damaged_line = later.damaged_line.or(self.damaged_line);
        self.log_lines |= later.log_lines;
    }
}

/// What one JSON value held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    pub(crate) webhooks: u64,
    pub(crate) others: u64,
    /// Where the first of the others stands.
    pub(crate) first_other: Option<Sighting>,
}

impl Tally {
    pub(crate) const WEBHOOK: Self =
        Self { documents: 1, webhooks: 1, others: 0, first_other: None };
    /// A value that was not readable.
    pub(crate) const DAMAGED: Self =
        Self { documents: 0, webhooks: 0, others: 0, first_other: None };

    /// A value without a webhook.
    pub(crate) fn other(at: Sighting) -> Self {
        Self { documents: 1, webhooks: 0, others: 1, first_other: Some(at) }
    }

    /// Whether it is nothing that counts: not yet, or not again.
    pub(crate) fn is_nothing(self) -> bool {
        self.documents == 0
    }

    /// Adds what an element of a container held. An object's members count only where a webhook is.
    pub(crate) fn add(&mut self, child: Tally, in_object: bool) {
        if in_object && child.webhooks == 0 {
            return;
        }
        self.documents += child.documents;
        self.webhooks += child.webhooks;
        self.others += child.others;
        self.first_other = self.first_other.or(child.first_other);
    }

    /// The container at `at` as a whole: its elements if they hold several webhooks, else one
    /// value.
    pub(crate) fn whole(self, damaged: bool, at: Sighting) -> Self {
        match self.webhooks {
            0 if damaged => Self::DAMAGED,
            0 => Self::other(at),
            1 => Self::WEBHOOK,
            _ => self,
        }
    }
}
