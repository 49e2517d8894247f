//! The log of a replay: a JSON record of each attempt, and what those of earlier runs say.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::mask::Mask;
use super::plan::Parcel;
use super::sending::Attempt;
use crate::commands::appended::Appended;
use crate::commands::bounded_file::size;
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
    error: Option<String>,
    latency_seconds: f64,
    accepted: bool,
    /// Whether no other attempt follows.
    last: bool,
    /// The start of the answer.
    answer: Option<String>,
}

/// How each record begins.
const BEGINNING: &[u8] = br#"{"delivery":""#;

/// The longest record. (Its ids are as long as the capture has them.)
const LONGEST_RECORD: u64 = 16 << 20;

/// The largest log: some ten million attempts.
const LARGEST: u64 = 4 << 30;

/// What of a record going on needs, and what makes it one.
#[derive(Deserialize)]
#[expect(dead_code, reason = "a record has these fields, and they are of these types")]
struct LoggedAttempt {
    delivery: String,
    attempt: u8,
    sent_at: String,
    trigger: String,
    target: String,
    latency_seconds: f64,
    accepted: bool,
    last: bool,
}

/// A log before this run adds to it.
#[derive(Debug, Default)]
pub(super) struct EarlierLog {
    pub(super) path: PathBuf,
    /// The names of deliveries that were accepted.
    pub(super) accepted: HashSet<String>,
    /// Bytes of the file.
    length: u64,
    /// Bytes of its records, without a last one that was cut short.
    whole: u64,
}

impl EarlierLog {
    /// Reads a log, line by line, and remembers the wanted deliveries that were accepted. One that
    /// does not exist yet is empty, and so is what is no regular file.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or holds something else than records. Only the last
    /// one may be cut short, as a run that was killed leaves it.
    pub(super) fn read(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let context = || format!("cannot read {}", path.display());
        let mut log = Self { path: path.to_owned(), ..Self::default() };
        match path.metadata() {
            Ok(there) if there.is_file() => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(context);
            }
            Ok(_) | Err(_) => return Ok(log),
        }
        let mut file = BufReader::new(File::open(path).with_context(context)?);
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let mut rest = (&mut file).take(LONGEST_RECORD + 1);
            let read = rest.read_until(b'\n', &mut line).with_context(context)? as u64;
            log.length += read;
            if read == 0 {
                break;
            }
            if log.length > LARGEST {
                bail!("{} is larger than {}, the limit for a log", path.display(), size(LARGEST));
            }
            let place = format_args!("{}:{number}", path.display());
            if read > LONGEST_RECORD {
                bail!("{place} is longer than {}, the limit for a record", size(LONGEST_RECORD));
            }
            match serde_json::from_slice::<LoggedAttempt>(&line) {
                Ok(attempt) if attempt.accepted && is_wanted(&attempt.delivery) => {
                    log.accepted.insert(attempt.delivery);
                }
                Ok(_) => {}
                Err(_) if line.trim_ascii().is_empty() => {}
                Err(error) if error.is_eof() && is_cut_short(&line) => break,
                Err(_) => bail!("{place} is no record of a replay's log"),
            }
            log.whole = log.length;
        }
        Ok(log)
    }

    /// Whether the last record was cut short.
    pub(super) fn is_cut_short(&self) -> bool {
        self.whole < self.length
    }

    /// Opens the file to add to it, for its owner alone. A last record that was cut short is removed,
    /// since a log with one in the middle is none.
    ///
    /// # Errors
    /// When it cannot be opened, or changed since it was read.
    pub(super) fn open(&self) -> Result<Appended> {
        let context = || format!("cannot write {}", self.path.display());
        let mut file = Appended::open_private(&self.path).with_context(context)?;
        if file.length().with_context(context)? != self.length {
            bail!("cannot write {}: it changed since it was read", self.path.display());
        }
        if self.is_cut_short() {
            file.truncate(self.whole).with_context(context)?;
        }
        Ok(file)
    }
}

/// Whether a line that is no record is the beginning of one, and the end of a log.
fn is_cut_short(line: &[u8]) -> bool {
    let length = line.len().min(BEGINNING.len());
    !line.ends_with(b"\n") && line[..length] == BEGINNING[..length]
}

