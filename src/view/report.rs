//! Output: an item at a time, then the end. One writer a format.

use std::io::{self, Write};

use serde::Serialize;

use super::cell::Cell;
use super::column::{self, CallRow, Columns, Head};
use super::line::Line;
use super::rows::{EventRow, Timeline};
use super::screen::Screen;
use super::summary::Summary;
use super::table::Rows;
use super::text::{Hardened, shown};
use super::timeline;
use crate::flow::Call;

/// Takes the items of a command's output, and the figures of its run.
pub trait Report<T, S = Summary> {
    /// Takes one.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn item(&mut self, item: &T) -> io::Result<()>;

    /// Writes what is left.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self, summary: &S) -> io::Result<()>;
}

/// The formats of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// A Markdown table
    Markdown,
}

/// Something that commands print.
pub trait Item: Serialize + Sized {
    /// The name of the list of items in a JSON document.
    const LIST: &'static str;
    /// The document's kind and number.
    const SCHEMA: &'static str;

    /// The heads of its rows' columns.
    fn heads(of: Columns<'_>) -> Vec<Head>;

    /// Hands out the rows that stand for the item.
    ///
    /// # Errors
    /// Whatever `row` gives.
    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()>;

    /// A writer for people.
    #[must_use]
    fn table<'w, S>(out: Out<'w>, layout: Layout<'w>) -> Box<dyn Report<Self, S> + 'w>
    where
        Self: 'w,
    {
        let rows = Rows::new(Self::heads(layout.columns(Columns::Shown)), layout.screen);
        Box::new(Table { out, rows, layout })
    }
}

/// What rows are laid out on and for.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'l> {
    /// Where they go.
    pub screen: &'l Screen,
    /// Names of the columns that were asked for; none for the usual ones.
    pub names: &'l [String],
}

impl<'l> Layout<'l> {
    /// The columns that were asked for, else the `usual`.
    fn columns(self, usual: Columns<'l>) -> Columns<'l> {
        if self.names.is_empty() { usual } else { Columns::Named(self.names) }
    }
}

/// Takes the cells of a row.
pub type RowTaker<'t> = dyn FnMut(Vec<Cell<'_>>) -> io::Result<()> + 't;

impl Item for Call<'_> {
    const LIST: &'static str = "calls";
    const SCHEMA: &'static str = "calls/1";

    fn heads(of: Columns<'_>) -> Vec<Head> {
        column::heads(column::calls(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        row(column::cells(column::calls(), of, self))
    }
}

impl Item for EventRow<'_> {
    const LIST: &'static str = "events";
    const SCHEMA: &'static str = "events/1";

    fn heads(of: Columns<'_>) -> Vec<Head> {
        column::heads(column::events(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        row(column::cells(column::events(), of, self))
    }
}

impl Item for Timeline<'_> {
    const LIST: &'static str = "calls";
    const SCHEMA: &'static str = "timeline/1";

    fn heads(of: Columns<'_>) -> Vec<Head> {
        column::heads(column::timeline(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        self.timeline.iter().try_for_each(|line| {
            let call_id = self.call.call_id;
            row(column::cells(column::timeline(), of, &CallRow { call_id, row: line }))
        })
    }

    fn table<'w, S>(out: Out<'w>, layout: Layout<'w>) -> Box<dyn Report<Self, S> + 'w>
    where
        Self: 'w,
    {
        Box::new(timeline::Timelines::new(out, layout.screen))
    }
}

/// Where output goes.
pub type Out<'w> = Box<dyn Write + 'w>;

/// The writer of a format.
#[must_use]
pub fn report<'w, T: Item + 'w, S: Serialize>(
    format: Format,
    out: Out<'w>,
    layout: Layout<'w>,
) -> Box<dyn Report<T, S> + 'w> {
    match format {
        Format::Table => T::table(out, layout),
        Format::Json => Box::new(Json::new(out, T::SCHEMA, T::LIST)),
        Format::Ndjson => Box::new(Ndjson { out, line: Vec::new() }),
        Format::Csv => Box::new(Csv { out: csv::Writer::from_writer(out), begun: false, layout }),
        Format::Markdown => Box::new(Markdown { out, begun: false, layout }),
    }
}

/// Writes a bare row and the end of its line behind what is there.
///
/// # Errors
/// When the row cannot be written as JSON.
pub fn line(out: &mut Vec<u8>, row: &impl Serialize) -> io::Result<()> {
    row.serialize(Line(out))?;
    out.push(b'\n');
    Ok(())
}

struct Table<'w> {
    out: Out<'w>,
    rows: Rows<'w>,
    layout: Layout<'w>,
}

impl<T: Item, S> Report<T, S> for Table<'_> {
    fn item(&mut self, item: &T) -> io::Result<()> {
        let columns = self.layout.columns(Columns::Shown);
        item.rows(columns, &mut |cells| self.rows.add(&cells, &mut self.out))
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.rows.finish(&mut self.out)?;
        self.out.flush()
    }
}

/// Writes a value as compact JSON without control characters.
///
/// # Errors
/// When the output cannot be written.
pub fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut json = serde_json::Serializer::with_formatter(out, Hardened::default());
    Ok(value.serialize(&mut json)?)
}

/// One JSON document, an item a line.
pub(super) struct Json<'w> {
    out: Out<'w>,
    schema: &'static str,
    list: &'static str,
    begun: bool,
    line: Vec<u8>,
}

