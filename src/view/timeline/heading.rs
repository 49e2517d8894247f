//! What a call was: its parties and outcome, its id, its figures.

use crate::event::{Flow, Media};
use crate::flow::{Call, Link, LinkReason};
use crate::view::column::{when, who};
use crate::view::glyph::Glyphs;
use crate::view::ink::{Ink, Line, flowing};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{count, length};

/// The heading in lines that fit the screen.
pub(super) fn lines(call: &Call<'_>, screen: &Screen) -> Vec<Line> {
    let ink = Ink::of(call.outcome);
    let outcome = [(ink, call.outcome.name())];
    set(call, (ink, screen.glyphs.of(call.outcome)), &outcome, figures(call), screen)
}

/// A heading without figures, with a mark and an outcome of its own.
pub(in crate::view) fn marked(
    call: &Call<'_>,
    mark: (Ink, &str),
    outcome: &[(Ink, &str)],
    screen: &Screen,
) -> Vec<Line> {
    set(call, mark, outcome, Vec::new(), screen)
}

fn set(
    call: &Call<'_>,
    mark: (Ink, &str),
    outcome: &[(Ink, &str)],
    mut pieces: Vec<Line>,
    screen: &Screen,
) -> Vec<Line> {
    let when = when(call).map_or_else(String::new, |when| screen.clock.time(when));
    let mut first = title(call, mark, outcome, width(&when), screen);
    let id = shown(call.call_id);
    let time = if when.is_empty() { 0 } else { width(&when) + 2 };
    let beside = first.width() + time + LEAST_RULE + 3 + width(&id) <= screen.width;
    if !beside {
        let id = screen.fit(&id, screen.width.saturating_sub(2), Cut::Middle);
        pieces.insert(0, Line::default().with(Ink::Faint, &id));
    }
    if first.width() + time > screen.width {
        pieces.insert(0, Line::default().with(Ink::Plain, &when));
    } else {
        let end = screen.width - if beside { width(&id) + 3 } else { 0 };
        rule(&mut first, &when, end, screen.glyphs);
    }
    if beside {
        first.skip_to(screen.width - width(&id));
        first.add(Ink::Faint, &id);
    }
    let mut lines = vec![first];
    lines.extend(flowing(pieces, 2, screen.width));
    lines
}

/// The least of a rule that is worth drawing.
const LEAST_RULE: usize = 3;

/// The least columns of the parties.
const PARTIES: usize = 14;

/// What the call was: flow, media, parties, outcome, and room for its time behind them.
fn title(
    call: &Call<'_>,
    (ink, glyph): (Ink, &str),
    outcome: &[(Ink, &str)],
    time: usize,
    screen: &Screen,
) -> Line {
    let dot = format!(" {} ", screen.glyphs.dot);
    let kind = call.flow.map_or("recording", Flow::name);
    let group = (call.receiver_type == Some("group")).then_some("group");
    let mut line = Line::default().with(ink, glyph);
    line.add(Ink::Plain, &format!(" {kind}"));
    for word in call.media.map(Media::name).into_iter().chain(group) {
        line.add(Ink::Faint, &dot);
        line.add(Ink::Plain, word);
    }
    let taken =
        line.width() + 2 * width(&dot) + outcome.iter().map(|(_, text)| width(text)).sum::<usize>();
    let room = screen.width.saturating_sub(taken + time + 2 + LEAST_RULE);
    // On a narrow screen the time stands below.
    let room = if room < PARTIES { screen.width.saturating_sub(taken) } else { room };
    let parties = who(call).human(screen);
    line.add(Ink::Faint, &dot);
    line.add(Ink::Strong, &screen.fit(&parties, room.max(1), Cut::End));
    line.add(Ink::Faint, &dot);
    for (ink, text) in outcome {
        line.add(*ink, text);
    }
    line
}

/// Fills the line up to a time that ends before the column: the rule is what separates calls at a
/// glance.
fn rule(line: &mut Line, time: &str, column: usize, glyphs: &Glyphs) {
    let time = if time.is_empty() { String::new() } else { format!(" {time}") };
    line.add(Ink::Plain, " ");
    let room = column.saturating_sub(line.width() + width(&time));
    line.add(Ink::Faint, &glyphs.rule.repeat(room));
    line.add(Ink::Plain, &time);
}

/// The call's figures, those that are known.
fn figures(call: &Call<'_>) -> Vec<Line> {
    let lengths = [
        ("ring", call.ring_seconds),
        ("duration", call.duration_seconds),
        ("connected", call.connected_seconds),
    ];
    let lengths = lengths.into_iter().filter_map(|(name, span)| Some((name, span?)));
    let mut plain: Vec<String> =
        lengths.map(|(name, span)| format!("{name} {}", length(span))).collect();
    match call.participant_count {
        0 => {}
        1 => plain.push("1 person".into()),
        many => plain.push(format!("{many} people (peak {})", call.peak_concurrent)),
    }
    if call.participant_seconds.seconds() > 0 {
        plain.push(format!("{} of participants' time", length(call.participant_seconds)));
    }
    if call.link == Link::Session {
        plain.push("linked by session".into());
    }
    let repeats = call.delivery_count.saturating_sub(call.event_count as u64);
    if repeats > 0 {
        plain.push(count(repeats, "repeated delivery"));
    }
    let inked = |ink, text: &str| Line::default().with(ink, text);
    let mut figures: Vec<Line> = plain.iter().map(|text| inked(Ink::Plain, text)).collect();
    figures.extend(call.link_reason.map(|reason| inked(Ink::Odd, inferred(reason))));
    figures
}

/// What an inferred link rests on, in words.
fn inferred(reason: LinkReason) -> &'static str {
    match reason {
        LinkReason::Conversation => "link inferred from conversation and time",
        LinkReason::SessionEpoch => "link inferred from the second in the session id",
    }
}
