//! Which rules are told, and how bad each is.

use crate::args::{Check, Rules};
use crate::commands::settings::{Level, Rated, Settings};
use crate::finding::{Rule, Severity};
use crate::rules;

/// What was typed about rules, and what the settings say.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    check: &'a Check,
    settings: &'a Settings,
}

impl<'a> Told<'a> {
    pub(super) fn new(check: &'a Check, settings: &'a Settings) -> Self {
        Self { check, settings }
    }

    /// Whether a rule's findings are reported.
    pub(super) fn has(self, rule: &Rule) -> bool {
        self.asks_for(rule) && !self.is_off(rule)
    }

    /// Whether a rule is asked for, be it off in the settings or not.
    pub(super) fn asks_for(self, rule: &Rule) -> bool {
        let Rules { select, ignore, severity, .. } = &self.check.rules;
        let asked = if select.is_empty() {
            // Whoever gives a rule a severity by its own code, or asks for its calls, wants to be
            // told.
            rule.by_default
                || severity.iter().any(|(code, _)| code == rule.code)
                || self.check.only.result.rule.iter().any(|code| code == rule.code)
                || self
                    .rated(rule)
                    .is_some_and(|rated| rated.code == rule.code && rated.level != Level::Off)
        } else {
            rules::any_names(select, rule)
        };
        asked && !rules::any_names(ignore, rule)
    }

    /// Whether the settings turn a rule off, and nothing that was typed names it as well as they do.
    pub(super) fn is_off(self, rule: &Rule) -> bool {
        let Some(off) = self.rated(rule).filter(|rated| rated.level == Level::Off) else {
            return false;
        };
        let typed = self.check.rules.select.iter().chain(&self.check.only.result.rule);
        let best = typed.filter(|code| rules::names(code, rule)).map(String::len).max();
        best.is_none_or(|best| best < off.code.len()) && self.typed(rule).is_none()
    }

    /// The severity that a rule is given: the one that was typed, else that of the settings. `None`
    /// where it keeps its own.
    pub(super) fn severity(self, rule: &Rule) -> Option<Severity> {
        self.typed(rule).or_else(|| self.rated(rule)?.level.severity())
    }

    /// The severity that was typed for a rule; of several the one that names it best, of equals the
    /// last.
    fn typed(self, rule: &Rule) -> Option<Severity> {
        let typed = self.check.rules.severity.iter().filter(|(code, _)| rules::names(code, rule));
        typed.max_by_key(|(code, _)| code.len()).map(|(_, severity)| *severity)
    }

    /// What the settings say of a rule, by the code that names it best.
    fn rated(self, rule: &Rule) -> Option<&'a Rated> {
        let rated = self.settings.severities().iter();
        rated.filter(|rated| rules::names(&rated.code, rule)).max_by_key(|rated| rated.code.len())
    }

    /// Says where each severity comes from.
    pub(super) fn say(self) {
        let typed = &self.check.rules.severity;
        for (code, severity) in typed {
            self.settings.say(&format!("severity {code} = {} (--severity)", severity.name()));
        }
        for Rated { code, level, by } in self.settings.severities() {
            if !typed.iter().any(|(typed, _)| code.starts_with(typed)) {
                self.settings.say(&format!("severity {code} = {} ({by})", level.name()));
            }
        }
    }
}
