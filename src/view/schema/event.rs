//! The JSON Schema of an event, made from its table of fields.
//!
//! A payload with the event's trigger is valid where `check --select S` tells no error of it. What
//! `check` only warns of or informs about is valid: the schema says in words what is documented. A
//! key that stands twice in an object is the one error that no schema can tell.

use serde_json::{Map, Value, json};

use super::DIALECT;
use super::shape::Shapes;
use crate::event::Trigger;
use crate::event::schema::{Field, Origin, Shape, Slot, fields};
use crate::view::rule::sentence;

/// What a schema says of fields that no table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// They may be there.
    Allowed,
    /// They may not, nor may keys in another spelling than the documented (S006).
    Forbidden,
}

/// The schema of an event.
#[must_use]
pub fn event(trigger: Trigger, unknown: Unknown) -> Value {
    let (closed, nor) = match unknown {
        Unknown::Allowed => ("", ""),
        Unknown::Forbidden => (":closed", " and no unknown field (S006)"),
    };
    let mut schema = json!({
        "$schema": DIALECT,
        "$id": format!("urn:callscope:event:{}:1{closed}", trigger.name()),
        "title": trigger.name(),
        "description": format!(
            "{} Valid is what `callscope check --select S` finds no error{nor} in.",
            sentence(trigger.about())
        ),
    });
    let mut writer = Writer { trigger, unknown, shapes: Shapes::default() };
    let object = writer.object(fields(trigger));
    if let Some(schema) = schema.as_object_mut() {
        schema.extend(object);
        schema.insert("$defs".into(), writer.shapes.definitions());
    }
    schema
}

struct Writer {
    trigger: Trigger,
    unknown: Unknown,
    shapes: Shapes,
}

impl Writer {
    fn object(&mut self, fields: &[Field]) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("type".into(), json!("object"));
        let required = fields.iter().filter(|field| field.required && self.alias(field).is_none());
        let required: Vec<&str> = required.map(|field| field.key).collect();
        if !required.is_empty() {
            object.insert("required".into(), json!(required));
        }
        let mut spellings = Vec::new();
        for field in fields {
            if let Some(alias) = self.alias(field) {
                spellings.push(spelling(field, alias, &mut self.shapes));
            }
        }
        if !spellings.is_empty() {
            object.insert("allOf".into(), json!(spellings));
        }
        let properties = fields.iter().map(|field| (field.key.to_owned(), self.property(field)));
        object.insert("properties".into(), Value::Object(properties.collect()));
        if self.unknown == Unknown::Forbidden {
            object.insert("additionalProperties".into(), json!(false));
        }
        object
    }

    /// The other spelling of a field's key, where it may be there.
    fn alias(&self, field: &Field) -> Option<&'static str> {
        field.alias.filter(|_| self.unknown == Unknown::Allowed)
    }

    fn property(&mut self, field: &Field) -> Value {
        let mut property = Map::new();
        let about = self.about(field);
        if !about.is_empty() {
            property.insert("description".into(), json!(about));
        }
        let origin = match field.origin {
            Origin::Documented => "documented".to_owned(),
            Origin::Observed(why) => format!("observed: {why}"),
        };
        property.insert("$comment".into(), json!(origin));
        property.extend(self.value(field));
        Value::Object(property)
    }

    /// What the field says, and what `check` warns of that the schema lets pass.
    fn about(&self, field: &Field) -> String {
        let warned = match field.slot {
            Some(Slot::Type) => (self.trigger.envelope_type()).map(|word| (word, "S007")),
            Some(Slot::Action) => self.trigger.action().map(|word| (word, "S008")),
            _ => None,
        };
        match warned {
            None => field.about.to_owned(),
            Some((word, rule)) => {
                format!("{} Here `{word}`; else a warning ({rule}).", field.about)
            }
        }
    }

    fn value(&mut self, field: &Field) -> Map<String, Value> {
        let mut value = Map::new();
        match field.shape {
            _ if field.slot == Some(Slot::Trigger) => {
                value.insert("const".into(), json!(self.trigger.name()));
            }
            Shape::Object(fields) => value = self.object(fields),
            Shape::List(fields) => {
                value.insert("type".into(), json!("array"));
                value.insert("items".into(), Value::Object(self.object(fields)));
            }
            shape => value = self.shapes.of(shape),
        }
        value
    }
}

/// What asks for a field under its key, or else under its alias.
fn spelling(field: &Field, alias: &str, shapes: &mut Shapes) -> Value {
    let mut other = Map::new();
    other
        .insert("$comment".into(), json!(format!("observed: `{}` in another spelling", field.key)));
    if field.required {
        other.insert("required".into(), json!([alias]));
    }
    other.insert("properties".into(), json!({alias: shapes.of(field.shape)}));
    json!({"anyOf": [{"required": [field.key]}, other]})
}
