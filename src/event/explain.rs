//! The slow path: reads a body that is not as documented again, as a tree, and says what is wrong
//! where.
//!
//! It reads along the same tables as [`super::decode`] and takes from a body whatever is readable,
//! so that one bad field costs no event.

use serde_json::value::RawValue;

use super::fields::{Entry, Fields, action_fits, type_fits};
use super::moment::{Moment, Span};
use super::raw::scalar;
use super::rules;
use super::schema::{self, Field, Shape, Slot};
use super::trigger::Trigger;
use super::value::{Fit, Scalar, Spare, Value};
use crate::finding::Rule;
use crate::input::json::{Text, elements, members, offset};
use crate::input::without_secret_parameters;

/// Something wrong in a body.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) rule: &'static Rule,
    /// RFC 6901, into the body.
    pub(crate) pointer: String,
    /// Byte of the body.
    pub(crate) offset: usize,
    /// Bytes of the value that stands there; 1 where it is about what does not.
    pub(crate) length: usize,
    pub(crate) message: String,
}

/// What a body holds and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Explained<'de> {
    pub(crate) fields: Fields<'de>,
    /// One entry an element of the list; `None` where there is no list.
    pub(crate) roster: Option<Vec<Entry<'de>>>,
    /// In the order of the fields' tables.
    pub(crate) problems: Vec<Problem>,
}

/// Reads `body`, which must be valid JSON, as `trigger`'s; it arrived at `received_at`, if that is
/// known. `spare` is for what does not stand in it as it is.
pub(crate) fn explain<'de>(
    body: &'de str,
    trigger: Trigger,
    received_at: Option<Moment>,
    spare: &'de Spare,
) -> Explained<'de> {
    let mut reader = Reader {
        body,
        spare,
        received_at,
        fields: Fields::default(),
        roster: None,
        problems: Vec::new(),
        type_at: first_byte(body),
        action_at: first_byte(body),
    };
    reader.object(body, schema::fields(trigger), &mut String::new());
    reader.check_words(trigger);
    Explained { fields: reader.fields, roster: reader.roster, problems: reader.problems }
}

/// The trigger of a body whose shape is a webhook's; the last if there are several.
pub(crate) fn trigger_of<'de>(body: &'de str, spare: &'de Spare) -> Option<&'de str> {
    let members = members(body);
    let last = |name| members.iter().rev().find(|(key, _)| key.0 == name);
    let (_, data) = last("data")?;
    let (_, trigger) = last("trigger")?;
    match (scalar(data.get(), spare), scalar(trigger.get(), spare)) {
        (Scalar::Object, Scalar::Text(trigger)) => Some(trigger),
        _ => None,
    }
}

/// Whether something cannot be told of in a webhook that arrived so early. A day covers clocks in
/// the wrong zone.
pub(crate) fn is_early(event_at: Moment, received_at: Moment) -> bool {
    event_at - received_at > Span::from_seconds(24 * 60 * 60)
}

struct Reader<'de> {
    body: &'de str,
    spare: &'de Spare,
    received_at: Option<Moment>,
    fields: Fields<'de>,
    roster: Option<Vec<Entry<'de>>>,
    problems: Vec<Problem>,
    type_at: &'de str,
    action_at: &'de str,
}

impl<'de> Reader<'de> {
    /// Keeps what is wrong with `piece`, a slice of the body.
    fn problem(&mut self, rule: &'static Rule, pointer: &str, piece: &str, message: String) {
        let (offset, length) = (offset(self.body, piece), piece.len());
        self.problems.push(Problem { rule, pointer: pointer.to_owned(), offset, length, message });
    }

    fn object(&mut self, raw: &'de str, fields: &'static [Field], pointer: &mut String) {
        let members = members(raw);
        for field in fields {
            let spelled = |key: &str| members.iter().any(|(name, _)| name.0 == key);
            let key = match field.alias {
                Some(alias) if !spelled(field.key) && spelled(alias) => alias,
                _ => field.key,
            };
            let mut found = members.iter().filter(|(name, _)| name.0 == key);
            within(pointer, key, |pointer| match (found.next_back(), found.next()) {
                (None, _) if field.required => self.missing(field, raw, pointer),
                (None, _) => {}
                (Some((_, value)), earlier) => {
                    if earlier.is_some() {
                        self.twice(key, value.get(), pointer);
                    }
                    self.value(field, value.get(), pointer);
                }
            });
        }
        self.unknown(&members, fields, pointer);
    }

