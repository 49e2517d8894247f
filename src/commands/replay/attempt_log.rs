//! The log of a replay: a JSON record of each attempt, of this run and of earlier ones.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::plan::PlannedSend;
use crate::commands::append_file::AppendFile;
use crate::commands::bounded_file::size;
use crate::commands::read::Read;
use crate::view::report::json;

/// One attempt. Fields are added, never renamed. To be accepted as a record, a line needs those
/// that are not skipped.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LogRecord<'a> {
    pub(super) delivery: String,
    pub(super) attempt: u8,
    pub(super) sent_at: String,
    pub(super) trigger: Cow<'a, str>,
    #[serde(skip_deserializing)]
    pub(super) call_id: Option<&'a str>,
    pub(super) target: Cow<'a, str>,
    #[serde(skip_deserializing)]
    pub(super) source: &'a str,
    #[serde(skip_deserializing)]
    pub(super) line: u64,
    #[serde(skip_deserializing)]
    pub(super) status: Option<u16>,
    #[serde(skip_deserializing)]
    pub(super) error: Option<String>,
    pub(super) latency_seconds: f64,
    pub(super) accepted: bool,
    /// Whether no other attempt follows.
    pub(super) last: bool,
    /// The start of the answer.
    #[serde(skip_deserializing)]
    pub(super) answer: Option<String>,
}

/// The beginning of each record.
const RECORD_START: &[u8] = br#"{"delivery":""#;

/// Bytes of the longest record: its ids may be as long as the capture has them.
const LONGEST_RECORD: u64 = 16 << 20;

/// Bytes of the largest log: some ten million attempts.
const LARGEST: u64 = 4 << 30;

impl LogRecord<'_> {
    /// Adds the record to a log.
    ///
    /// # Errors
    /// When it is too long or cannot be written.
    pub(super) fn add_to(&self, log: &mut AppendFile) -> Result<()> {
        let mut line = Vec::new();
        json(&mut line, self)?;
        line.push(b'\n');
        // A longer one would make the log unreadable for `--resume`.
        if line.len() as u64 > LONGEST_RECORD {
            bail!("a record of the log would be longer than {}", size(LONGEST_RECORD));
        }
        log.add(&line).context("cannot write the log")
    }
}

/// A log before this run adds to it.
#[derive(Debug, Default)]
pub(super) struct AttemptLog {
    pub(super) path: PathBuf,
    /// The ids in this log of the deliveries of this run.
    pub(super) ids: HashMap<u32, String>,
    /// The ids of sends that were accepted.
    pub(super) accepted: HashSet<String>,
    /// Bytes of the file.
    length: u64,
    /// Bytes of its whole records.
    whole: u64,
}

/// The ids of deliveries in a log: hashes of their bodies, so that they are the same in every run
/// over the same capture, whatever its files are called. Equal bodies are numbered.
pub(super) fn delivery_ids(sends: &[PlannedSend], read: &Read) -> HashMap<u32, String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut deliveries: Vec<u32> = sends.iter().map(|send| send.delivery).collect();
    deliveries.sort_unstable();
    deliveries.dedup();
    let id = |delivery: u32| {
        let body = read.bytes(delivery)?;
        let hash = blake3::hash(&body).to_hex()[..32].to_owned();
        let number = seen.entry(hash.clone()).or_default();
        *number += 1;
        Some((delivery, format!("{hash}.{number}")))
    };
    deliveries.into_iter().filter_map(id).collect()
}

/// The id of a send: its delivery's, with a mark if a fault repeats it.
pub(super) fn send_id(send: &PlannedSend, ids: &HashMap<u32, String>) -> String {
    let id = ids.get(&send.delivery).map_or("", String::as_str);
    format!("{id}{}", if send.is_repeat { ".again" } else { "" })
}

impl AttemptLog {
    /// Reads a log, if it is there and a regular file, and remembers which of the wanted sends
    /// were accepted.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or has a line that is no record. Only the last record
    /// may be cut short, as a run that was killed leaves it.
    pub(super) fn read(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let context = || format!("cannot read {}", path.display());
        let mut log = Self { path: path.to_owned(), ..Self::default() };
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => {}
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
            match serde_json::from_slice::<LogRecord<'_>>(&line) {
                Ok(record) if record.accepted && is_wanted(&record.delivery) => {
                    log.accepted.insert(record.delivery);
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

    /// Opens the file to add to it, for its owner alone. Removes a last record that was cut short:
    /// in the middle it would make the log invalid.
    ///
    /// # Errors
    /// When it cannot be opened, or changed since it was read.
    pub(super) fn open(&self) -> Result<AppendFile> {
        let context = || format!("cannot write {}", self.path.display());
        let mut file = AppendFile::open_private(&self.path).with_context(context)?;
        if file.length().with_context(context)? != self.length {
            bail!("cannot write {}: it changed since it was read", self.path.display());
        }
        if self.is_cut_short() {
            file.truncate(self.whole).with_context(context)?;
        }
        Ok(file)
    }
}

/// Whether a line that is no record is the beginning of one at the end of the log.
fn is_cut_short(line: &[u8]) -> bool {
    let length = line.len().min(RECORD_START.len());
    !line.ends_with(b"\n") && line[..length] == RECORD_START[..length]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn record(delivery: &str, accepted: bool) -> String {
        let record = LogRecord {
            delivery: delivery.to_owned(),
            attempt: 1,
            sent_at: "2026-02-13T17:27:30Z".to_owned(),
            trigger: "call_started".into(),
            call_id: None,
            target: "http://localhost/".into(),
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

    fn read(text: impl AsRef<[u8]>) -> Result<AttemptLog> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("a disk");
        AttemptLog::read(file.path(), |delivery| delivery != "other")
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
        let error = AttemptLog::read(file.path(), |_| true).expect_err("too long").to_string();
        assert!(error.ends_with(":1 is longer than 16 MiB, the limit for a record"), "{error}");
    }

    #[test]
    fn a_log_that_another_run_added_to_is_not_written() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let log = AttemptLog::read(file.path(), |_| true).expect("an empty log");
        fs::write(file.path(), record("a.1", true)).expect("a disk");
        let error = log.open().expect_err("it changed").to_string();
        assert!(error.ends_with("it changed since it was read"), "{error}");
    }
}
