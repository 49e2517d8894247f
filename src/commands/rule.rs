//! `callscope rule`: the page of a rule, or the list of all rules.

use anyhow::{Context, Result};

use super::Outcome;
use super::finding_locator::{FindingLocator, RowNeeds};
use super::output::print_to;
use super::screen::screen;
use super::settings::Settings;
use crate::args::RuleArgs;
use crate::event::{Capture, Detail};
use crate::finding::Rule;
use crate::flow::{Limits, Reconstruction};
use crate::input::{self, Counts, Reading, Sources, Split};
use crate::rules;
use crate::view::ink::Line;
use crate::view::screen::{Clock, Screen};
use crate::view::{findings, rule};

pub(super) fn run(args: &RuleArgs) -> Result<Outcome> {
    let clock = Clock { zone: jiff::tz::TimeZone::UTC, relative_to: None };
    let screen = screen(Settings::of(&args.settings, false)?.paint(&args.paint), clock, false);
    let lines = match args.rule {
        Some(rule) => {
            let width = screen.width.saturating_sub(rule::INDENT);
            let inside = Screen { width, ..screen.clone() };
            rule::page(rule, &example(rule, &inside)?, &screen)
        }
        None => rule::list(rules::FAMILIES, rules::all(), &screen),
    };
    print_to(None, |out| lines.iter().try_for_each(|line| line.write(out, &screen)))?;
    Ok(Outcome::Clean)
}

/// The findings of `rule` that `check` prints for its example.
fn example(rule: &'static Rule, screen: &Screen) -> Result<Vec<Line>> {
    let mut sources = Sources::default();
    let id = sources.add_text("example.ndjson", rule.example);
    let mut capture = Capture::new(Detail::Unknown);
    let mut counts = Counts::default();
    input::read(&mut sources, id, &Reading::default(), Split::NONE, &mut capture, &mut counts)
        .context("cannot read the example")?;
    if counts.webhooks == 0 {
        capture.findings.push(input::no_webhooks());
    }
    let body = |place| sources.body(place).ok();
    let calls = Reconstruction::new(&capture, &Limits::USUAL, &body);
    let mut locator = FindingLocator::new(&capture, &sources);
    let needs = RowNeeds { excerpt: true, end: false, fingerprint: false };
    let mut lines = Vec::new();
    for finding in calls.findings().filter(|finding| finding.rule == rule) {
        let finding = locator.locate(finding);
        lines.extend(findings::lines(&locator.row(&finding, &calls, needs), screen));
    }
    Ok(lines)
}
