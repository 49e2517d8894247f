//! `text`: findings like the messages of a compiler, with the line they are about and help below
//! it.

use std::io;

use unicode_segmentation::UnicodeSegmentation;

use super::{occurrences, subject};
use crate::finding::MAX_PLACES;
use crate::input::Excerpt;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::rows::FindingRow;
use crate::view::screen::Screen;
use crate::view::text::{Cut, is_plain, shown, width, width_within};

/// Appends a finding.
pub(super) fn write(row: &FindingRow<'_>, screen: &Screen, out: &mut Vec<u8>) -> io::Result<()> {
    lines(row, screen).iter().try_for_each(|line| line.write(out, screen))
}

/// A finding like the message of a compiler, and an empty line below it.
#[must_use]
pub fn lines(row: &FindingRow<'_>, screen: &Screen) -> Vec<Line> {
    let mut lines = title(row, screen);
    // Everything below is indented by the width of the line number.
    let gutter = row.line.to_string().len();
    let (place, subject) = place(row, gutter, screen);
    lines.push(place);
    if let Some(excerpt) = row.excerpt.as_ref().filter(|excerpt| !excerpt.is_blank()) {
        let bar = Line::default().with(Ink::Live, &format!("{:gutter$} {}", "", screen.glyphs.bar));
        lines.push(bar.clone());
        lines.extend(quoted(excerpt, row, gutter, bar, screen));
    }
    for (source, spot) in &row.others {
        let other = format!("{source}:{}:{}", spot.line, spot.col);
        lines.extend(aside(":::", &other, gutter, screen));
    }
    let help = row.help.map(|help| format!("help: {help}"));
    let call = row.call_id.map(|call_id| {
        let room = screen.width.saturating_sub(gutter + 3 + "call ".len());
        format!("call {}", screen.fit(&shown(call_id), room, Cut::Middle))
    });
    let notes = [occurrences(row, MAX_PLACES), subject, help, call];
    lines.extend(notes.iter().flatten().flat_map(|note| aside(" =", note, gutter, screen)));
    lines.push(Line::default());
    lines
}

/// `error[S002] wrong-type: expected a number of seconds, found an array`
fn title(row: &FindingRow<'_>, screen: &Screen) -> Vec<Line> {
    let head = format!("{}[{}]", row.severity.name(), row.rule);
    let whole = format!("{head} {}: {}", row.name, row.seen);
    let mut texts = wrapped(&whole, screen.width).into_iter();
    let first = texts.next().unwrap_or_default();
    let mut lines = Vec::new();
    lines.push(match first.strip_prefix(&head) {
        Some(rest) => {
            Line::default().with(Ink::how_bad(row.severity), &head).with(Ink::Strong, rest)
        }
        None => Line::default().with(Ink::Strong, &first),
    });
    lines.extend(texts.map(|text| Line::default().with(Ink::Strong, &text)));
    lines
}

/// `  --> captures/a.ndjson:112:318  at /data/created_at of call_started`, and the subject that
/// needs lines of its own because it does not fit.
fn place(row: &FindingRow<'_>, gutter: usize, screen: &Screen) -> (Line, Option<String>) {
    let mut line = Line::default().with(Ink::Live, &format!("{:gutter$}--> ", ""));
    let room = screen.width.saturating_sub(line.width());
    let place = format!("{}:{}:{}", shown(row.source), row.line, row.col);
    line.add(Ink::Plain, &screen.fit(&place, room, Cut::Start));
    let subject = subject(row).map(|subject| shown(&subject).into_owned());
    if let Some(subject) = &subject
        && line.width() + 2 + width(subject) <= screen.width
    {
        line.skip_to(line.width() + 2);
        line.add(Ink::Faint, subject);
        return (line, None);
    }
    (line, subject)
}

/// A note below the excerpt, wrapped.
fn aside(sign: &str, text: &str, gutter: usize, screen: &Screen) -> Vec<Line> {
    let sign = format!("{:gutter$}{sign} ", "");
    let indent = width(&sign);
    let room = screen.width.saturating_sub(indent).max(1);
    let mut lines = Vec::new();
    for (at, text) in wrapped(text, room).into_iter().enumerate() {
        let mut line = Line::default();
        if at == 0 {
            line.add(Ink::Live, &sign);
        } else {
            line.skip_to(indent);
        }
        line.add(Ink::Plain, &text);
        lines.push(line);
    }
    lines
}

/// The three parts of an excerpt as they are shown, with a cut mark where the source has more.
fn parts(excerpt: &Excerpt, screen: &Screen) -> [String; 3] {
    let text = |text: &str, cut| {
        let begun = beginning(text, screen);
        let cut = if cut || begun.len() < text.len() { screen.glyphs.cut } else { "" };
        flat(begun) + cut
    };
    let before = ending(&excerpt.before, screen);
    let is_cut = excerpt.cut_before || before.len() < excerpt.before.len();
    let mut before = flat(before);
    if is_cut {
        // The excerpt may begin inside a grapheme, which is replaced by the mark.
        let first = before.graphemes(true).next().map_or(0, str::len);
        before.replace_range(..first, screen.glyphs.cut);
    }
    [before, text(&excerpt.at, excerpt.cut_at), text(&excerpt.after, excerpt.cut_after)]
}

/// Replaces tabs by blanks.
fn flat(text: &str) -> String {
    if text.contains('\t') {
        return shown(&text.replace('\t', "    ")).into_owned();
    }
    shown(text).into_owned()
}

/// The beginning of a text, enough to fill any line of the screen, so that a value of megabytes is
/// not escaped and measured as a whole.
fn beginning<'t>(text: &'t str, screen: &Screen) -> &'t str {
    let limit = screen.width + 64;
    if text.as_bytes().get(..limit).is_some_and(is_plain) {
        return &text[..limit];
    }
    let end = text.char_indices().nth(limit).map_or(text.len(), |(at, _)| at);
    // Combining marks have no width, so that many characters may fit.
    if width(&text[..end]) > screen.width { &text[..end] } else { text }
}

/// The end of a text, likewise.
fn ending<'t>(text: &'t str, screen: &Screen) -> &'t str {
    let start = text.char_indices().rev().nth(screen.width + 64).map_or(0, |(at, _)| at);
    if width(&text[start..]) > screen.width { &text[start..] } else { text }
}

/// The line around the finding, as much of it as fits, and carets below the value.
fn quoted(
    excerpt: &Excerpt,
    row: &FindingRow<'_>,
    gutter: usize,
    mut below: Line,
    screen: &Screen,
) -> [Line; 2] {
    let [before, at, after] = parts(excerpt, screen);
    let mut line =
        Line::default().with(Ink::Live, &format!("{:gutter$} {} ", row.line, screen.glyphs.bar));
    let room = screen.width.saturating_sub(line.width());
    // The value gets up to half of the line, and both sides share the rest.
    let value = screen.fit(&at, (room / 2).max(1), Cut::End);
    // At the end of a line there is no value, but a caret.
    let carets = width(&value).max(1);
    let left = room.saturating_sub(carets);
    let before_it = width_within(&before, left);
    let behind = width_within(&after, left).min((left / 2).max(left.saturating_sub(before_it)));
    let before = screen.fit(&before, left - behind, Cut::Start);
    let after = screen.fit(&after, behind, Cut::End);
    line.add(Ink::Plain, &before);
    line.add(Ink::Strong, &value);
    line.add(Ink::Plain, &after);
    below.skip_to(gutter + 3);
    below.add_blanks(width(&before));
    below.add(Ink::how_bad(row.severity), &"^".repeat(carets));
    [line, below]
}
