//! Findings in a line each.

use std::io::{self, Write};

use crate::view::report::{Out, Report};
use crate::view::rows::FindingRow;
use crate::view::summary::Summary;
use crate::view::text::shown;

pub(super) struct Concise<'w> {
    pub(super) out: Out<'w>,
}

impl Report<FindingRow<'_>> for Concise<'_> {
    fn item(&mut self, row: &FindingRow<'_>) -> io::Result<()> {
        let (line, col, severity) = (row.line, row.col, row.severity.name());
        write!(self.out, "{}:{line}:{col}: {severity}", shown(row.source))?;
        write!(self.out, "[{}] {}", row.rule, row.name)?;
        if let Some(pointer) = row.pointer {
            write!(self.out, " at {}", shown(pointer))?;
        }
        writeln!(self.out, ": {}", shown(&row.message))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}
