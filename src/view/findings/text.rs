//! Findings as a compiler would tell them: with the line that they are about, and help below it.

use std::io;

use unicode_segmentation::UnicodeSegmentation;

use super::{about, occurrences};
use crate::finding::MAX_PLACES;
use crate::input::Excerpt;
use crate::view::ink::{Ink, Line, wrapped};
use crate::view::rows::FindingRow;
use crate::view::screen::Screen;
use crate::view::text::{Cut, is_plain, shown, width, width_within};

/// Writes a finding behind what is there.
pub(super) fn write(row: &FindingRow<'_>, screen: &Screen, out: &mut Vec<u8>) -> io::Result<()> {
    lines(row, screen).iter().try_for_each(|line| line.write(out, screen))
}

/// A finding as a compiler would tell it, and an empty line below it.
#[must_use]
pub fn lines(row: &FindingRow<'_>, screen: &Screen) -> Vec<Line> {
    let mut lines = title(row, screen);
    // Everything below stands behind a bar that leaves room for the line's number.
    let gutter = row.line.to_string().len();
    let (place, about) = place(row, gutter, screen);
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
    if let Some(often) = occurrences(row, MAX_PLACES) {
        lines.extend(aside(" =", &often, gutter, screen));
    }
    lines.extend(about.into_iter().flat_map(|about| aside(" =", &about, gutter, screen)));
    if let Some(help) = row.help {
        lines.extend(aside(" =", &format!("help: {help}"), gutter, screen));
    }
    if let Some(call_id) = row.call_id {
        let room = screen.width.saturating_sub(gutter + 3 + "call ".len());
        let id = shown(call_id);
        let id = screen.fit(&id, room, Cut::Middle);
        lines.extend(aside(" =", &format!("call {id}"), gutter, screen));
    }
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

/// `  --> captures/a.ndjson:112:318  at /data/created_at of call_started`; what it is about stands
/// on lines of its own where there is no room.
fn place(row: &FindingRow<'_>, gutter: usize, screen: &Screen) -> (Line, Option<String>) {
    let mut line = Line::default().with(Ink::Live, &format!("{:gutter$}--> ", ""));
    let room = screen.width.saturating_sub(line.width());
    let place = format!("{}:{}:{}", shown(row.source), row.line, row.col);
    line.add(Ink::Plain, &screen.fit(&place, room, Cut::Start));
    let Some(about) = about(row) else {
        return (line, None);
    };
    let about = shown(&about).into_owned();
    if line.width() + 2 + width(&about) > screen.width {
        return (line, Some(about));
    }
    line.skip_to(line.width() + 2);
    line.add(Ink::Faint, &about);
    (line, None)
}

/// A remark below the excerpt, in as many lines as it needs.
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

/// The three parts of an excerpt as they are shown, each cut where more of it stands in the source.
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
        // The first grapheme may have lost its beginning.
        let first = before.graphemes(true).next().map_or(0, str::len);
        before.replace_range(..first, screen.glyphs.cut);
    }
    [before, text(&excerpt.at, excerpt.cut_at), text(&excerpt.after, excerpt.cut_after)]
}

/// A text in which tabs take room.
fn flat(text: &str) -> String {
    if text.contains('\t') {
        return shown(&text.replace('\t', "    ")).into_owned();
    }
    shown(text).into_owned()
}

/// As much of the beginning of a text as fills any line of the screen: the rest need not be made fit
/// to be shown.
fn beginning<'t>(text: &'t str, screen: &Screen) -> &'t str {
    let most = screen.width + 64;
    if text.as_bytes().get(..most).is_some_and(is_plain) {
        return &text[..most];
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    // Marks take no room of their own.
    if width(&text[..end]) > screen.width { &text[..end] } else { text }
}

/// Likewise of its end.
fn ending<'t>(text: &'t str, screen: &Screen) -> &'t str {
    let start = text.char_indices().rev().nth(screen.width + 64).map_or(0, |(at, _)| at);
    if width(&text[start..]) > screen.width { &text[start..] } else { text }
}

/// The line around the finding's place, as much as fits, and a caret below the value.
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
    // The value gets what it needs up to half of the line; what is left goes to both sides alike.
    let value = screen.fit(&at, (room / 2).max(1), Cut::End);
    // Behind the end of a line stands nothing, but the caret does.
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
