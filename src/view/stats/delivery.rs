//! The section about deliveries.

use super::section::StatsSections;
use crate::view::ink::{Ink, Line};
use crate::view::words::{count, share};

impl StatsSections<'_> {
    /// Deliveries, lost webhooks and attempts.
    pub(super) fn delivery(&self) -> Vec<Line> {
        let stats = self.stats;
        let (webhooks, events) =
            (count(stats.delivery_count, "webhook"), count(stats.event_count, "event"));
        let mut lines = self.paragraph("delivery", Ink::Plain, &format!("{webhooks} of {events}"));
        let kinds = [
            (stats.duplicates, "duplicate"),
            (stats.copies, "copy"),
            (stats.conflicts, "conflict"),
            (stats.collisions, "key collision"),
        ];
        lines.extend(self.counts("", Ink::Plain, &kinds));
        let lost = &stats.lost_webhooks;
        let kinds = [
            (lost.starts, "start"),
            (lost.joins, "join"),
            (lost.leaves, "leave"),
            (lost.ends, "end"),
            (lost.outcomes, "outcome"),
        ];
        lines.extend(self.counts("lost", Ink::Odd, &kinds));
        let all = stats.attempts.total();
        if all > 0 {
            let attempts = &stats.attempts;
            let kinds = [
                ("first", attempts.first),
                ("second", attempts.second),
                ("third", attempts.third),
                ("unexplained", attempts.unexplained),
            ];
            let some = kinds.into_iter().filter(|(_, number)| *number > 0);
            let pieces: Vec<String> =
                some.map(|(name, number)| format!("{name} {}", share(number, all))).collect();
            lines.extend(self.pieces("attempts", &pieces));
        }
        lines
    }
}
