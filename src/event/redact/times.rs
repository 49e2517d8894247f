//! Times and lengths: plausible ones stay; others may be a personal number and are replaced.

use jiff::Timestamp;

use super::pseudonyms::{PseudonymDomain, Pseudonyms};
use super::text_shape::{RandomBits, TextShape};
use crate::event::moment::{Moment, Unit};
use crate::event::schema::{Form, Shape};
use crate::event::value::{Fit, Scalar, Spare, Value, whole};

/// Numbers whose absolute value is less than this are placeholders: one digit identifies nobody.
const PLACEHOLDER: i64 = 10;

/// Numbers from here on, over three years, are not lengths of calls. In seconds.
const IMPLAUSIBLE_LENGTH: u64 = 100_000_000;

/// The longest usual spelling of a time or a length.
const USUAL_LENGTH: usize = 18;

/// Digits of a fraction that are read.
const FRACTION: usize = 6;

/// Ranges of implausible seconds. All times within a range are rotated by one shift, so that their
/// distances, mostly their order, and what is wrong with them stay. Milliseconds reach the third
/// and later ranges too. The last but one ends where an id has no digits left.
const IMPLAUSIBLE_RANGES: [(i64, i64); 5] = [
    (-9_999_999_999, -PLACEHOLDER + 1),
    (PLACEHOLDER, 100_000_000),
    (100_000_000, 1_420_070_400),
    (4_133_980_800, 10_000_000_000),
    (10_000_000_000, 100_000_000_000),
];

/// By range, how far implausible times are shifted.
#[derive(Debug)]
pub(super) struct TimeShifts([i64; IMPLAUSIBLE_RANGES.len()]);

impl TimeShifts {
    pub(super) fn new(mut bits: RandomBits) -> Self {
        // Between a quarter and three quarters of the range: a shift near its ends would wrap few
        // times around, and so change the order of a few times only.
        Self(IMPLAUSIBLE_RANGES.map(|(begin, end)| {
            let quarter = (end - begin) / 4;
            quarter + i64::try_from(bits.below(2 * quarter.unsigned_abs())).unwrap_or_default()
        }))
    }

    /// The second that replaces an implausible one; `None` for plausible ones and placeholders.
    pub(super) fn seconds(&self, seconds: i64) -> Option<i64> {
        let mut ranges = IMPLAUSIBLE_RANGES.iter().zip(&self.0);
        let found = ranges.find(|((begin, end), _)| (*begin..*end).contains(&seconds));
        found.map(|((begin, end), shift)| begin + (seconds - begin + shift) % (end - begin))
    }
}

/// A decimal number and its notation.
struct WrittenDecimal<'r> {
    raw: &'r str,
    is_negative: bool,
    /// The digits before the point.
    whole: u64,
    /// The digits of the fraction that are read.
    fraction: String,
    form: NumberForm,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NumberForm {
    Text,
    Integer,
    Float,
}

impl<'r> WrittenDecimal<'r> {
    /// `None` if it is not a number, or one of more than 64 bits.
    fn new(raw: &'r str, is_text: bool) -> Option<Self> {
        let form = match raw.parse::<i64>() {
            _ if is_text => NumberForm::Text,
            Ok(_) => NumberForm::Integer,
            Err(_) => NumberForm::Float,
        };
        let plain = if form == NumberForm::Float {
            let float: f64 = raw.parse().ok()?;
            format!("{float:.FRACTION$}")
        } else {
            raw.to_owned()
        };
        let (number, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = number.strip_prefix('-').unwrap_or(number);
        let of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !of_digits(digits) || !of_digits(fraction) {
            return None;
        }
        Some(Self {
            raw,
            is_negative: digits.len() < number.len(),
            whole: digits.parse().ok()?,
            fraction: fraction.chars().take(FRACTION).collect(),
            form,
        })
    }

    /// The whole part with its sign.
    fn signed(&self) -> Option<i64> {
        let whole = i64::try_from(self.whole).ok()?;
        Some(if self.is_negative { -whole } else { whole })
    }

    fn is_placeholder(&self) -> bool {
        self.whole < PLACEHOLDER.unsigned_abs() && self.raw.len() <= USUAL_LENGTH
    }

    /// The number without digits that are not read.
    fn normalized(&self) -> String {
        if self.raw.len() <= USUAL_LENGTH && !self.raw.contains(['e', 'E']) {
            return self.raw.to_owned();
        }
        self.with_whole(self.whole)
    }

    /// Another number with this sign, fraction and notation.
    fn with_whole(&self, whole: u64) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let fraction = self.fraction.trim_end_matches('0');
        match (self.form, fraction) {
            (NumberForm::Float, "") => format!("{sign}{whole}.0"),
            (_, "") => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction}"),
        }
    }
}

