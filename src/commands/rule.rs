//! `callscope rule`: a rule's page, or all rules.

use anyhow::{Context, Result};

use super::Outcome;
use super::output::{finish, open};
use super::screen::screen;
use super::settings::Settings;
use super::settle::{Settling, is_open};
use crate::args::RuleArgs;
use crate::event::{Capture, Detail};
use crate::finding::Rule;
use crate::flow::{Limits, Reconstruction};
use crate::input::{self, BodyReader, Counts, Reading, Sources, Split};
use crate::rules;
use crate::view::ink::Line;
use crate::view::rows::FindingRow;
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
    let mut out = open(None)?;
    let printed = lines.iter().try_for_each(|line| line.write(&mut out, &screen));
    finish(printed.context("cannot write the output"), out)?;
    Ok(Outcome::Clean)
}

/// What `check` says of the rule's example.
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
    let mut bodies = BodyReader::new(&sources);
    let mut lines = Vec::new();
    let mut settling = Settling::new(&calls, &sources);
    for mut finding in calls.findings().filter(|finding| finding.rule == rule) {
        if is_open(&finding) {
            settling.settle(finding.to_mut());
        }
        let mut row = FindingRow::new(&finding, &calls, &sources);
        let place = finding.delivery.map(|delivery| capture.place(delivery));
        row.excerpt = bodies.excerpt(&finding, place);
        lines.extend(findings::lines(&row, screen));
    }
    Ok(lines)
}
