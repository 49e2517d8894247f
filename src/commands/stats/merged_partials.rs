//! Reads `--merge`: files that `--partial` printed elsewhere.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;

use crate::commands::bounded_file::read_bounded;
use crate::commands::look::Looked;
use crate::stats::{CallTally, GroupBy, PARTIAL_SCHEMA, PartialGroup, PartialStats};
use crate::view::summary::Summary;

/// Bytes of the largest file that is read: a file is held in memory as a whole.
const MAX_FILE: u64 = 256 << 20;

/// The sum of all files.
#[derive(Default)]
pub(super) struct MergedPartials {
    summary: Summary,
    /// By zone, the last file with days and hours of that zone.
    zones: BTreeMap<String, PathBuf>,
    /// All calls.
    pub(super) whole: CallTally,
    /// The calls of each group, by key.
    pub(super) groups: BTreeMap<Option<String>, CallTally>,
}

impl MergedPartials {
    /// Reads the files and adds them up.
    ///
    /// # Errors
    /// If a file cannot be read, is not from `--partial`, or is not grouped by `by`.
    pub(super) fn read(files: &[PathBuf], by: Option<GroupBy>) -> Result<Self> {
        let mut merged = Self::default();
        for file in files {
            let bytes = read_bounded(file, MAX_FILE).context("--merge")?;
            let context = || format!("cannot merge {}", file.display());
            merged.add(parse(&bytes).with_context(context)?, by, file).with_context(context)?;
        }
        Ok(merged)
    }

    fn add(
        &mut self,
        partial: PartialStats<Summary>,
        by: Option<GroupBy>,
        file: &Path,
    ) -> Result<()> {
        let PartialStats { zone, grouped_by, summary, whole, groups, schema: _ } = partial;
        if by.is_some() && by != grouped_by {
            bail!("its calls are not grouped like that; print it with the same --by");
        }
        self.summary = self.summary.plus(summary);
        self.zones.insert(zone, file.to_owned());
        self.whole.merge(whole);
        if by.is_some() {
            for PartialGroup { group_key, tally } in groups {
                self.groups.entry(group_key).or_default().merge(tally);
            }
        }
        Ok(())
    }

    /// The sum of the summaries of the runs that printed the files; `None` without files.
    pub(super) fn summary(&self) -> Option<Summary> {
        (!self.zones.is_empty()).then_some(self.summary)
    }

    /// Refuses files with days and hours of another zone than that of the screen.
    ///
    /// # Errors
    /// Names the file and its zone.
    pub(super) fn check_zone(&self, looked: &Looked<'_>) -> Result<()> {
        let own = zone_name(&looked.screen.clock.zone);
        match self.zones.iter().find(|(zone, _)| **zone != own) {
            None => Ok(()),
            Some((zone, file)) => bail!(
                "cannot merge {}: its days and hours are of {zone}, not of {own}; --tz says of which",
                file.display()
            ),
        }
    }

    /// The number of calls of each group.
    pub(super) fn group_sizes(&self) -> impl Iterator<Item = (Option<String>, u64)> {
        self.groups.iter().map(|(key, tally)| (key.clone(), tally.call_count()))
    }
}

/// Refuses inputs that `--partial` printed: as captures they would be empty.
///
/// # Errors
/// Names the first of them.
pub(super) fn refuse_partials(inputs: &[PathBuf]) -> Result<()> {
    match inputs.iter().find(|input| input.is_file() && is_partial(input)) {
        None => Ok(()),
        Some(input) => bail!(
            "{} is no capture but what `stats --partial` prints; --merge reads it",
            input.display()
        ),
    }
}

/// Whether the file begins like one of `--partial`. `false` if it cannot be read: reading it as a capture
/// reports that.
fn is_partial(file: &Path) -> bool {
    let begins = format!("{{\"schema\":\"{PARTIAL_SCHEMA}\"");
    let mut bytes = vec![0; begins.len()];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut bytes));
    read.is_ok() && bytes == begins.as_bytes()
}

fn parse(bytes: &[u8]) -> Result<PartialStats<Summary>> {
    let partial: PartialStats<Summary> =
        serde_json::from_slice(bytes).context("not what `stats --partial` prints")?;
    if partial.schema != PARTIAL_SCHEMA {
        bail!("expected the schema {PARTIAL_SCHEMA}, found {}", partial.schema);
    }
    if !partial.is_sound() {
        bail!("its counts cannot be; it was changed since `stats --partial` printed it");
    }
    Ok(partial)
}

pub(super) fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("local").to_owned()
}
