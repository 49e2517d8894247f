//! One value of a payload, read as its field's shape.

use bumpalo::Bump;

use super::moment::{Moment, Span, Unit};
use super::schema::{Form, Shape, Written};

/// Room for texts that do not stand in a body as they are: those with escapes, and numbers that are
/// read as texts. It takes none before the first.
pub(crate) type Spare = Bump;

/// A JSON value as far as a field looks into it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar<'de> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'de str),
    Array,
    Object,
}

impl Scalar<'_> {
    /// What it is, in words.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// What a field's value means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'de> {
    Text(&'de str),
    Moment(Moment),
    Span(Span),
    Flag(bool),
}

/// How well a value fits its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// As documented.
    Exact,
    /// Another JSON type that reads as the right one (S005).
    Lenient,
    /// A type that does not (S002).
    WrongType,
    /// The right type, outside its set or form (S003); the word says what it should be.
    Invalid(&'static str),
    /// A time in milliseconds, which is read as such (S009).
    Milliseconds,
    /// A time before 2015 or after 2100 (S009).
    Implausible,
}

impl Shape {
    /// The shape in words: what stands after "expected".
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Object(_) => "an object",
            Self::List(_) => "an array",
            Self::Text(_) => "a string",
            Self::Flag => r#"the string "true" or "false""#,
            Self::Time(Written::Number) => "a number of seconds",
            Self::Time(Written::Text) | Self::Span(_) => "a number of seconds in a string",
            Self::Any => "any value",
        }
    }

    /// Reads a string that is just as documented, without the ways that others take.
    #[inline]
    pub(super) fn read_documented(self, text: &str) -> Option<Value<'_>> {
        match self {
            Self::Text(form) if form.fault(text).is_none() => Some(Value::Text(text)),
            _ => None,
        }
    }

    /// Reads a whole number that is just as documented.
    #[inline]
    pub(super) fn read_documented_number<'de>(self, number: i64) -> Option<Value<'de>> {
        match (self, Moment::from_number(number)?) {
            (Self::Time(Written::Number), (moment, Unit::Seconds)) if moment.is_plausible() => {
                Some(Value::Moment(moment))
            }
            _ => None,
        }
    }

    /// Reads a value of this shape. A value that does not fit may be readable all the same.
    pub(crate) fn read<'de>(
        self,
        scalar: Scalar<'de>,
        spare: &'de Spare,
    ) -> (Option<Value<'de>>, Fit) {
        match self {
            Self::Any => (None, Fit::Exact),
            Self::Object(_) => (None, only_if(matches!(scalar, Scalar::Object))),
            Self::List(_) => (None, only_if(matches!(scalar, Scalar::Array))),
            Self::Text(form) => read_text(form, scalar, spare),
            Self::Flag => read_flag(&scalar),
            Self::Time(written) => read_time(written, &scalar),
            Self::Span(written) => read_span(written, &scalar),
        }
    }
}

fn only_if(fits: bool) -> Fit {
    if fits { Fit::Exact } else { Fit::WrongType }
}

fn read_text<'de>(form: Form, scalar: Scalar<'de>, spare: &'de Spare) -> (Option<Value<'de>>, Fit) {
    let written = |number: i64| &*spare.alloc_str(&number.to_string());
    let (text, fit) = match scalar {
        Scalar::Text(text) => (text, Fit::Exact),
        Scalar::Int(number) => (written(number), Fit::Lenient),
        Scalar::Float(number) => match whole(number) {
            Some(number) => (written(number), Fit::Lenient),
            None => return (None, Fit::WrongType),
        },
        _ => return (None, Fit::WrongType),
    };
    match form.fault(text) {
        None => (Some(Value::Text(text)), fit),
        // A URL is shown as it came; nothing is told from what is in no set of words.
        Some(wanted) if matches!(form, Form::Url) => {
            (Some(Value::Text(text)), Fit::Invalid(wanted))
        }
        Some(wanted) => (None, Fit::Invalid(wanted)),
    }
}

