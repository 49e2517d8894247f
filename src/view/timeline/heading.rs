//! What a call was: its parties and outcome, its id, its figures.

use crate::flow::{Call, Link, LinkReason, Outcome};
use crate::view::column::{when, who};
use crate::view::glyph::Glyphs;
use crate::view::ink::{Ink, Line, flowing};
use crate::view::screen::Screen;
use crate::view::text::{Cut, width};
use crate::view::words::{count, length};

/// The heading in lines that fit the screen.
pub(super) fn lines(call: &Call<'_>, screen: &Screen) -> Vec<Line> {
    let (mut first, when) = (title(call, screen), time(call, screen));
    let id = Line::default().with(Ink::Faint, call.call_id);
    let beside = first.width() + width(&when) + id.width() + 8 <= screen.width;
    rule(&mut first, &when, screen.width - if beside { id.width() + 3 } else { 0 }, screen.glyphs);
    let mut lines = Vec::new();
    let mut pieces = figures(call);
    if beside {
        first.skip_to(screen.width - id.width());
        first.join(id);
    } else {
        let id = screen.fit(call.call_id, screen.width.saturating_sub(2), Cut::Middle);
        pieces.insert(0, Line::default().with(Ink::Faint, &id));
    }
    lines.push(first);
    lines.extend(flowing(pieces, 2, screen.width));
    lines
}

fn title(call: &Call<'_>, screen: &Screen) -> Line {
    let glyphs = screen.glyphs;
    let dot = format!(" {} ", glyphs.dot);
    let ink = Ink::of(call.outcome);
    let kind = call.flow.map_or("recording", |flow| flow.name());
    let mut line = Line::default().with(ink, mark(call.outcome, glyphs)).with(Ink::Plain, " ");
    line.add(Ink::Plain, kind);
    if let Some(media) = call.media {
        line.add(Ink::Faint, &dot);
        line.add(Ink::Plain, media.name());
    }
    if call.receiver_type == Some("group") {
        line.add(Ink::Faint, &dot);
        line.add(Ink::Plain, "group");
    }
    let tail = width(&dot) + call.outcome.name().len() + width(&time(call, screen)) + 4;
    let room = screen.width.saturating_sub(line.width() + width(&dot) + tail);
    let parties = who(call).human(screen);
    line.add(Ink::Faint, &dot);
    line.add(Ink::Strong, &screen.fit(&parties, room, Cut::End));
    line.add(Ink::Faint, &dot);
    line.add(ink, call.outcome.name());
    line
}

fn mark(outcome: Outcome, glyphs: &Glyphs) -> &'static str {
    match outcome {
        Outcome::Ended => glyphs.call,
        Outcome::Ongoing => glyphs.ongoing,
        Outcome::Initiated | Outcome::Unknown => glyphs.lost,
        _ => glyphs.missed,
    }
}

fn time(call: &Call<'_>, screen: &Screen) -> String {
    when(call).map_or_else(String::new, |when| screen.clock.time(when))
}

/// Fills the line up to a time that ends before the column: the rule is what separates calls at a glance.
fn rule(line: &mut Line, time: &str, column: usize, glyphs: &Glyphs) {
    line.add(Ink::Plain, " ");
    let room = column.saturating_sub(line.width() + width(time) + 1);
    line.add(Ink::Faint, &glyphs.rule.repeat(room));
    line.add(Ink::Plain, " ");
    line.add(Ink::Plain, time);
}

/// The call's figures, those that are known.
fn figures(call: &Call<'_>) -> Vec<Line> {
    let mut figures = Vec::new();
    let mut add = |ink, text: &str| figures.push(Line::default().with(ink, text));
    let lengths = [
        ("ring", call.ring_seconds),
        ("duration", call.duration_seconds),
        ("connected", call.connected_seconds),
    ];
    for (name, span) in lengths {
        if let Some(span) = span {
            add(Ink::Plain, &format!("{name} {}", length(span)));
        }
    }
    match call.participant_count {
        0 => {}
        1 => add(Ink::Plain, "1 person"),
        many => add(Ink::Plain, &format!("{many} people (peak {})", call.peak_concurrent)),
    }
    if call.participant_seconds.seconds() > 0 {
        let total = length(call.participant_seconds);
        add(Ink::Plain, &format!("{total} of participants' time"));
    }
    match (call.link, call.link_reason) {
        (Link::Session, _) => add(Ink::Plain, "linked by session"),
        (Link::Inferred, Some(reason)) => add(Ink::Odd, inferred(reason)),
        _ => {}
    }
    let repeats = call.delivery_count.saturating_sub(call.event_count as u64);
    if repeats > 0 {
        add(Ink::Plain, &count(repeats, "repeated delivery"));
    }
    figures
}

/// What an inferred link rests on, in words.
pub(super) fn inferred(reason: LinkReason) -> &'static str {
    match reason {
        LinkReason::Conversation => "link inferred from conversation and time",
        LinkReason::SessionEpoch => "link inferred from the second in the session id",
    }
}
