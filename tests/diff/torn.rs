//! Calls whose id or whose parts a lost webhook changes.

use serde_json::{Value, json};

use crate::program::{Shelf, calls, diff};

/// A ring record of a conversation between two.
fn ring(id: u32, trigger: &str, sender: &str, at: i64) -> String {
    let receiver = if sender == "ana" { "ben" } else { "ana" };
    let action = trigger.trim_start_matches("call_");
    let call = json!({
        "id": id.to_string(), "conversationId": "ana_user_ben", "sender": sender,
        "receiverType": "user", "receiver": receiver, "category": "call", "type": "audio",
        "data": {"action": action}, "sentAt": at, "updatedAt": at,
    });
    json!({"trigger": trigger, "data": {"call": call}, "appId": "a1", "region": "eu", "webhook": "w"})
        .to_string()
}

const START: i64 = 1_767_346_800;

fn told(a: &[String], b: &[String]) -> Value {
    let shelf = Shelf::new();
    diff(&shelf.write("a", a), &shelf.write("b", b), &[]).0
}

#[test]
fn a_call_that_lost_its_initiation_and_so_its_id_is_the_same_call() {
    let whole =
        [ring(5, "call_initiated", "ana", START), ring(6, "call_rejected", "ben", START + 9)];
    let told = told(&whole, &whole[1..]);
    let [call] = calls(&told) else { panic!("{told}") };
    assert_eq!(call["difference"], "changed");
    assert_eq!(
        (&call["call_a"]["call_id"], &call["call_b"]["call_id"]),
        (&json!("ring:5"), &json!("ring:6"))
    );
    let events = call["events"].as_array().expect("events");
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["difference"], &events[0]["trigger"]),
        (&json!("only_a"), &json!("call_initiated"))
    );
}

#[test]
fn an_outcome_that_goes_to_an_earlier_attempt_is_told_with_the_call_that_it_left() {
    let whole = [
        ring(5, "call_initiated", "ana", START),
        ring(7, "call_initiated", "ana", START + 20),
        ring(8, "call_rejected", "ben", START + 31),
    ];
    let without = [whole[0].clone(), whole[2].clone()];
    let told = told(&whole, &without);
    let [call] = calls(&told) else { panic!("{told}") };
    assert_eq!((&call["call_id"], &call["parts_a"]), (&json!("ring:5"), &json!(["ring:7"])));
    let differences: Vec<&Value> = call["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| &event["difference"])
        .collect();
    assert_eq!(differences, ["only_a", "moved"]);
    let summary = &told["summary"];
    assert_eq!((&summary["calls_changed"], &summary["calls_only_a"]), (&json!(1), &json!(0)));
    assert_eq!((&summary["events_only_a"], &summary["events_moved"]), (&json!(1), &json!(1)));
}

#[test]
fn calls_of_one_id_in_two_apps_are_two() {
    let one = ring(5, "call_initiated", "ana", START);
    let other = one.replace("\"a1\"", "\"a2\"");
    let told = told(&[one], &[other]);
    let differences: Vec<&Value> = calls(&told).iter().map(|call| &call["difference"]).collect();
    assert_eq!(differences.len(), 2);
    assert!(differences.contains(&&json!("only_a")) && differences.contains(&&json!("only_b")));
}

#[test]
fn an_event_with_another_content_says_what() {
    let a = ring(5, "call_initiated", "ana", START);
    let b = a.replace("\"audio\"", "\"video\"");
    let told = told(&[a], &[b]);
    let call = &calls(&told)[0];
    assert_eq!(call["fields"], json!([{"field": "media", "a": "audio", "b": "video"}]));
    let text = call["events"][0]["text"].as_str().expect("a text");
    assert_eq!(text, "`/data/call/type` is \"audio\" in A, \"video\" in B");
}
