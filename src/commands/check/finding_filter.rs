//! Decides which findings `check` reports, and at which severity.
//!
//! Precedence, strongest first: `--select` and `--ignore`, `--severity`, `callscope.toml`, the
//! rule's default. Findings that the settings or the baseline suppress are counted.

use std::borrow::Cow;

use anyhow::Result;

use super::baseline::Baseline;
use super::fingerprint::FingerprintHasher;
use crate::args::{Check, Rules};
use crate::commands::finding_locator::FindingLocator;
use crate::commands::read::{Read, complain};
use crate::commands::selection::Selection;
use crate::commands::settings::{IgnoreFilter, Settings, SeverityLevel, SeveritySetting};
use crate::finding::{Finding, Rule, Severity};
use crate::flow::Reconstruction;
use crate::input::no_webhooks;
use crate::rules;
use crate::view::words::{count, grouped};

/// Decides about each finding, and counts those that it suppresses.
pub(super) struct FindingFilter<'a> {
    check: &'a Check,
    settings: &'a Settings,
    ignores: IgnoreFilter<'a>,
    baseline: Option<Baseline>,
    /// Findings of rules that the settings turn off.
    off: u64,
    /// Findings that `ignore` entries of the settings match.
    ignored: u64,
    /// Findings that the baseline lists.
    known: u64,
}

impl<'a> FindingFilter<'a> {
    /// Reads the baseline, if one is given. Reports in verbose runs where severities come from.
    ///
    /// # Errors
    /// If the baseline cannot be read.
    pub(super) fn new(check: &'a Check, settings: &'a Settings) -> Result<Self> {
        let ignores = settings.ignore_filter();
        let mut filter =
            Self { check, settings, ignores, baseline: None, off: 0, ignored: 0, known: 0 };
        filter.report_severities();
        filter.baseline = check.rules.baseline.as_deref().map(Baseline::read).transpose()?;
        Ok(filter)
    }

    /// Whether findings of `rule` are reported.
    pub(super) fn reports(&self, rule: &Rule) -> bool {
        self.selects(rule) && !self.is_off(rule)
    }

    /// Whether flags, severities or the default select `rule`, even if the settings turn it off.
    fn selects(&self, rule: &Rule) -> bool {
        let Rules { select, ignore, severity, .. } = &self.check.rules;
        let selected = if select.is_empty() {
            // Whoever gives a rule a severity by its own code, or asks for its calls, wants it
            // reported.
            rule.by_default
                || severity.iter().any(|(code, _)| code == rule.code)
                || self.check.only.result.rule.iter().any(|code| code == rule.code)
                || self.setting(rule).is_some_and(|setting| {
                    setting.code == rule.code && setting.level != SeverityLevel::Off
                })
        } else {
            rules::any_names(select, rule)
        };
        selected && !rules::any_names(ignore, rule)
    }

    /// Whether the settings turn `rule` off, and no flag names it at least as precisely.
    fn is_off(&self, rule: &Rule) -> bool {
        let Some(off) = self.setting(rule).filter(|rated| rated.level == SeverityLevel::Off) else {
            return false;
        };
        let flags = self.check.rules.select.iter().chain(&self.check.only.result.rule);
        let longest = flags.filter(|code| rules::names(code, rule)).map(String::len).max();
        longest.is_none_or(|longest| longest < off.code.len()) && self.severity_flag(rule).is_none()
    }

    /// The severity set by a flag or the settings; `None` if the rule keeps its own.
    fn severity_override(&self, rule: &Rule) -> Option<Severity> {
        self.severity_flag(rule).or_else(|| self.setting(rule)?.level.severity())
    }

    /// The severity that `--severity` gives `rule`.
    fn severity_flag(&self, rule: &Rule) -> Option<Severity> {
        // The longest matching code wins, so that `K003=error` beats `K=info`; of equal ones the
        // last, as flags do elsewhere.
        let flags = self.check.rules.severity.iter().filter(|(code, _)| rules::names(code, rule));
        flags.max_by_key(|(code, _)| code.len()).map(|(_, severity)| *severity)
    }

