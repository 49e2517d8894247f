//! Times as carriers and log lines write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// When something was written, as far as its text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// A point in time.
    At(Timestamp),
    /// A time of some zone.
    Local(DateTime),
    /// A time of some zone in some year, as syslog (RFC 3164) has it; the year is 2000.
    Yearless(DateTime),
}

impl Stamp {
    /// The point in time that is meant. Where no zone is named it takes one; where no year is, it is
    /// the one that brings it nearest to `near`. `None` where either is unknown.
    pub(crate) fn resolve(
        self,
        zone: Option<&TimeZone>,
        near: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let at = |local: DateTime| zone?.to_ambiguous_timestamp(local).compatible().ok();
        match self {
            Self::At(at) => Some(at),
            Self::Local(local) => at(local),
            Self::Yearless(local) => {
                let near = near?;
                let year = Offset::UTC.to_datetime(near).year();
                (year.saturating_sub(1)..=year.saturating_add(1))
                    .filter_map(|year| at(local.with().year(year).build().ok()?))
                    .min_by_key(|at| at.duration_since(near).abs())
            }
        }
    }

    /// The stamp of a number: seconds, milliseconds, microseconds or nanoseconds since 1970, told by
    /// its size. `None` where it is no time since 2001.
    pub(super) fn from_epoch(whole: i128, nanos: i128) -> Option<Self> {
        const SECOND: i128 = 1_000_000_000;
        let nanos = match whole {
            1_000_000_000..100_000_000_000 => whole * SECOND + nanos,
            1_000_000_000_000..100_000_000_000_000 => whole * 1_000_000,
            1_000_000_000_000_000..100_000_000_000_000_000 => whole * 1_000,
            1_000_000_000_000_000_000.. => whole,
            _ => return None,
        };
        Timestamp::from_nanosecond(nanos).ok().map(Self::At)
    }

    /// What a text says that is nothing but a time.
    pub(super) fn whole(text: &str) -> Option<Self> {
        let text = text.trim();
        let (stamp, length) = Self::leading(text.as_bytes())?;
        (length == text.len()).then_some(stamp)
    }

