//! The events of a call that differ, a line each, under a line that says what they have in common.

use super::legend::mark;
use super::row::{EventRow, Standing};
use crate::diff::EventKind;
use crate::event::Moment;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{count, person};

/// Where the marks of events stand.
const INDENT: usize = 4;

/// The least and the most columns of who it is about.
const WHO: (usize, usize) = (8, 32);

/// The least columns of a place.
const PLACE: usize = 14;

/// The kinds in the order in which they are told.
const KINDS: [EventKind; 4] =
    [EventKind::OnlyA, EventKind::OnlyB, EventKind::Changed, EventKind::Moved];

/// All events that differ. `first` is the time that stands above them.
pub(super) fn lines(events: &[EventRow<'_>], first: Option<Moment>, screen: &Screen) -> Vec<Line> {
    let layout = Layout::of(events, first, screen);
    let mut lines = Vec::new();
    for kind in KINDS {
        let of: Vec<&EventRow<'_>> =
            events.iter().filter(|event| event.difference == kind).collect();
        if !of.is_empty() {
            let head = heading(kind, of.len() as u64);
            lines.push(Line::default().with(Ink::Plain, "  ").with(Ink::Strong, &head));
        }
        lines.extend(of.into_iter().flat_map(|event| layout.set(event, screen)));
    }
    lines
}

fn heading(kind: EventKind, many: u64) -> String {
    let webhooks = count(many, "webhook");
    match kind {
        EventKind::OnlyA => format!("B lacks {webhooks}:"),
        EventKind::OnlyB => format!("A lacks {webhooks}:"),
        EventKind::Changed if many == 1 => format!("{webhooks} says something else in B:"),
        EventKind::Changed => format!("{webhooks} say something else in B:"),
        EventKind::Moved if many == 1 => format!("{webhooks} is part of another call in B:"),
        EventKind::Moved => format!("{webhooks} are part of other calls in B:"),
    }
}

/// Where things stand in the lines.
struct Layout {
    who: usize,
    time: usize,
    place: usize,
    /// Whether the day is told too.
    dated: bool,
}

impl Layout {
    fn of(events: &[EventRow<'_>], first: Option<Moment>, screen: &Screen) -> Self {
        let day = first.map(|first| screen.clock.date(first));
        let dated = events.iter().any(|event| Some(screen.clock.date(event.event_at)) != day);
        let time_width = if dated { 19 } else { 8 };
        let widest = |of: &dyn Fn(&EventRow<'_>) -> usize| events.iter().map(of).max().unwrap_or(0);
        let who = INDENT + 2 + widest(&|event| event.trigger.len()) + 2;
        let room = screen.width.saturating_sub(who + 2 + time_width + 2 + PLACE);
        let name = widest(&|event| width(&shown(&about(event, screen))));
        let time = who + name.min(room.clamp(WHO.0, WHO.1)) + if name == 0 { 0 } else { 2 };
        Self { who, time, place: time + time_width + 2, dated }
    }

    fn set(&self, event: &EventRow<'_>, screen: &Screen) -> Vec<Line> {
        let (ink, sign) = mark(event.difference);
        let mut line = Line::default();
        line.skip_to(INDENT);
        line.add(ink, sign);
        line.add(Ink::Plain, &format!(" {}", event.trigger));
        let about = about(event, screen);
        if !about.is_empty() {
            line.skip_to(self.who);
            let room = self.time.saturating_sub(self.who + 2);
            line.add(Ink::Plain, &screen.fit(&shown(&about), room, Cut::End));
        }
        line.skip_to(self.time);
        let at = screen.clock.time_of_day(event.event_at);
        let day = if self.dated {
            format!("{} ", screen.clock.date(event.event_at))
        } else {
            String::new()
        };
        line.add(Ink::Plain, &format!("{day}{at}"));
        if let Some(first) = event.a.as_ref().or(event.b.as_ref()) {
            line.skip_to(self.place);
            let room = screen.width.saturating_sub(line.width());
            line.add(Ink::Faint, &screen.fit(&shown(&first.place()), room, Cut::Start));
        }
        let mut lines = vec![line];
        for text in remarks(event) {
            lines.extend(wrapped(&text, screen.width.saturating_sub(INDENT + 2)).iter().map(
                |text| {
                    let mut line = Line::default();
                    line.skip_to(INDENT + 2);
                    line.with(Ink::Plain, text)
                },
            ));
        }
        lines
    }
}

/// Who an event is about.
fn about(event: &EventRow<'_>, screen: &Screen) -> String {
    match (event.participant_name, event.sender, event.receiver) {
        (Some(name), _, _) => person(name).to_owned(),
        (_, Some(sender), Some(receiver)) => {
            format!("{sender} {} {receiver}", screen.glyphs.arrow)
        }
        (_, Some(sender), None) => sender.to_owned(),
        _ => String::new(),
    }
}

/// What else there is to say of an event that both have.
fn remarks(event: &EventRow<'_>) -> Vec<String> {
    let (Some(a), Some(b)) = (&event.a, &event.b) else {
        return Vec::new();
    };
    let there = b.place();
    match (event.difference, &event.text) {
        (EventKind::Changed, Some(text)) => vec![format!("{text} ({there})")],
        (EventKind::Changed, None) => vec![format!("in B it stands at {there}")],
        _ => {
            let of = |standing: &Standing<'_>| standing.call_id.unwrap_or_default().to_owned();
            vec![format!("in A of {}", of(a)), format!("in B of {} ({there})", of(b))]
        }
    }
}
