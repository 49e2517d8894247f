//! `callscope events`: one row per delivery.

use anyhow::Result;

use super::{Outcome, output::Printer, read::read};
use crate::args::Events;
use crate::event::Detail;
use crate::view::rows;

pub(super) fn run(events: &Events) -> Result<Outcome> {
    let read = read(&events.input, Detail::Warnings)?;
    read.spare(&events.rows.output)?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&events.input);
    let summary = read.summary(&calls);
    let rows = rows::events(&calls, &read.sources, events.distinct);
    Printer::new(&events.rows)?.print(rows, &summary)?;
    Ok(read.close(&summary))
}
