//! Findings as one line each.

use std::io::{self, Write};

use super::message;
use crate::view::rows::FindingRow;
use crate::view::text::shown;

/// Appends a finding.
pub(super) fn write(row: &FindingRow<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (line, col, severity) = (row.line, row.col, row.severity.name());
    write!(out, "{}:{line}:{col}: {severity}", shown(row.source))?;
    write!(out, "[{}] {}", row.rule, row.name)?;
    if let Some(pointer) = row.pointer {
        write!(out, " at {}", shown(pointer))?;
    }
    writeln!(out, ": {}", shown(&message(row)))
}