    fn missing(&mut self, field: &Field, object: &str, pointer: &str) {
        self.problem(
            &rules::MISSING_FIELD,
            pointer,
            first_byte(object),
            format!("`{}` is missing, {}", field.key, field.shape.describe()),
        );
    }

    fn twice(&mut self, key: &str, value: &str, pointer: &str) {
        self.problem(
            &rules::INVALID_VALUE,
            pointer,
            value,
            format!("`{key}` stands here twice; the last one is read"),
        );
    }

    fn unknown(
        &mut self,
        members: &[(Text<'de>, &'de RawValue)],
        fields: &[Field],
        pointer: &mut String,
    ) {
        for (key, value) in members {
            if fields.iter().any(|field| field.key == key.0) {
                continue;
            }
            let documented = fields.iter().find(|field| field.alias == Some(&key.0));
            let message = match documented {
                Some(field) => {
                    format!("`{}` is documented as `{}`; read all the same", key.0, field.key)
                }
                None => format!("`{}` is in no documented form", key.0),
            };
            within(pointer, &key.0, |pointer| {
                self.problem(&rules::UNKNOWN_FIELD, pointer, value.get(), message);
            });
        }
    }

    fn value(&mut self, field: &'static Field, raw: &'de str, pointer: &mut String) {
        let scalar = scalar(raw, self.spare);
        let found = scalar.describe();
        let (value, fit) = field.shape.read(scalar, self.spare);
        self.misfit(field, fit, found, raw, pointer);
        if let (Some(_), Some(Value::Moment(at)), Some(received_at)) =
            (field.slot, &value, self.received_at)
            && is_early(*at, received_at)
        {
            let message = format!("{} is over a day past its arrival, {received_at}", excerpt(raw));
            self.problem(&rules::IMPLAUSIBLE_TIME, pointer, raw, message);
        }
        if let Some(slot) = field.slot {
            self.fields.set(slot, value);
            match slot {
                Slot::Type => self.type_at = raw,
                Slot::Action => self.action_at = raw,
                _ => {}
            }
        }
        match (field.shape, fit) {
            (Shape::Object(fields), Fit::Exact) => self.object(raw, fields, pointer),
            (Shape::List(fields), Fit::Exact) => self.list(raw, fields, pointer),
            _ => {}
        }
    }

    fn misfit(&mut self, field: &Field, fit: Fit, found: &str, raw: &str, pointer: &str) {
        let expected = field.shape.describe();
        let (rule, message) = match fit {
            Fit::Exact => return,
            Fit::Milliseconds | Fit::Implausible if field.slot.is_none() => return,
            Fit::Lenient => (
                &rules::LENIENT_TYPE,
                format!("expected {expected}, found {found}; read all the same"),
            ),
            Fit::WrongType => (&rules::WRONG_TYPE, format!("expected {expected}, found {found}")),
            Fit::Invalid(wanted) => {
                (&rules::INVALID_VALUE, format!("expected {wanted}, found {}", excerpt(raw)))
            }
            Fit::Milliseconds => (
                &rules::IMPLAUSIBLE_TIME,
                format!("{} is read as milliseconds; event times are seconds", excerpt(raw)),
            ),
            Fit::Implausible => {
                (&rules::IMPLAUSIBLE_TIME, format!("{} is before 2015 or after 2100", excerpt(raw)))
            }
        };
        self.problem(rule, pointer, raw, message);
    }

    fn list(&mut self, raw: &'de str, fields: &'static [Field], pointer: &mut String) {
        let aside = self.fields.set_aside();
        let mut roster = Vec::new();
        for (at, element) in elements(raw).into_iter().enumerate() {
            within(pointer, &at.to_string(), |pointer| {
                let value = scalar(element.get(), self.spare);
                if matches!(value, Scalar::Object) {
                    self.object(element.get(), fields, pointer);
                } else {
                    let message = format!("expected an object, found {}", value.describe());
                    self.problem(&rules::WRONG_TYPE, pointer, element.get(), message);
                }
            });
            roster.push(self.fields.take_entry());
        }
        self.roster = Some(roster);
        self.fields.put_back(aside);
    }

