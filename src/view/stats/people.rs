//! Who was in calls for how long and when, and with what.

use super::draw::{heat, minutes};
use super::sheet::{Counted, LABEL, Sheet};
use crate::event::Span;
use crate::stats::{Day, Named, Stats};
use crate::view::ink::{Ink, Line};
use crate::view::words::{count, grouped, share};

/// Days that are shown.
const DAYS: usize = 7;
/// Words of a mix that are shown.
const WORDS: usize = 5;

impl Sheet<'_> {
    /// Participant minutes, and recordings.
    pub(super) fn minutes(&self) -> Vec<Line> {
        let Stats { participant_seconds: all, days, recordings, .. } = self.stats;
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
            lines.extend(self.told("", Ink::Faint, note));
            lines.extend(self.days(days));
        }
        if recordings.count > 0 {
            let long = count(minutes(recordings.duration_seconds), "minute");
            let text = format!("{} of {long}", count(recordings.count, "recording"));
            lines.extend(self.told("recorded", Ink::Plain, &text));
        }
        lines
    }

    /// The last days, in minutes.
    fn days(&self, days: &[Day]) -> Vec<Line> {
        let before = days.len().saturating_sub(DAYS);
        let of = |day: &Day| minutes(day.participant_seconds.total);
        let most = days.iter().map(of).max().unwrap_or_default();
        let whole = minutes(self.stats.participant_seconds.total);
        let mut lines = Vec::new();
        for day in &days[before..] {
            let mut line = Self::labelled("");
            line.add(Ink::Plain, &day.date);
            let part = Counted { part: of(day), whole, most, ink: Ink::Live };
            self.counted(&mut line, &part);
            lines.push(line);
        }
        if before > 0 {
            let text = format!("and {} before: --by day", count(before as u64, "day"));
            lines.extend(self.told("", Ink::Faint, &text));
        }
        lines
    }

    /// When calls begin, as a strip of heat.
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
        let wide = (self.room.saturating_sub(LABEL) / hours.len()).clamp(1, 3);
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
        lines.extend(self.told("", Ink::Plain, &text));
        lines
    }

    /// What people join with.
    pub(super) fn clients(&self) -> Vec<Line> {
        let Stats { platforms, sdks, call_versions, .. } = self.stats;
        let mixes = [("platforms", platforms), ("SDKs", sdks), ("versions", call_versions)];
        mixes.iter().flat_map(|(label, mix)| self.mix(label, mix)).collect()
    }

    fn mix(&self, label: &str, mix: &[Named]) -> Vec<Line> {
        if mix.iter().all(|named| named.name.is_none()) {
            return Vec::new();
        }
        let of =
            |some: &[Named]| some.iter().fold(0_u64, |sum, one| sum.saturating_add(one.stay_count));
        let whole = of(mix);
        let (shown, rest) = mix.split_at(mix.len().min(WORDS));
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
