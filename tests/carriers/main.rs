//! The same small call in every carrier: it must come out as from the plain capture, with the time
//! of arrival where the carrier tells it, and nothing of the carrier's secrets.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot prepare")]

mod reading;
mod shelf;

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::thread;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use reading::{calls, events, gzip, rows, run, schema_findings, without, zstd};
use shelf::{Arrival, Fixture, all, fixtures, third_party};

/// The marker in every secret of the fixtures, and what is left of it in base64, whatever stands
/// before and behind it.
const SECRETS: [&str; 4] = ["hunter2", "aHVudGVyM", "h1bnRlcj", "odW50ZXIy"];

#[test]
fn every_carrier_yields_the_calls_of_the_plain_capture() {
    judge(&all(), |fixture| same(&calls(&fixture.path), &calls(&fixture.plain)));
}

#[test]
fn every_carrier_yields_the_deliveries_of_the_plain_capture() {
    judge(&all(), |fixture| same(&events(&fixture.path), &events(&fixture.plain)));
}

#[test]
fn what_is_wrong_in_a_body_is_told_in_every_carrier() {
    judge(&fixtures("wrong"), |fixture| {
        same(&schema_findings(&fixture.path), &schema_findings(&fixture.plain))
    });
}

#[test]
fn arrival_is_what_the_carrier_says() {
    judge(&all(), |fixture| match fixture.arrival {
        Arrival::Told => arrived(fixture, &[], Some(0)),
        Arrival::Untold | Arrival::Zoneless => arrived(fixture, &[], None),
    });
}

#[test]
fn a_time_without_a_zone_is_read_in_the_zone_that_was_named() {
    let zoneless = all().into_iter().filter(|fixture| fixture.arrival == Arrival::Zoneless);
    judge(&zoneless.collect::<Vec<_>>(), |fixture| {
        arrived(fixture, &["--log-tz", "UTC"], Some(0))?;
        arrived(fixture, &["--log-tz", "Europe/Copenhagen"], Some(-3600))
    });
}

#[test]
fn a_time_with_a_zone_is_left_alone_by_the_zone_that_was_named() {
    let told = all().into_iter().filter(|fixture| fixture.arrival == Arrival::Told);
    judge(&told.collect::<Vec<_>>(), |fixture| {
        arrived(fixture, &["--log-tz", "Europe/Copenhagen"], Some(0))
    });
}

#[test]
fn no_secret_of_a_carrier_leaves_the_tool() {
    let everywhere = [all(), third_party()].concat();
    judge(&everywhere, |fixture| {
        for (command, formats) in [
            ("calls", &["table", "json", "ndjson", "csv", "markdown"][..]),
            ("timeline", &["table", "json", "ndjson", "csv", "markdown"]),
            ("events", &["table", "json", "ndjson", "csv", "markdown"]),
            ("check", &["text", "concise", "json", "ndjson"]),
        ] {
            for format in formats {
                let output = run(&[command, "-v", "--format", format], &fixture.path, false);
                silent(&output.stdout).map_err(|told| format!("{command} {format}: {told}"))?;
                silent(&output.stderr).map_err(|told| format!("{command} -v: {told}"))?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_pipe_and_an_archive_give_what_the_file_gives() {
    judge(&all(), |fixture| {
        let bytes = fs::read(&fixture.path).expect("the fixture");
        let folder = tempfile::tempdir().expect("a folder");
        let expected = placed(&fixture.path, false);
        same(&placed(&fixture.path, true), &expected)?;
        for packed in [gzip(&bytes), zstd(&bytes)] {
            let path = folder.path().join("capture");
            fs::write(&path, packed).expect("a file");
            same(&placed(&path, false), &expected)?;
            same(&placed(&path, true), &expected)?;
        }
        Ok(())
    });
}

#[test]
fn nothing_in_a_carrier_is_taken_for_damage() {
    judge(&all(), |fixture| {
        let mut findings = rows(&["check", "--select", "J"], &fixture.path, false);
        // Where other requests stand between the webhooks, J003 says so.
        let mixed = fixture.name.contains("-mixed.");
        findings.retain(|found| found["rule"] != "J003" || !(mixed || found["severity"] == "info"));
        same(&findings, &[])
    });
}

#[test]
fn the_webhooks_in_a_carrier_made_by_others_are_found() {
    let whole = |fixture: &Fixture| same(&events(&fixture.path), &events(&fixture.plain));
    judge(&third_party(), |fixture| match fixture.trigger() {
        None => whole(fixture),
        Some(trigger) => {
            let found = rows(&["events"], &fixture.path, false);
            let found: Vec<_> = found.iter().map(|row| (&row["trigger"], &row["status"])).collect();
            same(&found, &[(&trigger.into(), &"event".into())])
        }
    });
}

/// Asks one thing of every fixture, several at a time, and tells all that fail.
fn judge(fixtures: &[Fixture], ask: impl Fn(&Fixture) -> Result<(), String> + Sync) {
    let failure = |fixture: &Fixture| Some(format!("{}: {}", fixture.name, ask(fixture).err()?));
    let failures: Vec<String> = thread::scope(|scope| {
        let lanes = fixtures.chunks(fixtures.len().div_ceil(8));
        let lanes: Vec<_> = lanes
            .map(|lane| scope.spawn(|| lane.iter().filter_map(failure).collect::<Vec<_>>()))
            .collect();
        lanes.into_iter().flat_map(|lane| lane.join().expect("an answer")).collect()
    });
    let (failed, all) = (failures.len(), fixtures.len());
    assert!(failures.is_empty(), "{failed} of {all} fail\n{}", failures.join("\n"));
}

fn same<T: PartialEq + Debug>(found: &[T], expected: &[T]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} rows, expected {}", found.len(), expected.len()));
    }
    let different = found.iter().zip(expected).find(|(found, expected)| found != expected);
    different.map_or(Ok(()), |(found, expected)| Err(format!("{found:?}, expected {expected:?}")))
}

/// Deliveries with their line and arrival, the name of the source aside.
fn placed(path: &Path, piped: bool) -> Vec<Value> {
    let mut events = rows(&["events"], path, piped);
    without(&mut events, &["source"]);
    events
}

/// Whether every webhook arrived as the fixtures have it, `shift` seconds later, or at no time.
///
/// In the fixtures a webhook arrives 2 s after its event, a recording's 300 s after the recording
/// began, and an eighth of a second later where the carrier writes fractions.
fn arrived(fixture: &Fixture, more: &[&str], shift: Option<i64>) -> Result<(), String> {
    let found = rows(&[&["events"], more].concat(), &fixture.path, false);
    if found.is_empty() {
        return Err("no delivery".to_owned());
    }
    let wrong = found.iter().find(|row| !in_time(row, shift));
    wrong.map_or(Ok(()), |row| {
        Err(format!("{} of {} at {}", row["trigger"], row["event_at"], row["received_at"]))
    })
}

fn in_time(row: &Value, shift: Option<i64>) -> bool {
    let Some(shift) = shift else { return row["received_at"].is_null() };
    let (Some(event), Some(arrival)) = (time(&row["event_at"]), time(&row["received_at"])) else {
        return false;
    };
    let delay = if row["trigger"] == "recording_generated" { 300 } else { 2 };
    let rest = arrival.duration_since(event) - SignedDuration::from_secs(delay + shift);
    rest.is_zero() || rest == SignedDuration::from_millis(125)
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// Whether none of the secrets stands in what was printed.
fn silent(printed: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(printed);
    let told = SECRETS.into_iter().find(|secret| text.contains(secret));
    told.map_or(Ok(()), |secret| Err(format!("{secret} was printed")))
}