impl Form {
    /// What `text` should be and is not.
    pub(super) fn fault(self, text: &str) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Id => text.is_empty().then_some("not empty"),
            Self::Date => (!is_date(text)).then_some("a date, YYYY-MM-DD"),
            Self::Url => (!is_url(text)).then_some("an absolute http or https URL"),
            Self::OneOf(words) if words.contains(&text) => None,
            Self::OneOf(["user", "group"]) => Some("`user` or `group`"),
            Self::OneOf(["audio", "video"]) => Some("`audio` or `video`"),
            Self::OneOf(["user"]) => Some("`user`"),
            Self::OneOf(["call"]) => Some("`call`"),
            Self::OneOf(_) => Some("one of the documented words"),
        }
    }
}

fn is_date(text: &str) -> bool {
    let is_formed = text.len() == 10
        && (text.bytes().enumerate()).all(|(at, byte)| {
            if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
        });
    is_formed && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    // A letter of any script begins a host, and a bracket an IPv6 address.
    let begins = |first: char| first.is_ascii_alphanumeric() || first == '[' || !first.is_ascii();
    rest.is_some_and(|rest| rest.starts_with(begins))
}

fn read_flag<'de>(scalar: &Scalar<'_>) -> (Option<Value<'de>>, Fit) {
    match scalar {
        Scalar::Bool(flag) => (Some(Value::Flag(*flag)), Fit::Lenient),
        Scalar::Text(text) => match *text {
            "true" => (Some(Value::Flag(true)), Fit::Exact),
            "false" => (Some(Value::Flag(false)), Fit::Exact),
            _ => (None, Fit::Invalid(r#""true" or "false""#)),
        },
        _ => (None, Fit::WrongType),
    }
}

/// A number, however it is written, and whether it is written as documented.
fn number(written: Written, scalar: &Scalar<'_>) -> Option<(Number, Fit)> {
    let (number, as_written) = match scalar {
        Scalar::Int(number) => (Number::Whole(*number), Written::Number),
        Scalar::Float(number) => (Number::from(*number), Written::Number),
        Scalar::Text(text) => (parse(text)?, Written::Text),
        _ => return None,
    };
    let fit = if as_written == written { Fit::Exact } else { Fit::Lenient };
    Some((number, fit))
}

/// A decimal number; `Decimal` where it has a fraction, or is far beyond any time.
enum Number {
    Whole(i64),
    Decimal(f64),
}

impl From<f64> for Number {
    /// `5.0` and `5` are one number to JSON.
    fn from(number: f64) -> Self {
        whole(number).map_or(Self::Decimal(number), Self::Whole)
    }
}

/// The whole number that a decimal one is.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(super) fn whole(number: f64) -> Option<i64> {
    // The bounds of an i64; the upper one is just beyond it.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    (fits && number.fract() == 0.0).then_some(number as i64)
}

/// Reads digits, with a dash before and a fraction behind them, perhaps. Rust would read "inf" too,
/// and exponents, of which a schema's pattern could not tell how great they are.
fn parse(text: &str) -> Option<Number> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !digits(whole.strip_prefix('-').unwrap_or(whole)) || !digits(fraction) {
        return None;
    }
    if fraction.bytes().all(|byte| byte == b'0')
        && let Ok(whole) = whole.parse()
    {
        return Some(Number::Whole(whole));
    }
    text.parse().ok().map(Number::Decimal)
}

fn read_time<'de>(written: Written, scalar: &Scalar<'_>) -> (Option<Value<'de>>, Fit) {
    let Some((number, fit)) = number(written, scalar) else {
        return (None, Fit::WrongType);
    };
    let read = match number {
        Number::Whole(number) => Moment::from_number(number),
        Number::Decimal(number) => Moment::from_decimal(number),
    };
    let Some((moment, unit)) = read else {
        return (None, Fit::Invalid("a time between the years 1653 and 5138"));
    };
    let fit = if written == Written::Number && matches!(number, Number::Decimal(_)) {
        Fit::Invalid("a whole number of seconds")
    } else if unit == Unit::Milliseconds {
        Fit::Milliseconds
    } else if !moment.is_plausible() {
        Fit::Implausible
    } else {
        fit
    };
    (Some(Value::Moment(moment)), fit)
}

