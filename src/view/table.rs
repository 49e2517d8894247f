//! Tables: a row is one line, and the columns are those that matter most in the width there is.

use std::io::{self, Write};

use anstyle::Effects;
use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width,
};

use super::cell::Cell;
use super::column::{Head, Setting};
use super::ink::{Ink, held};
use super::screen::Screen;
use super::text::{Cut, width};

/// Blanks between columns.
const GAP: usize = 2;

/// Rows that are looked at before the widths are fixed, and set at once.
const BATCH: usize = 1000;

/// Columns of a lower rank are shown in any width that is worth it.
const ESSENTIAL: u8 = 10;

/// The least that an id gets which is no essential column.
const SHORT_ID: usize = 17;

/// The columns taken so far, each with its width, and the room left for others.
struct Fitting {
    left: usize,
    taken: Vec<(usize, usize)>,
}

impl Fitting {
    fn take(&mut self, at: usize, width: usize) {
        if let Some(rest) = self.left.checked_sub(width + GAP) {
            self.left = rest;
            self.taken.push((at, width));
        }
    }
}

/// A line without the blanks at its end, and the sequences that end its last style, which stand
/// behind them.
fn trimmed(line: &str) -> (&str, &str) {
    let mut text = line.trim_end();
    while let Some(at) = text.rfind('\u{1b}').filter(|at| is_style(&text[*at..])) {
        text = text[..at].trim_end();
    }
    (text, line[text.len()..].trim())
}

/// Whether the text is one sequence `ESC [ … m` and nothing else.
fn is_style(text: &str) -> bool {
    let inside = text.strip_prefix("\u{1b}[").and_then(|text| text.strip_suffix('m'));
    inside.is_some_and(|codes| codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
}

/// What a cell says, and how.
#[derive(Debug)]
struct Said {
    text: String,
    ink: Ink,
    is_number: bool,
}

/// Sets rows as they come. The widths are those of the first rows; later cells are cut to them.
#[derive(Debug)]
pub struct Rows<'s> {
    screen: &'s Screen,
    heads: Vec<(Head, Setting)>,
    waiting: Vec<Vec<Said>>,
    /// Which columns are shown, and how wide each is; set with the first batch.
    widths: Option<Vec<(usize, usize)>>,
}

