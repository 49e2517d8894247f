//! Times, lengths and events in the words that people read.

use std::collections::HashMap;

use super::text::width;
use crate::event::{Body, Capture, Event, Flow, Joined, Kind, Media, Moment, Span, Trigger};
use crate::flow::Call;

/// `11s`, `12m 20s`, `1h 02m 03s`; with the fraction where there is one.
#[must_use]
pub fn length(span: Span) -> String {
    let sign = if span < Span::default() { "-" } else { "" };
    let span = span.abs();
    let (whole, text) = (span.seconds(), span.to_string());
    let fraction = text.find('.').map_or("", |at| &text[at..]);
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}{fraction}s"),
        (0, _) => format!("{sign}{minutes}m {seconds:02}{fraction}s"),
        _ => format!("{sign}{hours}h {minutes:02}m {seconds:02}{fraction}s"),
    }
}

/// `+0:11`, `+1:02:03`, `-0:05`: how far behind the call's beginning.
#[must_use]
pub fn offset(span: Span) -> String {
    let sign = if span < Span::default() { '-' } else { '+' };
    let whole = span.abs().seconds();
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours == 0 {
        format!("{sign}{minutes}:{seconds:02}")
    } else {
        format!("{sign}{hours}:{minutes:02}:{seconds:02}")
    }
}

/// The first stay of each name that has ended: who joins after it comes back.
#[derive(Debug)]
pub struct Gone<'c>(HashMap<&'c str, (Moment, Moment)>);

impl<'c> Gone<'c> {
    /// Those of a call.
    #[must_use]
    pub fn of(call: &Call<'c>) -> Self {
        let mut gone = HashMap::new();
        for stay in &call.stays {
            if let Some(left_at) = stay.left_at {
                let ended = (left_at, stay.joined_at);
                let first = gone.entry(stay.name).or_insert(ended);
                *first = ended.min(*first);
            }
        }
        Self(gone)
    }

    /// Whether the event is a join of somebody who was here before: a stay of the name had ended by
    /// then, and is not the one that begins.
    #[must_use]
    pub fn comes_back(&self, capture: &Capture, event: &Event) -> bool {
        let Body::Joined(Joined { name, joined_at, .. }) = event.body else {
            return false;
        };
        let first = self.0.get(capture.string(name));
        first.is_some_and(|(left_at, began_at)| *left_at <= joined_at && *began_at < joined_at)
    }
}

/// What an event means, in a few words with text from strangers in it.
#[must_use]
pub fn event(capture: &Capture, event: &Event, gone: &Gone<'_>) -> String {
    match (event.trigger.kind(), &event.body) {
        (_, Body::Ring(ring)) => {
            let word = |sym: Option<_>| sym.map_or("somebody", |sym| capture.string(sym));
            let (sender, receiver) = (word(ring.sender), word(ring.receiver));
            match event.trigger {
                Trigger::CallInitiated => initiated(ring.media, ring.group, receiver),
                Trigger::CallBusy => format!("{sender} is busy"),
                Trigger::CallRejected => format!("rejected by {sender}"),
                Trigger::CallCancelled => format!("cancelled by {sender}"),
                _ => "not answered".into(),
            }
        }
        (Kind::Started, _) => format!("{} started", what(event.trigger)),
        (_, Body::Joined(_)) if gone.comes_back(capture, event) => "joined again".into(),
        (_, Body::Joined(_)) => "joined".into(),
        (_, Body::Left(_)) => after("left", event.lasted()),
        (_, Body::Ended(_)) => after(&format!("{} ended", what(event.trigger)), event.lasted()),
        (_, Body::Recording(recording)) => match recording.duration {
            Some(duration) => format!("recording of {}", length(duration)),
            None => "recording".into(),
        },
        (_, Body::Started { .. }) => event.trigger.name().into(),
    }
}

fn initiated(media: Option<Media>, group: Option<bool>, receiver: &str) -> String {
    let media = match media {
        Some(Media::Audio) => "audio ",
        Some(Media::Video) => "video ",
        None => "",
    };
    let group = if group == Some(true) { "group " } else { "" };
    format!("{media}call to {group}{receiver}")
}

fn what(trigger: Trigger) -> &'static str {
    match trigger.flow() {
        Some(Flow::Session) => "meeting",
        _ => "call",
    }
}

/// `left after 11m 46s`; without the length where there is none.
fn after(what: &str, span: Option<Span>) -> String {
    match span {
        Some(span) => format!("{what} after {}", length(span)),
        None => what.to_owned(),
    }
}

/// A display name, which may be nothing one could see.
#[must_use]
pub fn person(name: &str) -> &str {
    if width(name.trim()) == 0 { "\"\"" } else { name }
}

/// `1,204`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 call`, `2 calls`, `1,204 documents`.
#[must_use]
pub fn count(number: u64, noun: &str) -> String {
    let grouped = grouped(number);
    let plural = match noun.strip_suffix('y').filter(|stem| !stem.ends_with('a')) {
        _ if number == 1 => noun.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    format!("{grouped} {plural}")
}

/// `42.1%`; `0.0%` of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 2000 / u128::from(whole.max(1))).div_ceil(2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A length in few characters: `320ms`, `9.3s`, `41s`, `12m 20s`, `1h 02m 03s`.
#[must_use]
pub fn brief(span: Span) -> String {
    let micros = span.abs().micros();
    let sign = if span < Span::default() { "-" } else { "" };
    match (micros, micros % 1_000_000) {
        (_, 0) => length(span),
        (0..995_000, _) => format!("{sign}{}ms", (micros + 500) / 1000),
        (0..59_950_000, _) => {
            let tenths = (micros + 50_000) / 100_000;
            format!("{sign}{}.{}s", tenths / 10, tenths % 10)
        }
        _ => format!("{sign}{}", length(Span::from_seconds((micros + 500_000) / 1_000_000))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_names_no_unit_that_is_not_there() {
        let length = |seconds| super::length(Span::from_decimal(seconds).expect("in range"));
        assert_eq!(length(0.0), "0s");
        assert_eq!(length(21.433), "21.433s");
        assert_eq!(length(123.5), "2m 03.5s");
        assert_eq!(length(740.0), "12m 20s");
        assert_eq!(length(3723.0), "1h 02m 03s");
    }

    #[test]
    fn a_brief_length_has_two_digits_or_three_unless_it_is_whole() {
        let brief = |seconds| super::brief(Span::from_decimal(seconds).expect("in range"));
        let told = [0.0, 0.0004, 0.32, 0.9951, 9.34, 41.0, 59.96, 740.4, 3723.6, -1.25].map(brief);
        let as_told = [
            "0s",
            "0ms",
            "320ms",
            "1.0s",
            "9.3s",
            "41s",
            "1m 00s",
            "12m 20s",
            "1h 02m 04s",
            "-1.3s",
        ];
        assert_eq!(told, as_told);
    }

    #[test]
    fn a_share_is_rounded_to_a_tenth_of_a_percent() {
        assert_eq!(
            [(1, 3), (2, 3), (0, 0), (5, 5), (1, 2000)].map(|(a, b)| share(a, b)),
            ["33.3%", "66.7%", "0.0%", "100.0%", "0.1%"]
        );
    }

    #[test]
    fn numbers_are_grouped_and_nouns_agree() {
        assert_eq!(count(1, "call"), "1 call");
        assert_eq!(count(0, "copy"), "0 copies");
        assert_eq!(count(2, "day"), "2 days");
        assert_eq!(count(1_234_567, "event"), "1,234,567 events");
    }
}
