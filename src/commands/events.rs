//! `callscope events`: one row per delivery.

use anyhow::Result;

use super::Outcome;
use super::arrange;
use super::look::look;
use crate::args::Events;
use crate::event::key::Status;
use crate::view::{column, rows};

pub(super) fn run(args: &Events) -> Result<Outcome> {
    arrange::check(&args.look.rows, &column::events(), &column::events())?;
    look(&args.look, "delivery", |looked| {
        let statuses = (0..).zip(&looked.calls.identities.status);
        let distinct = |status| !args.distinct || status == Status::Event;
        let chosen = statuses
            .filter(|(at, status)| distinct(**status) && looked.selection.has_delivery(*at))
            .map(|(at, _)| at)
            .collect();
        let row = |at| rows::event_row(looked.calls, looked.sources, at);
        let chosen = looked.arrange(chosen, &column::events(), row)?;
        looked.print(&chosen, row)
    })
}