impl<'s> Rows<'s> {
    /// A table of the columns that have these heads.
    #[must_use]
    pub fn new(heads: Vec<Head>, screen: &'s Screen) -> Self {
        let heads = heads.into_iter().filter_map(|head| Some((head, head.table?))).collect();
        Self { screen, heads, waiting: Vec::new(), widths: None }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn add(&mut self, cells: &[Cell<'_>], out: &mut impl Write) -> io::Result<()> {
        let said = |cell: &Cell<'_>| Said {
            text: cell.human(self.screen),
            ink: cell.ink(),
            is_number: cell.is_number(),
        };
        let line = cells.iter().map(said).collect();
        self.waiting.push(line);
        if self.waiting.len() == BATCH {
            self.flush(out)?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.flush(out)
    }

    fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        let first = self.widths.is_none();
        let widths = self.widths.take().unwrap_or_else(|| self.fit_columns());
        let table = self.set(&widths, first);
        self.widths = Some(widths);
        self.waiting.clear();
        for line in table.lines() {
            let (text, styles) = trimmed(&line);
            writeln!(out, "{text}{styles}")?;
        }
        Ok(())
    }

    /// Which columns are shown, and how wide. The essential ones are taken in the order of their
    /// rank as long as the least widths fit, and get what they want before any other. The rest are
    /// taken only where they fit whole (an id, which both its ends tell: in what room is left),
    /// since a column that is cut tells little. They stand in the order of their rank.
    fn fit_columns(&self) -> Vec<(usize, usize)> {
        let mut by_rank: Vec<usize> = (0..self.heads.len()).filter(|at| self.tells(*at)).collect();
        by_rank.sort_by_key(|at| self.heads[*at].1.rank);
        let (essential, others): (Vec<usize>, Vec<usize>) =
            by_rank.into_iter().partition(|at| self.heads[*at].1.rank < ESSENTIAL);
        let mut fitting = Fitting { left: self.screen.width + GAP, taken: Vec::new() };
        // Who asked for columns gets them all, however narrow.
        let share = (fitting.left / essential.len().max(1)).saturating_sub(GAP).max(1);
        let least = |at: usize| self.wanted(at).min(self.heads[at].1.least);
        let asked = |at: &usize| self.heads[*at].0.asked;
        let all: usize = essential.iter().map(|at| least(*at) + GAP).sum();
        let narrow = essential.iter().any(asked) && all > fitting.left;
        for at in essential {
            fitting.take(at, if narrow { least(at).min(share) } else { least(at) });
        }
        self.grow(&mut fitting);
        for at in others {
            let wanted = self.wanted(at);
            let room = fitting.left.saturating_sub(GAP);
            match self.heads[at].1.cut {
                Cut::Start | Cut::Middle if room >= SHORT_ID => fitting.take(at, wanted.min(room)),
                _ => fitting.take(at, wanted),
            }
        }
        self.grow(&mut fitting);
        fitting.taken
    }

    /// Gives what room is left in the order in which the columns were taken; ids and places, which
    /// one end of tells too, get theirs last.
    fn grow(&self, fitting: &mut Fitting) {
        let is_last = |at: &usize| self.heads[*at].1.cut != Cut::End;
        for last in [false, true] {
            for (at, width) in &mut fitting.taken {
                if is_last(at) == last {
                    let more = (self.wanted(*at) - *width).min(fitting.left);
                    *width += more;
                    fitting.left -= more;
                }
            }
        }
    }

    /// Whether the column is one of numbers.
    fn is_number(&self, at: usize) -> bool {
        self.waiting.iter().all(|line| line[at].is_number || line[at].text == "-")
    }

    /// Whether any row has something in the column, or it was asked for.
    fn tells(&self, at: usize) -> bool {
        self.heads[at].0.asked || self.waiting.iter().any(|line| line[at].text != "-")
    }

    fn wanted(&self, at: usize) -> usize {
        let cells = self.waiting.iter().map(|line| width(&line[at].text));
        let widest = cells.chain([self.heads[at].0.name.len()]).max().unwrap_or_default();
        widest.min(self.heads[at].1.most)
    }

    fn set(&self, widths: &[(usize, usize)], header: bool) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_content_arrangement(ContentArrangement::Disabled);
        if self.screen.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if header {
            table.set_header(widths.iter().map(|(at, width)| {
                let name = self.heads[*at].0.name.to_uppercase();
                let name = self.screen.fit(&name, *width, Cut::End).into_owned();
                comfy_table::Cell::new(name).add_attribute(Attribute::Dim)
            }));
        }
        for line in &self.waiting {
            table.add_row(widths.iter().map(|(at, width)| self.cell(*at, &line[*at], *width)));
        }
        let last = widths.len().saturating_sub(1);
        for (nth, (column, (at, width))) in table.column_iter_mut().zip(widths).enumerate() {
            let gap = if nth == last { 0 } else { GAP };
            let side = if self.is_number(*at) { CellAlignment::Right } else { CellAlignment::Left };
            column.set_cell_alignment(side);
            column.set_padding((0, u16::try_from(gap).unwrap_or_default()));
            let width = u16::try_from(width + gap).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table
    }

    fn cell(&self, at: usize, said: &Said, width: usize) -> comfy_table::Cell {
        let text = self.screen.fit(&said.text, width, self.heads[at].1.cut);
        let text = if self.screen.terminal { held(&text) } else { text };
        let style = said.ink.style();
        let mut cell = comfy_table::Cell::new(text);
        if let Some(anstyle::Color::Ansi(colour)) = style.get_fg_color() {
            cell = cell.fg(Color::AnsiValue(anstyle::Ansi256Color::from_ansi(colour).index()));
        }
        let effects = style.get_effects();
        for (effect, attribute) in
            [(Effects::BOLD, Attribute::Bold), (Effects::DIMMED, Attribute::Dim)]
        {
            if effects.contains(effect) {
                cell = cell.add_attribute(attribute);
            }
        }
        cell
    }
}
