//! `callscope calls`: one row per call.

use anyhow::Result;

use super::{Outcome, output::Printer, read::read};
use crate::args::Look;
use crate::event::Detail;

pub(super) fn run(look: &Look) -> Result<Outcome> {
    let read = read(&look.input, Detail::Warnings)?;
    read.spare(&look.rows.output)?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&look.input);
    let summary = read.summary(&calls);
    Printer::new(&look.rows)?.print(calls.calls(), &summary)?;
    Ok(read.close(&summary))
}
