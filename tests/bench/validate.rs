//! The jsonschema crate alone, one validator for each trigger, on one thread: what `check` is held
//! to. `cargo bench --bench validate -- FILE` prints the seconds for a capture of one body a line.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench is for whoever started it")]

use std::collections::HashMap;
use std::time::Instant;

use callscope::event::Trigger;
use callscope::view::schema::{Unknown, event};
use jsonschema::Validator;
use serde_json::Value;

fn main() {
    // Among all benches there is no file.
    let Some(file) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        return;
    };
    let validator = |trigger: Trigger| {
        let schema = event(trigger, Unknown::Allowed);
        (trigger.name(), jsonschema::validator_for(&schema).expect("a schema"))
    };
    let validators: HashMap<&str, Validator> = Trigger::ALL.into_iter().map(validator).collect();
    let text = std::fs::read_to_string(file).expect("a capture");
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let bodies: Vec<_> = lines.collect();
    let began = Instant::now();
    let valid = bodies.iter().filter(|body| {
        let validator = body["trigger"].as_str().and_then(|trigger| validators.get(trigger));
        validator.is_some_and(|validator| validator.is_valid(body))
    });
    let valid = valid.count();
    println!("{:.6} {valid} {}", began.elapsed().as_secs_f64(), bodies.len());
}
