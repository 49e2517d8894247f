//! Who was in a call when, as bars along a time axis.
//!
//! A bar's ends tell what was captured: `┣` a joined event, `┫` a left event, `◌` an end that is known from
//! the roster (or from the other event) while its own webhook is missing, `▶` an end that nobody knows.

use crate::event::{Moment, Span};
use crate::flow::{Call, Link, Recorded, Stay};
use crate::view::ink::{Ink, Line};
use crate::view::rows::Timeline;
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{length, offset};

/// The widest that a name may be beside its bar.
const WIDEST_NAME: usize = 28;

/// The least columns in which bars tell anything.
const NARROWEST: usize = 12;

/// One line of a chart.
struct Bar {
    label: String,
    cells: Vec<(&'static str, Ink)>,
    /// How long, to the right of the bar.
    length: String,
    /// What else there is to say, behind that.
    note: String,
}

/// The chart of a call; none where nobody was in it, or where the screen is too narrow.
pub(super) fn lines(item: &Timeline<'_>, screen: &Screen) -> Vec<Line> {
    let call = &item.call;
    let Some((from, to)) = range(item) else {
        return Vec::new();
    };
    let people = people(&call.stays);
    let labels = people.iter().map(|lane| width(&shown(lane[0].name))).chain([width("recording")]);
    let label = labels.max().unwrap_or_default().min(WIDEST_NAME).min(screen.width / 4);
    // The bars get what is left between the names and what stands behind.
    let told: Vec<(String, String)> = people.iter().map(|lane| total(lane)).collect();
    let lengths = told.iter().map(|(length, _)| length.len());
    let tapes = call.recordings.iter().map(|tape| played(tape).len());
    let figure = lengths.chain(tapes).max().unwrap_or_default().max(7);
    let note = told.iter().map(|(_, note)| note.len()).max().unwrap_or_default();
    let taken = 2 + label + 2 + 2 + figure + if note > 0 { note + 2 } else { 0 };
    let columns = screen.width.saturating_sub(taken);
    if columns < NARROWEST {
        return Vec::new();
    }
    let scale = Scale { from, length: to - from, columns };
    let mut bars = Vec::new();
    bars.extend(ring(call, &scale, screen));
    bars.extend(
        people.iter().zip(told).map(|(lane, told)| person(lane, told, call, &scale, screen)),
    );
    bars.extend(call.recordings.iter().filter_map(|tape| recording(tape, &scale, screen)));
    let mut lines = vec![axis(&scale, 4 + label, screen)];
    lines.extend(bars.into_iter().map(|bar| line(bar, label, figure, screen)));
    lines
}

/// From the first to the last that is known of the call itself; `None` where nobody was in it. (A recording
/// alone has no axis to stand on.)
fn range(item: &Timeline<'_>) -> Option<(Moment, Moment)> {
    let call = &item.call;
    let stays = call.stays.iter();
    let joined = stays.clone().map(|stay| stay.joined_at);
    joined.clone().next()?;
    let first = joined.clone().chain(call.initiated_at).chain(call.started_at).min()?;
    let left = stays.filter_map(|stay| stay.left_at);
    let last = joined.chain(left).chain(call.ended_at).chain(call.started_at).max()?;
    Some((first, last))
}

/// Where moments stand.
struct Scale {
    from: Moment,
    length: Span,
    columns: usize,
}

impl Scale {
    /// The column of a moment; those outside stand at the edge.
    fn column(&self, at: Moment) -> usize {
        let last = self.columns - 1;
        let length = self.length.micros().max(1).unsigned_abs();
        let behind = (at - self.from).micros().clamp(0, self.length.micros()).unsigned_abs();
        let column =
            (u128::from(behind) * last as u128 + u128::from(length) / 2) / u128::from(length);
        usize::try_from(column).unwrap_or(last).min(last)
    }
}

/// The stays of each name, by their first; stays of one name that overlap stand on lines of their own.
fn people<'s, 'c>(stays: &'s [Stay<'c>]) -> Vec<Vec<&'s Stay<'c>>> {
    let mut lanes: Vec<Vec<&Stay<'_>>> = Vec::new();
    let mut of_name: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
    for stay in stays {
        let own = of_name.entry(stay.name).or_default();
        let free = own.iter().find(|lane| {
            let last = lanes[**lane].last().and_then(|last| last.left_at);
            last.is_some_and(|left_at| left_at <= stay.joined_at)
        });
        if let Some(lane) = free {
            lanes[*lane].push(stay);
        } else {
            own.push(lanes.len());
            lanes.push(vec![stay]);
        }
    }
    lanes
}

