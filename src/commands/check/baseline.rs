//! `--baseline` and `--write-baseline`: the findings that one lives with.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::commands::bounded_file::{read_bounded, size};
use crate::commands::output::open;
use crate::finding::Finding;
use crate::view::report::json;

const SCHEMA: &str = "baseline/2";

/// The schema before findings were merged.
const OLD_SCHEMA: &str = "baseline/1";

/// The largest file: some 500,000 different findings.
const LONGEST: u64 = 64 << 20;

/// The file, as it is read.
#[derive(Deserialize)]
struct Whole {
    schema: String,
    findings: Vec<Entry>,
}

/// Findings that cannot be told apart, as they are read.
#[derive(Deserialize)]
struct Entry {
    rule: String,
    fingerprint: String,
    count: u64,
}

/// The same, as they are written. What they say stays out of it: a baseline is committed.
#[derive(Serialize)]
struct Line<'f> {
    #[serde(flatten)]
    key: &'f Key<'f>,
    count: u64,
}

/// What tells findings apart, in the order in which they are written.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Key<'f> {
    rule: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'f str>,
    fingerprint: String,
}

/// Known findings that have not occurred yet.
#[derive(Debug)]
pub(super) struct Baseline {
    /// By fingerprint: the rule's code, and how many there are.
    left: FxHashMap<u128, (String, u64)>,
}

impl Baseline {
    /// Reads one.
    ///
    /// # Errors
    /// When it cannot be read, or is no baseline.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes = read_bounded(path, LONGEST).context("--baseline")?;
        let context = || format!("cannot read the baseline {}", path.display());
        let whole: Whole = serde_json::from_slice(&bytes).with_context(context)?;
        Self::new(whole).with_context(context)
    }

    fn new(whole: Whole) -> Result<Self> {
        if whole.schema == OLD_SCHEMA {
            bail!("it is of {OLD_SCHEMA}; write it again with --write-baseline");
        }
        if whole.schema != SCHEMA {
            bail!("expected the schema {SCHEMA}, found {}", whole.schema);
        }
        let mut left: FxHashMap<u128, (String, u64)> = FxHashMap::default();
        for Entry { rule, fingerprint, count } in whole.findings {
            let read = number(&fingerprint).filter(|_| count > 0).ok_or_else(|| {
                anyhow!("no fingerprint and count of findings: `{fingerprint}`, {count}")
            })?;
            // Two branches may have added the same one.
            let known = left.entry(read).or_insert((rule, 0));
            known.1 = known.1.max(count);
        }
        Ok(Self { left })
    }

    /// Whether a finding is known; each time that it is written there counts once.
    pub(super) fn takes(&mut self, fingerprint: u128) -> bool {
        let Some((_, left)) = self.left.get_mut(&fingerprint).filter(|(_, left)| *left > 0) else {
            return false;
        };
        *left -= 1;
        true
    }

    /// How many known findings have not occurred, of the rules (by their codes) that are looked for.
    pub(super) fn left(&self, is_looked_for: impl Fn(&str) -> bool) -> u64 {
        let left = self.left.values().filter(|(rule, _)| is_looked_for(rule));
        left.map(|(_, count)| count).sum()
    }
}

/// The number that 32 hexadecimal digits stand for.
fn number(fingerprint: &str) -> Option<u128> {
    let is_hex = fingerprint.len() == 32 && fingerprint.bytes().all(|one| one.is_ascii_hexdigit());
    u128::from_str_radix(fingerprint, 16).ok().filter(|_| is_hex)
}

/// Writes a baseline of findings with their fingerprints. It depends neither on their order nor on
/// where they stand.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write<'f>(
    path: &Path,
    findings: impl Iterator<Item = (u128, &'f Finding)>,
) -> Result<()> {
    let mut counts: BTreeMap<Key<'f>, u64> = BTreeMap::new();
    for (fingerprint, finding) in findings {
        let Finding { rule, trigger, pointer, .. } = finding;
        let fingerprint = format!("{fingerprint:032x}");
        let pointer = pointer.as_deref();
        let key = Key { rule: rule.code, trigger: *trigger, pointer, fingerprint };
        *counts.entry(key).or_default() += 1;
    }
    let mut text = format!("{{\"schema\":\"{SCHEMA}\",\"findings\":[").into_bytes();
    for (at, (key, count)) in counts.iter().enumerate() {
        text.extend(if at == 0 { &b"\n"[..] } else { b",\n" });
        json(&mut text, &Line { key, count: *count })?;
    }
    text.extend(b"\n]}\n");
    if text.len() as u64 > LONGEST {
        let longest = size(LONGEST);
        bail!(
            "{} is not written: it would be larger than {longest}, the limit of --baseline",
            path.display()
        );
    }
    let mut out = open(Some(path))?;
    out.write_all(&text).with_context(|| format!("cannot write {}", path.display()))?;
    out.keep()
}
