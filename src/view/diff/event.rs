//! The events of a call that differ, a line each, under a heading for each kind of difference.

use super::legend::mark;
use super::row::EventRow;
use crate::diff::EventDifference;
use crate::event::Moment;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{count, person};

/// The column of the marks.
const INDENT: usize = 4;

/// Least and greatest width of the participant or the two sides of a ring.
const WHO_WIDTH: (usize, usize) = (8, 32);

/// Least width of a place.
const PLACE_WIDTH: usize = 14;

/// In the order of the output.
const DIFFERENCES: [EventDifference; 4] = [
    EventDifference::OnlyA,
    EventDifference::OnlyB,
    EventDifference::Changed,
    EventDifference::Moved,
];

/// The lines of the events. `first` is the time in the call's heading.
pub(super) fn lines(events: &[EventRow<'_>], first: Option<Moment>, screen: &Screen) -> Vec<Line> {
    let columns = EventColumns::new(events, first, screen);
    let mut lines = Vec::new();
    for difference in DIFFERENCES {
        let of: Vec<&EventRow<'_>> =
            events.iter().filter(|event| event.difference == difference).collect();
        if !of.is_empty() {
            let head = heading(difference, of.len() as u64);
            lines.push(Line::default().with(Ink::Plain, "  ").with(Ink::Strong, &head));
        }
        lines.extend(of.into_iter().flat_map(|event| columns.lines(event, screen)));
    }
    lines
}

fn heading(difference: EventDifference, many: u64) -> String {
    let webhooks = count(many, "webhook");
    match difference {
        EventDifference::OnlyA => format!("B lacks {webhooks}:"),
        EventDifference::OnlyB => format!("A lacks {webhooks}:"),
        EventDifference::Changed if many == 1 => format!("{webhooks} says something else in B:"),
        EventDifference::Changed => format!("{webhooks} say something else in B:"),
        EventDifference::Moved if many == 1 => format!("{webhooks} is part of another call in B:"),
        EventDifference::Moved => format!("{webhooks} are part of other calls in B:"),
    }
}

/// Where the parts of a line begin, in columns.
struct EventColumns {
    who: usize,
    time: usize,
    place: usize,
    /// Whether times include the day, because one of them is on another day than the heading's.
    dated: bool,
}

impl EventColumns {
    fn new(events: &[EventRow<'_>], first: Option<Moment>, screen: &Screen) -> Self {
        let day = first.map(|first| screen.clock.date(first));
        let dated = events.iter().any(|event| Some(screen.clock.date(event.event_at)) != day);
        let time_width = if dated { 19 } else { 8 };
        let widest = |of: &dyn Fn(&EventRow<'_>) -> usize| events.iter().map(of).max().unwrap_or(0);
        let who = INDENT + 2 + widest(&|event| event.trigger.len()) + 2;
        let room = screen.width.saturating_sub(who + 2 + time_width + 2 + PLACE_WIDTH);
        let name = widest(&|event| width(&shown(&about(event, screen))));
        let time =
            who + name.min(room.clamp(WHO_WIDTH.0, WHO_WIDTH.1)) + if name == 0 { 0 } else { 2 };
        Self { who, time, place: time + time_width + 2, dated }
    }

    fn lines(&self, event: &EventRow<'_>, screen: &Screen) -> Vec<Line> {
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
        if let Some(first) = event.first() {
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

/// The participant, or the two sides of a ring.
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

/// How the two deliveries of an event differ.
fn remarks(event: &EventRow<'_>) -> Vec<String> {
    let (Some(a), Some(b)) = (&event.a, &event.b) else {
        return Vec::new();
    };
    let place_b = b.place();
    match (event.difference, &event.text) {
        (EventDifference::Changed, Some(text)) => vec![format!("{text} ({place_b})")],
        (EventDifference::Changed, None) => vec![format!("in B it stands at {place_b}")],
        _ => {
            let (call_a, call_b) = (a.call_id.unwrap_or_default(), b.call_id.unwrap_or_default());
            vec![format!("in A of {call_a}"), format!("in B of {call_b} ({place_b})")]
        }
    }
}
