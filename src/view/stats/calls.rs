//! The sections about calls: outcomes, lengths and peaks.

use super::section::{ShareBar, StatsSections};
use crate::event::Flow;
use crate::stats::{CallStats, PeakCount, Quantiles};
use crate::view::ink::{Ink, Line};
use crate::view::words::{brief, count, grouped, share};

impl StatsSections<'_> {
    /// A line for each flow and outcome.
    pub(super) fn outcomes(&self) -> Vec<Line> {
        let CallStats { outcomes, call_count, .. } = self.stats;
        let longest = outcomes.iter().map(|one| one.call_count).max().unwrap_or_default();
        let mut lines = Vec::new();
        let mut before = None;
        for one in outcomes {
            let flow = one.flow.map_or("neither", Flow::name);
            let mut line = Self::labelled(if before == Some(flow) { "" } else { flow });
            before = Some(flow);
            let ink = Ink::of(one.outcome);
            line.add(ink, one.outcome.name());
            let bar = ShareBar { part: one.call_count, whole: *call_count, longest, ink };
            self.add_share(&mut line, &bar);
            lines.push(line);
        }
        lines.extend(self.answered());
        lines
    }

    fn answered(&self) -> Vec<Line> {
        let CallStats { answered_count, answerable_count, .. } = *self.stats;
        if answerable_count == 0 {
            return Vec::new();
        }
        let mut line = Self::labelled("answered");
        line.add(Ink::Strong, &share(answered_count, answerable_count));
        let of = count(answerable_count, "ringing call");
        line.add(Ink::Plain, &format!(" of {of} with a known outcome"));
        vec![line]
    }

    /// A line of quantiles for each kind of length, below a header.
    pub(super) fn lengths(&self) -> Vec<Line> {
        let stats = self.stats;
        let mut lines = vec![Self::row(
            "",
            &["known", "min", "p50", "p95", "p99", "max"].map(Into::into),
            Ink::Faint,
        )];
        lines.extend(Self::quantiles("ring", &stats.ring_seconds, |span| brief(*span)));
        lines.extend(Self::quantiles("duration", &stats.duration_seconds, |span| brief(*span)));
        lines.extend(Self::quantiles("connected", &stats.connected_seconds, |span| brief(*span)));
        lines.extend(Self::quantiles("people", &stats.participants, |number| grouped(*number)));
        lines.extend(Self::quantiles("webhook lag", &stats.lag_seconds, |span| brief(*span)));
        if lines.len() == 1 { Vec::new() } else { lines }
    }

    fn quantiles<T>(
        label: &str,
        quantiles: &Quantiles<T>,
        format: impl Fn(&T) -> String,
    ) -> Option<Line> {
        let Quantiles { count, min, p50, p95, p99, max } = quantiles;
        let format = |value: &Option<T>| value.as_ref().map(&format).unwrap_or_default();
        let [min, p50, p95, p99, max] = [min, p50, p95, p99, max].map(format);
        let cells = [grouped(*count), min, p50, p95, p99, max];
        (*count > 0).then(|| Self::row(label, &cells, Ink::Plain))
    }

    fn row(label: &str, cells: &[String; 6], ink: Ink) -> Line {
        let mut line = Self::labelled(label);
        for (cell, column) in cells.iter().zip([21, 32, 43, 55, 67, 79]) {
            line.set_right(if column == 21 { Ink::Faint } else { ink }, cell, column);
        }
        line
    }

    pub(super) fn peaks(&self) -> Vec<Line> {
        let line = |label: &str, peak: &PeakCount, noun: &str| {
            let at = self.screen.clock.time(peak.reached_at?);
            let mut line = Self::labelled(label);
            line.add(Ink::Strong, &count(peak.count, noun));
            line.add(Ink::Plain, &format!(" at once, {at}"));
            Some(line)
        };
        let CallStats { peak_calls, peak_participants, .. } = self.stats;
        let peaks = [line("peak", peak_calls, "call"), line("", peak_participants, "participant")];
        peaks.into_iter().flatten().collect()
    }
}