fn read_span<'de>(written: Written, scalar: &Scalar<'_>) -> (Option<Value<'de>>, Fit) {
    let Some((number, fit)) = number(written, scalar) else {
        return (None, Fit::WrongType);
    };
    let seconds = match number {
        #[expect(clippy::cast_precision_loss, reason = "a duration is far below 2^53")]
        Number::Whole(number) => number as f64,
        Number::Decimal(number) => number,
    };
    let has_dash = matches!(scalar, Scalar::Text(text) if text.starts_with('-'));
    match Span::from_number(seconds).filter(|_| !has_dash) {
        Some(span) => (Some(Value::Span(span)), fit),
        None => (None, Fit::Invalid("a number of seconds, not negative")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(shape: Shape, json: Scalar<'static>) -> (bool, Fit) {
        let spare = Spare::new();
        let (value, fit) = shape.read(json, &spare);
        (value.is_some(), fit)
    }

    fn text(text: &'static str) -> Scalar<'static> {
        Scalar::Text(text)
    }

    #[test]
    fn numbers_and_strings_stand_in_for_each_other() {
        let time = Shape::Time(Written::Number);
        assert_eq!(fit(time, Scalar::Int(1_767_346_800)), (true, Fit::Exact));
        assert_eq!(fit(time, text("1767346800")), (true, Fit::Lenient));
        let span = Shape::Span(Written::Text);
        assert_eq!(fit(span, text("21.433")), (true, Fit::Exact));
        assert_eq!(fit(span, Scalar::Float(21.433)), (true, Fit::Lenient));
        assert_eq!(fit(Shape::Text(Form::Id), Scalar::Int(52)), (true, Fit::Lenient));
        assert_eq!(fit(Shape::Flag, Scalar::Bool(true)), (true, Fit::Lenient));
    }

    #[test]
    fn words_that_rust_reads_as_numbers_are_none() {
        for word in ["inf", "nan", "infinity", "", "1_000", "0x10", "1e3", "+5", "5.", ".5", " 5"] {
            assert_eq!(fit(Shape::Span(Written::Text), text(word)), (false, Fit::WrongType));
        }
    }

    #[test]
    fn an_implausible_time_is_read_all_the_same() {
        let time = Shape::Time(Written::Number);
        for number in [-5, 0, 5_000_000_000] {
            assert_eq!(fit(time, Scalar::Int(number)), (true, Fit::Implausible));
        }
        for number in [1_767_346_800_000, 99_999_999_999_999] {
            assert_eq!(fit(time, Scalar::Int(number)), (true, Fit::Milliseconds));
        }
        for number in [100_000_000_000_000, -10_000_000_000] {
            assert!(!fit(time, Scalar::Int(number)).0);
        }
    }

    #[test]
    fn a_fraction_of_a_second_is_none_of_a_time_in_whole_seconds() {
        let (whole, odd) = (Fit::Exact, Fit::Invalid("a whole number of seconds"));
        let time = Shape::Time(Written::Number);
        for (number, expected) in [(1_767_346_800.0, whole), (1_767_346_800.5, odd), (0.5, odd)] {
            assert_eq!(fit(time, Scalar::Float(number)), (true, expected));
        }
        assert_eq!(fit(time, text("1767346800.00")), (true, Fit::Lenient));
        assert_eq!(fit(time, text("1767346800.50")), (true, odd));
        let start = Shape::Time(Written::Text);
        assert_eq!(fit(start, text("1767346800.5")), (true, Fit::Exact));
    }

    #[test]
    fn a_length_is_not_negative() {
        let span = Shape::Span(Written::Text);
        for word in ["-1", "-0.5", "-0", "1000000000000"] {
            assert!(matches!(fit(span, text(word)), (false, Fit::Invalid(_))), "{word}");
        }
        assert!(!fit(span, Scalar::Float(-1e-9)).0);
        assert_eq!(fit(span, text("0")), (true, Fit::Exact));
    }

    #[test]
    fn forms_refuse_what_they_do_not_know() {
        let refused = |form, word| fit(Shape::Text(form), text(word)).1 != Fit::Exact;
        assert!(refused(Form::Id, ""));
        assert!(refused(Form::Date, "2026-02-30") && refused(Form::Date, "2026-1-2"));
        assert!(refused(Form::Url, "/a.mp4") && refused(Form::Url, "https://"));
        assert!(refused(Form::Date, "2026-W10-3") && refused(Form::Date, "20260304T0"));
        assert!(refused(Form::Url, "https:///a.mp4"));
        assert!(!refused(Form::Url, "https://x.example/a.mp4"));
        assert!(!refused(Form::Url, "http://žižkov.example/a.mp4"));
    }
}