    /// The two words that the trigger fixes.
    fn check_words(&mut self, trigger: Trigger) {
        if !type_fits(trigger, &self.fields) {
            let message = match (trigger.envelope_type(), self.fields.text(Slot::Type)) {
                (Some(wanted), None) => {
                    format!("`type` is missing; `{}` has \"{wanted}\"", trigger.name())
                }
                (Some(wanted), Some(found)) => {
                    format!("`type` is {}; `{}` has \"{wanted}\"", quoted(found), trigger.name())
                }
                (None, found) => {
                    format!(
                        "`type` is {}; `{}` has none",
                        quoted(found.unwrap_or_default()),
                        trigger.name()
                    )
                }
            };
            self.problem(&rules::TYPE_MISMATCH, "/type", self.type_at, message);
        }
        if !action_fits(trigger, &self.fields) {
            let found = quoted(self.fields.text(Slot::Action).unwrap_or_default());
            let message = format!(
                "`action` is {found}; `{}` has \"{}\"",
                trigger.name(),
                trigger.action().unwrap_or_default()
            );
            self.problem(
                &rules::ACTION_MISMATCH,
                "/data/call/data/action",
                self.action_at,
                message,
            );
        }
    }
}

/// The bracket of an object: what is said of something that is not there stands here.
fn first_byte(object: &str) -> &str {
    object.get(..1).unwrap_or(object)
}

/// The beginning of a value, as long as a message may hold. The query of a URL may be a secret, and so
/// may parameters of its path.
pub(super) fn excerpt(raw: &str) -> String {
    const LONGEST: usize = 60;
    let (path, ending) = match raw.split_once('?') {
        Some((path, _)) if path.contains("//") => (path, "?…\""),
        _ => (raw, ""),
    };
    let path = if path.contains("//") { without_secret_parameters(path) } else { path.into() };
    match path.char_indices().nth(LONGEST) {
        None => format!("{path}{ending}"),
        Some((end, _)) => format!("{}…", &path[..end]),
    }
}

/// A word as a message may hold it.
pub(crate) fn quoted(word: &str) -> String {
    excerpt(&format!("\"{word}\""))
}

/// Runs `inner` with `key` added to the pointer.
pub(super) fn within(pointer: &mut String, key: &str, inner: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    inner(pointer);
    pointer.truncate(length);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(body: &str, trigger: Trigger) -> Vec<(&'static str, String, &str)> {
        let problems = explain(body, trigger, None, &Spare::new()).problems;
        (problems.into_iter())
            .map(|problem| (problem.rule.code, problem.pointer, &body[problem.offset..]))
            .collect()
    }

    #[test]
    fn a_problem_stands_at_its_value() {
        let body = r#"{"trigger":"call_started","data":{"created_at":[],"sessionId":"s"},"appId":"","region":"eu","webhook":"w","type":"meet"}"#;
        let found = codes(body, Trigger::CallStarted);
        let expected = [
            ("S002", "/data/created_at", "[],"),
            ("S003", "/appId", "\"\","),
            ("S007", "/type", "\"meet\""),
        ];
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, (code, pointer, text)) in found.iter().zip(expected) {
            assert_eq!((found.0, found.1.as_str()), (code, pointer));
            assert!(found.2.starts_with(text), "{found:?}");
        }
    }

    #[test]
    fn of_two_equal_keys_the_last_is_read() {
        let body = r#"{"trigger":"call_started","data":{"created_at":1,"created_at":1767346811,"sessionId":"s"},"appId":"a","region":"eu","webhook":"w","type":"call"}"#;
        let spare = Spare::new();
        let explained = explain(body, Trigger::CallStarted, None, &spare);
        assert_eq!(explained.problems.len(), 1);
        let created_at = explained.fields.moment(Slot::CreatedAt).expect("read");
        assert_eq!(created_at.seconds(), 1_767_346_811);
    }

    #[test]
    fn a_pointer_escapes_its_keys() {
        let mut pointer = "/a".to_owned();
        within(&mut pointer, "b/c~d", |pointer| assert_eq!(pointer, "/a/b~1c~0d"));
        assert_eq!(pointer, "/a");
    }
}
