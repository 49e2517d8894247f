//! All that has a schema, for people.

use clap::ValueEnum;

use super::Document;
use crate::event::{Flow, Trigger};
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::screen::Screen;

/// The events by flow and the outputs, each in a line.
#[must_use]
pub fn list(screen: &Screen) -> Vec<Line> {
    let mut lines = Vec::new();
    for flow in Flow::ALL {
        lines.push(head(flow.name(), flow.about()));
        lines.extend(events(Some(flow), screen));
        lines.push(Line::default());
    }
    lines.push(head("either", "comes after one of either flow"));
    lines.extend(events(None, screen));
    lines.push(Line::default());
    lines.push(head("--output", "what callscope prints for programs"));
    for document in Document::value_variants() {
        let value = document.to_possible_value();
        let about = value.as_ref().and_then(|value| value.get_help()).map(ToString::to_string);
        let name = value.as_ref().map_or("", |value| value.get_name());
        lines.extend(listed(name, "", &about.unwrap_or_default(), screen));
    }
    lines
}

fn head(name: &str, about: &str) -> Line {
    Line::default().with(Ink::Strong, name).with(Ink::Plain, &format!("  {about}"))
}

fn events(flow: Option<Flow>, screen: &Screen) -> impl Iterator<Item = Line> {
    let own = Trigger::ALL.into_iter().filter(move |trigger| trigger.flow() == flow);
    own.flat_map(|trigger| {
        let kind = trigger.envelope_type().map_or("no type".into(), |kind| format!("type {kind}"));
        listed(trigger.name(), &kind, trigger.about(), screen)
    })
}

/// Where the columns behind a name begin.
const NAME: usize = 31;
/// How wide the type is.
const KIND: usize = 11;
/// The columns that what is told needs beside the rest of its line.
const ABOUT: usize = 24;

/// What is listed: what it tells beside it, or below it where the screen is narrow.
fn listed(name: &str, kind: &str, about: &str, screen: &Screen) -> Vec<Line> {
    let mut line = Line::default().with(Ink::Plain, &format!("   {name}"));
    let mut indent = NAME;
    if !kind.is_empty() {
        line.skip_to(NAME);
        line.add(Ink::Plain, kind);
        indent += KIND;
    }
    let mut lines = Vec::new();
    if indent + ABOUT > screen.width {
        lines.push(std::mem::take(&mut line));
        indent = 6;
    }
    for text in wrapped(about, screen.width.saturating_sub(indent)) {
        line.skip_to(indent);
        line.add(Ink::Plain, &text);
        lines.push(std::mem::take(&mut line));
    }
    lines
}
