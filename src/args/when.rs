//! Points in time as people type them.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, ZonedDateTime};

/// A time that may need a clock and a zone to be known.
#[derive(Clone, Debug)]
pub enum When {
    /// RFC 3339 or epoch seconds.
    At(Timestamp),
    /// A date, or a date and time, of the zone that is asked for.
    Local(DateTime),
    /// So long before now.
    Ago(Span),
    /// The beginning of a day, so many behind today.
    Day(i32),
}

const FORMS: &str =
    "expected a time like 2026-01-02T09:40:00Z, 2026-01-02, 1767346800, -3h or yesterday";

impl FromStr for When {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text {
            "now" => return Ok(Self::Ago(Span::new())),
            "today" => return Ok(Self::Day(0)),
            "yesterday" => return Ok(Self::Day(-1)),
            _ => {}
        }
        // `-3` is no time but a length without its unit, and `20260102` a date.
        if let Some(at) = text.parse().ok().filter(|number| *number >= FIRST).and_then(epoch) {
            return Ok(Self::At(at));
        }
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Self::At(timestamp));
        }
        let local = text
            .parse::<DateTime>()
            .or_else(|_| Ok(text.parse::<Date>()?.to_datetime(Time::midnight())));
        if let Ok(local) = local.map_err(|_: jiff::Error| ()) {
            return Ok(Self::Local(local));
        }
        // `-3h` and `3h` are both three hours ago: captures hold no future.
        let length = text.strip_prefix('-').unwrap_or(text);
        let span = length.parse::<Span>().ok().filter(|_| !length.starts_with(['+', '-']));
        span.map(|span| Self::Ago(span.abs())).ok_or(FORMS)
    }
}

/// The least number that is taken for epoch seconds: September 2001.
const FIRST: f64 = 1e9;

fn epoch(seconds: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "jiff refuses what is out of range")]
    let micros = (seconds * 1e6).round() as i64;
    Timestamp::from_microsecond(micros).ok().filter(|_| seconds.is_finite())
}

impl When {
    /// The point in time, by the clock and zone of `now`.
    ///
    /// # Errors
    /// When it is further away than a calendar reaches.
    pub fn resolve(&self, now: &ZonedDateTime) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::At(timestamp) => Ok(*timestamp),
            Self::Local(local) => in_zone(*local, now.time_zone()),
            Self::Ago(span) => Ok(now.checked_sub(*span)?.timestamp()),
            // By the calendar: a day may be without its first hour.
            Self::Day(days) => {
                let day = now.date().checked_add(days.days())?;
                in_zone(day.to_datetime(Time::midnight()), now.time_zone())
            }
        }
    }
}

fn in_zone(local: DateTime, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
    Ok(local.to_zoned_datetime(zone.clone())?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> String {
        let now: ZonedDateTime =
            "2026-03-02T10:30:00+01:00[Europe/Berlin]".parse().expect("a time");
        let when: When = text.parse().expect(text);
        when.resolve(&now).expect("in range").to_string()
    }

    #[test]
    fn a_time_is_absolute_or_relative_to_now_in_the_zone() {
        for (text, time) in [
            ("2026-01-02T09:40:00Z", "2026-01-02T09:40:00Z"),
            ("2026-01-02 09:40:00+02:00", "2026-01-02T07:40:00Z"),
            ("1767346800", "2026-01-02T09:40:00Z"),
            ("1767346800.5", "2026-01-02T09:40:00.5Z"),
            ("2026-01-02", "2026-01-01T23:00:00Z"),
            ("20260102", "2026-01-01T23:00:00Z"),
            ("2026-01-02T12:00", "2026-01-02T11:00:00Z"),
            ("-3h", "2026-03-02T06:30:00Z"),
            ("90m", "2026-03-02T08:00:00Z"),
            ("1h 30m ago", "2026-03-02T08:00:00Z"),
            ("-7d", "2026-02-23T09:30:00Z"),
            ("now", "2026-03-02T09:30:00Z"),
            ("today", "2026-03-01T23:00:00Z"),
            ("yesterday", "2026-02-28T23:00:00Z"),
        ] {
            assert_eq!(resolved(text), time, "{text}");
        }
    }

    #[test]
    fn a_day_without_its_first_hour_does_not_move_the_day_before() {
        let now: ZonedDateTime =
            "2026-09-06T12:00:00-03:00[America/Santiago]".parse().expect("a time");
        let yesterday: When = "yesterday".parse().expect("a time");
        let at = yesterday.resolve(&now).expect("in range").to_string();
        assert_eq!(at, "2026-09-05T04:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "soon", "nan", "inf", "1e300", "2026-13-01", "3x", "-3", "+3h", "2026"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
