//! The JSON Schema of single values: what a field's shape is read from.

use serde_json::{Map, Value, json};

use crate::event::schema::{Form, Shape, Written};
use crate::event::{PAST_DIGITS, SPAN_DIGITS, TIME_DIGITS};

/// The shapes that a schema has used so far, each defined once.
#[derive(Debug, Default)]
pub(super) struct Shapes(Map<String, Value>);

impl Shapes {
    /// The schema of a value that has no fields of its own.
    pub(super) fn of(&mut self, shape: Shape) -> Map<String, Value> {
        let mut value = Map::new();
        match shape {
            Shape::Text(Form::OneOf(words)) => value.insert("enum".into(), json!(words)),
            Shape::Text(Form::Any) => self.named("text", text, &mut value),
            Shape::Text(Form::Id) => self.named("id", id, &mut value),
            Shape::Text(Form::Date) => self.named("date", date, &mut value),
            Shape::Text(Form::Url) => self.named("url", url, &mut value),
            Shape::Flag => self.named("flag", flag, &mut value),
            Shape::Time(Written::Number) => self.named("time", time, &mut value),
            Shape::Time(Written::Text) => self.named("time_in_string", time_in_string, &mut value),
            Shape::Span(Written::Number) => self.named("length", length, &mut value),
            Shape::Span(Written::Text) => {
                self.named("length_in_string", length_in_string, &mut value)
            }
            Shape::Object(_) | Shape::List(_) | Shape::Any => None,
        };
        value
    }

    fn named(
        &mut self,
        name: &str,
        schema: fn() -> Value,
        value: &mut Map<String, Value>,
    ) -> Option<Value> {
        self.0.entry(name).or_insert_with(schema);
        value.insert("$ref".into(), json!(format!("#/$defs/{name}")))
    }

    /// All of them, for `$defs`.
    pub(super) fn definitions(self) -> Value {
        Value::Object(self.0)
    }
}

/// A value as it is documented, and as it is read too.
fn lenient(description: &str, documented: &Value, lenient: &Value) -> Value {
    let description = format!("{description} The second form is read all the same (S005).");
    json!({"description": description, "anyOf": [documented, lenient]})
}

fn integer() -> Value {
    json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX})
}

fn text() -> Value {
    lenient("A string.", &json!({"type": "string"}), &integer())
}

fn id() -> Value {
    lenient("A string, not empty.", &json!({"type": "string", "minLength": 1}), &integer())
}

fn date() -> Value {
    // The days of each month, and of February in leap years.
    let long = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])";
    let short = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)";
    let february = "02-(?:0[1-9]|1[0-9]|2[0-8])";
    let leap = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
    json!({
        "description": "A day, YYYY-MM-DD.",
        "type": "string",
        "pattern": format!("^(?:[0-9]{{4}}-(?:{long}|{short}|{february})|{leap})$"),
    })
}

fn url() -> Value {
    // No sign of ASCII begins a host but the bracket of an IPv6 address.
    let begins = r"[^\x00-/:-@\\\]-`{-\x7f]";
    json!({
        "description": "An absolute http or https URL.",
        "type": "string",
        "pattern": format!("^https?://{begins}"),
    })
}

fn flag() -> Value {
    json!({
        "description": "A truth value in a string; without quotes it is read all the same (S005).",
        "enum": ["true", "false", true, false],
    })
}

const TIME: &str = "Seconds since 1970 in UTC. Read, with a warning (S009), where they lie outside \
                    2015 to 2100; from 100000000000 on as milliseconds.";

/// The digits that a time in a string may have, with this behind them.
fn digits_of_time(fraction: &str) -> Value {
    let pattern = format!("^(?:-0*[0-9]{{1,{PAST_DIGITS}}}|0*[0-9]{{1,{TIME_DIGITS}}}){fraction}$");
    json!({"type": "string", "pattern": pattern})
}

fn number_of_time(kind: &str) -> Value {
    let (past, limit) = (-10_i64.pow(PAST_DIGITS), 10_i64.pow(TIME_DIGITS));
    json!({"type": kind, "exclusiveMinimum": past, "exclusiveMaximum": limit})
}

fn time() -> Value {
    lenient(TIME, &number_of_time("integer"), &digits_of_time(r"(?:\.0+)?"))
}

fn time_in_string() -> Value {
    lenient(TIME, &digits_of_time(r"(?:\.[0-9]+)?"), &number_of_time("number"))
}

const LENGTH: &str = "A length in seconds.";

fn digits_of_length() -> Value {
    json!({"type": "string", "pattern": format!(r"^0*[0-9]{{1,{SPAN_DIGITS}}}(?:\.[0-9]+)?$")})
}

fn number_of_length() -> Value {
    json!({"type": "number", "minimum": 0, "exclusiveMaximum": 10_i64.pow(SPAN_DIGITS)})
}

fn length() -> Value {
    lenient(LENGTH, &number_of_length(), &digits_of_length())
}

fn length_in_string() -> Value {
    lenient(LENGTH, &digits_of_length(), &number_of_length())
}
