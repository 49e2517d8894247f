//! One value of a payload, read as its field's shape.

use std::borrow::Cow;

use super::moment::{Moment, Span, Unit};
use super::schema::{Form, Shape, Written};
use crate::input::json::Text;

/// A JSON value as far as a field looks into it.
#[derive(Clone, Debug)]
pub(crate) enum Scalar<'de> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text<'de>),
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
#[derive(Clone, Debug)]
pub(crate) enum Value<'de> {
    Text(Text<'de>),
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

    /// Reads a value of this shape. A value that does not fit may be readable all the same.
    pub(crate) fn read(self, scalar: Scalar<'_>) -> (Option<Value<'_>>, Fit) {
        match self {
            Self::Any => (None, Fit::Exact),
            Self::Object(_) => (None, only_if(matches!(scalar, Scalar::Object))),
            Self::List(_) => (None, only_if(matches!(scalar, Scalar::Array))),
            Self::Text(form) => read_text(form, scalar),
            Self::Flag => read_flag(&scalar),
            Self::Time(written) => read_time(written, &scalar),
            Self::Span(written) => read_span(written, &scalar),
        }
    }
}

fn only_if(fits: bool) -> Fit {
    if fits { Fit::Exact } else { Fit::WrongType }
}

fn read_text(form: Form, scalar: Scalar<'_>) -> (Option<Value<'_>>, Fit) {
    let (text, fit) = match scalar {
        Scalar::Text(text) => (text, Fit::Exact),
        Scalar::Int(number) => (Text(Cow::Owned(number.to_string())), Fit::Lenient),
        _ => return (None, Fit::WrongType),
    };
    match form.fault(&text.0) {
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
    fn fault(self, text: &str) -> Option<&'static str> {
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
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric() || first == '['))
}

fn read_flag<'de>(scalar: &Scalar<'_>) -> (Option<Value<'de>>, Fit) {
    match scalar {
        Scalar::Bool(flag) => (Some(Value::Flag(*flag)), Fit::Lenient),
        Scalar::Text(text) => match &*text.0 {
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
        Scalar::Float(number) => (Number::Decimal(*number), Written::Number),
        Scalar::Text(text) => (parse(&text.0)?, Written::Text),
        _ => return None,
    };
    let fit = if as_written == written { Fit::Exact } else { Fit::Lenient };
    Some((number, fit))
}

enum Number {
    Whole(i64),
    Decimal(f64),
}

fn parse(text: &str) -> Option<Number> {
    let digits =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    if let Ok(whole) = text.parse() {
        return Some(Number::Whole(whole));
    }
    // Rust would read "inf" and "nan" as numbers.
    text.bytes().all(digits).then(|| text.parse().ok())?.map(Number::Decimal)
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
        return (None, Fit::Invalid("a time between the years 1 and 9999"));
    };
    let fit = if unit == Unit::Milliseconds {
        Fit::Milliseconds
    } else if !moment.is_plausible() {
        Fit::Implausible
    } else if written == Written::Number && !moment.is_whole() {
        Fit::Invalid("a whole number of seconds")
    } else {
        fit
    };
    (Some(Value::Moment(moment)), fit)
}

fn read_span<'de>(written: Written, scalar: &Scalar<'_>) -> (Option<Value<'de>>, Fit) {
    let Some((number, fit)) = number(written, scalar) else {
        return (None, Fit::WrongType);
    };
    let span = match number {
        #[expect(clippy::cast_precision_loss, reason = "a duration is far below 2^53")]
        Number::Whole(number) => Span::from_decimal(number as f64),
        Number::Decimal(number) => Span::from_decimal(number),
    };
    match span.and_then(Span::known) {
        Some(span) => (Some(Value::Span(span)), fit),
        None => (None, Fit::Invalid("a number of seconds, not negative")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(shape: Shape, json: Scalar<'static>) -> (bool, Fit) {
        let (value, fit) = shape.read(json);
        (value.is_some(), fit)
    }

    fn text(text: &'static str) -> Scalar<'static> {
        Scalar::Text(Text(Cow::Borrowed(text)))
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
        for word in ["inf", "nan", "infinity", "", "1_000", "0x10"] {
            assert_eq!(fit(Shape::Span(Written::Text), text(word)), (false, Fit::WrongType));
        }
    }

    #[test]
    fn an_implausible_time_is_read_all_the_same() {
        let time = Shape::Time(Written::Number);
        for number in [-5, 0, 5_000_000_000] {
            assert_eq!(fit(time, Scalar::Int(number)), (true, Fit::Implausible));
        }
        for number in [1_767_346_800_000, -100_000_000_000] {
            assert_eq!(fit(time, Scalar::Int(number)), (true, Fit::Milliseconds));
        }
        assert!(!fit(time, Scalar::Int(1 << 60)).0);
    }

    #[test]
    fn forms_refuse_what_they_do_not_know() {
        let refused = |form, word| fit(Shape::Text(form), text(word)).1 != Fit::Exact;
        assert!(refused(Form::Id, ""));
        assert!(refused(Form::Date, "2026-02-30") && refused(Form::Date, "2026-1-2"));
        assert!(refused(Form::Url, "/a.mp4") && refused(Form::Url, "https://"));
        assert!(!refused(Form::Url, "https://x.example/a.mp4"));
    }
}
