//! Points in time and lengths of time, as payloads give them.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, Sub};

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

const MICROS: i64 = 1_000_000;

/// The most digits that a payload's number of a time has before its point: up to the year 5138,
/// be it seconds or milliseconds.
pub(crate) const TIME_DIGITS: u32 = 14;
/// The same of a time before 1970: back to 1653.
pub(crate) const PAST_DIGITS: u32 = 10;
/// The same of a length in seconds.
pub(crate) const SPAN_DIGITS: u32 = 12;

const TIME_LIMIT: f64 = limit(TIME_DIGITS);
const PAST_LIMIT: f64 = -limit(PAST_DIGITS);
const SPAN_LIMIT: f64 = limit(SPAN_DIGITS);

/// The least number of more digits.
#[expect(clippy::cast_precision_loss, reason = "powers of ten are exact up to 10²²")]
const fn limit(digits: u32) -> f64 {
    10_i64.pow(digits) as f64
}

/// A point in time: microseconds since 1970 in UTC. Event times are whole seconds by documentation;
/// recordings and arrival times may have fractions. Kept as microseconds since the year 1 and one
/// more, so that an unknown one takes no room beside it, and aligned to four bytes: there are
/// millions, and what stands beside them is no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(Rust, packed(4))]
pub struct Moment(NonZeroU64);

/// A length of time in microseconds; may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

/// What a payload's number of a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// As documented.
    Seconds,
    /// What it must be where it is too great for seconds (S009).
    Milliseconds,
}

impl Unit {
    /// The unit of a number of this size; `None` where it is of none.
    fn of(number: f64) -> Option<Self> {
        match number {
            _ if number <= PAST_LIMIT || number >= TIME_LIMIT => None,
            _ if number >= 1e11 => Some(Self::Milliseconds),
            _ => Some(Self::Seconds),
        }
    }

    /// Microseconds in one.
    fn micros(self) -> i64 {
        match self {
            Self::Seconds => MICROS,
            Self::Milliseconds => 1_000,
        }
    }
}

impl Moment {
    const MIN: i64 = -62_135_596_800 * MICROS;
    const MAX: i64 = 253_402_300_799 * MICROS;

    /// So many microseconds since 1970; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        if !(Self::MIN..=Self::MAX).contains(&micros) {
            return None;
        }
        u64::try_from(micros - Self::MIN + 1).ok().and_then(NonZeroU64::new).map(Self)
    }

    /// So many seconds since 1970; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Self::from_micros(seconds.checked_mul(MICROS)?)
    }

    /// Microseconds since 1970.
    fn micros(self) -> i64 {
        let kept = self.0;
        kept.get().cast_signed() + (Self::MIN - 1)
    }

    /// The same point in time.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // A timestamp holds the years 1 to 9999 too, but for the last hours.
        Timestamp::from_microsecond(self.micros()).unwrap_or(Timestamp::MAX)
    }

    /// The moment `micros` since 1970, or the last or first that there is.
    fn saturating(micros: i64) -> Self {
        let micros = micros.clamp(Self::MIN, Self::MAX);
        Self(NonZeroU64::MIN.saturating_add((micros - Self::MIN).unsigned_abs()))
    }

    /// A payload's number: seconds since 1970, or milliseconds where it is too great for seconds.
    /// `None` where it has more digits than either, or more than ten behind a dash.
    #[must_use]
    pub(crate) fn from_number(number: i64) -> Option<(Self, Unit)> {
        #[expect(clippy::cast_precision_loss, reason = "the size alone tells the unit")]
        let unit = Unit::of(number as f64)?;
        Some((Self::from_micros(number.checked_mul(unit.micros())?)?, unit))
    }

    /// The same for a number with a fraction.
    #[must_use]
    pub(crate) fn from_decimal(number: f64) -> Option<(Self, Unit)> {
        let unit = Unit::of(number)?;
        #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
        let micros = to_micros(number * unit.micros() as f64)?;
        Some((Self::from_micros(micros)?, unit))
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.micros().div_euclid(MICROS)
    }

    /// Whether it lies in the years 2015 to 2100 (else S009).
    #[must_use]
    pub fn is_plausible(self) -> bool {
        (1_420_070_400..4_133_980_800).contains(&self.seconds())
    }

    /// The number of seconds as a payload would write it: `1767346800` or `1767346800.5`.
    #[must_use]
    pub fn number(self) -> String {
        Span(self.micros()).to_string()
    }
}

