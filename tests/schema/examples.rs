//! The examples of the events.

use callscope::event::Trigger;
use callscope::event::schema::{Field, Origin, Shape, fields};
use callscope::view::schema::example;
use serde_json::Value;

use super::judge::{Validators, judged};

#[test]
fn nothing_is_wrong_with_an_example() {
    let validators = Validators::new();
    for trigger in Trigger::ALL {
        let [judged] = &judged(example(trigger).as_bytes())[..] else {
            panic!("{trigger:?} has one webhook");
        };
        assert_eq!(judged.trigger, Some(trigger));
        assert_eq!(judged.found, [], "{trigger:?}");
        validators.agree(judged).unwrap_or_else(|differ| panic!("{differ}"));
    }
}

#[test]
fn an_example_has_every_documented_field() {
    for trigger in Trigger::ALL {
        let payload: Value = serde_json::from_str(example(trigger)).expect("JSON");
        complete(&payload, fields(trigger), trigger);
    }
}

fn complete(object: &Value, fields: &[Field], trigger: Trigger) {
    for field in fields.iter().filter(|field| field.origin == Origin::Documented) {
        // A group has one; the example is of a user.
        if field.key == "guid" || (field.key == "type" && trigger.envelope_type().is_none()) {
            continue;
        }
        let value = object.get(field.key);
        let value = value.unwrap_or_else(|| panic!("{} of {trigger:?} is missing", field.key));
        match field.shape {
            Shape::Object(fields) => complete(value, fields, trigger),
            Shape::List(fields) => complete(&value[0], fields, trigger),
            _ => {}
        }
    }
}

#[test]
fn an_example_is_laid_out_for_people() {
    for trigger in Trigger::ALL {
        let payload: Value = serde_json::from_str(example(trigger)).expect("JSON");
        let pretty = serde_json::to_string_pretty(&payload).expect("JSON");
        assert_eq!(example(trigger), pretty + "\n");
    }
}
