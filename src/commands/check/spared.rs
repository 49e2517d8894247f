//! Findings that are not told, each of them counted.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, bail};

use super::baseline::{self, Baseline};
use super::fingerprint::Fingerprints;
use super::told::Told;
use crate::args::Check;
use crate::commands::Outcome;
use crate::commands::read::{Read, complain};
use crate::commands::settings::Settings;
use crate::event::Capture;
use crate::finding::Finding;
use crate::input::Sources;
use crate::input::rules::NO_WEBHOOKS;
use crate::rules;
use crate::view::words::{count, grouped};

/// Spares findings, and counts them.
pub(super) struct Spared<'a> {
    told: Told<'a>,
    settings: &'a Settings,
    baseline: Option<Baseline>,
    ignored: u64,
    known: u64,
}

impl<'a> Spared<'a> {
    /// Reads the baseline, if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn new(check: &Check, told: Told<'a>, settings: &'a Settings) -> Result<Self> {
        let baseline = check.rules.baseline.as_deref().map(Baseline::read).transpose()?;
        Ok(Self { told, settings, baseline, ignored: 0, known: 0 })
    }

    /// Takes out what the settings ignore.
    pub(super) fn ignore(&mut self, findings: &mut Vec<Cow<'_, Finding>>, sources: &Sources) {
        let all = total(findings);
        findings.retain(|finding| !self.told.is_off(finding.rule));
        let off = all - total(findings);
        if off > 0 {
            let off = count(off, "finding");
            self.settings.say(&format!("rules that are off: {off} ignored"));
        }
        let mut ignored = self.settings.ignored();
        findings.retain(|finding| !ignored.takes(finding, sources));
        ignored.told().for_each(|told| self.settings.say(&told));
        self.ignored = all - total(findings);
    }

    /// Takes out what the baseline knows.
    pub(super) fn pass_over(
        &mut self,
        findings: &mut Vec<Cow<'_, Finding>>,
        sources: &Sources,
        capture: &Capture,
    ) {
        let Some(baseline) = &mut self.baseline else {
            return;
        };
        let before = total(findings);
        let mut fingerprints = Fingerprints::new(sources, capture);
        findings.retain(|finding| !baseline.takes(fingerprints.of(finding)));
        self.known = before - total(findings);
    }

    /// How many were spared, as it is told behind those that were not.
    pub(super) fn line(&self) -> String {
        let mut parts = Vec::new();
        if self.ignored > 0 {
            parts.push(format!("{} ignored", grouped(self.ignored)));
        }
        if self.known > 0 {
            parts.push(format!("{} in the baseline", grouped(self.known)));
        }
        if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
    }

    /// Says how many known findings are gone: they may be mended, or were not captured this time.
    pub(super) fn say_gone(&self) {
        let is_told = |code: &str| {
            let rule = rules::all().find(|rule| rule.code == code);
            rule.is_none_or(|rule| self.told.has(rule))
        };
        let gone = self.baseline.as_ref().map_or(0, |baseline| baseline.left(is_told));
        if gone > 0 {
            complain(&format!(
                "{} of the baseline did not occur; --write-baseline renews it",
                count(gone, "finding")
            ));
        }
    }
}

/// The number of findings, each merged one with its count.
fn total(findings: &[Cow<'_, Finding>]) -> u64 {
    findings.iter().map(|finding| finding.count).sum()
}

/// Writes a baseline of all findings instead of telling them. One that lacks what could not be read
/// is not written.
///
/// # Errors
/// When it cannot be written, or nothing was read.
pub(super) fn write(
    path: &Path,
    findings: &[Cow<'_, Finding>],
    read: &Read,
    told: &str,
) -> Result<()> {
    let mut of = Fingerprints::new(&read.sources, &read.capture);
    let fingerprints: Vec<u128> = findings.iter().map(|finding| of.of(finding)).collect();
    if read.outcome() == Outcome::Unread {
        complain(&format!("{} is not written: not all could be read", path.display()));
        return Ok(());
    }
    if findings.iter().any(|finding| finding.rule == &NO_WEBHOOKS) {
        // Who lives with that would never hear of a capture that got lost.
        bail!("{} is not written: no webhook in the whole input", path.display());
    }
    baseline::write(path, fingerprints.into_iter().zip(findings.iter().map(|one| &**one)))?;
    if !read.quiet {
        let written = count(total(findings), "finding");
        let _ = writeln!(io::stderr(), "{written} written to {}{told}", path.display());
    }
    Ok(())
}
