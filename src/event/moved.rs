//! A body at another time: every time of the field tables moved, all else as it was written.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::compiled::{Table, table};
use super::moment::{Moment, Unit};
use super::raw::Pointed;
use super::ringing::RingingId;
use super::schema::{Form, Mask, Private, Shape};
use crate::input::json::{Text, elements, members, offset};

/// The body with all its times so many seconds later: times as numbers and as texts, the second in a
/// ringing session's id, which links it to its initiation, and the date of a recording. What cannot
/// be read as a time stays. `None` where the body is no JSON.
#[must_use]
pub fn moved(body: &str, seconds: i64) -> Option<String> {
    serde_json::from_str::<serde::de::IgnoredAny>(body).ok()?;
    let start = Pointed::new(body.to_owned()).at("/data/startTime");
    let start = start.and_then(|(from, length)| moment(&body[from..from + length]));
    let mut walk = Walk { body, seconds, start, out: String::with_capacity(body.len()), done: 0 };
    walk.value(body.trim(), Some(Table::ROOT));
    walk.out.push_str(&body[walk.done..]);
    Some(walk.out)
}

/// The time that a number, or one in quotes, stands for.
fn moment(raw: &str) -> Option<Moment> {
    Moment::from_decimal(raw.trim_matches('"').parse().ok()?).map(|(moment, _)| moment)
}

struct Walk<'b> {
    body: &'b str,
    seconds: i64,
    /// When the recording of the body began.
    start: Option<Moment>,
    out: String,
    /// How much of the body is in `out`.
    done: usize,
}

impl Walk<'_> {
    /// Walks a value at a place of the tables; one that they do not know has no times.
    fn value(&mut self, raw: &str, place: Option<u8>) {
        let Some(node) = place else {
            return;
        };
        match (raw.as_bytes().first(), table().node(node).shape) {
            (Some(b'{'), Shape::Object(_)) => self.object(raw, node),
            (Some(b'['), Shape::List(_)) => {
                for element in elements(raw) {
                    self.object(element.get(), node);
                }
            }
            (Some(b'"'), shape) => self.text(raw, node, shape),
            (Some(_), Shape::Time(_)) => self.replace(raw, later(raw, self.seconds)),
            _ => {}
        }
    }

    fn object(&mut self, raw: &str, parent: u8) {
        for (key, value) in members(raw) {
            self.value(value.get(), table().member(parent, &key.0));
        }
    }

    fn text(&mut self, raw: &str, node: u8, shape: Shape) {
        let Ok(Text(text)) = serde_json::from_str::<Text<'_>>(raw) else {
            return;
        };
        let mask = table().node(node).field.map(|field| field.mask);
        let given = match (shape, mask) {
            (Shape::Time(_), _) => later(&text, self.seconds),
            (Shape::Text(Form::Date), _) => self.date(&text),
            (_, Some(Mask::Private(Private::Session))) => session(&text, self.seconds),
            _ => None,
        };
        // A time, a date and an id in which only digits change need no escapes that were not there.
        self.replace(raw, given.and_then(|given| serde_json::to_string(&given).ok()));
    }

    /// The day of a recording, as far behind that of its start as it was.
    fn date(&self, text: &str) -> Option<String> {
        let date: Date = text.parse().ok()?;
        let utc = |at: Timestamp| jiff::tz::TimeZone::UTC.to_datetime(at).date();
        let start = match self.start {
            Some(start) => start.timestamp(),
            None => date.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
        };
        let days = utc(start.checked_add(SignedDuration::from_secs(self.seconds)).ok()?)
            .since(utc(start))
            .ok()?;
        Some(date.checked_add(days).ok()?.to_string())
    }

    /// Puts another text where `raw` stands.
    fn replace(&mut self, raw: &str, given: Option<String>) {
        if let Some(given) = given {
            let at = offset(self.body, raw);
            self.out.push_str(&self.body[self.done..at]);
            self.out.push_str(&given);
            self.done = at + raw.len();
        }
    }
}

/// A number of seconds or milliseconds since 1970, so many seconds later, with its fraction as it
/// was. `None` where it is none.
fn later(number: &str, seconds: i64) -> Option<String> {
    let by = |unit: Unit| if unit == Unit::Milliseconds { seconds * 1000 } else { seconds };
    let end = number.find('.').unwrap_or(number.len());
    if let Ok(whole) = number[..end].parse::<i64>()
        && whole >= 0
        && number[end..].bytes().skip(1).all(|byte| byte.is_ascii_digit())
    {
        let (_, unit) = Moment::from_number(whole)?;
        return Some(format!("{}{}", whole.checked_add(by(unit))?, &number[end..]));
    }
    let (at, unit) = Moment::from_decimal(number.parse().ok()?)?;
    let at = at.seconds().checked_add(seconds)?;
    Some(if unit == Unit::Milliseconds { (at * 1000).to_string() } else { at.to_string() })
}

/// A ringing session's id with another second.
fn session(id: &str, seconds: i64) -> Option<String> {
    const DIGITS: usize = 10;
    const HEX: usize = 40;
    let epoch = RingingId::parse(id)?.epoch.checked_add(seconds)?.to_string();
    let at = id.len() - HEX - DIGITS;
    (epoch.len() == DIGITS).then(|| format!("{}{epoch}{}", &id[..at], &id[at + DIGITS..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{ "trigger":"call_ended", "data":{"all_occupants":[{"joined_at":1767346811,"left_at":"1767346900.50","name":"1767346811"}],
        "destroyed_at":1767346900000,"created_at":1.767346811e9,"sessionId":"v1.us.2394.1767346800HEX","odd":{"joined_at":1767346811}},"appId":"2394"}"#;

    #[test]
    fn every_time_moves_and_all_else_stays() {
        let body = BODY.replace("HEX", &"a3".repeat(20));
        let later = moved(&body, 1000).expect("JSON");
        let expected = body
            .replace(r#":[{"joined_at":1767346811"#, r#":[{"joined_at":1767347811"#)
            .replace("1767346900.50", "1767347900.50")
            .replace("1767346900000", "1767347900000")
            .replace("1.767346811e9", "1767347811")
            .replace(".1767346800", ".1767347800");
        assert_eq!(later, expected);
        let back = body.replace("1.767346811e9", "1767346811");
        assert_eq!(moved(&later, -1000), Some(back));
        assert_eq!(moved("{", 1), None);
    }

    #[test]
    fn the_day_of_a_recording_moves_with_its_start() {
        let at = |date: &str, start: &str| {
            format!(
                r#"{{"trigger":"recording_generated","data":{{"recordingDate":"{date}","startTime":"{start}","sessionId":"s"}}}}"#
            )
        };
        // 2026-01-02T23:59:59Z.
        let body = at("2026-01-02", "1767398399");
        assert_eq!(moved(&body, 1), Some(at("2026-01-03", "1767398400")));
        assert_eq!(moved(&body, -86_399), Some(at("2026-01-02", "1767312000")));
        // A zone in which it was the next day already.
        assert_eq!(moved(&at("2026-01-03", "1767398399"), 1), Some(at("2026-01-04", "1767398400")));
    }

    #[test]
    fn what_is_no_time_stays() {
        let body = r#"{"trigger":"call_started","data":{"created_at":"soon","sessionId":"room"}}"#;
        assert_eq!(moved(body, 5).as_deref(), Some(body));
    }
}
