//! The figures' screen: sections below each other, in two halves where the screen is wide.

use std::io;

use super::Whole;
use super::draw::{bar, heat, minutes};
use crate::event::{Flow, Span};
use crate::stats::{Named, Peak, Quantiles, Stats};
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::report::{Out, Report};
use crate::view::screen::Screen;
use crate::view::summary::Summary;
use crate::view::words::{brief, count, grouped, share};

/// Draws figures.
pub(super) struct Figures<'w> {
    pub(super) out: Out<'w>,
    pub(super) screen: &'w Screen,
}

impl Report<Whole> for Figures<'_> {
    fn item(&mut self, Whole(stats): &Whole) -> io::Result<()> {
        let lines = lines(stats, self.screen);
        lines.iter().try_for_each(|line| line.write(&mut self.out, self.screen))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// Where what a label is about begins.
const LABEL: usize = 13;
/// Columns from which on there are two halves, and those between them.
const WIDE: usize = 160;
const BETWEEN: usize = 4;
/// No half is wider.
const MOST: usize = 110;
/// Days, and words of a mix, that are shown.
const DAYS: usize = 7;
const WORDS: usize = 5;

fn lines(stats: &Stats, screen: &Screen) -> Vec<Line> {
    let mut lines = vec![heading(stats, screen), Line::default()];
    if stats.call_count == 0 {
        lines.truncate(1);
        return lines;
    }
    let halves = screen.width >= WIDE;
    let room = if halves { (screen.width - BETWEEN) / 2 } else { screen.width }.min(MOST);
    let sheet = Sheet { stats, screen, room };
    let left = [sheet.outcomes(), sheet.lengths(), sheet.peaks()];
    let right = [sheet.minutes(), sheet.hours(), sheet.clients(), sheet.delivery()];
    if halves {
        lines.extend(beside(apart(left), apart(right), room + BETWEEN));
    } else {
        lines.extend(apart(left.into_iter().chain(right)));
    }
    lines
}

/// Sections with an empty line between them.
fn apart(sections: impl IntoIterator<Item = Vec<Line>>) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(section);
    }
    lines
}

fn beside(left: Vec<Line>, right: Vec<Line>, column: usize) -> Vec<Line> {
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let row = |_| {
        let mut line = left.next().unwrap_or_default();
        if let Some(other) = right.next() {
            line.skip_to(column);
            line.join(other);
        }
        line
    };
    (0..rows).map(row).collect()
}

/// How many calls, and from when to when.
fn heading(stats: &Stats, screen: &Screen) -> Line {
    let mut line = Line::default().with(Ink::Strong, &count(stats.call_count, "call"));
    if let (Some(first_at), Some(last_at)) = (stats.first_at, stats.last_at) {
        let (first_at, last_at) = (screen.clock.time(first_at), screen.clock.time(last_at));
        let times = format!("{first_at} {} {last_at}", screen.glyphs.arrow);
        let rest = screen.width.saturating_sub(line.width() + times.chars().count() + 2);
        line.add(Ink::Faint, &format!(" {} ", screen.glyphs.rule.repeat(rest)));
        line.add(Ink::Plain, &times);
    }
    line
}

/// Figures, and the columns that there are for them.
struct Sheet<'s> {
    stats: &'s Stats,
    screen: &'s Screen,
    room: usize,
}

