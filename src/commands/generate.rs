//! `callscope generate`: synthetic captures.

use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;

use super::Outcome;
use super::output::{finish, open, real};
use super::screen::now;
use crate::args::Generate;
use crate::event::Moment;
use crate::generate::{CapturePlan, GeneratedCounts, MAX_CALL_GAP, MAX_CALL_LENGTH, generate};
use crate::view::words::count;

pub(super) fn run(args: &Generate) -> Result<Outcome> {
    let plan = plan(args)?;
    let files = (args.truth.as_deref(), args.output.as_deref());
    if let (Some(truth), Some(capture)) = files
        && real(truth) == real(capture)
        && (truth.is_file() || !truth.exists())
    {
        bail!("the truth and the capture would be one file: {}", truth.display());
    }
    let mut truth = args.truth.as_deref().map(|path| open(Some(path))).transpose()?;
    let mut out = open(args.output.as_deref())?;
    let truth_out = truth.as_mut().map(|truth| truth as &mut dyn Write);
    let generated = generate(&plan, &mut out, truth_out);
    // A capture whose reader closed the pipe early gets no truth: the two would not match.
    let is_whole = generated.is_ok();
    let line = generated.as_ref().map(summary_line).unwrap_or_default();
    finish(generated.map(|_| ()).context("cannot write the output"), out)?;
    if let Some(truth) = truth.filter(|_| is_whole) {
        truth.keep()?;
    }
    if is_whole && !args.quiet {
        let _ = writeln!(io::stderr(), "{line}");
    }
    Ok(Outcome::Clean)
}

fn plan(args: &Generate) -> Result<CapturePlan> {
    let start = args.start.resolve(&now(&TimeZone::UTC)?).context("no such time")?;
    let start = Moment::from(start);
    let last =
        MAX_CALL_GAP.checked_mul(args.calls).and_then(|gaps| gaps.checked_add(MAX_CALL_LENGTH));
    let last = last.and_then(|last| i64::try_from(last).ok());
    let last = last.and_then(|last| Moment::from_seconds(start.seconds().checked_add(last)?));
    match (u64::try_from(start.seconds()), last) {
        (Ok(second), Some(last)) if start.is_plausible() && last.is_plausible() => {
            Ok(CapturePlan {
                calls: args.calls,
                seed: args.seed,
                start: second,
                mix: args.mix.clone(),
                participants: args.participants,
                recordings: args.recordings,
                rejoin: args.rejoin,
                faults: args.faults.clone(),
                carrier: args.carrier,
            })
        }
        _ => bail!("the calls would not lie between the years 2015 and 2100"),
    }
}

fn summary_line(generated: &GeneratedCounts) -> String {
    let GeneratedCounts { calls, webhooks, lost, corrupt } = *generated;
    let mut parts = vec![format!("{} in {}", count(calls, "call"), count(webhooks, "webhook"))];
    for (number, noun, state) in [(corrupt, "webhook", "corrupt"), (lost, "event", "lost")] {
        if number > 0 {
            parts.push(format!("{} {state}", count(number, noun)));
        }
    }
    parts.join("; ")
}
