//! Walks the text of a body along the field tables.

use std::borrow::Cow;

use crate::event::compiled::{Table, table};
use crate::event::decode::MAX_DEPTH;
use crate::event::schema::{Field, Mask, Private, Shape};
use crate::input::json::{Text, Walked, plain_length};

/// Gets the parts of a JSON text in their order.
pub(super) trait BodyVisitor {
    /// The key of a member, decoded and raw with its quotes.
    fn key(&mut self, _key: &str, _raw: &str, _origin: KeyOrigin) {}

    /// A string that is not a key, decoded and raw.
    fn text(&mut self, text: &str, raw: &str, role: FieldRole);

    /// A number in its raw notation.
    fn number(&mut self, raw: &str, role: FieldRole);

    /// A bracket, a brace, a comma, a colon, `true`, `false` or `null`.
    fn token(&mut self, _token: &str) {}
}

/// What the tables say about a value.
#[derive(Clone, Copy)]
pub(super) struct FieldRole {
    /// Its field; `None` if no table has it.
    pub(super) field: Option<&'static Field>,
    /// The kind of a text here that is not one of the field's own words.
    pub(super) private: Private,
}

/// Whether the tables know a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyOrigin {
    /// A table has the key, for this object or another.
    Documented,
    /// No table has the key, but one has its object.
    Unknown,
    /// No table has the object: the key may be the name of a person.
    Elsewhere,
}

/// Walks `text`, which must be valid JSON. `None` if it is not an object, or nested too deeply.
pub(super) fn walk(text: &str, visitor: &mut impl BodyVisitor) -> Option<()> {
    let mut walk = BodyWalker { text, walked: Walked::new(text.as_bytes()), visitor, depth: 0 };
    walk.walked.blank();
    if walk.walked.peek() != Some(b'{') {
        return None;
    }
    walk.value(TablePlace::Table(Table::ROOT))?;
    walk.walked.blank();
    walk.walked.rest().is_empty().then_some(())
}

/// Where a value is in the tables.
#[derive(Clone, Copy)]
enum TablePlace {
    /// At this node.
    Table(u8),
    /// In the list at this node.
    Entry(u8),
    /// Outside of the tables; texts are of this kind.
    Outside(Private),
}

impl TablePlace {
    fn role(self) -> FieldRole {
        match self {
            Self::Table(node) => {
                let field = table().node(node).field;
                FieldRole { field, private: private_kind(field) }
            }
            Self::Entry(_) => FieldRole { field: None, private: Private::Other },
            Self::Outside(private) => FieldRole { field: None, private },
        }
    }
}

struct BodyWalker<'w, V> {
    text: &'w str,
    walked: Walked<'w>,
    visitor: &'w mut V,
    depth: u32,
}

impl<'w, V: BodyVisitor> BodyWalker<'w, V> {
    fn value(&mut self, place: TablePlace) -> Option<()> {
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

    /// The raw number at the current place; `None` if it is too great for a float.
    fn number(&mut self) -> Option<&'w str> {
        /// No float has more digits, so that shorter numbers need not be parsed.
        const ALWAYS_FINITE: usize = 300;
        let begin = self.walked.at;
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        self.walked.at += self.walked.rest().iter().take_while(|byte| of_number(byte)).count();
        let raw = &self.text[begin..self.walked.at];
        let may_be_infinite = raw.len() > ALWAYS_FINITE || raw.contains(['e', 'E']);
        let is_finite = || raw.parse::<f64>().is_ok_and(f64::is_finite);
        (!may_be_infinite || is_finite()).then_some(raw)
    }

    /// Reports the token at the current place; `None` if another is there.
    fn token(&mut self, token: &'static str) -> Option<()> {
        self.walked.blank();
        self.walked.word(token)?;
        self.visitor.token(token);
        Some(())
    }

    fn nested(
        &mut self,
        place: TablePlace,
        inner: fn(&mut Self, TablePlace) -> Option<()>,
    ) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        inner(self, place)?;
        self.depth -= 1;
        Some(())
    }

    fn object(&mut self, place: TablePlace) -> Option<()> {
        let parent = match place {
            TablePlace::Table(node) if matches!(shape(node), Shape::Object(_)) => Some(node),
            TablePlace::Entry(list) => Some(list),
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

    /// Reports the key of a member. Returns the place of its value.
    fn key(&mut self, parent: Option<u8>) -> Option<TablePlace> {
        self.walked.blank();
        let (key, raw) = self.string()?;
        let member = parent.and_then(|parent| table().member(parent, &key));
        let known = if member.is_some() { None } else { table().named(&key) };
        let origin = match parent {
            _ if member.is_some() || known.is_some() => KeyOrigin::Documented,
            Some(_) => KeyOrigin::Unknown,
            None => KeyOrigin::Elsewhere,
        };
        self.visitor.key(&key, raw, origin);
        Some(member.map_or(TablePlace::Outside(private_kind(known)), TablePlace::Table))
    }

    fn array(&mut self, place: TablePlace) -> Option<()> {
        let inside = match place {
            TablePlace::Table(node) if matches!(shape(node), Shape::List(_)) => {
                TablePlace::Entry(node)
            }
            TablePlace::Entry(_) => TablePlace::Outside(Private::Other),
            TablePlace::Table(_) | TablePlace::Outside(_) => {
                TablePlace::Outside(place.role().private)
            }
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

    /// The string at the current place, decoded and raw.
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

/// The kind of a text in a field that is not one of the field's own words.
fn private_kind(field: Option<&Field>) -> Private {
    match field.map(|field| field.mask) {
        Some(Mask::Private(private)) => private,
        _ => Private::Other,
    }
}