impl Sheet<'_> {
    /// A line that begins with a label.
    fn labelled(label: &str) -> Line {
        let mut line = Line::default().with(Ink::Faint, &format!("  {label}"));
        line.skip_to(LABEL);
        line
    }

    /// A text behind a label, in as many lines as it takes.
    fn told(&self, label: &str, ink: Ink, text: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Self::labelled(label);
        for text in wrapped(text, self.room.saturating_sub(LABEL)) {
            line.add(ink, &text);
            lines.push(std::mem::replace(&mut line, Self::labelled("")));
        }
        lines
    }

    /// What is counted, how many that is, its share, and a bar of it.
    fn counted(&self, line: &mut Line, counted: &Counted) {
        line.set_right(Ink::Plain, &grouped(counted.part), counted.column);
        line.set_right(Ink::Faint, &share(counted.part, counted.whole), counted.column + 8);
        let from = counted.column + 10;
        line.skip_to(from);
        let room = self.room.saturating_sub(from);
        line.add(counted.ink, &bar(counted.part, counted.most, room, self.screen.glyphs));
    }

    fn outcomes(&self) -> Vec<Line> {
        let Stats { outcomes, call_count, .. } = self.stats;
        let most = outcomes.iter().map(|one| one.call_count).max().unwrap_or_default();
        let mut lines = Vec::new();
        let mut before = None;
        for one in outcomes {
            let flow = one.flow.map_or("neither", Flow::name);
            let mut line = Self::labelled(if before == Some(flow) { "" } else { flow });
            before = Some(flow);
            let ink = Ink::of(one.outcome);
            line.add(ink, one.outcome.name());
            let part = Counted { part: one.call_count, whole: *call_count, most, ink, column: 34 };
            self.counted(&mut line, &part);
            lines.push(line);
        }
        lines.extend(self.answered());
        lines
    }

    fn answered(&self) -> Vec<Line> {
        let Stats { answered_count, answerable_count, .. } = *self.stats;
        if answerable_count == 0 {
            return Vec::new();
        }
        let mut line = Self::labelled("answered");
        line.add(Ink::Strong, &share(answered_count, answerable_count));
        let of = count(answerable_count, "ringing call");
        line.add(Ink::Plain, &format!(" of {of} with a known outcome"));
        vec![line]
    }

    fn lengths(&self) -> Vec<Line> {
        let stats = self.stats;
        let mut lines = vec![Self::row(
            "",
            ["known", "min", "p50", "p95", "p99", "max"].map(Into::into),
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
        told: impl Fn(&T) -> String,
    ) -> Option<Line> {
        let Quantiles { count, min, p50, p95, p99, max } = quantiles;
        let told = |value: &Option<T>| value.as_ref().map(&told).unwrap_or_default();
        let cells = [grouped(*count), told(min), told(p50), told(p95), told(p99), told(max)];
        (*count > 0).then(|| Self::row(label, cells, Ink::Plain))
    }

    fn row(label: &str, cells: [String; 6], ink: Ink) -> Line {
        let mut line = Self::labelled(label);
        for (cell, column) in cells.iter().zip([21, 32, 43, 55, 67, 79]) {
            line.set_right(if column == 21 { Ink::Faint } else { ink }, cell, column);
        }
        line
    }

    fn peaks(&self) -> Vec<Line> {
        let told = |label: &str, peak: &Peak, what: &str| {
            let at = self.screen.clock.time(peak.reached_at?);
            let mut line = Self::labelled(label);
            line.add(Ink::Strong, &count(peak.count, what));
            line.add(Ink::Plain, &format!(" at once, {at}"));
            Some(line)
        };
        let Stats { peak_calls, peak_participants, .. } = self.stats;
        let both = [told("peak", peak_calls, "call"), told("", peak_participants, "participant")];
        both.into_iter().flatten().collect()
    }

    fn minutes(&self) -> Vec<Line> {
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
    fn days(&self, days: &[crate::stats::Day]) -> Vec<Line> {
        let before = days.len().saturating_sub(DAYS);
        let of = |day: &crate::stats::Day| minutes(day.participant_seconds.total);
        let most = days.iter().map(of).max().unwrap_or_default();
        let whole = minutes(self.stats.participant_seconds.total);
        let mut lines = Vec::new();
        for day in &days[before..] {
            let mut line = Self::labelled("");
            line.add(Ink::Plain, &day.date);
            let part = Counted { part: of(day), whole, most, ink: Ink::Live, column: 34 };
            self.counted(&mut line, &part);
            lines.push(line);
        }
        if before > 0 {
            let text = format!("and {} before: --by day", count(before as u64, "day"));
            lines.extend(self.told("", Ink::Faint, &text));
        }
        lines
    }

    fn hours(&self) -> Vec<Line> {
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

    fn clients(&self) -> Vec<Line> {
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
        self.told(label, Ink::Plain, &words.join("   "))
    }

    fn delivery(&self) -> Vec<Line> {
        let stats = self.stats;
        let (webhooks, events) =
            (count(stats.delivery_count, "webhook"), count(stats.event_count, "event"));
        let mut lines = self.told("delivery", Ink::Plain, &format!("{webhooks} of {events}"));
        let kinds = [
            (stats.duplicates, "duplicate"),
            (stats.copies, "copy"),
            (stats.conflicts, "conflict"),
            (stats.collisions, "key collision"),
        ];
        lines.extend(self.some("", Ink::Plain, &kinds));
        let lost = &stats.lost_webhooks;
        let kinds = [
            (lost.started, "start"),
            (lost.joined, "join"),
            (lost.left, "leave"),
            (lost.ended, "end"),
            (lost.outcome, "outcome"),
        ];
        lines.extend(self.some("lost", Ink::Odd, &kinds));
        let all = stats.attempts.total();
        if all > 0 {
            let attempts = &stats.attempts;
            let kinds = [
                ("first", attempts.first),
                ("second", attempts.second),
                ("third", attempts.third),
                ("unexplained", attempts.unexplained),
            ];
            let told = kinds.map(|(name, number)| format!("{name} {}", share(number, all)));
            lines.extend(self.told("attempts", Ink::Plain, &told.join("   ")));
        }
        lines
    }

    /// Of some numbers those that are not 0.
    fn some(&self, label: &str, ink: Ink, kinds: &[(u64, &str)]) -> Vec<Line> {
        let some = kinds.iter().filter(|(number, _)| *number > 0);
        let some: Vec<String> = some.map(|(number, noun)| count(*number, noun)).collect();
        if some.is_empty() { Vec::new() } else { self.told(label, ink, &some.join(", ")) }
    }
}

/// A part of a whole that is drawn beside others.
struct Counted {
    part: u64,
    whole: u64,
    /// The greatest of them.
    most: u64,
    ink: Ink,
    /// Where its number ends.
    column: usize,
}
