//! `callscope schema`: the JSON Schema of an event or of an output, or the list of all schemas.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

use super::Outcome;
use super::output::{Output, print_to};
use super::screen::{Paint, screen};
use super::settings::Settings;
use crate::args::Schema;
use crate::view::schema::{Unknown, event, example, list, output};
use crate::view::screen::Clock;

pub(super) fn run(args: &Schema) -> Result<Outcome> {
    let unknown = if args.closed { Unknown::Forbidden } else { Unknown::Allowed };
    let paint = Settings::of(&args.settings, false)?.paint(&args.paint);
    print_to(None, |out| match (args.event, args.output) {
        (Some(trigger), _) if args.example => Ok(out.write_all(example(trigger).as_bytes())?),
        (Some(trigger), _) => write_pretty(out, &event(trigger, unknown)),
        (None, Some(document)) => write_pretty(out, &output(document)),
        (None, None) => write_list(out, paint),
    })?;
    Ok(Outcome::Clean)
}

fn write_pretty(out: &mut Output, schema: &Value) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, schema)?;
    Ok(out.write_all(b"\n")?)
}

/// Lists all schemas.
fn write_list(out: &mut Output, paint: Paint) -> Result<()> {
    let clock = Clock { zone: jiff::tz::TimeZone::UTC, relative_to: None };
    let screen = screen(paint, clock, false);
    Ok(list(&screen).iter().try_for_each(|line| line.write(out, &screen))?)
}
