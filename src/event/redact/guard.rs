//! The search of a line before it is written: nothing that was collected may be left.
//!
//! It walks what was written as if nobody knew how it came about. Only what cannot hold a name is
//! not searched.

use super::number::Number;
use super::pseudonyms::{Pseudonyms, parts_of_conversation};
use super::times::{is_read, is_timestamp};
use super::vocabulary::is_fixed;
use super::walk::{Origin, Role, Visitor, walk};
use crate::event::ringing::RingingId;
use crate::event::schema::{Field, Form, Mask, Private, REGIONS, Shape};
use crate::event::trigger::companion_family;

/// Whether a body is free of the originals that were collected.
pub(super) fn is_clean(body: &str, pseudonyms: &Pseudonyms) -> bool {
    let mut guard = Guard { pseudonyms, found: false };
    walk(body, &mut guard).is_some() && !guard.found
}

struct Guard<'g> {
    pseudonyms: &'g Pseudonyms,
    found: bool,
}

impl Visitor for Guard<'_> {
    fn key(&mut self, key: &str, _: &str, origin: Origin) {
        if origin != Origin::Documented {
            self.search(key);
        }
    }

    fn text(&mut self, text: &str, _: &str, role: Role) {
        if self.pseudonyms.keeps(role.private) {
            return;
        }
        match role.field {
            Some(field) if has_no_room(field, text) => {}
            Some(Field { mask: Mask::Trigger, .. }) => {
                self.search(companion_family(text).map_or(text, |(_, rest)| rest));
            }
            _ => self.id(role.private, text),
        }
    }

    fn number(&mut self, raw: &str, role: Role) {
        if self.pseudonyms.keeps(role.private) {
            return;
        }
        if let Some(field) = role.field
            && (is_read(field.shape, raw, false)
                || (field.mask == Mask::Counter && Number::new(raw).is_count()))
        {
            return;
        }
        self.search(raw);
        self.search(&Number::new(raw).value);
    }
}

impl Guard<'_> {
    /// Searches a text, without the fixed parts of an id.
    fn id(&mut self, private: Private, text: &str) {
        match private {
            Private::Conversation => match parts_of_conversation(text) {
                Some(_) if self.pseudonyms.keeps(Private::Uid) => {}
                Some(parts) => parts.for_each(|part| self.search(part)),
                None => self.search(text),
            },
            Private::Session => match RingingId::parse(text) {
                Some(id) => {
                    if !REGIONS.contains(&id.region) {
                        self.search(id.region);
                    }
                    if !self.pseudonyms.keeps(Private::App) {
                        self.search(id.app);
                    }
                    // The epoch's ten digits and the rest are one word.
                    self.search(text.rsplit('.').next().unwrap_or_default());
                }
                None => self.search(text),
            },
            _ => self.search(text),
        }
    }

    fn search(&mut self, text: &str) {
        self.found = self.found || self.pseudonyms.originals.is_in(text);
    }
}

/// Whether a text is what its field holds, in a form that has no room for a name.
fn has_no_room(field: &Field, text: &str) -> bool {
    is_fixed(field, text)
        || match field.shape {
            Shape::Time(_) | Shape::Span(_) => {
                is_read(field.shape, text, true) || is_timestamp(text)
            }
            Shape::Text(Form::Date) => Form::Date.fault(text).is_none() || is_timestamp(text),
            _ => false,
        }
}
