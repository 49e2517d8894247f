//! `callscope schema`: the JSON Schema of an event or of an output, or all that has one.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Outcome;
use super::output::{Output, finish, open};
use super::screen::{Paint, screen};
use super::settings::Settings;
use crate::args::Schema;
use crate::view::schema::{Unknown, event, example, list, output};
use crate::view::screen::Clock;

pub(super) fn run(args: &Schema) -> Result<Outcome> {
    let unknown = if args.closed { Unknown::Forbidden } else { Unknown::Allowed };
    let paint = Settings::of(&args.settings, false)?.paint(&args.paint);
    let mut out = open(None)?;
    let printed = match (args.event, args.output) {
        (Some(trigger), _) if args.example => {
            out.write_all(example(trigger).as_bytes()).map_err(Into::into)
        }
        (Some(trigger), _) => pretty(&mut out, &event(trigger, unknown)),
        (None, Some(document)) => pretty(&mut out, &output(document)),
        (None, None) => names(&mut out, paint),
    };
    finish(printed.context("cannot write the output"), out)?;
    Ok(Outcome::Clean)
}

fn pretty(out: &mut Output, schema: &Value) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, schema)?;
    Ok(out.write_all(b"\n")?)
}

/// All that has a schema.
fn names(out: &mut Output, paint: Paint) -> Result<()> {
    let clock = Clock { zone: jiff::tz::TimeZone::UTC, relative_to: None };
    let screen = screen(paint, clock, false);
    Ok(list(&screen).iter().try_for_each(|line| line.write(out, &screen))?)
}
