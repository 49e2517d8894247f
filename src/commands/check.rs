//! `callscope check`: what is wrong, and where.

use std::io::{self, Write};

use anyhow::{Context, Result};

use super::Outcome;
use super::output::{finish, open};
use super::read::{read, write_summary};
use crate::args::Check;
use crate::event::Detail;
use crate::finding::{Finding, Rule, Severity};
use crate::input::no_webhooks;
use crate::rules;
use crate::view::findings::{FindingFormat, report};
use crate::view::report::Report;
use crate::view::rows::FindingRow;
use crate::view::words::count;

pub(super) fn run(check: &Check) -> Result<Outcome> {
    let unknown = selects(check, &crate::event::rules::UNKNOWN_FIELD);
    let read = read(&check.input, if unknown { Detail::Unknown } else { Detail::All })?;
    read.spare(&check.output)?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&check.input);
    let summary = read.summary(&calls);
    let mut findings = calls.findings();
    if read.counts.webhooks == 0 && !check.allow_empty && !read.sources.is_empty() {
        findings.push(no_webhooks());
    }
    findings.retain(|finding| selects(check, finding.rule));
    findings.sort_by(|one, other| {
        (one.spot, one.rule.code, &one.message).cmp(&(other.spot, other.rule.code, &other.message))
    });

    let mut out = open(check.output.output.as_deref())?;
    let format = if check.json { FindingFormat::Json } else { check.format };
    let mut report = report(format, Box::new(&mut out));
    let rows = findings.iter().map(|finding| FindingRow::new(finding, &calls, &read.sources));
    let printed = print(&mut *report, rows, &summary);
    drop(report);
    finish(printed, out)?;
    if let Some(path) = &check.output.summary {
        write_summary(path, &summary)?;
    }
    if !check.input.quiet {
        let _ = writeln!(io::stderr(), "{}", verdict(&findings));
    }
    let failed = findings.iter().any(|finding| finding.severity >= check.fail_on);
    Ok(match read.close(&summary) {
        Outcome::Clean if failed => Outcome::Findings,
        other => other,
    })
}

fn print<'c>(
    report: &mut (dyn for<'r> Report<FindingRow<'r>> + '_),
    rows: impl Iterator<Item = FindingRow<'c>>,
    summary: &crate::view::summary::Summary,
) -> Result<()> {
    for row in rows {
        report.item(&row).context("cannot write the output")?;
    }
    report.finish(summary).context("cannot write the output")
}

/// Whether a rule's findings are reported.
fn selects(check: &Check, rule: &Rule) -> bool {
    let named = |codes: &[String]| codes.iter().any(|code| rules::names(code, rule));
    let selected = if check.select.is_empty() { rule.by_default } else { named(&check.select) };
    selected && !named(&check.ignore)
}

fn verdict(findings: &[Finding]) -> String {
    let of = |severity| {
        let found = findings.iter().filter(|finding| finding.severity == severity);
        found.count() as u64
    };
    format!(
        "{}, {}, {}",
        count(of(Severity::Error), "error"),
        count(of(Severity::Warning), "warning"),
        count(of(Severity::Info), "info")
    )
}