impl Span {
    /// So many whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * MICROS)
    }

    /// So many microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// So many seconds; `None` where that is no number or out of range.
    #[must_use]
    pub fn from_decimal(seconds: f64) -> Option<Self> {
        to_micros(seconds * 1e6).map(Self)
    }

    /// A payload's number of seconds; `None` where it is negative, or too great for any length.
    #[must_use]
    pub(crate) fn from_number(seconds: f64) -> Option<Self> {
        (0.0..SPAN_LIMIT).contains(&seconds).then(|| Self::from_decimal(seconds))?
    }

    /// Microseconds.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded towards zero.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0 / MICROS
    }

    /// Microseconds beyond the whole seconds.
    #[must_use]
    pub fn fraction(self) -> i64 {
        self.0 % MICROS
    }

    /// The length without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The span itself unless it is negative: a length that cannot be is unknown.
    #[must_use]
    pub fn known(self) -> Option<Self> {
        (self.0 >= 0).then_some(self)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked, and the fraction of a microsecond is meant to go"
)]
fn to_micros(value: f64) -> Option<i64> {
    let value = value.round();
    (value.abs() < 9e18).then_some(value as i64)
}

impl Sub for Moment {
    type Output = Span;

    fn sub(self, earlier: Moment) -> Span {
        Span(self.micros() - earlier.micros())
    }
}

impl Sub for Span {
    type Output = Span;

    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Add<Span> for Moment {
    type Output = Moment;

    fn add(self, span: Span) -> Moment {
        Self::saturating(self.micros().saturating_add(span.0))
    }
}

impl Sub<Span> for Moment {
    type Output = Moment;

    fn sub(self, span: Span) -> Moment {
        Self::saturating(self.micros().saturating_sub(span.0))
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        Span(spans.fold(0, |sum, span| sum.saturating_add(span.0)))
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self::saturating(timestamp.as_microsecond())
    }
}

/// RFC 3339 in UTC, with a fraction only where there is one.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_microsecond(self.micros()) {
            Ok(timestamp) => fmt::Display::fmt(&timestamp, f),
            Err(_) => f.write_str(&self.number()),
        }
    }
}

/// Seconds as a decimal number: `740`, `21.433`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (self.seconds().abs(), self.fraction().abs());
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "pattern": "Z$"})
    }
}

impl JsonSchema for Span {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number"})
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without `fmt`, which takes longer than the text itself: times are most of what rows hold.
        let mut text = String::with_capacity(32);
        match DateTimePrinter::new().print_timestamp(&self.timestamp(), &mut text) {
            Ok(()) => serializer.serialize_str(&text),
            Err(_) => serializer.collect_str(self),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.fraction() == 0 {
            return serializer.serialize_i64(self.seconds());
        }
        #[expect(clippy::cast_precision_loss, reason = "exact up to 285 years")]
        serializer.serialize_f64(self.0 as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_their_size() {
        let (second, unit) = Moment::from_number(1_767_346_800).expect("in range");
        assert_eq!(second.to_string(), "2026-01-02T09:40:00Z");
        assert_eq!(unit, Unit::Seconds);
        assert_eq!(Moment::from_number(1_767_346_800_000), Some((second, Unit::Milliseconds)));
        assert_eq!(Moment::from_number(i64::MAX), None);
    }

    #[test]
    fn a_fraction_is_kept_and_shown_without_trailing_zeros() {
        let (moment, _) = Moment::from_decimal(1_767_346_811.5).expect("in range");
        assert_eq!(moment.to_string(), "2026-01-02T09:40:11.5Z");
        assert_eq!(moment.number(), "1767346811.5");
        assert_eq!(Span::from_decimal(21.433).expect("in range").to_string(), "21.433");
        assert_eq!(Span::from_decimal(-0.5).expect("in range").to_string(), "-0.5");
    }

    #[test]
    fn no_number_makes_a_time_panic() {
        for number in [f64::NAN, f64::INFINITY, -1e300, 1e300, 1e11, -1e11] {
            let _ = Moment::from_decimal(number);
            let _ = Span::from_decimal(number);
        }
        assert_eq!(Moment::from_decimal(f64::NAN), None);
    }
}
