//! What a carrier tells is what the plain capture tells.

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::bodies::{Delivery, deliveries};
use super::carriers::{CARRIERS, Tells};
use super::program::{From, compare, for_each_carrier, leave, printed, printed_of_folder};

/// What is delivered, and the plain capture's calls and events.
struct Plain {
    deliveries: Vec<Delivery>,
    calls: String,
    events: Vec<Value>,
}

impl Plain {
    fn of(calls_in_all: i64, seed: u64) -> Self {
        let deliveries = deliveries(calls_in_all, seed);
        let bytes = plain(&deliveries);
        Self { calls: calls(&bytes, From::File), events: events(&bytes), deliveries }
    }
}

static MANY: LazyLock<Plain> = LazyLock::new(|| Plain::of(200, 4));
/// Enough for what has to be tried in several ways.
static FEW: LazyLock<Plain> = LazyLock::new(|| Plain::of(20, 4));

/// NDJSON, each body as it came.
fn plain(deliveries: &[Delivery]) -> Vec<u8> {
    deliveries.iter().flat_map(|delivery| [&*delivery.body, "\n"]).collect::<String>().into()
}

fn calls(bytes: &[u8], from: From) -> String {
    without_arrival_rules(&printed("calls -q --format ndjson", bytes, from))
}

/// `rules` may differ by those that speak of arrival. There are none so far: the family D is not
/// written yet, and S009 speaks of a day.
fn without_arrival_rules(rows: &str) -> String {
    rows.to_owned()
}

fn events(bytes: &[u8]) -> Vec<Value> {
    let rows = printed("events -q --format ndjson", bytes, From::File);
    rows.lines().map(|row| serde_json::from_str(row).expect("a row")).collect()
}

#[test]
fn the_plain_capture_has_what_makes_it_worth_wrapping() {
    let calls = MANY.calls.lines().map(|row| serde_json::from_str(row).expect("a row"));
    let calls: Vec<Value> = calls.collect();
    assert!(calls.len() > 150, "{}", calls.len());
    for outcome in ["ended", "rejected", "busy", "cancelled", "unanswered"] {
        assert!(calls.iter().any(|call| call["outcome"] == outcome), "{outcome}");
    }
    for status in ["event", "duplicate", "copy", "other"] {
        assert!(MANY.events.iter().any(|event| event["status"] == status), "{status}");
    }
    assert_eq!(MANY.events.len(), MANY.deliveries.len());
    for deliveries in [&MANY.deliveries, &FEW.deliveries] {
        // Two at a time on two streams.
        let is_long = |delivery: &Delivery| delivery.body.len() > 32 * 1024;
        assert!(deliveries.chunks(2).any(|pair| pair.iter().all(is_long)), "long beside long");
    }
    let halves = MANY.deliveries.iter().filter(|delivery| delivery.body.contains("\\ud83d!"));
    assert!(halves.count() >= 5, "names with half a surrogate");
}

#[test]
fn every_carrier_gives_the_calls_of_the_plain_capture() {
    for_each_carrier(|at, carrier| {
        let bytes = carrier.2(&MANY.deliveries);
        let path = leave(at, carrier, &bytes);
        compare("a file", &calls(&bytes, From::File), &MANY.calls)
            .map_err(|why| format!("{}: {why}", path.display()))
    });
}

#[test]
fn every_carrier_gives_them_from_a_pipe_and_packed() {
    for_each_carrier(|at, carrier| {
        let bytes = carrier.2(&FEW.deliveries);
        compare("a pipe", &calls(&bytes, From::Pipe), &FEW.calls)?;
        // gzip from a pipe for one half of the carriers, for the other Zstandard.
        let from = if at % 2 == 0 { [From::Pipe, From::File] } else { [From::File, From::Pipe] };
        compare("gzip", &calls(&gzip(&bytes), from[0]), &FEW.calls)?;
        let packed = zstd::encode_all(&*bytes, 1).expect("memory");
        compare("Zstandard", &calls(&packed, from[1]), &FEW.calls)
    });
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

#[test]
fn two_carriers_in_a_folder_give_the_calls_of_the_plain_capture() {
    for_each_carrier(|at, carrier| {
        // Each with one of another kind; one time is enough.
        let Some(other) = CARRIERS.get(at + CARRIERS.len() / 2) else {
            return Ok(());
        };
        // A call's events go to both; a repetition may be in another file than what it repeats.
        let (here, there) = FEW
            .deliveries
            .iter()
            .cloned()
            .partition::<Vec<_>, _>(|delivery| delivery.arrival % 100 < 50);
        let files = [("a.json", carrier.2(&here)), ("b.log", other.2(&there))];
        let rows = printed_of_folder("calls -q --format ndjson", &files);
        compare(other.0, &without_arrival_rules(&rows), &FEW.calls)
    });
}

#[test]
fn every_carrier_gives_the_events_of_the_plain_capture_in_their_order() {
    for_each_carrier(|_, carrier| {
        let rows = events(&carrier.2(&FEW.deliveries));
        let all = |rows: &[Value]| rows.iter().map(told).collect::<Vec<_>>().join("\n");
        compare("events", &all(&rows), &all(&FEW.events))?;
        for (row, delivery) in rows.iter().zip(&FEW.deliveries) {
            arrival(&row["received_at"], delivery, carrier.1)?;
        }
        Ok(())
    });
}

/// What of a row does not depend on where it stands and when it came.
fn told(row: &Value) -> String {
    let columns = ["event_at", "trigger", "participant_name", "status", "idempotency_key"];
    json!(columns.map(|column| &row[column])).to_string()
}

fn arrival(found: &Value, delivery: &Delivery, tells: Tells) -> Result<(), String> {
    let read = |text| Timestamp::as_millisecond(text);
    let found_at = found.as_str().and_then(|text| text.parse().ok()).map(read);
    let cut = |unit| Some(delivery.arrival / unit * unit);
    let fits = match tells {
        Tells::Nothing => found.is_null(),
        Tells::Arrival(unit) => found_at == cut(unit),
    };
    let told = || format!("arrived at {found}, not at {} ({tells:?})", delivery.arrival);
    if fits { Ok(()) } else { Err(told()) }
}