/// Where records go.
pub(super) struct Log<'l> {
    pub(super) file: Appended,
    pub(super) ids: &'l Ids,
    pub(super) read: &'l Read,
    pub(super) calls: &'l Reconstruction<'l>,
    /// The targets' names, without secrets.
    pub(super) names: &'l [String],
    pub(super) mask: &'l Mask,
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
            error: attempt.answer.failure().map(|why| self.mask.hide(why)),
            latency_seconds: attempt.latency.as_secs_f64(),
            accepted: attempt.accepted,
            last: attempt.last,
            answer: attempt.answer.start().map(|start| shown(start.trim()).into_owned()),
        };
        let mut line = Vec::new();
        json(&mut line, &record)?;
        line.push(b'\n');
        if line.len() as u64 > LONGEST_RECORD {
            bail!("a record of the log would be longer than {}", size(LONGEST_RECORD));
        }
        self.file.add(&line).context("cannot write the log")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn record(delivery: &str, accepted: bool) -> String {
        let record = Record {
            delivery: delivery.to_owned(),
            attempt: 1,
            sent_at: "2026-02-13T17:27:30Z".to_owned(),
            trigger: "call_started",
            call_id: None,
            target: "http://localhost/",
            source: "tág.ndjson",
            line: 1,
            status: Some(200),
            error: None,
            latency_seconds: 0.01,
            accepted,
            last: true,
            answer: Some(String::new()),
        };
        let mut line = Vec::new();
        json(&mut line, &record).expect("memory");
        String::from_utf8(line).expect("UTF-8")
    }

    fn read(text: impl AsRef<[u8]>) -> Result<EarlierLog> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("a disk");
        EarlierLog::read(file.path(), |delivery| delivery != "other")
    }

    #[test]
    fn a_log_may_be_cut_short_at_every_byte_of_its_last_record() {
        let (first, last) = (record("a.1", true) + "\n", record("b.1", true));
        for cut in 0..=last.len() {
            let log = read([first.as_bytes(), &last.as_bytes()[..cut]].concat()).expect("a log");
            let is_whole = cut == last.len();
            assert_eq!(log.is_cut_short(), cut > 0 && !is_whole, "{cut}");
            assert_eq!(log.accepted.len(), 1 + usize::from(is_whole), "{cut}");
        }
    }

    #[test]
    fn what_was_accepted_and_is_wanted_is_remembered() {
        let records = [("a.1", true), ("b.1", false), ("other", true), ("c.1", true)];
        let text: String =
            records.map(|(delivery, accepted)| record(delivery, accepted) + "\n").concat();
        let log = read(&text).expect("a log");
        assert_eq!(log.accepted, ["a.1", "c.1"].map(str::to_owned).into());
        assert_eq!((log.length, log.whole), (text.len() as u64, text.len() as u64));
    }

    #[test]
    fn what_is_no_record_is_refused_by_its_line_unless_it_is_a_last_one_cut_short() {
        let good = record("a.1", true) + "\n";
        for wrong in [
            "hello",
            "{}",
            "[]",
            r#"{"delivery":"a.1"}"#,
            r#"{"delivery":"a.1","accepted":true}"#,
            r#"{"trigger":"call_started","data":{}}"#,
            "{\"delivery\":\"ab\n",
            &format!("{{\"delivery\":\"ab\n{good}"),
            &good.replace("\"attempt\":1", "\"attempt\":\"1\""),
            "\0\0\0",
        ] {
            let error = read(format!("{good}{wrong}")).expect_err(wrong).to_string();
            assert!(error.ends_with(":2 is no record of a replay's log"), "{error}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        file.as_file().set_len(LONGEST_RECORD + 1).expect("a sparse file");
        let error = EarlierLog::read(file.path(), |_| true).expect_err("too long").to_string();
        assert!(error.ends_with(":1 is longer than 16 MiB, the limit for a record"), "{error}");
    }

    #[test]
    fn a_log_that_another_run_added_to_is_not_written() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let log = EarlierLog::read(file.path(), |_| true).expect("an empty log");
        fs::write(file.path(), record("a.1", true)).expect("a disk");
        let error = log.open().expect_err("it changed").to_string();
        assert!(error.ends_with("it changed since it was read"), "{error}");
    }
}