/// What stands between the items of a JSON document.
const BETWEEN: &[u8] = b",\n";

/// Adds an item of a JSON document to those before it.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn json_item(items: &mut Vec<u8>, item: &impl Serialize) -> io::Result<()> {
    if !items.is_empty() {
        items.extend_from_slice(BETWEEN);
    }
    Ok(item.serialize(Line(items))?)
}

impl<'w> Json<'w> {
    pub(super) fn new(out: Out<'w>, schema: &'static str, list: &'static str) -> Self {
        Self { out, schema, list, begun: false, line: Vec::new() }
    }

    /// Takes what [`json_item`] made of some items.
    pub(super) fn items(&mut self, items: &[u8]) -> io::Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(BETWEEN)?;
        } else {
            let (schema, list) = (self.schema, self.list);
            writeln!(self.out, "{{\"schema\":\"{schema}\",\"{list}\":[")?;
        }
        self.out.write_all(items)
    }

    /// Writes what is left.
    pub(super) fn end(&mut self, summary: &impl Serialize) -> io::Result<()> {
        if self.begun {
            self.out.write_all(b"\n],\"summary\":")?;
        } else {
            let (schema, list) = (self.schema, self.list);
            write!(self.out, "{{\"schema\":\"{schema}\",\"{list}\":[],\"summary\":")?;
        }
        json(&mut self.out, summary)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

impl<T: Serialize, S: Serialize> Report<T, S> for Json<'_> {
    fn item(&mut self, item: &T) -> io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        json_item(&mut line, item)?;
        self.items(&line)?;
        self.line = line;
        Ok(())
    }

    fn finish(&mut self, summary: &S) -> io::Result<()> {
        self.end(summary)
    }
}

/// Bare rows.
struct Ndjson<'w> {
    out: Out<'w>,
    line: Vec<u8>,
}

impl<T: Serialize, S> Report<T, S> for Ndjson<'_> {
    fn item(&mut self, item: &T) -> io::Result<()> {
        self.line.clear();
        line(&mut self.line, item)?;
        self.out.write_all(&self.line)
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.out.flush()
    }
}

struct Csv<'w> {
    out: csv::Writer<Out<'w>>,
    begun: bool,
    layout: Layout<'w>,
}

impl Csv<'_> {
    fn begin<T: Item>(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            let heads = T::heads(self.layout.columns(Columns::Csv));
            self.out.write_record(heads.iter().map(|head| head.name))?;
        }
        Ok(())
    }
}

/// A cell that a spreadsheet would take for a formula gets a quote before it, and no control
/// character leaves the tool. (A dash alone, our name for stdin, is no formula.)
fn no_formula(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell != "-";
    let quote = if formula { "'" } else { "" };
    format!("{quote}{}", shown(cell))
}

impl<T: Item, S> Report<T, S> for Csv<'_> {
    fn item(&mut self, item: &T) -> io::Result<()> {
        self.begin::<T>()?;
        item.rows(self.layout.columns(Columns::Csv), &mut |cells| {
            for cell in cells {
                if cell.is_foreign() {
                    self.out.write_field(no_formula(&cell.machine()))?;
                } else {
                    self.out.write_field(&*shown(&cell.machine()))?;
                }
            }
            Ok(self.out.write_record(None::<&[u8]>)?)
        })
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.begin::<T>()?;
        self.out.flush()
    }
}

struct Markdown<'w> {
    out: Out<'w>,
    begun: bool,
    layout: Layout<'w>,
}

impl Markdown<'_> {
    fn begin<T: Item>(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let heads = T::heads(self.layout.columns(Columns::Shown));
        let names: Vec<&str> = heads.iter().map(|head| head.name).collect();
        writeln!(self.out, "| {} |", names.join(" | "))?;
        writeln!(self.out, "| {} |", vec!["---"; names.len()].join(" | "))
    }
}

/// Escapes what Markdown would take for syntax of its own. An underscore inside a word is none.
fn plain(cell: &str) -> String {
    let mut plain = String::with_capacity(cell.len());
    let mut before = ' ';
    for (at, character) in cell.char_indices() {
        let after = cell[at..].chars().nth(1).unwrap_or(' ');
        match character {
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => plain.push('_'),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => plain.extend(['\\', character]),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            other => plain.push(other),
        }
        before = character;
    }
    plain
}

impl<T: Item, S> Report<T, S> for Markdown<'_> {
    fn item(&mut self, item: &T) -> io::Result<()> {
        self.begin::<T>()?;
        let (screen, columns) = (self.layout.screen, self.layout.columns(Columns::Shown));
        item.rows(columns, &mut |cells| {
            let cells: Vec<String> = cells.iter().map(|cell| plain(&cell.human(screen))).collect();
            writeln!(self.out, "| {} |", cells.join(" | "))
        })
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.begin::<T>()?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_no_markup() {
        assert_eq!(no_formula("=1+1"), "'=1+1");
        assert_eq!(no_formula("-1"), "'-1");
        assert_eq!(no_formula("-"), "-");
        assert_eq!(no_formula("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(no_formula("Ana"), "Ana");
        assert_eq!(plain("a|b<i>_"), "a\\|b&lt;i&gt;\\_");
        assert_eq!(plain("call_ended"), "call_ended");
    }
}
