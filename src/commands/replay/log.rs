//! The log of a replay: a JSON record of each attempt, and what an earlier one tells.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::plan::Parcel;
use super::sending::Attempt;
use crate::commands::appended::Appended;
use crate::commands::read::Read;
use crate::event::Moment;
use crate::flow::Reconstruction;
use crate::view::report::json;
use crate::view::text::shown;

/// The names of deliveries in a log: made of what their bodies are, so that they are the same in
/// every run over the same capture, whatever its files are called.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<u32, String>);

impl Ids {
    /// The names of these deliveries, each body read once. Equal bodies are numbered.
    pub(super) fn new(deliveries: impl Iterator<Item = u32>, read: &Read) -> Self {
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut deliveries: Vec<u32> = deliveries.collect();
        deliveries.sort_unstable();
        deliveries.dedup();
        let name = |delivery: u32| {
            let body = read.bytes(delivery)?;
            let hash = blake3::hash(&body).to_hex()[..32].to_owned();
            let nth = seen.entry(hash.clone()).or_default();
            *nth += 1;
            Some((delivery, format!("{hash}.{nth}")))
        };
        Self(deliveries.into_iter().filter_map(name).collect())
    }

    /// The name of a parcel: its delivery's, and whether it goes out by a fault.
    pub(super) fn of(&self, parcel: &Parcel) -> String {
        let own = self.0.get(&parcel.delivery).map_or("", String::as_str);
        let again = if parcel.again { ".again" } else { "" };
        format!("{own}{again}")
    }
}

/// One attempt. Fields are added, never renamed.
#[derive(Debug, Serialize)]
struct Record<'a> {
    delivery: String,
    attempt: u8,
    sent_at: String,
    trigger: &'a str,
    call_id: Option<&'a str>,
    target: &'a str,
    source: &'a str,
    line: u64,
    status: Option<u16>,
    error: Option<&'a str>,
    latency_seconds: f64,
    accepted: bool,
    /// Whether no other attempt follows.
    last: bool,
    /// The start of the answer.
    answer: Option<String>,
}

/// As much of a record as going on needs.
#[derive(Deserialize)]
struct Told {
    delivery: String,
    accepted: bool,
}

/// What a log of an earlier run tells.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The names of what was accepted.
    pub(super) accepted: HashSet<String>,
    /// Lines that are no records: torn ones.
    pub(super) unread: u64,
}

impl Earlier {
    /// Reads a log.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let context = || format!("cannot read {}", path.display());
        let file = File::open(path).with_context(context)?;
        let mut earlier = Self::default();
        for line in BufReader::new(file).split(b'\n') {
            let line = line.with_context(context)?;
            match serde_json::from_slice::<Told>(&line) {
                Ok(told) if told.accepted => {
                    earlier.accepted.insert(told.delivery);
                }
                Ok(_) => {}
                Err(_) if line.trim_ascii().is_empty() => {}
                Err(_) => earlier.unread += 1,
            }
        }
        Ok(earlier)
    }
}

/// Where records go.
pub(super) struct Log<'l> {
    pub(super) file: Appended,
    pub(super) ids: &'l Ids,
    pub(super) read: &'l Read,
    pub(super) calls: &'l Reconstruction<'l>,
    /// The targets' names.
    pub(super) names: &'l [String],
}

impl Log<'_> {
    /// Adds the record of an attempt.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, attempt: &Attempt<'_>) -> Result<()> {
        let parcel = attempt.parcel;
        let capture = &self.read.capture;
        let delivery = capture.delivery(parcel.delivery);
        let record = Record {
            delivery: self.ids.of(parcel),
            attempt: attempt.number,
            sent_at: Moment::from(attempt.sent_at).to_string(),
            trigger: delivery.what.trigger_name(capture),
            call_id: self.calls.call_of(parcel.delivery).map(|call| self.calls.id(call)),
            target: &self.names[usize::from(parcel.target)],
            source: &self.read.sources.source(delivery.place.source).name,
            line: delivery.place.line,
            status: attempt.answer.status(),
            error: attempt.answer.failure(),
            latency_seconds: attempt.latency.as_secs_f64(),
            accepted: attempt.accepted,
            last: attempt.last,
            answer: attempt.answer.start().map(|start| shown(start.trim()).into_owned()),
        };
        let mut line = Vec::new();
        json(&mut line, &record)?;
        line.push(b'\n');
        self.file.add(&line).context("cannot write the log")
    }
}
