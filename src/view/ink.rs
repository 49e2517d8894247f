//! Lines of coloured text that know how wide they are.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;

use super::screen::Screen;
use super::text::{Cut, beginning, is_plain, is_rightward, shown, width};
use crate::finding::Severity;
use crate::flow::Outcome;

/// What a piece of text means, which is what its colour tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ink {
    /// Nothing in particular.
    #[default]
    Plain,
    /// What one looks for.
    Strong,
    /// What one can do without.
    Faint,
    /// As it should be.
    Good,
    /// Goes on.
    Live,
    /// Not what was hoped for.
    Odd,
    /// Lost or wrong.
    Bad,
    /// Of a recording.
    Recording,
}

impl Ink {
    /// The ink of an outcome.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ended => Self::Good,
            Outcome::Ongoing => Self::Live,
            Outcome::Initiated | Outcome::Unknown => Self::Faint,
            _ => Self::Odd,
        }
    }

    /// The ink of a severity.
    #[must_use]
    pub fn how_bad(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Bad,
            Severity::Warning => Self::Odd,
            Severity::Info => Self::Live,
        }
    }

    /// How it looks: the terminal's own colours, so that they fit dark and light.
    #[must_use]
    pub fn style(self) -> Style {
        let in_colour = |colour: AnsiColor| colour.on_default();
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => in_colour(AnsiColor::Green),
            Self::Live => in_colour(AnsiColor::Cyan),
            Self::Odd => in_colour(AnsiColor::Yellow),
            Self::Bad => in_colour(AnsiColor::Red).bold(),
            Self::Recording => in_colour(AnsiColor::Magenta),
        }
    }
}

/// One line of output.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// All of it. Some characters take other room beside each other than apart, so that widths of
    /// pieces must not be added up.
    text: String,
    /// What its pieces mean, and where each ends.
    pieces: Vec<(Ink, usize)>,
}

impl Line {
    /// The line with another piece of text, whose control characters are written out.
    #[must_use]
    pub fn with(mut self, ink: Ink, text: &str) -> Self {
        self.add(ink, text);
        self
    }

    /// Adds a piece of text, whose control characters are written out.
    pub fn add(&mut self, ink: Ink, text: &str) {
        self.text.push_str(&shown(text));
        self.close(ink);
    }

    /// Adds so many blanks.
    pub fn add_blanks(&mut self, blanks: usize) {
        self.text.extend(std::iter::repeat_n(' ', blanks));
        self.close(Ink::Plain);
    }

    /// Makes all that was added behind the last piece one of this ink.
    fn close(&mut self, ink: Ink) {
        match self.pieces.last_mut() {
            Some((last, end)) if *last == ink => *end = self.text.len(),
            _ => self.pieces.push((ink, self.text.len())),
        }
    }

    /// Adds blanks up to the column; at least one where the line is as long already.
    pub fn skip_to(&mut self, column: usize) {
        self.add_blanks(column.saturating_sub(self.width()).max(1));
    }

    /// Adds a text so that it ends before the column.
    pub fn set_right(&mut self, ink: Ink, text: &str, column: usize) {
        self.add_blanks(column.saturating_sub(self.width() + width(text)));
        self.add(ink, text);
    }

    /// Adds all pieces of another line.
    pub fn join(&mut self, other: Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.pieces.extend(other.pieces.into_iter().map(|(ink, end)| (ink, before + end)));
    }

    fn pieces(&self) -> impl Iterator<Item = (Ink, &str)> {
        let begins = std::iter::once(0).chain(self.pieces.iter().map(|(_, end)| *end));
        begins.zip(&self.pieces).map(|(begin, (ink, end))| (*ink, &self.text[begin..*end]))
    }

    /// Columns it takes without the blanks at its end.
    fn trimmed_width(&self) -> usize {
        width(self.text.trim_end())
    }

    /// As much of it as the screen is wide.
    fn cut(&self, screen: &Screen) -> Self {
        let mut line = Self::default();
        for (ink, text) in self.pieces() {
            let rest = screen.width.saturating_sub(line.width());
            if width(text) > rest {
                line.add(ink, &screen.fit(text, rest, Cut::End));
                break;
            }
            line.add(ink, text);
        }
        // Sequences may be wider together than apart.
        while line.trimmed_width() > screen.width && line.pieces.pop().is_some() {
            line.text.truncate(line.pieces.last().map_or(0, |(_, end)| *end));
        }
        line
    }

    /// Columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        width(&self.text)
    }

    /// Writes it with its end, cut where the screen ends.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut dyn Write, screen: &Screen) -> io::Result<()> {
        if self.trimmed_width() > screen.width {
            return self.cut(screen).write(out, screen);
        }
        let mut left = self.text.trim_end();
        if screen.colour || screen.terminal {
            for (ink, text) in self.pieces() {
                if left.is_empty() {
                    break;
                }
                let (text, rest) = left.split_at(text.len().min(left.len()));
                let style = if screen.colour { ink.style() } else { Style::new() };
                let text = if screen.terminal { held(text) } else { text.into() };
                write!(out, "{style}{text}{style:#}")?;
                left = rest;
            }
        } else {
            out.write_all(left.as_bytes())?;
        }
        out.write_all(b"\n")
    }
}

/// A text with a mark behind its last right-to-left letter, so that a terminal that turns such text
/// leaves the numbers behind it where they are.
pub(super) fn held(text: &str) -> Cow<'_, str> {
    let Some((at, last)) = text.char_indices().rfind(|(_, letter)| is_rightward(*letter)) else {
        return text.into();
    };
    let (turned, rest) = text.split_at(at + last.len_utf8());
    format!("{turned}\u{200e}{rest}").into()
}

/// Sets pieces in lines of `room` columns: `indent` blanks in front, three blanks between.
#[must_use]
pub fn flowing(pieces: impl IntoIterator<Item = Line>, indent: usize, room: usize) -> Vec<Line> {
    const GAP: usize = 3;
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.width() + GAP + piece.width() <= room => {
                line.skip_to(line.width() + GAP);
                line.join(piece);
            }
            _ => {
                let mut line = Line::default().with(Ink::Plain, &" ".repeat(indent));
                line.join(piece);
                lines.push(line);
            }
        }
    }
    lines
}

/// A text in lines of `room` columns, broken between words; a word that is wider is broken where
/// the line ends.
#[must_use]
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    if text.len() <= room && is_plain(text.as_bytes()) {
        return vec![text.trim_end_matches(' ').to_owned()];
    }
    let options = textwrap::Options::new(room.max(1))
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let text = shown(text);
    let lines = textwrap::wrap(&text, options);
    lines.iter().flat_map(|line| broken(line, room.max(1))).collect()
}

/// A line in as many as it needs. (What breaks lines adds up characters; a sequence of them may be
/// wider.)
fn broken(mut line: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    while width(line) > room {
        let first = line.graphemes(true).next().map_or(line.len(), str::len);
        let (head, rest) = line.split_at(beginning(line, room).len().max(first));
        lines.push(head.to_owned());
        line = rest;
    }
    lines.push(line.to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_known_to_fit_is_wrapped_as_one_that_is_measured() {
        for text in ["", "a", " a", "a  a", "  a  "] {
            let measured = wrapped(&text.replace('a', "ä"), 5);
            let measured: Vec<_> = measured.iter().map(|line| line.replace('ä', "a")).collect();
            assert_eq!(wrapped(text, 5), measured, "{text}");
        }
    }
}
