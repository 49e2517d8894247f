//! When a webhook came, as the carrier tells it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::judge;
use crate::reading::rows;
use crate::shelf::{Arrival, Fixture, all, third_party};

#[test]
fn arrival_is_what_the_carrier_says() {
    judge(&all(), |fixture| match fixture.arrival {
        Arrival::Told => arrived(fixture, &[], Some(0)),
        Arrival::Untold | Arrival::Zoneless => arrived(fixture, &[], None),
    });
}

#[test]
fn arrival_is_read_from_what_the_journal_writes() {
    judge(&of(third_party(), Fixture::is_journal), |fixture| arrived(fixture, &[], Some(0)));
}

#[test]
fn a_time_without_a_zone_is_read_in_the_zone_that_was_named() {
    judge(&of(all(), |fixture| fixture.arrival == Arrival::Zoneless), |fixture| {
        arrived(fixture, &["--log-tz", "UTC"], Some(0))?;
        arrived(fixture, &["--log-tz", "Europe/Copenhagen"], Some(-3600))
    });
}

#[test]
fn a_time_with_a_zone_is_left_alone_by_the_zone_that_was_named() {
    judge(&of(all(), |fixture| fixture.arrival == Arrival::Told), |fixture| {
        arrived(fixture, &["--log-tz", "Europe/Copenhagen"], Some(0))
    });
}

fn of(fixtures: Vec<Fixture>, kind: impl Fn(&Fixture) -> bool) -> Vec<Fixture> {
    fixtures.into_iter().filter(kind).collect()
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
    // Only calling events have a time of their own to go by.
    let mut events = found.iter().filter(|row| row["status"] == "event");
    let wrong = events.find(|row| !in_time(row, shift));
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
