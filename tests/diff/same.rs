//! What is no difference.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::program::{Shelf, calls, diff, lines};

fn assert_alike(told: &(Value, Option<i32>), what: &str) {
    let (told, status) = told;
    assert_eq!((calls(told), *status), (&[][..], Some(0)), "{what}");
    assert!(told["summary"]["calls_same"].as_u64() > Some(0), "{what}");
}

#[test]
fn order_repeats_and_carriers_are_no_difference() {
    let shelf = Shelf::new();
    let plain = shelf.generate("plain", "--calls 200 --seed 11");
    for carrier in ["plain", "receiver", "webhook-site", "lambda", "docker", "log"] {
        let faults = "--faults duplicate=20%,copy=10%,shuffle=10m";
        let words = format!("--calls 200 --seed 11 --carrier {carrier} {faults}");
        let carried = shelf.generate(carrier, &words);
        assert_alike(&diff(&plain, &carried, &[]), carrier);
        assert_alike(&diff(&carried, &plain, &[]), carrier);
    }
}

#[test]
fn spaces_and_the_order_of_keys_are_no_difference() {
    let shelf = Shelf::new();
    let plain = shelf.generate("plain", "--calls 60 --seed 12");
    let turned = |line: &String| {
        let Ok(Value::Object(webhook)) = serde_json::from_str(line) else {
            panic!("a webhook");
        };
        serde_json::to_string_pretty(&webhook.into_iter().rev().collect::<Value>()).expect("JSON")
    };
    let other = shelf.write("other", &lines(&plain).iter().map(turned).collect::<Vec<_>>());
    assert_ne!(fs::read(&plain).expect("a file"), fs::read(&other).expect("a file"));
    assert_alike(&diff(&plain, &other, &[]), "turned");
}

proptest! {
    #![proptest_config(Config { cases: 12, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_copy_in_any_order_with_any_repeats_is_the_same(
        seed in 0..1000_u32,
        mix in prop::collection::vec(any::<prop::sample::Index>(), 400),
    ) {
        let shelf = Shelf::new();
        let plain = shelf.generate("plain", &format!("--calls 25 --seed {seed}"));
        let mut other = lines(&plain);
        for (at, index) in mix.iter().enumerate() {
            if at % 4 == 0 {
                other.push(index.get(&other).clone());
            }
            let (one, two) = (at % other.len(), index.index(other.len()));
            other.swap(one, two);
        }
        let other = shelf.write("other", &other);
        assert_alike(&diff(&plain, &other, &[]), "mixed");
    }
}
