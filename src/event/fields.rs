//! What is kept of a body, before it becomes an event.

use super::moment::{Moment, Span};
use super::schema::Slot;
use super::trigger::Trigger;
use super::value::Value;

/// The kept values of a body.
#[derive(Debug)]
pub(crate) struct Fields<'de>([Option<Value<'de>>; Slot::COUNT]);

impl Default for Fields<'_> {
    fn default() -> Self {
        Self([None; Slot::COUNT])
    }
}

impl<'de> Fields<'de> {
    pub(crate) fn set(&mut self, slot: Slot, value: Option<Value<'de>>) {
        self.0[slot as usize] = value;
    }

    fn take(&mut self, slot: Slot) -> Option<Value<'de>> {
        self.0[slot as usize].take()
    }

    pub(crate) fn text(&self, slot: Slot) -> Option<&'de str> {
        match self.0[slot as usize] {
            Some(Value::Text(text)) => Some(text),
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
        let entry = Entry {
            name: self.text(Slot::Name),
            joined_at: self.moment(Slot::JoinedAt),
            left_at: self.moment(Slot::LeftAt),
            audio: self.flag(Slot::AudioCall),
        };
        self.set_aside();
        entry
    }

    /// Takes out what a roster's entries have too. A body may have an `occupant` of its own beside
    /// its roster: its values stay as they are.
    pub(crate) fn set_aside(&mut self) -> Aside<'de> {
        Aside(ENTRY.map(|slot| self.take(slot)))
    }

    /// Puts it back.
    pub(crate) fn put_back(&mut self, Aside(values): Aside<'de>) {
        for (slot, value) in ENTRY.into_iter().zip(values) {
            self.set(slot, value);
        }
    }
}

/// What an entry of a roster has.
const ENTRY: [Slot; 4] = [Slot::Name, Slot::JoinedAt, Slot::LeftAt, Slot::AudioCall];

/// What a body says outside its roster of what entries have too.
#[derive(Debug)]
pub(crate) struct Aside<'de>([Option<Value<'de>>; ENTRY.len()]);

/// One entry of a roster (`all_occupants`); each value is `None` where it cannot be read.
#[derive(Debug)]
pub(crate) struct Entry<'de> {
    pub(crate) name: Option<&'de str>,
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
