//! The catalogue of rules as pages and as a list.

use super::ink::{Ink, Line, wrapped};
use super::screen::Screen;
use crate::finding::{Basis, Rule};

/// The page of a rule; `example` is what its example gives.
#[must_use]
pub fn page(rule: &Rule, example: &[Line], screen: &Screen) -> Vec<Line> {
    let basis = match rule.basis {
        Basis::Documented => "documented",
        Basis::Inferred => "inferred",
    };
    let mut title = Line::default().with(Ink::how_bad(rule.severity), rule.code);
    title.add(Ink::Strong, &format!(" {}", rule.name));
    title.add(Ink::Plain, &format!("  {}, {basis}", rule.severity.name()));
    if !rule.by_default {
        title.add(Ink::Plain, &format!(", off unless asked for (--select {})", rule.code));
    }
    let mut lines = vec![title];
    lines.extend(paragraph(&capitalised(rule.summary), 0, screen));
    lines.extend(section("Why", rule.why, screen));
    lines.push(Line::default());
    lines.push(Line::default().with(Ink::Strong, "Example"));
    lines.extend(example.iter().map(|line| {
        let mut indented = Line::default();
        indented.join(line.clone());
        indented
    }));
    lines.pop();
    lines.extend(section("What to do", rule.remedy, screen));
    lines.extend(section("Source", &capitalised(rule.source), screen));
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
        for rule in rules.iter().filter(|rule| rule.code.starts_with(letter)) {
            let mut line = Line::default();
            line.skip_to(3);
            line.add(Ink::Plain, rule.code);
            line.skip_to(9);
            line.add(Ink::Plain, rule.name);
            line.skip_to(9 + name + 2);
            line.add(Ink::how_bad(rule.severity), rule.severity.name());
            let indent = 9 + name + 2 + 9;
            let off = if rule.by_default { "" } else { " (off unless asked for)" };
            let summary = format!("{}{off}", rule.summary);
            for text in wrapped(&summary, screen.width.saturating_sub(indent).max(16)) {
                line.skip_to(indent);
                line.add(Ink::Plain, &text);
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    lines
}

fn section(head: &str, text: &str, screen: &Screen) -> Vec<Line> {
    let mut lines = vec![Line::default(), Line::default().with(Ink::Strong, head)];
    lines.extend(paragraph(text, 2, screen));
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

/// The sentence with its first letter great and a full stop.
fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
