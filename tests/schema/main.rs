//! The schemas that `callscope schema` prints, held against what callscope itself says and prints.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a payload that cannot be made or read fails its test, in the helpers too"
)]

#[path = "../properties/dice.rs"]
mod dice;
mod examples;
mod judge;
#[path = "../properties/mess.rs"]
mod mess;
mod odd;
mod outputs;
mod verdicts;
#[path = "../properties/world.rs"]
mod world;

use callscope::event::Trigger;
use callscope::view::schema::{Document, Unknown, event, output};
use clap::ValueEnum;

#[test]
fn every_schema_is_one_by_the_metaschema() {
    for trigger in Trigger::ALL {
        for unknown in [Unknown::Allowed, Unknown::Forbidden] {
            jsonschema::draft202012::meta::validate(&event(trigger, unknown)).expect("a schema");
        }
    }
    for document in Document::value_variants() {
        jsonschema::draft202012::meta::validate(&output(*document)).expect("a schema");
    }
}

#[test]
fn no_two_schemas_have_one_id() {
    let events = Trigger::ALL.into_iter().flat_map(|trigger| {
        [Unknown::Allowed, Unknown::Forbidden].map(|unknown| event(trigger, unknown))
    });
    let outputs = Document::value_variants().iter().map(|document| output(*document));
    let mut ids: Vec<String> =
        events.chain(outputs).map(|schema| schema["$id"].to_string()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}