impl Pseudonyms {
    /// The number that replaces a number, or a text with one, in the field of a time or a length;
    /// `None` if it is not a number.
    pub(super) fn time(&mut self, shape: Shape, raw: &str, is_text: bool) -> Option<String> {
        let (value, fit) = read(shape, raw, is_text);
        let decimal = WrittenDecimal::new(raw, is_text);
        match (value, decimal) {
            (Some(Value::Moment(_)), Some(decimal)) => Some(self.moment(&decimal)),
            (Some(Value::Span(_)), Some(decimal)) => Some(self.length(&decimal)),
            (None, Some(decimal)) if decimal.is_placeholder() => Some(decimal.normalized()),
            _ if is_text && fit == Fit::WrongType => None,
            _ => Some(self.unreadable(raw, is_text)),
        }
    }

    fn moment(&self, decimal: &WrittenDecimal<'_>) -> String {
        let moved = decimal.signed().and_then(|number| {
            let unit = Moment::from_number(number)?.1;
            let unit = if unit == Unit::Milliseconds { 1_000 } else { 1 };
            let seconds = self.shifts.seconds(number.div_euclid(unit))?;
            Some(seconds * unit + number.rem_euclid(unit))
        });
        moved.map_or_else(|| decimal.normalized(), |moved| decimal.with_whole(moved.unsigned_abs()))
    }

    fn length(&mut self, decimal: &WrittenDecimal<'_>) -> String {
        if decimal.whole < IMPLAUSIBLE_LENGTH {
            return decimal.normalized();
        }
        let shape = TextShape::Digits { negative: false, length: 11 };
        let text = decimal.whole.to_string();
        let length = self.replace_with(PseudonymDomain::LENGTH, &text, |bits| bits.text(shape));
        decimal.with_whole(length.parse().unwrap_or(IMPLAUSIBLE_LENGTH))
    }

    /// The number that replaces one that is neither a time nor a length.
    fn unreadable(&mut self, raw: &str, is_text: bool) -> String {
        let shape = TextShape::Digits { negative: raw.starts_with('-'), length: 15 };
        let digits = self.replace_with(PseudonymDomain::UNREADABLE, raw, |bits| bits.text(shape));
        let float = raw.parse::<f64>().unwrap_or_default();
        let is_whole = raw.parse::<u64>().is_ok() || raw.parse::<i64>().is_ok();
        match (is_text, raw.contains('.')) {
            (true, true) => format!("{digits}.5"),
            (true, false) => digits,
            _ if is_whole => digits,
            _ if float.fract() == 0.0 || whole(float).is_some() => format!("{digits}.0"),
            _ => format!("{digits}.5"),
        }
    }

    /// The day that replaces a day; `None` if the text is none.
    pub(super) fn date(&mut self, text: &str) -> Option<String> {
        if Form::Date.fault(text).is_some() {
            return None;
        }
        if ("2015".."2101").contains(&&text[..4]) {
            return Some(text.to_owned());
        }
        Some(self.replace_with(PseudonymDomain::DATE, text, |bits| {
            let (year, month, day) =
                (1000 + bits.below(900), 1 + bits.below(12), 1 + bits.below(28));
            format!("{year}-{month:02}-{day:02}")
        }))
    }
}

/// Reads a number, or a text with one, as a field of `shape` does.
fn read(shape: Shape, raw: &str, is_text: bool) -> (Option<Value<'static>>, Fit) {
    let spare = Spare::new();
    let scalar = match (is_text, raw.parse::<i64>()) {
        (true, _) => Scalar::Text(raw),
        (false, Ok(number)) => Scalar::Int(number),
        (false, Err(_)) => Scalar::Float(raw.parse().unwrap_or(f64::INFINITY)),
    };
    let (value, fit) = shape.read(scalar, &spare);
    let value = match value {
        Some(Value::Moment(moment)) => Some(Value::Moment(moment)),
        Some(Value::Span(span)) => Some(Value::Span(span)),
        _ => None,
    };
    (value, fit)
}

/// Whether a number, or a text with one, is a valid time or length.
pub(super) fn is_read(shape: Shape, raw: &str, is_text: bool) -> bool {
    matches!(shape, Shape::Time(_) | Shape::Span(_)) && read(shape, raw, is_text).0.is_some()
}

