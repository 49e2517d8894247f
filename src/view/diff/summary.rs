//! Counts of what differs, for programs and as lines on stderr.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diff::{BothSides, DiffCounts, DiffSide};
use crate::view::summary::Summary;
use crate::view::words::{count, grouped};

/// The figures of a comparison. Of calls and events it counts those that were selected; an event
/// counts once, however often it was delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffSummary {
    /// Calls in which nothing differs.
    pub calls_same: u64,
    /// Calls that both have, and that differ.
    pub calls_changed: u64,
    /// Calls that A alone has.
    pub calls_only_a: u64,
    /// Calls that B alone has.
    pub calls_only_b: u64,
    /// Events that B lacks.
    pub events_only_a: u64,
    /// Events that A lacks.
    pub events_only_b: u64,
    /// Events that both have, and that say something else.
    pub events_changed: u64,
    /// Events that both have, as part of different calls.
    pub events_moved: u64,
    /// What was read of A.
    pub a: Summary,
    /// What was read of B.
    pub b: Summary,
}

impl DiffSummary {
    /// The summary of a comparison, with those of the two inputs.
    #[must_use]
    pub fn new(counts: DiffCounts, inputs: BothSides<Summary>) -> Self {
        Self {
            calls_same: counts.same,
            calls_changed: counts.changed,
            calls_only_a: counts.only.a,
            calls_only_b: counts.only.b,
            events_only_a: counts.events_only.a,
            events_only_b: counts.events_only.b,
            events_changed: counts.events_changed,
            events_moved: counts.events_moved,
            a: inputs.a,
            b: inputs.b,
        }
    }

    /// A line for each input, and one for the result.
    #[must_use]
    pub fn lines(&self) -> [String; 3] {
        let read =
            |side: DiffSide, summary: &Summary| format!("{}: {}", side.name(), summary.line());
        [read(DiffSide::A, &self.a), read(DiffSide::B, &self.b), self.verdict()]
    }

    fn verdict(&self) -> String {
        let calls = [
            (self.calls_changed, "changed"),
            (self.calls_only_a, "only in A"),
            (self.calls_only_b, "only in B"),
        ];
        let differing: u64 = calls.iter().map(|(many, _)| many).sum();
        let same = count(self.calls_same, "call");
        if differing == 0 {
            return format!("no difference in {same}");
        }
        let all = count(differing + self.calls_same, "call");
        let mut line = format!("{} of {all}", grouped(differing));
        line.push_str(if differing == 1 { " differs: " } else { " differ: " });
        line.push_str(&list(
            &calls.map(|(many, what)| (many, format!("{} {what}", grouped(many)))),
        ));
        let webhooks = [
            (self.events_only_a, "B lacks ", ""),
            (self.events_only_b, "A lacks ", ""),
            (self.events_changed, "", " with another content"),
            (self.events_moved, "", " in another call"),
        ];
        let webhooks = webhooks.map(|(many, before, behind)| {
            (many, format!("{before}{}{behind}", count(many, "webhook")))
        });
        match list(&webhooks) {
            webhooks if webhooks.is_empty() => line,
            webhooks => format!("{line}; {webhooks}"),
        }
    }
}

/// Those above 0.
fn list(counts: &[(u64, String)]) -> String {
    let some = counts.iter().filter(|(many, _)| *many > 0);
    some.map(|(_, what)| what.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_only_what_there_is() {
        let same = DiffSummary { calls_same: 3, ..DiffSummary::default() };
        assert_eq!(same.verdict(), "no difference in 3 calls");
        let one = DiffSummary { calls_changed: 1, events_only_a: 1200, ..same };
        assert_eq!(one.verdict(), "1 of 4 calls differs: 1 changed; B lacks 1,200 webhooks");
        let more = DiffSummary { calls_only_b: 2, events_only_b: 1, events_moved: 1, ..same };
        assert_eq!(
            more.verdict(),
            "2 of 5 calls differ: 2 only in B; A lacks 1 webhook, 1 webhook in another call"
        );
    }
}
