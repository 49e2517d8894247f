//! What is kept of a body, before it becomes an event.

use super::moment::{Moment, Span};
use super::schema::Slot;
use super::trigger::Trigger;
use super::value::Value;
use crate::input::json::Text;

/// The kept values of a body.
#[derive(Debug)]
pub(crate) struct Fields<'de>([Option<Value<'de>>; Slot::COUNT]);

impl Default for Fields<'_> {
    fn default() -> Self {
        Self([const { None }; Slot::COUNT])
    }
}

impl<'de> Fields<'de> {
    pub(crate) fn set(&mut self, slot: Slot, value: Option<Value<'de>>) {
        self.0[slot as usize] = value;
    }

    fn take(&mut self, slot: Slot) -> Option<Value<'de>> {
        self.0[slot as usize].take()
    }

    pub(crate) fn text(&self, slot: Slot) -> Option<&str> {
        match &self.0[slot as usize] {
            Some(Value::Text(text)) => Some(&text.0),
            _ => None,
        }
    }

    pub(crate) fn moment(&self, slot: Slot) -> Option<Moment> {
        match self.0[slot as usize] {
            Some(Value::Moment(moment)) => Some(moment),
            _ => None,
        }
    }

    /// All times that are there.
    pub(crate) fn moments(&self) -> impl Iterator<Item = Moment> {
        self.0.iter().filter_map(|value| match value {
            Some(Value::Moment(moment)) => Some(*moment),
            _ => None,
        })
    }

    pub(crate) fn span(&self, slot: Slot) -> Option<Span> {
        match self.0[slot as usize] {
            Some(Value::Span(span)) => Some(span),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, slot: Slot) -> Option<bool> {
        match self.0[slot as usize] {
            Some(Value::Flag(flag)) => Some(flag),
            _ => None,
        }
    }

    /// Takes the values of one roster entry out, so that the next may come.
    pub(crate) fn take_entry(&mut self) -> Entry<'de> {
        let name = match self.take(Slot::Name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        let entry = Entry {
            name,
            joined_at: self.moment(Slot::JoinedAt),
            left_at: self.moment(Slot::LeftAt),
            audio: self.flag(Slot::AudioCall),
        };
        for slot in [Slot::JoinedAt, Slot::LeftAt, Slot::AudioCall] {
            self.take(slot);
        }
        entry
    }
}

/// One entry of a roster (`all_occupants`); each value is `None` where it cannot be read.
#[derive(Debug)]
pub(crate) struct Entry<'de> {
    pub(crate) name: Option<Text<'de>>,
    pub(crate) joined_at: Option<Moment>,
    pub(crate) left_at: Option<Moment>,
    pub(crate) audio: Option<bool>,
}

/// Whether the envelope's `type` is the trigger's (else S007).
pub(crate) fn type_fits(trigger: Trigger, fields: &Fields<'_>) -> bool {
    let found = fields.text(Slot::Type);
    match (trigger.envelope_type(), found) {
        (Some(documented), found) => found == Some(documented),
        (None, Some(found)) => trigger.flow().is_none() || found == "call",
        (None, None) => true,
    }
}

/// Whether a ring record's `action` is the trigger's (else S008). An unreadable one is told
/// elsewhere.
pub(crate) fn action_fits(trigger: Trigger, fields: &Fields<'_>) -> bool {
    match (trigger.action(), fields.text(Slot::Action)) {
        (Some(documented), Some(found)) => documented == found,
        _ => true,
    }
}
