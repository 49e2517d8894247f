//! The JSON documents of `stats`.

use std::io::{self, Write};

use serde::Serialize;

use super::{AllCalls, CallGroup};
use crate::stats::{CallTally, GroupBy, PARTIAL_SCHEMA, PartialGroup};
use crate::view::report::json;
use crate::view::summary::Summary;

/// The document's kind and number.
pub const SCHEMA: &str = "stats/1";

/// Writes the figures of all calls and of each group.
///
/// # Errors
/// When the output cannot be written.
pub fn document(
    mut out: &mut dyn Write,
    whole: &AllCalls,
    groups: impl Iterator<Item = CallGroup>,
    summary: &Summary,
) -> io::Result<()> {
    write!(out, "{{\"schema\":\"{SCHEMA}\"")?;
    member(&mut out, "stats", whole)?;
    list(&mut out, "groups", groups)?;
    member(&mut out, "summary", summary)?;
    out.write_all(b"}\n")?;
    out.flush()
}

/// Writes tallies as [`crate::stats::PartialStats`] reads them.
///
/// # Errors
/// When the output cannot be written.
pub fn partial(
    mut out: &mut dyn Write,
    zone: &str,
    by: Option<GroupBy>,
    summary: Summary,
    whole: &CallTally,
    groups: impl Iterator<Item = PartialGroup>,
) -> io::Result<()> {
    write!(out, "{{\"schema\":\"{PARTIAL_SCHEMA}\"")?;
    member(&mut out, "zone", &zone)?;
    member(&mut out, "grouped_by", &by)?;
    member(&mut out, "summary", &summary)?;
    member(&mut out, "whole", whole)?;
    list(&mut out, "groups", groups)?;
    out.write_all(b"}\n")?;
    out.flush()
}

/// Writes a further member, in a line of its own.
fn member(out: &mut impl Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    json(out, value)
}

/// Writes a list, an item a line.
fn list<T: Serialize>(
    out: &mut impl Write,
    name: &str,
    items: impl Iterator<Item = T>,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    for (at, item) in items.enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        json(out, &item)?;
    }
    out.write_all(b"]")
}
