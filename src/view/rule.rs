//! The catalogue of rules as pages and as a list.

use super::ink::{Ink, Line, flowing, wrapped};
use super::screen::Screen;
use crate::finding::{Basis, Rule};

/// Columns by which a page's sections are set in.
pub const INDENT: usize = 2;

/// The page of a rule; `example` is what its example gives, [`INDENT`] columns narrower than the
/// screen.
#[must_use]
pub fn page(rule: &Rule, example: &[Line], screen: &Screen) -> Vec<Line> {
    let basis = match rule.basis {
        Basis::Documented => "documented",
        Basis::Inferred => "inferred",
    };
    let mut title = vec![
        Line::default()
            .with(Ink::how_bad(rule.severity), rule.code)
            .with(Ink::Strong, &format!(" {}", rule.name)),
        Line::default().with(Ink::Plain, &format!("{}, {basis}", rule.severity.name())),
    ];
    if !rule.by_default {
        let off = format!("off unless asked for (--select {})", rule.code);
        title.push(Line::default().with(Ink::Plain, &off));
    }
    let mut lines = flowing(title, 0, screen.width);
    lines.extend(paragraph(&sentence(rule.summary), 0, screen));
    lines.extend(section("Why", rule.why, screen));
    lines.push(Line::default());
    lines.push(Line::default().with(Ink::Strong, "Example"));
    for line in example {
        let mut indented = Line::default().with(Ink::Plain, &" ".repeat(INDENT));
        indented.join(line.clone());
        lines.push(indented);
    }
    lines.pop();
    lines.extend(section("What to do", rule.remedy, screen));
    lines.extend(section("Source", &sentence(rule.source), screen));
    lines
}

/// All rules by family, each in a line.
#[must_use]
pub fn list<'r>(
    families: &[(&str, &str)],
    rules: impl Iterator<Item = &'r Rule>,
    screen: &Screen,
) -> Vec<Line> {
    let rules: Vec<&Rule> = rules.collect();
    let name = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for (letter, family) in families {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::default().with(Ink::Strong, &format!("{letter}  {family}")));
        let own = rules.iter().filter(|rule| rule.code.starts_with(letter));
        lines.extend(own.flat_map(|rule| listed(rule, name, screen)));
    }
    lines
}

/// The columns that a summary needs beside the rest of its line.
const SUMMARY: usize = 24;

/// A rule of the list: its summary beside it, or below it where the screen is narrow.
fn listed(rule: &Rule, name: usize, screen: &Screen) -> Vec<Line> {
    let mut line =
        Line::default().with(Ink::Plain, &format!("   {}  {:name$}  ", rule.code, rule.name));
    line.add(Ink::how_bad(rule.severity), rule.severity.name());
    let off = if rule.by_default { "" } else { " (off unless asked for)" };
    let summary = format!("{}{off}", rule.summary);
    let beside = 3 + 6 + name + 2 + 9;
    let mut lines = Vec::new();
    let indent = if beside + SUMMARY <= screen.width {
        beside
    } else {
        lines.push(std::mem::take(&mut line));
        9
    };
    for text in wrapped(&summary, screen.width.saturating_sub(indent)) {
        line.skip_to(indent);
        line.add(Ink::Plain, &text);
        lines.push(std::mem::take(&mut line));
    }
    lines
}

fn section(head: &str, text: &str, screen: &Screen) -> Vec<Line> {
    let mut lines = vec![Line::default(), Line::default().with(Ink::Strong, head)];
    lines.extend(paragraph(text, INDENT, screen));
    lines
}

/// The widest that running text reads well.
const READABLE: usize = 90;

fn paragraph(text: &str, indent: usize, screen: &Screen) -> Vec<Line> {
    let room = screen.width.min(READABLE).saturating_sub(indent);
    let blanks = " ".repeat(indent);
    let lines = wrapped(text, room).into_iter();
    lines.map(|text| Line::default().with(Ink::Plain, &blanks).with(Ink::Plain, &text)).collect()
}

/// The words with the first letter great and a full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