/// How long somebody was in the call, and in how many stays.
fn total(lane: &[&Stay<'_>]) -> (String, String) {
    let known: Span = lane.iter().filter_map(|stay| stay.duration_seconds).sum();
    let open = lane.iter().any(|stay| stay.duration_seconds.is_none());
    let total = match (open, known == Span::default()) {
        (true, true) => "?".to_owned(),
        (true, false) => format!("{}+", length(known)),
        (false, _) => length(known),
    };
    let note = if lane.len() > 1 { format!("{} stays", lane.len()) } else { String::new() };
    (total, note)
}

fn empty(scale: &Scale) -> Vec<(&'static str, Ink)> {
    vec![(" ", Ink::Plain); scale.columns]
}

fn person(
    lane: &[&Stay<'_>],
    (length, note): (String, String),
    call: &Call<'_>,
    scale: &Scale,
    screen: &Screen,
) -> Bar {
    let glyphs = screen.glyphs;
    let mut cells = empty(scale);
    let mut free = 0;
    for stay in lane {
        // Two stays must not run together, however short the time between them.
        let start = scale.column(stay.joined_at).max(free).min(scale.columns - 1);
        let end = stay.left_at.or(call.ended_at).map_or(scale.columns - 1, |at| scale.column(at));
        let end = end.max(start);
        for cell in &mut cells[start..end] {
            *cell = (glyphs.stay, Ink::Good);
        }
        let joined =
            if stay.has_joined { (glyphs.joined, Ink::Good) } else { (glyphs.lost, Ink::Bad) };
        let left = match (stay.has_left, stay.left_at) {
            (true, _) => (glyphs.left, Ink::Good),
            (false, Some(_)) => (glyphs.lost, Ink::Bad),
            (false, None) => (glyphs.open, Ink::Live),
        };
        cells[end] = left;
        if end > start {
            cells[start] = joined;
        } else if stay.has_joined && stay.has_left {
            cells[start] = (glyphs.short, Ink::Good);
        } else if !stay.has_joined {
            cells[start] = joined;
        }
        free = end + 1;
    }
    Bar { label: lane[0].name.to_owned(), cells, length, note }
}

/// The time between the initiation and the start.
fn ring(call: &Call<'_>, scale: &Scale, screen: &Screen) -> Option<Bar> {
    let (from, span) = (call.initiated_at?, call.ring_seconds?);
    let inferred = call.link == Link::Inferred;
    let glyphs = if inferred { screen.glyphs.inferred } else { screen.glyphs.ring };
    let cells = span_cells(scale, from, from + span, glyphs, Ink::Odd);
    Some(Bar { label: "ring".into(), cells, length: length(span), note: String::new() })
}

fn recording(tape: &Recorded<'_>, scale: &Scale, screen: &Screen) -> Option<Bar> {
    let from = tape.started_at;
    let to = from + tape.duration_seconds.unwrap_or_default();
    let outside = to < scale.from || from > scale.from + scale.length;
    let cells = span_cells(scale, from, to, screen.glyphs.recording, Ink::Tape);
    let bar = Bar { label: "recording".into(), cells, length: played(tape), note: String::new() };
    (!outside).then_some(bar)
}

/// How long a recording is, in whole seconds.
fn played(tape: &Recorded<'_>) -> String {
    let whole = tape.duration_seconds.map(|span| Span::from_seconds(span.seconds()));
    whole.map_or_else(|| "?".to_owned(), length)
}

fn span_cells(
    scale: &Scale,
    from: Moment,
    to: Moment,
    [first, middle, last]: [&'static str; 3],
    ink: Ink,
) -> Vec<(&'static str, Ink)> {
    let mut cells = empty(scale);
    let (start, end) = (scale.column(from), scale.column(to));
    for cell in &mut cells[start..=end] {
        *cell = (middle, ink);
    }
    if end > start {
        cells[start] = (first, ink);
        cells[end] = (last, ink);
    }
    cells
}

fn line(bar: Bar, label: usize, figure: usize, screen: &Screen) -> Line {
    let mut line = Line::default().with(Ink::Plain, "  ");
    line.add(Ink::Plain, &screen.fit(&shown(&bar.label), label, Cut::End));
    line.skip_to(2 + label + 2);
    for (glyph, ink) in bar.cells {
        line.add(ink, glyph);
    }
    line.add(Ink::Plain, "  ");
    line.set_right(Ink::Plain, &bar.length, line.width() + figure);
    if !bar.note.is_empty() {
        line.add(Ink::Plain, "  ");
        line.add(Ink::Faint, &bar.note);
    }
    line
}

/// Seconds between ticks, the finest first.
const STEPS: [i64; 20] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    604_800, 2_592_000,
];

/// The least columns from one tick to the next.
const TICK_GAP: usize = 10;

/// Offsets above the bars, at round times; each label begins at its tick.
fn axis(scale: &Scale, indent: usize, screen: &Screen) -> Line {
    let mut line = Line::default();
    line.skip_to(indent);
    let length = scale.length.seconds();
    let most = i64::try_from(scale.columns / TICK_GAP).unwrap_or(1).max(1);
    let step = STEPS.into_iter().find(|step| length / step < most.max(1)).unwrap_or(length.max(1));
    let mut tick = 0;
    while tick <= length {
        let span = Span::from_seconds(tick);
        let column = indent + scale.column(scale.from + span);
        let label = format!("{}{}", screen.glyphs.tick, offset(span));
        if column + label.chars().count() <= indent + scale.columns
            && (tick == 0 || column > line.width())
        {
            if column > line.width() {
                line.skip_to(column);
            }
            line.add(Ink::Faint, &label);
        }
        tick += step;
    }
    line
}
