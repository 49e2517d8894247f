//! A body's text, walked along the field tables, and written anew.

use super::number::Number;
use super::pseudonyms::Pseudonyms;
use crate::event::compiled::{Table, table};
use crate::event::schema::{Field, Form, Mask, Private, Shape};
use crate::event::trigger::Trigger;
use crate::event::value::{Fit, Scalar, Spare};
use crate::input::json::{Text, elements, members};

/// `text`, valid JSON, with pseudonyms. `None` where it is none.
pub(super) fn rewritten(text: &str, pseudonyms: &mut Pseudonyms) -> Option<String> {
    let mut walk = Walk { pseudonyms, out: String::with_capacity(text.len()) };
    walk.value(text.trim(), Place::Table(Table::ROOT))?;
    Some(walk.out)
}

/// What the tables know of a value.
#[derive(Clone, Copy)]
enum Place {
    /// It is at this place of theirs.
    Table(u8),
    /// It is an element of the list at this place.
    Entry(u8),
    /// They have no such place; a text in it is taken for this.
    Nowhere(Private),
}

struct Walk<'w> {
    pseudonyms: &'w mut Pseudonyms,
    out: String,
}

impl Walk<'_> {
    fn value(&mut self, raw: &str, place: Place) -> Option<()> {
        match raw.as_bytes().first()? {
            b'{' => self.object(raw, place),
            b'[' => self.array(raw, place),
            b'"' => self.text(raw, place),
            b'-' | b'0'..=b'9' => {
                self.number(raw, place);
                Some(())
            }
            _ => {
                self.out.push_str(raw);
                Some(())
            }
        }
    }

    fn object(&mut self, raw: &str, place: Place) -> Option<()> {
        let parent = match place {
            Place::Table(node) if matches!(shape(node), Shape::Object(_)) => Some(node),
            Place::Entry(list) => Some(list),
            _ => None,
        };
        let members = members(raw);
        // Nothing must be lost that could not be read.
        let is_whole = !members.is_empty() || raw[1..].trim_start() == "}";
        self.out.push('{');
        for (at, (key, value)) in members.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            let place = self.key(&key.0, parent);
            self.out.push(':');
            self.value(value.get(), place)?;
        }
        self.out.push('}');
        is_whole.then_some(())
    }

    /// Writes the key of a member and says where its value is. A key that no table has stays if it
    /// is that of a new field, and not of somebody in a map of people.
    fn key(&mut self, key: &str, parent: Option<u8>) -> Place {
        let own = parent.and_then(|parent| table().member(parent, key));
        let known = if own.is_some() { None } else { table().named(key) };
        if own.is_some()
            || known.is_some()
            || (parent.is_some() && is_plain(key) && !self.pseudonyms.is_told(key))
        {
            self.quote(key);
        } else {
            let key = self.pseudonyms.of(Private::Other, key);
            self.quote(&key);
        }
        own.map_or(Place::Nowhere(private(known)), Place::Table)
    }

    fn array(&mut self, raw: &str, place: Place) -> Option<()> {
        let inside = match place {
            Place::Table(node) if matches!(shape(node), Shape::List(_)) => Place::Entry(node),
            Place::Table(node) => Place::Nowhere(private(field(node))),
            Place::Entry(_) => Place::Nowhere(Private::Other),
            nowhere @ Place::Nowhere(_) => nowhere,
        };
        let elements = elements(raw);
        let is_whole = !elements.is_empty() || raw[1..].trim_start() == "]";
        self.out.push('[');
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.value(element.get(), inside)?;
        }
        self.out.push(']');
        is_whole.then_some(())
    }

    fn text(&mut self, raw: &str, place: Place) -> Option<()> {
        let text: Text<'_> = serde_json::from_str(raw).ok()?;
        let text = &*text.0;
        let given = match place {
            Place::Table(node) => self.at_field(field(node)?, text),
            Place::Entry(_) => self.pseudonyms.of(Private::Other, text),
            Place::Nowhere(private) => self.pseudonyms.of(private, text),
        };
        // What stays is spelled as it was.
        if given == text {
            self.out.push_str(raw);
        } else {
            self.quote(&given);
        }
        Some(())
    }

    fn at_field(&mut self, field: &Field, text: &str) -> String {
        match (field.shape, field.mask) {
            (Shape::Text(Form::Date) | Shape::Time(_) | Shape::Span(_) | Shape::Flag, _)
                if is_harmless(field.shape, text) =>
            {
                text.to_owned()
            }
            (Shape::Text(form @ Form::OneOf(_)), _) if form.fault(text).is_none() => {
                text.to_owned()
            }
            (_, Mask::Word) if Trigger::parse(text).is_some() => text.to_owned(),
            (Shape::Text(Form::OneOf(_)), _) | (_, Mask::Word) => self.pseudonyms.word(text),
            (_, Mask::Counter) if text.len() <= 20 && text.parse::<u64>().is_ok() => {
                text.to_owned()
            }
            (_, Mask::Counter) => self.pseudonyms.of(Private::Other, text),
            (_, Mask::Private(private)) => self.pseudonyms.of(private, text),
        }
    }

    fn number(&mut self, raw: &str, place: Place) {
        let number = Number::new(raw);
        let field = match place {
            Place::Table(node) => field(node),
            _ => None,
        };
        let private = match (place, field.map(|field| field.mask)) {
            (Place::Nowhere(private), _) | (_, Some(Mask::Private(private))) => private,
            (_, Some(Mask::Word)) => {
                let stays = number.is_small && !self.pseudonyms.is_told(&number.value);
                let value = &number.value;
                let given = if stays { value.clone() } else { self.pseudonyms.word(value) };
                return self.put(raw, &number, &given);
            }
            (_, Some(Mask::Counter)) if number.is_count() => return self.out.push_str(raw),
            _ => Private::Other,
        };
        let is_time =
            field.is_some_and(|field| matches!(field.shape, Shape::Time(_) | Shape::Span(_)));
        if is_time || (private == Private::Other && number.is_small) {
            return self.out.push_str(raw);
        }
        let given = self.pseudonyms.of(private, &number.value);
        self.put(raw, &number, &given);
    }

    /// Writes a number, or what is given in its place.
    fn put(&mut self, raw: &str, number: &Number<'_>, given: &str) {
        if given == number.value {
            self.out.push_str(raw);
        } else {
            self.out.push_str(&number.with(given));
        }
    }

    fn quote(&mut self, text: &str) {
        // A string can be written.
        self.out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

fn field(node: u8) -> Option<&'static Field> {
    table().node(node).field
}

fn shape(node: u8) -> Shape {
    table().node(node).shape
}

/// What a text at a field is that is not the field's own.
fn private(field: Option<&Field>) -> Private {
    match field.map(|field| field.mask) {
        Some(Mask::Private(private)) => private,
        _ => Private::Other,
    }
}

/// Whether a text is a time, a length or a truth value, if not always as it should be written.
fn is_harmless(shape: Shape, text: &str) -> bool {
    let spare = Spare::new();
    let fits = shape.read(Scalar::Text(text), &spare).1;
    let reads = !matches!(fits, Fit::WrongType | Fit::Invalid(_));
    let is_number = matches!(shape, Shape::Time(_) | Shape::Span(_)) && fits != Fit::WrongType;
    reads || is_number || text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a key is one that a program has chosen.
fn is_plain(key: &str) -> bool {
    const LONGEST: usize = 32;
    let mut bytes = key.bytes();
    key.len() <= LONGEST
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && key.bytes().filter(u8::is_ascii_digit).count() < 4
}