    /// The time that a text begins with, and its length.
    pub(super) fn leading(text: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Reader { text, at: 0 };
        let stamp = match text.first()? {
            b'0'..=b'9' => {
                let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
                match (digits, text.get(digits)) {
                    (4, Some(b'-' | b'/')) => reader.iso(),
                    (2, Some(b'/' | b'-')) => reader.common_log(),
                    _ => reader.epoch(),
                }
            }
            b'A'..=b'Z' => reader.syslog(),
            _ => None,
        };
        // A longer word or number is something else.
        let ends = !text.get(reader.at).is_some_and(u8::is_ascii_alphanumeric);
        Some((stamp.filter(|_| ends)?, reader.at))
    }
}

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over the byte that is next, if it is one of `any`.
    fn one_of(&mut self, any: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| any.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    /// A number of `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let rest = &self.text[self.at..];
        let digits = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if digits < least {
            return None;
        }
        self.at += digits;
        let digits = rest[..digits].iter().map(|digit| i64::from(digit - b'0'));
        digits.into_iter().try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(digit))
    }

    fn small(&mut self, digits: usize) -> Option<i8> {
        self.number(digits, digits).and_then(|number| i8::try_from(number).ok())
    }

    /// `HH:MM:SS`, perhaps with a fraction.
    fn time(&mut self) -> Option<Time> {
        let hour = self.small(2)?;
        self.one_of(b":")?;
        let minute = self.small(2)?;
        self.one_of(b":")?;
        let second = self.small(2)?;
        let nanos = self.fraction()?;
        // A leap second has no place of its own.
        Time::new(hour, minute, second.min(59), i32::try_from(nanos).ok()?).ok()
    }

    /// Nanoseconds behind a point or comma; 0 where there is none.
    fn fraction(&mut self) -> Option<i64> {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        if !digit(self.text.get(self.at + 1)) || self.one_of(b".,").is_none() {
            return Some(0);
        }
        let from = self.at;
        let number = self.number(1, 9)?;
        let given = u32::try_from(self.at - from).ok()?;
        while digit(self.text.get(self.at)) {
            self.at += 1;
        }
        Some(number * 10_i64.pow(9 - given))
    }

    /// `Z`, `+01:00`, `+0100`, `+01`, ` +0100`, ` UTC`, ` GMT`.
    fn zone(&mut self) -> Option<Offset> {
        let from = self.at;
        self.one_of(b" ");
        let zone = self.zone_here();
        if zone.is_none() {
            self.at = from;
        }
        zone
    }

    fn zone_here(&mut self) -> Option<Offset> {
        for name in [&b"UTC"[..], b"GMT", b"Z", b"z"] {
            if self.text[self.at..].starts_with(name) {
                self.at += name.len();
                return Some(Offset::UTC);
            }
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(2, 2)?;
        self.one_of(b":");
        let minutes = self.number(2, 2).unwrap_or(0);
        Offset::from_seconds(i32::try_from(sign * (hours * 60 + minutes) * 60).ok()?).ok()
    }

    fn with_zone(&mut self, local: DateTime) -> Option<Stamp> {
        match self.zone() {
            Some(zone) => zone.to_timestamp(local).ok().map(Stamp::At),
            None => Some(Stamp::Local(local)),
        }
    }

    /// `2026-01-02T09:40:00.123Z` and its like, `2026/01/02 09:40:00` among them.
    fn iso(&mut self) -> Option<Stamp> {
        let year = i16::try_from(self.number(4, 4)?).ok()?;
        let separator = self.one_of(b"-/")?;
        let month = self.small(2)?;
        self.one_of(&[separator])?;
        let day = self.small(2)?;
        self.one_of(b"Tt ")?;
        let time = self.time()?;
        self.with_zone(Date::new(year, month, day).ok()?.to_datetime(time))
    }

    /// `02/Jan/2026:09:40:00 +0000`, as web servers write it, and `02-Jan-2026 09:40:00 UTC`, as PHP
    /// does.
    fn common_log(&mut self) -> Option<Stamp> {
        let day = self.small(2)?;
        let separator = self.one_of(b"/-")?;
        let month = self.month()?;
        self.one_of(&[separator])?;
        let year = i16::try_from(self.number(4, 4)?).ok()?;
        self.one_of(b": ")?;
        let time = self.time()?;
        self.with_zone(Date::new(year, month, day).ok()?.to_datetime(time))
    }

    fn month(&mut self) -> Option<i8> {
        let name = self.text.get(self.at..self.at + 3)?;
        let month = MONTHS.iter().position(|month| month[..] == *name)?;
        self.at += 3;
        i8::try_from(month + 1).ok()
    }

    /// `Jan  2 09:40:00`.
    fn syslog(&mut self) -> Option<Stamp> {
        let month = self.month()?;
        self.one_of(b" ")?;
        self.one_of(b" ");
        let day = i8::try_from(self.number(1, 2)?).ok()?;
        self.one_of(b" ")?;
        let time = self.time()?;
        let date = Date::new(2000, month, day).ok()?;
        Some(Stamp::Yearless(date.to_datetime(time)))
    }

    fn epoch(&mut self) -> Option<Stamp> {
        let whole = self.number(10, 19)?;
        let nanos = self.fraction()?;
        Stamp::from_epoch(whole.into(), nanos.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        match Stamp::whole(text) {
            Some(Stamp::At(at)) => at.to_string(),
            Some(Stamp::Local(local)) => local.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn every_way_to_write_a_time_is_read() {
        for (text, expected) in [
            ("2026-01-02T09:40:00.123456789Z", "2026-01-02T09:40:00.123456789Z"),
            ("2026-01-02T09:40:00+01:00", "2026-01-02T08:40:00Z"),
            ("2026-01-02 09:40:00,5 +0530", "2026-01-02T04:10:00.5Z"),
            ("2026-01-02 09:40:00 UTC", "2026-01-02T09:40:00Z"),
            ("2026-01-02 09:40:00", "2026-01-02T09:40:00"),
            ("2026/01/02 09:40:00", "2026-01-02T09:40:00"),
            ("02/Jan/2026:09:40:00 -0800", "2026-01-02T17:40:00Z"),
            ("02-Jan-2026 09:40:00 UTC", "2026-01-02T09:40:00Z"),
            ("1767346800", "2026-01-02T09:40:00Z"),
            ("1767346800.25", "2026-01-02T09:40:00.25Z"),
            ("1767346800123", "2026-01-02T09:40:00.123Z"),
            ("1767346800123456", "2026-01-02T09:40:00.123456Z"),
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "12",
            "2026-13-02T00:00:00Z",
            "2026-01-02",
            "9999999999999999999",
            "17673468001234567890123",
            "Jan",
        ] {
            assert_eq!(Stamp::whole(text), None, "{text}");
        }
        assert_eq!(Stamp::leading(b"1767346800abc"), None);
    }

    #[test]
    fn a_time_without_a_year_is_that_of_the_year_that_brings_it_nearest() {
        let near = "2026-01-01T00:00:10Z".parse().ok();
        let stamp = Stamp::whole("Dec 31 23:59:58").expect("a time");
        assert_eq!(stamp.resolve(None, near), None);
        let resolved = stamp.resolve(Some(&TimeZone::UTC), near).expect("a year");
        assert_eq!(resolved.to_string(), "2025-12-31T23:59:58Z");
    }

    #[test]
    fn a_time_without_a_zone_takes_one() {
        let zone = TimeZone::fixed(Offset::constant(2));
        let stamp = Stamp::whole("2026-01-02 09:40:00").expect("a time");
        let resolved = stamp.resolve(Some(&zone), None).expect("a zone");
        assert_eq!(resolved.to_string(), "2026-01-02T07:40:00Z");
    }
}
