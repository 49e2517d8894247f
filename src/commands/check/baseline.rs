//! `--baseline` and `--write-baseline`: a file of known findings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::commands::bounded_file::{read_bounded, size};
use crate::commands::output::write_file;
use crate::finding::Finding;
use crate::view::report::json;

const SCHEMA: &str = "baseline/2";

/// The schema before equal findings were merged into one with a count.
const OLD_SCHEMA: &str = "baseline/1";

/// Room for some 500,000 different findings.
const MAX_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
struct BaselineFile {
    schema: String,
    findings: Vec<BaselineEntry<'static>>,
}

/// Equal findings. There is no message: a baseline is committed, and messages quote captures.
#[derive(Serialize, Deserialize)]
struct BaselineEntry<'f> {
    rule: Cow<'f, str>,
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    trigger: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pointer: Option<&'f str>,
    fingerprint: String,
    count: u64,
}

/// Known findings that have not occurred yet.
#[derive(Debug)]
pub(super) struct Baseline {
    /// By fingerprint: the rule's code, and the number of findings.
    left: FxHashMap<u128, (String, u64)>,
}

impl Baseline {
    /// # Errors
    /// If the file cannot be read, or is no baseline.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes = read_bounded(path, MAX_BYTES).context("--baseline")?;
        let context = || format!("cannot read the baseline {}", path.display());
        let file: BaselineFile = serde_json::from_slice(&bytes).with_context(context)?;
        Self::new(file).with_context(context)
    }

    fn new(file: BaselineFile) -> Result<Self> {
        if file.schema == OLD_SCHEMA {
            bail!("it is of {OLD_SCHEMA}; write it again with --write-baseline");
        }
        if file.schema != SCHEMA {
            bail!("expected the schema {SCHEMA}, found {}", file.schema);
        }
        let mut left: FxHashMap<u128, (String, u64)> = FxHashMap::default();
        for BaselineEntry { rule, fingerprint, count, .. } in file.findings {
            let parsed =
                parse_fingerprint(&fingerprint).filter(|_| count > 0).ok_or_else(|| {
                    anyhow!("no fingerprint and count of findings: `{fingerprint}`, {count}")
                })?;
            // Two branches that are merged may have added the same entry.
            let known = left.entry(parsed).or_insert((rule.into_owned(), 0));
            known.1 = known.1.max(count);
        }
        Ok(Self { left })
    }

    /// Whether a finding is known. Uses up one of the entry's count.
    pub(super) fn consume(&mut self, fingerprint: u128) -> bool {
        let Some((_, left)) = self.left.get_mut(&fingerprint).filter(|(_, left)| *left > 0) else {
            return false;
        };
        *left -= 1;
        true
    }

    /// The number of known findings that have not occurred, of the rules whose codes `is_reported`
    /// accepts.
    pub(super) fn left(&self, is_reported: impl Fn(&str) -> bool) -> u64 {
        let left = self.left.values().filter(|(rule, _)| is_reported(rule));
        left.map(|(_, count)| count).sum()
    }
}

/// The number that 32 hexadecimal digits represent.
fn parse_fingerprint(digits: &str) -> Option<u128> {
    let is_hex = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u128::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Writes a baseline of findings with their fingerprints. It depends neither on the order of the
/// findings nor on their places.
///
/// # Errors
/// If the file cannot be written, or would be larger than `--baseline` reads.
pub(super) fn write<'f>(
    path: &Path,
    findings: impl Iterator<Item = (u128, &'f Finding)>,
) -> Result<()> {
    let mut counts = BTreeMap::new();
    for (fingerprint, Finding { rule, trigger, pointer, .. }) in findings {
        *counts.entry((rule.code, *trigger, pointer.as_deref(), fingerprint)).or_default() += 1;
    }
    let mut text = format!("{{\"schema\":\"{SCHEMA}\",\"findings\":[").into_bytes();
    for (at, ((rule, trigger, pointer, fingerprint), count)) in counts.into_iter().enumerate() {
        text.extend(if at == 0 { &b"\n"[..] } else { b",\n" });
        let (rule, fingerprint) = (rule.into(), format!("{fingerprint:032x}"));
        json(&mut text, &BaselineEntry { rule, trigger, pointer, fingerprint, count })?;
    }
    text.extend(b"\n]}\n");
    if text.len() as u64 > MAX_BYTES {
        let limit = size(MAX_BYTES);
        bail!(
            "{} is not written: it would be larger than {limit}, the limit of --baseline",
            path.display()
        );
    }
    write_file(path, &text)
}
