//! A body's text, walked along the field tables.

use std::borrow::Cow;

use crate::event::compiled::{Table, table};
use crate::event::decode::MAX_DEPTH;
use crate::event::schema::{Field, Mask, Private, Shape};
use crate::input::json::{Text, Walked, plain_length};

/// Takes the parts of a JSON text in their order.
pub(super) trait Visitor {
    /// The key of a member, decoded and as it is written with its quotes.
    fn key(&mut self, _key: &str, _raw: &str, _origin: Origin) {}

    /// A string that is no key, decoded and as it is written.
    fn text(&mut self, text: &str, raw: &str, role: Role);

    /// A number as it is written.
    fn number(&mut self, raw: &str, role: Role);

    /// A bracket, a brace, a comma, a colon, `true`, `false` or `null`.
    fn token(&mut self, _token: &str) {}
}

/// What the tables know of a value.
#[derive(Clone, Copy)]
pub(super) struct Role {
    /// The field that it is the value of; `None` where no table has one.
    pub(super) field: Option<&'static Field>,
    /// What a text is here, if it is none of the field's own words.
    pub(super) private: Private,
}

/// Where a key is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A table has it, here or elsewhere.
    Documented,
    /// No table has it, but one has its object.
    Unknown,
    /// No table has its object: it may be an entry of a map of people.
    Elsewhere,
}

/// Walks `text`, valid JSON. `None` where it is no object, or is nested too deeply.
pub(super) fn walk(text: &str, visitor: &mut impl Visitor) -> Option<()> {
    let mut walk = Walk { text, walked: Walked::new(text.as_bytes()), visitor, depth: 0 };
    walk.walked.blank();
    if walk.walked.peek() != Some(b'{') {
        return None;
    }
    walk.value(Place::Table(Table::ROOT))?;
    walk.walked.blank();
    walk.walked.rest().is_empty().then_some(())
}

/// Where a value is in the tables.
#[derive(Clone, Copy)]
enum Place {
    /// At this node of theirs.
    Table(u8),
    /// It is an element of the list at this node.
    Entry(u8),
    /// They have no such place; a text in it is taken for this.
    Nowhere(Private),
}

impl Place {
    fn role(self) -> Role {
        match self {
            Self::Table(node) => {
                let field = table().node(node).field;
                Role { field, private: private(field) }
            }
            Self::Entry(_) => Role { field: None, private: Private::Other },
            Self::Nowhere(private) => Role { field: None, private },
        }
    }
}

struct Walk<'w, V> {
    text: &'w str,
    walked: Walked<'w>,
    visitor: &'w mut V,
    depth: u32,
}

impl<'w, V: Visitor> Walk<'w, V> {
    fn value(&mut self, place: Place) -> Option<()> {
        self.walked.blank();
        match self.walked.peek()? {
            b'{' => self.nested(place, Self::object),
            b'[' => self.nested(place, Self::array),
            b'"' => {
                let (text, raw) = self.string()?;
                self.visitor.text(&text, raw, place.role());
                Some(())
            }
            b'-' | b'0'..=b'9' => {
                let raw = self.number()?;
                self.visitor.number(raw, place.role());
                Some(())
            }
            b't' => self.token("true"),
            b'f' => self.token("false"),
            b'n' => self.token("null"),
            _ => None,
        }
    }

    /// The number that begins here; `None` where no number is so great.
    fn number(&mut self) -> Option<&'w str> {
        const ALWAYS_FINITE: usize = 300;
        let begin = self.walked.at;
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        self.walked.at += self.walked.rest().iter().take_while(|byte| of_number(byte)).count();
        let raw = &self.text[begin..self.walked.at];
        let may_be_infinite = raw.len() > ALWAYS_FINITE || raw.contains(['e', 'E']);
        let is_finite = || raw.parse::<f64>().is_ok_and(f64::is_finite);
        (!may_be_infinite || is_finite()).then_some(raw)
    }

    /// Passes over a token that has to be there, and reports it.
    fn token(&mut self, token: &'static str) -> Option<()> {
        self.walked.blank();
        self.walked.word(token)?;
        self.visitor.token(token);
        Some(())
    }

    fn nested(&mut self, place: Place, inner: fn(&mut Self, Place) -> Option<()>) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        inner(self, place)?;
        self.depth -= 1;
        Some(())
    }

    fn object(&mut self, place: Place) -> Option<()> {
        let parent = match place {
            Place::Table(node) if matches!(shape(node), Shape::Object(_)) => Some(node),
            Place::Entry(list) => Some(list),
            _ => None,
        };
        self.token("{")?;
        if self.token("}").is_some() {
            return Some(());
        }
        loop {
            let place = self.key(parent)?;
            self.token(":")?;
            self.value(place)?;
            if self.token("}").is_some() {
                return Some(());
            }
            self.token(",")?;
        }
    }

    /// A member's key, and where its value is.
    fn key(&mut self, parent: Option<u8>) -> Option<Place> {
        self.walked.blank();
        let (key, raw) = self.string()?;
        let own = parent.and_then(|parent| table().member(parent, &key));
        let known = if own.is_some() { None } else { table().named(&key) };
        let origin = match parent {
            _ if own.is_some() || known.is_some() => Origin::Documented,
            Some(_) => Origin::Unknown,
            None => Origin::Elsewhere,
        };
        self.visitor.key(&key, raw, origin);
        Some(own.map_or(Place::Nowhere(private(known)), Place::Table))
    }

    fn array(&mut self, place: Place) -> Option<()> {
        let inside = match place {
            Place::Table(node) if matches!(shape(node), Shape::List(_)) => Place::Entry(node),
            Place::Entry(_) => Place::Nowhere(Private::Other),
            Place::Table(_) | Place::Nowhere(_) => Place::Nowhere(place.role().private),
        };
        self.token("[")?;
        if self.token("]").is_some() {
            return Some(());
        }
        loop {
            self.value(inside)?;
            if self.token("]").is_some() {
                return Some(());
            }
            self.token(",")?;
        }
    }

    /// The string that begins here, decoded and as it is written.
    fn string(&mut self) -> Option<(Cow<'w, str>, &'w str)> {
        let begin = self.walked.at;
        if self.walked.peek()? != b'"' {
            return None;
        }
        let mut end = begin + 1;
        let mut is_escaped = false;
        loop {
            end += plain_length(self.walked.bytes.get(end..)?)?;
            match self.walked.bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => return None,
            }
            is_escaped = true;
        }
        self.walked.at = end + 1;
        let raw = self.text.get(begin..=end)?;
        if is_escaped {
            let text: Text<'_> = serde_json::from_str(raw).ok()?;
            return Some((text.0, raw));
        }
        Some((Cow::Borrowed(&raw[1..raw.len() - 1]), raw))
    }
}

fn shape(node: u8) -> Shape {
    table().node(node).shape
}

/// What a text at a field is that is none of the field's own words.
fn private(field: Option<&Field>) -> Private {
    match field.map(|field| field.mask) {
        Some(Mask::Private(private)) => private,
        _ => Private::Other,
    }
}