/// Whether a text is a plausible time in RFC 3339 notation.
pub(super) fn is_timestamp(text: &str) -> bool {
    const LONGEST: usize = 35;
    let of_times =
        |byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b':' | b'.' | b'T' | b'Z' | b' ');
    text.len() <= LONGEST
        && text.bytes().all(of_times)
        && text.parse::<Timestamp>().is_ok_and(|at| Moment::from(at).is_plausible())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::schema::Written as Documented;

    const TIME: Shape = Shape::Time(Documented::Number);
    const SPAN: Shape = Shape::Span(Documented::Text);

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(b"a key of the tests", &[])
    }

    fn time(shape: Shape, raw: &str, is_text: bool) -> Option<String> {
        pseudonyms().time(shape, raw, is_text)
    }

    #[test]
    fn a_plausible_time_stays_in_any_form() {
        for raw in ["1767346800", "1767346800.0", "1767346800.5", "1767346800000", "0", "-1", "7"] {
            assert_eq!(time(TIME, raw, false).as_deref(), Some(raw));
            assert_eq!(time(TIME, raw, true).as_deref(), Some(raw));
        }
        // What is beyond a microsecond is not read, and may be anything.
        let long = "1767346800.0000000049151123";
        assert_eq!(time(TIME, long, true).as_deref(), Some("1767346800"));
        assert_eq!(time(TIME, long, false).as_deref(), Some("1767346800.0"));
        assert_eq!(time(TIME, "17673468e2", false).as_deref(), Some("1767346800.0"));
        assert_eq!(time(SPAN, "21.433", true).as_deref(), Some("21.433"));
    }

    #[test]
    fn an_implausible_time_becomes_another_that_is_wrong_in_the_same_way() {
        let numbers = [
            "-9999999999",
            "-4711",
            "4711",
            "99999999",
            "123456789",
            "4915112345",
            "49151123456",
            "4915112345678",
            "99999999999999",
            "100000000000000",
            "-10000000000",
            "4711.5",
            "18446744073709551615",
            "-9223372036854775808",
            "1e300",
            "123456789012345678.0",
            "-4e10",
            "491511234567890.5",
        ];
        for shape in [TIME, SPAN] {
            for raw in numbers {
                for is_text in [false, true] {
                    let Some(other) = time(shape, raw, is_text) else {
                        assert!(is_text && raw.contains('e'));
                        continue;
                    };
                    let ((before, fit), (after, same)) =
                        (read(shape, raw, is_text), read(shape, &other, is_text));
                    assert_eq!((before.is_some(), fit), (after.is_some(), same), "{raw} {other}");
                    let is_length = shape.describe() == SPAN.describe()
                        && raw.parse::<f64>().is_ok_and(|number| (0.0..1e8).contains(&number));
                    assert_eq!(raw == other, is_length, "{raw} {other}");
                }
            }
        }
    }

    #[test]
    fn one_moment_has_one_other_in_all_its_forms() {
        let of = pseudonyms();
        let other = of.shifts.seconds(5_000_000_000).expect("implausible").to_string();
        assert_eq!(time(TIME, "5000000000", false), Some(other.clone()));
        assert_eq!(time(TIME, "5000000000", true), Some(other.clone()));
        assert_eq!(time(TIME, "5e9", false), Some(format!("{other}.0")));
        assert_eq!(time(TIME, "5000000000250", false), Some(format!("{other}250")));
    }

    #[test]
    fn times_of_one_stretch_keep_their_distance() {
        let of = pseudonyms();
        let seconds =
            [1_000_000_000, 1_000_000_045].map(|at| of.shifts.seconds(at).expect("implausible"));
        assert_eq!(seconds[1] - seconds[0], 45);
        for (begin, end) in IMPLAUSIBLE_RANGES {
            for at in [begin, begin + 1, end - 1] {
                assert!((begin..end).contains(&of.shifts.seconds(at).expect("implausible")));
            }
        }
        assert_eq!(of.shifts.seconds(1_767_346_800), None);
    }

    #[test]
    fn a_day_stays_where_a_call_may_have_been() {
        let mut of = pseudonyms();
        assert_eq!(of.date("2026-01-02").as_deref(), Some("2026-01-02"));
        let birthday = of.date("1987-03-04").expect("a day");
        assert!(birthday != "1987-03-04" && Form::Date.fault(&birthday).is_none(), "{birthday}");
        assert_eq!(of.date("1987-03"), None);
    }

    #[test]
    fn a_written_out_time_has_nothing_beside_it() {
        assert!(
            is_timestamp("2026-01-02T09:40:00Z") && is_timestamp("2026-01-02 09:40:00.5+02:00")
        );
        for other in ["2026-01-02T09:40:00Z[Lena/Okafor]", "1987-01-02T09:40:00Z", "soon", ""] {
            assert!(!is_timestamp(other), "{other}");
        }
    }
}
