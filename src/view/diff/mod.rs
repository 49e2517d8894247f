//! The output of `diff`: rows for programs, blocks of lines for people.

mod block;
mod event;
mod legend;
mod row;
mod summary;
mod values;

use std::io;

pub use legend::legend;
pub use row::{DetailRow, DiffRow, EventRow, FieldRow, RowBuilder, Standing};
pub use summary::DiffSummary;

use super::column::{self, Columns, Head};
use super::report::{Item, Layout, Out, Report, RowTaker};
use super::screen::Screen;

impl Item for DiffRow<'_> {
    const LIST: &'static str = "calls";
    const SCHEMA: &'static str = "diff/1";

    fn heads(of: Columns<'_>) -> Vec<Head> {
        column::heads(column::differences(), of)
    }

    fn rows(&self, of: Columns<'_>, row: &mut RowTaker<'_>) -> io::Result<()> {
        DetailRow::all(self)
            .try_for_each(|detail| row(column::cells(column::differences(), of, &detail)))
    }

    fn table<'w, S>(out: Out<'w>, layout: Layout<'w>) -> Box<dyn Report<Self, S> + 'w>
    where
        Self: 'w,
    {
        Box::new(BlockWriter { out, screen: layout.screen })
    }
}

/// Writes a block for each call, an empty line before each.
struct BlockWriter<'w> {
    out: Out<'w>,
    screen: &'w Screen,
}

impl<S> Report<DiffRow<'_>, S> for BlockWriter<'_> {
    fn item(&mut self, item: &DiffRow<'_>) -> io::Result<()> {
        writeln!(self.out)?;
        let lines = block::lines(item, self.screen);
        lines.iter().try_for_each(|line| line.write(&mut self.out, self.screen))
    }

    fn finish(&mut self, _: &S) -> io::Result<()> {
        self.out.flush()
    }
}