    /// The severity setting whose code matches `rule` best.
    fn setting(&self, rule: &Rule) -> Option<&'a SeveritySetting> {
        let settings = self.settings.severities().iter();
        let matching = settings.filter(|setting| rules::names(&setting.code, rule));
        matching.max_by_key(|setting| setting.code.len())
    }

    fn report_severities(&self) {
        let flags = &self.check.rules.severity;
        for (code, severity) in flags {
            self.settings.report(&format!("severity {code} = {} (--severity)", severity.name()));
        }
        for SeveritySetting { code, level, origin } in self.settings.severities() {
            if !flags.iter().any(|(flag, _)| code.starts_with(flag)) {
                self.settings.report(&format!("severity {code} = {} ({origin})", level.name()));
            }
        }
    }

    /// The findings that flags and settings let through, located and with their severities, sorted
    /// by source and place. The baseline is subtracted by [`Self::subtract_baseline`].
    pub(super) fn visible_findings<'c>(
        &mut self,
        read: &Read,
        calls: &'c Reconstruction<'c>,
        selection: &Selection<'_>,
    ) -> Vec<Cow<'c, Finding>> {
        let mut locator = FindingLocator::new(calls.capture, &read.sources);
        let is_empty = read.counts.webhooks == 0 && !read.sources.is_empty();
        let no_webhooks = (is_empty && !self.check.rules.allow_empty).then(no_webhooks);
        let mut findings = Vec::new();
        let found = calls.findings().filter(|finding| selection.has_finding(finding));
        for finding in found.chain(no_webhooks.map(Cow::Owned)) {
            let rule = finding.rule;
            if !self.selects(rule) {
                continue;
            }
            if self.is_off(rule) {
                self.off += finding.count;
                continue;
            }
            // An `ignore` entry may name the pointer, which a finding loses if its body changed.
            let mut finding = locator.locate(finding);
            if self.ignores.matches(&finding, &read.sources) {
                self.ignored += finding.count;
                continue;
            }
            if let Some(severity) = self.severity_override(rule) {
                finding.to_mut().severity = severity;
            }
            findings.push(finding);
        }
        if self.off > 0 {
            let off = count(self.off, "finding");
            self.settings.report(&format!("rules that are off: {off} ignored"));
        }
        self.ignores.summaries().for_each(|summary| self.settings.report(&summary));
        findings.sort_by(|one, other| {
            let one = (one.spot, one.rule.code, &one.message);
            one.cmp(&(other.spot, other.rule.code, &other.message))
        });
        findings
    }

    /// Removes the findings that the baseline lists. If more occur than it counts, the first are
    /// removed.
    pub(super) fn subtract_baseline(
        &mut self,
        findings: &mut Vec<Cow<'_, Finding>>,
        mut locator: FindingLocator<'_>,
    ) {
        let Some(baseline) = &mut self.baseline else {
            return;
        };
        let mut hasher = FingerprintHasher::default();
        findings.retain(|finding| {
            let is_known = baseline.consume(hasher.hash(finding, &mut locator));
            self.known += if is_known { finding.count } else { 0 };
            !is_known
        });
    }

    /// `; 3 ignored, 4 in the baseline`: the numbers of suppressed findings; empty if there are
    /// none.
    pub(super) fn suppressed(&self) -> String {
        let counts = [(self.off + self.ignored, "ignored"), (self.known, "in the baseline")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            counts.map(|(count, what)| format!("{} {what}", grouped(count))).collect();
        if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
    }

    /// Warns of findings in the baseline that did not occur: they may be fixed, or were not
    /// captured this time.
    pub(super) fn warn_of_missing(&self) {
        let is_reported = |code: &str| {
            rules::all().find(|rule| rule.code == code).is_none_or(|rule| self.reports(rule))
        };
        let missing = self.baseline.as_ref().map_or(0, |baseline| baseline.left(is_reported));
        if missing > 0 {
            complain(&format!(
                "{} of the baseline did not occur; --write-baseline renews it",
                count(missing, "finding")
            ));
        }
    }
}
