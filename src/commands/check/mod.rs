//! `callscope check`: what is wrong, and where.

mod baseline;
mod fingerprint;
mod made;
mod outputs;
mod rooted;
mod spared;
mod told;

use std::borrow::Cow;
use std::io::{self, Write};

use anyhow::{Result, bail};

use super::Outcome;
use super::read::{Read, read, read_keeping, write_summary};
use super::screen::{clock, now};
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use super::settle::{Settling, is_open};
use crate::args::{Check, Rules};
use crate::event::Detail;
use crate::finding::{Finding, Severity};
use crate::flow::{Limits, Reconstruction};
use crate::input::no_webhooks;
use crate::view::findings::{FindingFormat, Tally};
use crate::view::words::count;
use outputs::{Outputs, Printed};
use spared::Spared;
use told::Told;

pub(super) fn run(check: &Check) -> Result<Outcome> {
    let settings = Settings::of(&check.settings, check.input.verbose)?;
    let looks = settings.looks(&check.looks);
    let told = Told::new(check, &settings);
    told.say();
    let mut spared = Spared::new(check, told, &settings)?;
    let outputs = Outputs::new(check)?;
    let now = now(&looks.tz)?;
    let unknown = told.has(&crate::event::rules::UNKNOWN_FIELD) || asks_for_infos(&check.only);
    // A fingerprint needs the body again.
    let again = check.rules.baseline.is_some()
        || check.rules.write_baseline.is_some()
        || outputs.any(FindingFormat::has_fingerprints);
    let read = if again { read_keeping } else { read };
    let read = read(&check.input, if unknown { Detail::Unknown } else { Detail::All })?;
    let rules = &check.rules;
    read.spare(outputs.files().chain(&check.output.summary), rules.baseline.as_deref())?;
    // A baseline may be renewed.
    read.spare(outputs.files().chain(&check.output.summary).chain(&rules.write_baseline), None)?;
    if read.is_nothing() && !outputs.any(FindingFormat::tells_unread) {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls_within(&Limits {
        ring_window: check.input.ring_window,
        open_after: check.rules.open_after,
        late_after: check.rules.late_after,
        threads: read.threads,
    });
    let selection = Selection::new(&check.only, &calls, &now)?;
    if let Some(nowhere) = selection.nowhere().first() {
        // A slip must not look like a capture in which nothing is wrong.
        bail!("{nowhere}");
    }
    let mut findings = findings(check, told, &read, &calls, &selection);
    spared.ignore(&mut findings, &read.sources);
    if let Some(path) = &check.rules.write_baseline {
        if selection.is_active() {
            bail!("a baseline is of all calls; --write-baseline goes with no selection of them");
        }
        spared::write(path, &findings, &read, &spared.line())?;
        return close(check, &read, &calls);
    }
    spared.pass_over(&mut findings, &read.sources, calls.capture);
    let printed = Printed { findings: &findings, read: &read, calls: &calls };
    printed.print(&outputs, check.rules.fail_on, looks.paint, &clock(&looks, false, &now))?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}{}", verdict(&findings), spared.line());
    }
    let outcome = close(check, &read, &calls)?;
    if !read.quiet && outcome == Outcome::Clean && !selection.is_active() {
        spared.say_gone();
    }
    let fails = outcome == Outcome::Clean && fails(&check.rules, &findings);
    Ok(if fails { Outcome::Findings } else { outcome })
}

/// Tells the figures where they go.
fn close(check: &Check, read: &Read, calls: &Reconstruction<'_>) -> Result<Outcome> {
    let summary = read.summary(calls);
    if let Some(path) = &check.output.summary {
        write_summary(path, &summary)?;
    }
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}", summary.line());
    }
    Ok(read.close())
}

/// Whether something found makes the check fail.
fn fails(rules: &Rules, findings: &[Cow<'_, Finding>]) -> bool {
    !rules.exit_zero && findings.iter().any(|finding| finding.severity >= rules.fail_on)
}

/// The findings that are asked for, by source and place.
fn findings<'c>(
    check: &Check,
    told: Told<'_>,
    read: &Read,
    calls: &'c Reconstruction<'c>,
    selection: &Selection<'_>,
) -> Vec<Cow<'c, Finding>> {
    let nothing = read.counts.webhooks == 0 && !check.rules.allow_empty && !read.sources.is_empty();
    let mut findings: Vec<Cow<'c, Finding>> = calls
        .findings()
        .filter(|finding| selection.has_finding(finding))
        .chain(nothing.then(|| Cow::Owned(no_webhooks())))
        .filter(|finding| told.asks_for(finding.rule))
        .collect();
    let mut settling = Settling::new(calls, &read.sources);
    for finding in &mut findings {
        if let Some(severity) = told.severity(finding.rule) {
            finding.to_mut().severity = severity;
        }
        if is_open(finding) {
            settling.settle(finding.to_mut());
        }
    }
    findings.sort_by(|one, other| {
        (one.spot, one.rule.code, &one.message).cmp(&(other.spot, other.rule.code, &other.message))
    });
    findings
}

fn verdict(findings: &[Cow<'_, Finding>]) -> String {
    let tally: Tally = findings.iter().map(|finding| (finding.severity, finding.count)).collect();
    Severity::ALL.map(|severity| count(tally.of(severity), severity.name())).join(", ")
}
