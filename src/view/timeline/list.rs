//! The list of a call's events, a line each.

use super::chart::range;
use super::entry::{Entry, Mark, entries};
use crate::event::{Kind, Moment, Trigger};
use crate::view::ink::{Ink, Line};
use crate::view::rows::Timeline;
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::offset;

/// The list of a call's events.
pub(super) fn lines(item: &Timeline<'_>, screen: &Screen) -> Vec<Line> {
    let wide = screen.width >= WIDE;
    let entries = entries(item, wide, screen);
    // The chart's zero, where there is a chart.
    let first = item.timeline.first().map(|row| row.event_at - row.offset_seconds);
    let from = range(&item.call).map(|(from, _)| from).or(first);
    let layout = Layout::of(&entries, from, wide, screen);
    entries.iter().flat_map(|entry| layout.set(entry, screen)).collect()
}

/// Where things stand in the list.
struct Layout {
    /// What offsets count from.
    from: Option<Moment>,
    /// Where offsets end.
    offset: usize,
    /// Whether the time of day is told too, and whether with its date.
    clock: Option<bool>,
    mark: usize,
    who: usize,
    note: usize,
    /// Where the place begins, where there is room for it.
    place: Option<usize>,
    /// Where everything else ends.
    end: usize,
}

/// From here on a screen has room for the time of day and the place of each event.
const WIDE: usize = 110;

/// The least columns of an offset.
const OFFSET: usize = 9;

/// The least columns of a name, whatever the screen has room for.
const NAME: usize = 8;

/// The least and the most columns of a place.
const PLACE: (usize, usize) = (24, 60);

/// The widest that what is said of an event may be where its place stands behind it, unless half
/// the screen is wider.
const SAID: usize = 64;

impl Layout {
    fn of(entries: &[Entry], from: Option<Moment>, wide: bool, screen: &Screen) -> Self {
        let times = entries.iter().filter_map(|entry| entry.at);
        let behind = times.clone().filter_map(|at| Some(offset(at - from?).len()));
        let offset = 2 + behind.max().unwrap_or_default().max(OFFSET);
        let mut days = times.map(|at| screen.clock.date(at));
        let first = days.next();
        // Who asked how long ago it was does not want the time of day.
        let clocked = wide && screen.clock.relative_to.is_none();
        let clock = clocked.then(|| days.any(|day| Some(day) != first));
        let mark = offset + 2 + clock.map_or(0, |dated| if dated { 21 } else { 10 });
        let word = entries.iter().map(|entry| entry.what.len()).max().unwrap_or_default();
        let who = mark + 2 + word + 2;
        let single = entries.iter().filter(|entry| entry.who.len() == 1);
        let widest = single.map(|entry| width(&shown(&entry.who[0]))).max().unwrap_or_default();
        let room = screen.width.saturating_sub(who);
        let note = who + widest.min(room * 3 / 5).min(SAID) + 2;
        let notes = entries.iter().map(|entry| width(&shown(&entry.note)) + 16);
        let said = note + notes.max().unwrap_or_default();
        let end = if wide {
            said.min(who + SAID.max(screen.width / 2)).min(screen.width - PLACE.0 - 2)
        } else {
            screen.width
        };
        Self { from, offset, clock, mark, who, note, place: wide.then_some(end + 2), end }
    }

    fn set(&self, entry: &Entry, screen: &Screen) -> Vec<Line> {
        let mut line = Line::default();
        if let (Some(at), Some(from)) = (entry.at, self.from) {
            line.set_right(Ink::Plain, &offset(at - from), self.offset);
        }
        if let (Some(dated), Some(at)) = (self.clock, entry.at) {
            let day = if dated { format!("{} ", screen.clock.date(at)) } else { String::new() };
            line.skip_to(self.offset + 2);
            line.add(Ink::Faint, &format!("{day}{}", screen.clock.time_of_day(at)));
        }
        line.skip_to(self.mark);
        line.add(entry.mark.ink(), entry.mark.glyph(screen));
        line.add(Ink::Plain, " ");
        line.add(if entry.mark == Mark::Lost { Ink::Bad } else { ink(entry.what) }, entry.what);
        let mut lines = self.names(line, entry, screen);
        if let Some(last) = lines.last_mut() {
            self.notes(last, entry, screen);
        }
        if let (Some(column), Some(place), Some(first)) =
            (self.place, &entry.place, lines.first_mut())
        {
            let room = (screen.width - column).min(PLACE.1);
            first.skip_to(column);
            first.add(Ink::Faint, &screen.fit(&shown(place), room, Cut::Start));
        }
        lines
    }

    /// The names behind the word, in as many lines as they need.
    fn names(&self, mut line: Line, entry: &Entry, screen: &Screen) -> Vec<Line> {
        let mut lines = Vec::new();
        let end = if entry.who.len() == 1 { self.note.min(self.end + 2) - 2 } else { self.end };
        let room = end.saturating_sub(self.who).max(NAME);
        let mut names = entry.who.iter().peekable();
        while let Some(name) = names.next() {
            let comma = if names.peek().is_some() { "," } else { "" };
            let name = shown(name);
            let name = screen.fit(&name, room.saturating_sub(comma.len()), Cut::End);
            let wide = width(&name) + comma.len();
            if line.width() > self.who && line.width() + 1 + wide > end {
                lines.push(std::mem::take(&mut line));
            }
            line.skip_to(if line.width() < self.who { self.who } else { line.width() + 1 });
            line.add(Ink::Plain, &name);
            line.add(Ink::Plain, comma);
        }
        lines.push(line);
        lines
    }

    /// What else there is to say, as far as there is room.
    fn notes(&self, line: &mut Line, entry: &Entry, screen: &Screen) {
        let many = format!("{}{} deliveries", screen.glyphs.times, entry.deliveries);
        let note = match entry.mark {
            Mark::Captured => Ink::Faint,
            odd => odd.ink(),
        };
        let repeated = (entry.deliveries > 1).then_some((Ink::Odd, many.as_str()));
        let mut column = if entry.who.is_empty() { self.who } else { self.note };
        for (ink, note) in repeated.into_iter().chain([(note, entry.note.as_str())]) {
            column = column.max(line.width() + 2);
            let note = shown(note);
            let note = screen.fit(&note, self.end.saturating_sub(column), Cut::End);
            if !note.is_empty() {
                line.skip_to(column);
                line.add(ink, &note);
            }
        }
    }
}

/// The ink of a captured event's word.
fn ink(what: &str) -> Ink {
    match what {
        "joined" => Ink::Good,
        "left" => Ink::Faint,
        "recording" => Ink::Recording,
        _ => match Trigger::parse(what).map(Trigger::kind) {
            Some(Kind::RingOutcome) => Ink::Odd,
            _ => Ink::Strong,
        },
    }
}
