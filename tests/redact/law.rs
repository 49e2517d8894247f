//! What redaction leaves as it was: the calls, their figures and what is wrong with them.

use callscope::event::key::Status;
use callscope::event::{Redactor, Trigger};
use callscope::flow::Reconstruction;
use serde_json::Value;

use super::bodies::Bodies;
use super::mapping::{Mapping, assert_same, sorted};

/// What words say where the events of one call have several regions or conversations.
const SAID_BY_WORDS: [&str; 2] = ["region", "conversation_id"];

/// What an initiation says.
const SAID_AT_FIRST: [&str; 6] =
    ["caller", "caller_name", "receiver", "receiver_type", "media", "ring_id"];

/// Rows of calls, but for what words decide: pseudonyms are other words.
fn calls(bodies: &Bodies, calls: &Reconstruction<'_>, mapping: Option<&Mapping>) -> Vec<String> {
    let rows = calls.indexes().map(|at| {
        let mut row = serde_json::to_value(calls.call(at)).expect("a row");
        if let Some(mapping) = mapping {
            mapping.row(&mut row);
        }
        without_implausible(&mut row);
        let tied = has_two_beginnings(bodies, calls.events(at));
        if let Some(row) = row.as_object_mut() {
            row.retain(|key, _| {
                let by_words = SAID_BY_WORDS.contains(&key.as_str());
                !by_words && (!tied || !SAID_AT_FIRST.contains(&key.as_str()))
            });
        }
        row
    });
    sorted(rows.collect())
}

/// Leaves out the times and lengths of a row with an impossible time: another one stands for it.
fn without_implausible(row: &mut Value) {
    if has_implausible(row) {
        leave_out_times(row);
    }
}

fn has_implausible(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(has_implausible),
        Value::Array(elements) => elements.iter().any(has_implausible),
        Value::String(text) => {
            let time: Option<jiff::Timestamp> = text.parse().ok();
            let years = 1_420_070_400..4_133_980_800;
            time.is_some_and(|time| !years.contains(&time.as_second()))
        }
        _ => false,
    }
}

fn leave_out_times(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !key.ends_with("_at") && !key.ends_with("_seconds"));
            members.values_mut().for_each(leave_out_times);
        }
        Value::Array(elements) => elements.iter_mut().for_each(leave_out_times),
        _ => {}
    }
}

/// Whether two initiations happened in one second: nothing but words tells which was the first.
fn has_two_beginnings(bodies: &Bodies, events: &[u32]) -> bool {
    let mut seconds: Vec<i64> = (events.iter())
        .filter_map(|event| bodies.capture.event(*event))
        .filter(|event| event.trigger == Trigger::CallInitiated)
        .map(|event| event.at().seconds())
        .collect();
    seconds.sort_unstable();
    seconds.windows(2).any(|two| two[0] == two[1])
}

/// The statuses, how many keys collide, and how many events are lost by that. The webhook's id says
/// which of several copies stands for an event, and words say which of two events is lost, so that
/// where one of them has copies under another key their number depends on names.
fn figures(calls: &Reconstruction<'_>) -> (Vec<String>, usize, usize, usize) {
    let identities = &calls.identities;
    let mut statuses: Vec<String> =
        identities.status.iter().map(|status| format!("{status:?}")).collect();
    if has_copies(calls) {
        statuses.sort();
        return (statuses, 0, 0, calls.len());
    }
    let lost = identities.collisions.iter().filter(|collision| collision.lost).count();
    (statuses, identities.collisions.len(), lost, calls.len())
}

fn has_copies(calls: &Reconstruction<'_>) -> bool {
    let copied = |status: &Status| matches!(status, Status::Copy | Status::Conflict);
    calls.identities.status.iter().any(copied)
}

fn findings(calls: &Reconstruction<'_>) -> Vec<String> {
    // What was no webhook is left out.
    let findings = calls.findings().filter(|finding| !finding.rule.code.starts_with('J'));
    let findings = findings.filter(|finding| finding.rule.code != "K002" || !has_copies(calls));
    let told = findings.map(|finding| {
        format!("{} {:?} {:?}", finding.rule.code, finding.severity, finding.pointer)
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

/// Redacts a capture and stops where something but names is another then. Returns what is written.
///
/// # Panics
/// Where there is such a thing, or a line is refused.
pub(crate) fn redacted(text: &str) -> String {
    let before = Bodies::read(text.as_bytes());
    let redact = |key: &[u8]| before.redacted(&mut Redactor::new(key, &[]));
    let written = redact(b"one key");
    assert_eq!(written, redact(b"one key"));
    if !before.texts.is_empty() && written.contains("appId") {
        assert!(written.is_empty() || written != redact(b"another key") || written == text);
    }
    let after = Bodies::read(written.as_bytes());
    assert_eq!(before.texts.len(), after.texts.len(), "{text}\n{written}");
    assert_eq!(after.counts.webhooks, after.counts.documents);
    let mut mapping = Mapping::default();
    for ((_, before), (_, after)) in before.texts.iter().zip(&after.texts) {
        mapping.learn(before, after);
    }
    let (one, other) = (before.calls(), after.calls());
    assert_eq!(figures(&one), figures(&other), "{text}\n{written}");
    let both = format!("{text}\n{written}");
    assert_same(&findings(&one), &findings(&other), &both);
    let (one, other) = (calls(&before, &one, Some(&mapping)), calls(&after, &other, None));
    assert_same(&one, &other, &both);
    written
}
