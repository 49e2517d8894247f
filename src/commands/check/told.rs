//! Which rules are told, and how bad each is.

use crate::args::{Check, Rules};
use crate::finding::{Rule, Severity};
use crate::rules;

/// What was typed about rules.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    check: &'a Check,
}

impl<'a> Told<'a> {
    pub(super) fn new(check: &'a Check) -> Self {
        Self { check }
    }

    /// Whether a rule's findings are reported.
    pub(super) fn has(self, rule: &Rule) -> bool {
        let Rules { select, ignore, severity, .. } = &self.check.rules;
        let asked = if select.is_empty() {
            // Whoever gives a rule a severity by its own code, or asks for its calls, wants to be
            // told.
            rule.by_default
                || severity.iter().any(|(code, _)| code == rule.code)
                || self.check.only.result.rule.iter().any(|code| code == rule.code)
        } else {
            rules::any_names(select, rule)
        };
        asked && !rules::any_names(ignore, rule)
    }

    /// The severity that was typed for a rule; of several the one that names it best, of equals the
    /// last. `None` where none was.
    pub(super) fn severity(self, rule: &Rule) -> Option<Severity> {
        let typed = self.check.rules.severity.iter().filter(|(code, _)| rules::names(code, rule));
        typed.max_by_key(|(code, _)| code.len()).map(|(_, severity)| *severity)
    }
}
