//! The sections about people: minutes, hours and clients.

use super::draw::{heat, minutes};
use super::section::{LABEL_WIDTH, ShareBar, StatsSections};
use crate::event::Span;
use crate::stats::{CallStats, DayStats, NamedCount};
use crate::view::ink::{Ink, Line};
use crate::view::words::{count, grouped, share};

/// At most this many days are shown, the last ones.
const MAX_DAYS: usize = 7;
/// At most this many platforms, SDKs or versions are shown.
const MAX_NAMES: usize = 5;

impl StatsSections<'_> {
    /// Participant minutes, and recordings.
    pub(super) fn minutes(&self) -> Vec<Line> {
        let CallStats { participant_seconds: all, days, recordings, .. } = self.stats;
        let mut lines = Vec::new();
        if all.total > Span::default() {
            let mut line = Self::labelled("minutes");
            line.add(Ink::Strong, &count(minutes(all.total), "participant minute"));
            let kinds = [("audio", all.audio), ("video", all.video), ("unknown", all.unknown)];
            let kinds = kinds.iter().filter(|(_, span)| *span > Span::default());
            let kinds = kinds.map(|(name, span)| format!("{} {name}", grouped(minutes(*span))));
            line.add(Ink::Plain, &format!(": {}", kinds.collect::<Vec<_>>().join(", ")));
            lines.push(line);
            let note =
                "an estimate, the sum of known stays: CometChat's dashboard rounds its own way";
            lines.extend(self.paragraph("", Ink::Faint, note));
            lines.extend(self.days(days));
        }
        if recordings.count > 0 {
            let long = count(minutes(recordings.duration_seconds), "minute");
            let text = format!("{} of {long}", count(recordings.count, "recording"));
            lines.extend(self.paragraph("recorded", Ink::Plain, &text));
        }
        lines
    }

    /// A bar of minutes for each of the last days.
    fn days(&self, days: &[DayStats]) -> Vec<Line> {
        let before = days.len().saturating_sub(MAX_DAYS);
        let of = |day: &DayStats| minutes(day.participant_seconds.total);
        let longest = days.iter().map(of).max().unwrap_or_default();
        let whole = minutes(self.stats.participant_seconds.total);
        let mut lines = Vec::new();
        for day in &days[before..] {
            let mut line = Self::labelled("");
            line.add(Ink::Plain, &day.date);
            let bar = ShareBar { part: of(day), whole, longest, ink: Ink::Live };
            self.add_share(&mut line, &bar);
            lines.push(line);
        }
        if before > 0 {
            let text = format!("and {} before: --by day", count(before as u64, "day"));
            lines.extend(self.paragraph("", Ink::Faint, &text));
        }
        lines
    }

    /// A heat strip of the hours in which calls begin.
    pub(super) fn hours(&self) -> Vec<Line> {
        let hours = &self.stats.hours;
        let (busiest, most) =
            (0..).zip(hours).fold(
                (0, 0),
                |(hour, most), (at, count)| {
                    if *count > most { (at, *count) } else { (hour, most) }
                },
            );
        if most == 0 {
            return Vec::new();
        }
        let wide = (self.width.saturating_sub(LABEL_WIDTH) / hours.len()).clamp(1, 3);
        let (mut strip, mut scale) = (Self::labelled("hours"), Self::labelled(""));
        for (at, count) in hours.iter().enumerate() {
            strip.add(Ink::Live, &heat(*count, most, self.screen.glyphs).repeat(wide));
            if at % 6 == 0 {
                scale.add(Ink::Faint, &format!("{:<width$}", format!("{at:02}"), width = 6 * wide));
            }
        }
        let zone = &self.stats.zone;
        let text = format!(
            "busiest {busiest:02}:00 to {:02}:00 {zone}: {}",
            busiest + 1,
            count(most, "call")
        );
        let mut lines = vec![strip, scale];
        lines.extend(self.paragraph("", Ink::Plain, &text));
        lines
    }

    /// Platforms, SDKs and versions.
    pub(super) fn clients(&self) -> Vec<Line> {
        let CallStats { platforms, sdks, call_versions, .. } = self.stats;
        let lists = [("platforms", platforms), ("SDKs", sdks), ("versions", call_versions)];
        lists.iter().flat_map(|(label, counts)| self.shares(label, counts)).collect()
    }

    fn shares(&self, label: &str, counts: &[NamedCount]) -> Vec<Line> {
        if counts.iter().all(|named| named.name.is_none()) {
            return Vec::new();
        }
        let of = |some: &[NamedCount]| {
            some.iter().fold(0_u64, |sum, one| sum.saturating_add(one.stay_count))
        };
        let whole = of(counts);
        let (shown, rest) = counts.split_at(counts.len().min(MAX_NAMES));
        let mut words: Vec<String> = (shown.iter())
            .map(|named| {
                let name = named.name.as_deref().unwrap_or("unknown");
                format!("{name} {}", share(named.stay_count, whole))
            })
            .collect();
        if !rest.is_empty() {
            words.push(format!("{} more {}", rest.len(), share(of(rest), whole)));
        }
        self.pieces(label, &words)
    }
}
