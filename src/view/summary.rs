//! What a run has read, in figures and in one line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::count;
use crate::event::key::Status;
use crate::flow::Reconstruction;
use crate::input::Counts;

/// The figures of a run. `webhooks` is the sum of the six after it: nothing is lost uncounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Sources read.
    pub sources: u64,
    /// JSON values.
    pub documents: u64,
    /// Webhooks of any kind.
    pub webhooks: u64,
    /// Distinct calling events.
    pub events: u64,
    /// The same event again through the same webhook.
    pub duplicates: u64,
    /// The same event through another webhook.
    pub copies: u64,
    /// The same event with another content.
    pub conflicts: u64,
    /// Calling events of which trigger, identity or time cannot be read.
    pub invalid: u64,
    /// Other triggers.
    pub other_webhooks: u64,
    /// JSON values without a webhook.
    pub not_webhooks: u64,
    /// Places that were not readable.
    pub damaged: u64,
    /// Text lines without a webhook.
    pub skipped_lines: u64,
    /// Events that a receiver which deduplicates by the documented key loses.
    pub collisions: u64,
    /// Calls.
    pub calls: u64,
    /// Bodies that were no longer the same when they were read again.
    pub changed: u64,
    /// Bodies that `redact` refused to write, because an original was still in them.
    pub refused: u64,
}

impl Summary {
    /// Sums up a run.
    #[must_use]
    pub fn new(sources: u64, counts: Counts, calls: &Reconstruction<'_>) -> Self {
        let of = |wanted: Status| {
            let statuses = calls.identities.status.iter();
            statuses.filter(|status| **status == wanted).count() as u64
        };
        let lost = calls.identities.collisions.iter().filter(|collision| collision.lost);
        Self {
            sources,
            documents: counts.documents,
            webhooks: counts.webhooks,
            events: of(Status::Event),
            duplicates: of(Status::Duplicate),
            copies: of(Status::Copy),
            conflicts: of(Status::Conflict),
            invalid: of(Status::Invalid),
            other_webhooks: of(Status::Other),
            not_webhooks: counts.not_webhooks,
            damaged: counts.damaged,
            skipped_lines: counts.skipped_lines,
            collisions: lost.count() as u64,
            calls: calls.len() as u64,
            ..Self::default()
        }
    }

    /// Adds the figures of another run.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let plus = |figure: fn(&Self) -> u64| figure(&self).saturating_add(figure(&other));
        Self {
            sources: plus(|summary| summary.sources),
            documents: plus(|summary| summary.documents),
            webhooks: plus(|summary| summary.webhooks),
            events: plus(|summary| summary.events),
            duplicates: plus(|summary| summary.duplicates),
            copies: plus(|summary| summary.copies),
            conflicts: plus(|summary| summary.conflicts),
            invalid: plus(|summary| summary.invalid),
            other_webhooks: plus(|summary| summary.other_webhooks),
            not_webhooks: plus(|summary| summary.not_webhooks),
            damaged: plus(|summary| summary.damaged),
            skipped_lines: plus(|summary| summary.skipped_lines),
            collisions: plus(|summary| summary.collisions),
            calls: plus(|summary| summary.calls),
            changed: plus(|summary| summary.changed),
            refused: plus(|summary| summary.refused),
        }
    }

    /// One line: what there is, then what else there was.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = format!(
            "{} from {} ({} in {})",
            count(self.calls, "call"),
            count(self.events, "event"),
            count(self.webhooks, "webhook"),
            count(self.sources, "source"),
        );
        let others = [
            (self.duplicates, "duplicate"),
            (self.copies, "copy"),
            (self.conflicts, "conflict"),
            (self.invalid, "invalid event"),
            (self.other_webhooks, "other webhook"),
            (self.not_webhooks, "other JSON value"),
            (self.damaged, "damaged place"),
            (self.skipped_lines, "skipped line"),
            (self.collisions, "key collision"),
        ];
        let others = others.iter().filter(|(number, _)| *number > 0);
        let others = others.map(|(number, noun)| count(*number, noun));
        let again = [(self.changed, "changed since read"), (self.refused, "refused")];
        let again = again.iter().filter(|(number, _)| *number > 0);
        let again = again.map(|(number, what)| format!("{number} {what}"));
        for (at, other) in others.chain(again).enumerate() {
            line.push_str(if at == 0 { "; " } else { ", " });
            line.push_str(&other);
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_only_what_there_was() {
        let summary = Summary {
            sources: 1,
            webhooks: 9,
            events: 7,
            duplicates: 2,
            not_webhooks: 3,
            calls: 1,
            ..Summary::default()
        };
        assert_eq!(
            summary.line(),
            "1 call from 7 events (9 webhooks in 1 source); 2 duplicates, 3 other JSON values"
        );
    }
}
