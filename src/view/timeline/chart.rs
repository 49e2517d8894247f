//! Who was in a call when, as bars along a time axis.
//!
//! A bar's ends tell what was captured: `┣` a joined event, `┫` a left event, `◌` an end that is
//! known from the roster (or from the other event) while its own webhook is missing, `▶` an end
//! that nobody knows.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::event::{Moment, Span};
use crate::flow::{Call, LinkReason, Recorded, Stay};
use crate::view::ink::{Ink, Line};
use crate::view::rows::{Timeline, TimelineRow};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{self, length, offset};

/// The widest that a name may be beside its bar.
const WIDEST_NAME: usize = 28;

/// The least columns in which bars tell anything.
const NARROWEST: usize = 12;

/// One column of a bar.
type Drawn = (&'static str, Ink);

/// One line of a chart.
struct Bar {
    label: String,
    cells: Vec<Drawn>,
    /// How long, to the right of the bar.
    length: String,
    /// What else there is to say, behind that.
    note: String,
}

/// The chart of a call; none where nobody was in it, or where the screen is too narrow.
pub(super) fn lines(item: &Timeline<'_>, screen: &Screen) -> Vec<Line> {
    let call = &item.call;
    let Some(range) = range(call) else {
        return Vec::new();
    };
    let people = people(&call.stays);
    let told: Vec<(String, String)> = people.iter().map(|lane| total(lane)).collect();
    let sizes = Sizes::of(call, range, &people, &told, screen);
    if sizes.columns < NARROWEST {
        return Vec::new();
    }
    let scale = Scale { range, columns: sizes.columns };
    let mut bars: Vec<Bar> = ring(item, &scale, screen).into_iter().collect();
    let named = people.iter().zip(told);
    bars.extend(named.map(|(lane, told)| person(lane, told, call, &scale, screen)));
    bars.extend(call.recordings.iter().map(|one| recording(one, &scale, screen)));
    let mut lines = vec![axis(&scale, 4 + sizes.label, screen)];
    lines.extend(bars.into_iter().map(|bar| line(bar, &sizes, screen)));
    lines
}

/// Columns of the parts of a line.
struct Sizes {
    label: usize,
    columns: usize,
    figure: usize,
}

impl Sizes {
    /// The bars get what is left between the names and what stands behind.
    fn of(
        call: &Call<'_>,
        range: Range,
        people: &[Vec<&Stay<'_>>],
        told: &[(String, String)],
        screen: &Screen,
    ) -> Self {
        let names = people.iter().map(|lane| width(&shown(words::person(lane[0].name))));
        let label = names.chain([width("recording")]).max().unwrap_or_default();
        let label = label.min(WIDEST_NAME).min(screen.width / 4);
        let lengths = told.iter().map(|(length, _)| length.len());
        let lasting = call.recordings.iter().map(|recorded| played(recorded).len());
        let ring = call.ring_seconds.map(|span| length(span).len());
        let figure = lengths.chain(lasting).chain(ring).max().unwrap_or_default().max(7);
        let outside = call.recordings.iter().any(|recorded| is_outside(recorded, range));
        let notes = told.iter().map(|(_, note)| note.len());
        let note = notes.chain(outside.then_some(OUTSIDE.len())).max().unwrap_or_default();
        let taken = 2 + label + 2 + 2 + figure + if note > 0 { note + 2 } else { 0 };
        Self { label, columns: screen.width.saturating_sub(taken), figure }
    }
}

/// From the first to the last that is known of the call itself; `None` where nobody was in it. (A
/// recording alone has no axis to stand on.)
pub(super) fn range(call: &Call<'_>) -> Option<Range> {
    let stays = call.stays.iter();
    let joined = stays.clone().map(|stay| stay.joined_at);
    joined.clone().next()?;
    let first = joined.clone().chain(call.initiated_at).chain(call.started_at).min()?;
    let left = stays.filter_map(|stay| stay.left_at);
    let last = joined.chain(left).chain(call.ended_at).chain(call.started_at).max()?;
    Some((first, last))
}

/// A first and a last moment.
type Range = (Moment, Moment);

/// Where moments stand.
struct Scale {
    range: Range,
    columns: usize,
}

impl Scale {
    fn length(&self) -> Span {
        self.range.1 - self.range.0
    }

    /// The column of a moment; those outside stand at the edge.
    fn column(&self, at: Moment) -> usize {
        let last = self.columns - 1;
        let length = self.length().micros();
        let behind = (at - self.range.0).micros().clamp(0, length).unsigned_abs();
        let length = length.max(1).unsigned_abs();
        let column =
            (u128::from(behind) * last as u128 + u128::from(length) / 2) / u128::from(length);
        usize::try_from(column).unwrap_or(last).min(last)
    }
}

/// The stays of each name, by their first; stays of one name that overlap stand on lines of their
/// own.
fn people<'s, 'c>(stays: &'s [Stay<'c>]) -> Vec<Vec<&'s Stay<'c>>> {
    let mut lanes: Vec<Vec<&Stay<'_>>> = Vec::new();
    // By name, its lines, the one that is free first at the top; who never left frees none.
    let mut free: HashMap<&str, BinaryHeap<Reverse<(Moment, usize)>>> = HashMap::new();
    for stay in stays {
        let own = free.entry(stay.name).or_default();
        let first = own.peek().filter(|Reverse((left_at, _))| *left_at <= stay.joined_at);
        let lane = first.map_or(lanes.len(), |Reverse((_, lane))| *lane);
        if lane == lanes.len() {
            lanes.push(vec![stay]);
        } else {
            own.pop();
            lanes[lane].push(stay);
        }
        own.extend(stay.left_at.map(|left_at| Reverse((left_at, lane))));
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

fn empty(scale: &Scale) -> Vec<Drawn> {
    vec![(" ", Ink::Plain); scale.columns]
}

fn person(
    lane: &[&Stay<'_>],
    (length, note): (String, String),
    call: &Call<'_>,
    scale: &Scale,
    screen: &Screen,
) -> Bar {
    let mut cells = empty(scale);
    let mut free = 0;
    for stay in lane {
        let true_start = scale.column(stay.joined_at);
        let last = stay.left_at.or(call.ended_at).map(|at| scale.column(at));
        let end = last.unwrap_or(scale.columns - 1).max(true_start);
        // Two stays must not run together, however short the time between them; one that has no
        // column of its own shares that of the stay before.
        let start = true_start.max(free).min(end);
        draw(&mut cells, stay, start, end, screen);
        free = free.max(end + 1);
    }
    Bar { label: words::person(lane[0].name).to_owned(), cells, length, note }
}

/// Draws a stay from column to column.
fn draw(cells: &mut [Drawn], stay: &Stay<'_>, start: usize, end: usize, screen: &Screen) {
    let glyphs = screen.glyphs;
    for cell in &mut cells[start..end] {
        *cell = (glyphs.stay, Ink::Good);
    }
    let joined = if stay.has_joined { (glyphs.joined, Ink::Good) } else { (glyphs.lost, Ink::Bad) };
    let left = match (stay.has_left, stay.left_at) {
        (true, _) => (glyphs.left, Ink::Good),
        (false, Some(_)) => (glyphs.lost, Ink::Bad),
        (false, None) => (glyphs.open, Ink::Live),
    };
    if end > start {
        cells[start] = joined;
        cells[end] = left;
    } else if stay.has_joined && stay.has_left {
        let is_lost = cells[start].0 == glyphs.lost;
        cells[start] = if is_lost { cells[start] } else { (glyphs.short, Ink::Good) };
    } else {
        cells[start] = if stay.has_joined { left } else { joined };
    }
}

/// The time between the initiation and the start.
fn ring(item: &Timeline<'_>, scale: &Scale, screen: &Screen) -> Option<Bar> {
    let call = &item.call;
    let by_epoch = |row: &TimelineRow<'_>| row.inferred == Some(LinkReason::SessionEpoch);
    let inferred = item.timeline.iter().any(by_epoch);
    let (from, span) = (call.initiated_at?, call.ring_seconds?);
    let glyphs = if inferred { screen.glyphs.inferred } else { screen.glyphs.ring };
    let cells = span_cells(scale, from, from + span, glyphs, Ink::Odd);
    Some(Bar { label: "ring".into(), cells, length: length(span), note: String::new() })
}

/// What is said of a recording that has no place among the bars.
const OUTSIDE: &str = "outside";

fn recording(recorded: &Recorded<'_>, scale: &Scale, screen: &Screen) -> Bar {
    let (from, to) = played_at(recorded);
    let outside = is_outside(recorded, scale.range);
    let cells = if outside {
        empty(scale)
    } else {
        span_cells(scale, from, to, screen.glyphs.recording, Ink::Recording)
    };
    let note = if outside { OUTSIDE } else { "" };
    Bar { label: "recording".into(), cells, length: played(recorded), note: note.into() }
}

fn played_at(recorded: &Recorded<'_>) -> Range {
    (recorded.started_at, recorded.started_at + recorded.duration_seconds.unwrap_or_default())
}

fn is_outside(recorded: &Recorded<'_>, (first, last): Range) -> bool {
    let (from, to) = played_at(recorded);
    to < first || from > last
}

/// How long a recording is, in whole seconds where it has some.
fn played(recorded: &Recorded<'_>) -> String {
    match recorded.duration_seconds {
        None => "?".to_owned(),
        Some(span) if span.seconds() == 0 => length(span),
        Some(span) => length(Span::from_seconds(span.seconds())),
    }
}

/// Cells from moment to moment; an end that lies outside of the chart has no cap.
fn span_cells(
    scale: &Scale,
    from: Moment,
    to: Moment,
    [first, middle, last]: [&'static str; 3],
    ink: Ink,
) -> Vec<Drawn> {
    let mut cells = empty(scale);
    let (start, end) = (scale.column(from), scale.column(to));
    for cell in &mut cells[start..=end] {
        *cell = (middle, ink);
    }
    if end > start && from >= scale.range.0 {
        cells[start] = (first, ink);
    }
    if end > start && to <= scale.range.1 {
        cells[end] = (last, ink);
    }
    cells
}

fn line(bar: Bar, sizes: &Sizes, screen: &Screen) -> Line {
    let mut line = Line::default().with(Ink::Plain, "  ");
    line.add(Ink::Plain, &screen.fit(&shown(&bar.label), sizes.label, Cut::End));
    line.skip_to(2 + sizes.label + 2);
    for (glyph, ink) in bar.cells {
        line.add(ink, glyph);
    }
    line.add(Ink::Plain, "  ");
    line.set_right(Ink::Plain, &bar.length, line.width() + sizes.figure);
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

/// Offsets above the bars, at round times; each label begins at its tick.
fn axis(scale: &Scale, indent: usize, screen: &Screen) -> Line {
    let label = |span| format!("{}{}", screen.glyphs.tick, offset(span));
    let length = scale.length().seconds();
    // The last label is the widest; two blanks keep it off the next tick.
    let gap = width(&label(scale.length())) + 2;
    let most = i64::try_from(scale.columns / gap).unwrap_or(1).max(1);
    let step = STEPS.into_iter().find(|step| length / step < most).unwrap_or(length.max(1));
    let mut line = Line::default().with(Ink::Plain, &" ".repeat(indent));
    for tick in 0..=length / step {
        let span = Span::from_seconds(tick * step);
        let (column, label) = (indent + scale.column(scale.range.0 + span), label(span));
        if column + width(&label) <= indent + scale.columns && (tick == 0 || column > line.width())
        {
            if tick > 0 {
                line.skip_to(column);
            }
            line.add(Ink::Faint, &label);
        }
    }
    line
}
