//! `callscope check`: what is wrong in a capture, and where.

mod baseline;
mod finding_filter;
mod fingerprint;
mod outputs;
mod render;
mod repo_paths;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, bail};

use super::Outcome;
use super::finding_locator::FindingLocator;
use super::output::write_summary;
use super::read::{Read, complain, read, read_keeping};
use super::screen::{clock, now};
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use crate::args::{Check, Rules};
use crate::event::Detail;
use crate::event::rules::UNKNOWN_FIELD;
use crate::finding::Finding;
use crate::flow::{Limits, Reconstruction};
use crate::input::rules::NO_WEBHOOKS;
use crate::view::findings::{FindingFormat, SeverityCounts};
use crate::view::words::count;
use finding_filter::FindingFilter;
use fingerprint::FingerprintHasher;
use outputs::{FindingsReport, OutputTargets};

pub(super) fn run(check: &Check) -> Result<Outcome> {
    let settings = Settings::of(&check.settings, check.input.verbose)?;
    let looks = settings.looks(&check.looks);
    let mut filter = FindingFilter::new(check, &settings)?;
    let targets = OutputTargets::new(check)?;
    let now = now(&looks.tz)?;
    let Some(read) = read_inputs(check, &filter, &targets)? else {
        return Ok(Outcome::Unread);
    };
    let calls = read.calls_within(&Limits {
        ring_window: check.input.ring_window,
        open_after: check.rules.open_after,
        late_after: check.rules.late_after,
        threads: read.threads,
    });
    let selection = Selection::new(&check.only, &calls, &now)?;
    if let Some(unmatched) = selection.nowhere().first() {
        // A typing error must not look like a capture without findings.
        bail!("{unmatched}");
    }
    let mut findings = filter.visible_findings(&read, &calls, &selection);
    let locator = FindingLocator::new(calls.capture, &read.sources);
    if let Some(path) = &check.rules.write_baseline {
        if selection.is_active() {
            bail!("a baseline is of all calls; --write-baseline goes with no selection of them");
        }
        write_baseline(path, &findings, &read, locator, &filter.suppressed())?;
        return close(check, &read, &calls);
    }
    filter.subtract_baseline(&mut findings, locator);
    let report = FindingsReport { findings: &findings, read: &read, calls: &calls };
    report.print(&targets, check.rules.fail_on, looks.paint, &clock(&looks, false, &now))?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}{}", verdict(&findings), filter.suppressed());
    }
    let outcome = close(check, &read, &calls)?;
    if !read.quiet && outcome == Outcome::Clean && !selection.is_active() {
        filter.warn_of_missing();
    }
    let fails = outcome == Outcome::Clean && fails(&check.rules, &findings);
    Ok(if fails { Outcome::Findings } else { outcome })
}

/// Reads the inputs; `None` if nothing could be read and no format reports that.
fn read_inputs(
    check: &Check,
    filter: &FindingFilter<'_>,
    targets: &OutputTargets,
) -> Result<Option<Read>> {
    let rules = &check.rules;
    let unknown = filter.reports(&UNKNOWN_FIELD) || asks_for_infos(&check.only);
    let detail = if unknown { Detail::Unknown } else { Detail::All };
    // Fingerprints are made from bodies, which a pipe delivers only once.
    let needs_bodies = rules.baseline.is_some()
        || rules.write_baseline.is_some()
        || targets.any(FindingFormat::has_fingerprints);
    let read = if needs_bodies { read_keeping } else { read };
    let read = read(&check.input, detail)?;
    let outputs = || targets.files().chain(&check.output.summary);
    read.spare(outputs(), rules.baseline.as_deref())?;
    // A baseline may be read and written in one run.
    read.spare(outputs().chain(&rules.write_baseline), None)?;
    let is_silent = read.is_nothing() && !targets.any(FindingFormat::reports_unread);
    Ok((!is_silent).then_some(read))
}

/// Writes the findings to a baseline instead of reporting them. If inputs could not be read,
/// nothing is written: the baseline would lack their findings.
fn write_baseline(
    path: &Path,
    findings: &[Cow<'_, Finding>],
    read: &Read,
    mut locator: FindingLocator<'_>,
    suppressed: &str,
) -> Result<()> {
    let mut hasher = FingerprintHasher::default();
    let hash = |finding: &Cow<'_, Finding>| hasher.hash(finding, &mut locator);
    let fingerprints: Vec<u128> = findings.iter().map(hash).collect();
    if read.outcome() == Outcome::Unread {
        complain(&format!("{} is not written: not all could be read", path.display()));
        return Ok(());
    }
    if findings.iter().any(|finding| finding.rule == &NO_WEBHOOKS) {
        // With this finding in the baseline, a lost capture would pass every later check.
        bail!("{} is not written: no webhook in the whole input", path.display());
    }
    baseline::write(path, fingerprints.into_iter().zip(findings.iter().map(|one| &**one)))?;
    if !read.quiet {
        let written = count(findings.iter().map(|finding| finding.count).sum(), "finding");
        let _ = writeln!(io::stderr(), "{written} written to {}{suppressed}", path.display());
    }
    Ok(())
}

/// Reports the figures of the run.
fn close(check: &Check, read: &Read, calls: &Reconstruction<'_>) -> Result<Outcome> {
    let summary = read.summary(calls);
    write_summary(check.output.summary.as_deref(), &summary)?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}", summary.line());
    }
    Ok(read.close())
}

/// Whether a finding makes the check fail.
fn fails(rules: &Rules, findings: &[Cow<'_, Finding>]) -> bool {
    !rules.exit_zero && findings.iter().any(|finding| finding.severity >= rules.fail_on)
}

/// `1 error, 2 warnings, 0 infos`
fn verdict(findings: &[Cow<'_, Finding>]) -> String {
    let counts = findings.iter().map(|finding| (finding.severity, finding.count));
    counts.collect::<SeverityCounts>().verdict()
}
