//! `--merge`: what `--partial` has printed elsewhere.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;

use crate::commands::bounded_file::read_bounded;
use crate::commands::look::Looked;
use crate::stats::{By, PARTIAL, Part, Partial, Tally};
use crate::view::summary::Summary;

/// The largest file.
const LONGEST: u64 = 256 << 20;

/// All that was merged.
#[derive(Default)]
pub(super) struct Merged {
    summary: Summary,
    /// By zone, the last file that has it.
    zones: BTreeMap<String, PathBuf>,
    /// All calls.
    pub(super) whole: Tally,
    /// Those of each group.
    pub(super) groups: BTreeMap<Option<String>, Tally>,
}

impl Merged {
    /// Reads the files and adds them up.
    ///
    /// # Errors
    /// When one cannot be read, is not what `--partial` prints, or was grouped by something else
    /// than is asked for.
    pub(super) fn read(files: &[PathBuf], by: Option<By>) -> Result<Self> {
        let mut merged = Self::default();
        for file in files {
            let bytes = read_bounded(file, LONGEST).context("--merge")?;
            let context = || format!("cannot merge {}", file.display());
            merged.add(parsed(&bytes).with_context(context)?, by, file).with_context(context)?;
        }
        Ok(merged)
    }

    fn add(&mut self, partial: Partial<Summary>, by: Option<By>, file: &Path) -> Result<()> {
        let Partial { zone, grouped_by, summary, whole, groups, schema: _ } = partial;
        if by.is_some() && by != grouped_by {
            bail!("its calls are not grouped like that; print it with the same --by");
        }
        self.summary = self.summary.plus(summary);
        self.zones.insert(zone, file.to_owned());
        self.whole.merge(whole);
        if by.is_some() {
            for Part { group_key, tally } in groups {
                self.groups.entry(group_key).or_default().merge(tally);
            }
        }
        Ok(())
    }

    /// The figures of the runs that printed them; `None` where nothing was merged.
    pub(super) fn summary(&self) -> Option<Summary> {
        (!self.zones.is_empty()).then_some(self.summary)
    }

    /// Refuses what has days and hours of another zone.
    ///
    /// # Errors
    /// With the zone that it has.
    pub(super) fn check_zone(&self, looked: &Looked<'_>) -> Result<()> {
        let own = name(&looked.screen.clock.zone);
        match self.zones.iter().find(|(zone, _)| **zone != own) {
            None => Ok(()),
            Some((zone, file)) => bail!(
                "cannot merge {}: its days and hours are of {zone}, not of {own}; --tz says of which",
                file.display()
            ),
        }
    }

    /// The groups, each with how many calls it has.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (Option<String>, u64)> {
        self.groups.iter().map(|(key, tally)| (key.clone(), tally.calls()))
    }
}

/// Refuses inputs that are what `--partial` prints: as captures they would hold nothing.
///
/// # Errors
/// With the first of them.
pub(super) fn refuse_among(inputs: &[PathBuf]) -> Result<()> {
    match inputs.iter().find(|input| input.is_file() && is_partial(input)) {
        None => Ok(()),
        Some(input) => bail!(
            "{} is no capture but what `stats --partial` prints; --merge reads it",
            input.display()
        ),
    }
}

/// Whether a file begins as what `--partial` prints. What cannot be read is told of elsewhere.
fn is_partial(file: &Path) -> bool {
    let begins = format!("{{\"schema\":\"{PARTIAL}\"");
    let mut bytes = vec![0; begins.len()];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut bytes));
    read.is_ok() && bytes == begins.as_bytes()
}

fn parsed(bytes: &[u8]) -> Result<Partial<Summary>> {
    let partial: Partial<Summary> =
        serde_json::from_slice(bytes).context("not what `stats --partial` prints")?;
    if partial.schema != PARTIAL {
        bail!("expected the schema {PARTIAL}, found {}", partial.schema);
    }
    if !partial.is_sound() {
        bail!("its counts cannot be; it was changed since `stats --partial` printed it");
    }
    Ok(partial)
}

/// What a zone is called.
pub(super) fn name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("local").to_owned()
}
