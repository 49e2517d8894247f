//! `callscope replay`: captured webhooks once more, as they came.

#[cfg(feature = "net")]
mod access;
#[cfg_attr(not(any(feature = "net", test)), expect(dead_code, reason = "stdout answers nothing"))]
mod answer;
mod edit;
mod faults;
mod hands;
mod log;
#[cfg_attr(not(feature = "net"), expect(dead_code, reason = "stdout answers at once"))]
mod manners;
#[cfg_attr(not(any(feature = "net", test)), expect(dead_code, reason = "stdout gets no secrets"))]
mod mask;
mod order;
mod pace;
mod plan;
mod playing;
#[cfg(feature = "net")]
mod posting;
mod route;
mod sending;
mod tally;
#[cfg(feature = "net")]
mod workers;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, bail};

use super::Outcome;
use super::output::open;
use super::read::{Read, complain, read_keeping};
use super::screen::{clock, now, screen};
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use crate::args::Replay;
use crate::event::{Detail, Span};
use crate::flow::Reconstruction;
use crate::view::replay::{PlannedRow, table};
use crate::view::screen::Screen;
use crate::view::words::{count, length};
use edit::Editing;
use log::{EarlierLog, Ids};
use manners::Manners;
use order::turns;
use plan::{Parcel, Plan};
use playing::{Played, Playing};
use route::Targets;

pub(super) fn run(args: &Replay) -> Result<Outcome> {
    let targets = Targets::of(&args.route)?;
    let settings = Settings::of(&args.settings, args.input.verbose)?;
    let looks = settings.looks(&args.looks);
    let now = now(&looks.tz)?;
    let screen = screen(looks.paint, clock(&looks, false, &now), targets.has_stdout());
    let detail = if asks_for_infos(&args.select) { Detail::Unknown } else { Detail::Warnings };
    let read = read_keeping(&args.input, detail)?;
    let log_path = args.told.log.as_ref().or(args.told.resume.as_ref());
    read.spare(log_path, args.route.auth_file.as_deref())?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&args.input);
    let selection = Selection::new(&args.select, &calls, &now)?;
    if !read.quiet {
        selection.nowhere().iter().for_each(|note| complain(note));
    }
    let turns = turns(&read.capture, |delivery| selection.has_delivery(delivery));
    let editing = Editing::new(&args.edits, &turns, &read.capture, &now)?;
    let mut plan = Plan::new(turns, &calls, &targets, (&args.pace, &args.faults));
    let ids = ids(&plan, &read, log_path.is_some());
    let log = match (&args.told.resume, &args.told.log) {
        (Some(path), _) => Some(resume(&mut plan, path, &ids)?),
        (None, Some(path)) => Some(EarlierLog::read(path, |_| false)?),
        (None, None) => None,
    };
    if let Some(log) = log.as_ref().filter(|log| log.is_cut_short() && !read.quiet) {
        complain(&format!(
            "{}: the last record is cut short and will be removed",
            log.path.display()
        ));
    }
    if args.told.dry_run {
        show(&plan, &calls, &read, &targets, &screen)?;
        let would = count(plan.parcels.len() as u64, "body") + " would be sent" + &duration(&plan);
        tell(&read, &calls, &[(0, ""); 0], vec![would], &plan);
        return Ok(read.close());
    }
    let manners = Manners::of(&args.route);
    let playing =
        Playing { args, read: &read, calls: &calls, targets: &targets, ids: &ids, manners };
    let played = playing.play(&plan, editing, log.as_ref(), &screen)?;
    report(&read, &calls, &plan, &played);
    Ok(outcome(&read, &played))
}

/// The names of deliveries, where a log wants them.
fn ids(plan: &Plan, read: &Read, wanted: bool) -> Ids {
    if !wanted {
        return Ids::default();
    }
    Ids::new(plan.parcels.iter().map(|parcel| parcel.delivery), read)
}

/// Leaves out what the log of an earlier run shows as accepted.
fn resume(plan: &mut Plan, path: &Path, ids: &Ids) -> Result<EarlierLog> {
    if !path.is_file() {
        bail!("cannot go on with {}: there is no such file", path.display());
    }
    // A log may hold more than this run sends.
    let wanted: HashSet<String> = plan.parcels.iter().map(|parcel| ids.of(parcel)).collect();
    let log = EarlierLog::read(path, |delivery| wanted.contains(delivery))?;
    plan.skip(&log.accepted, ids);
    Ok(log)
}

/// What would be sent, a row each.
fn show(
    plan: &Plan,
    calls: &Reconstruction<'_>,
    read: &Read,
    targets: &Targets,
    screen: &Screen,
) -> Result<()> {
    let names = targets.names();
    let row = |parcel: &Parcel| {
        let delivery = read.capture.delivery(parcel.delivery);
        PlannedRow {
            after: Span::from_decimal(parcel.due.as_secs_f64()).unwrap_or_default(),
            trigger: delivery.what.trigger_name(&read.capture),
            call: calls.call_of(parcel.delivery).map(|call| calls.id(call)),
            target: &names[usize::from(parcel.target)],
            again: parcel.again,
            source: &read.sources.source(delivery.place.source).name,
            line: delivery.place.line,
        }
    };
    let mut out = open(None)?;
    let printed = table(plan.parcels.iter().map(row), screen, &mut out);
    super::output::finish(printed.map_err(Into::into), out)
}

/// How long it takes to send all when it is due; nothing where that is at once.
fn duration(plan: &Plan) -> String {
    match Span::from_decimal(plan.length().as_secs_f64().round()) {
        Some(takes) if takes > Span::default() => format!(", over {}", length(takes)),
        _ => String::new(),
    }
}

/// Says what was read, and what became of it: `pieces` first, then of how many `some`thing else, then
/// what was left out.
fn tell(
    read: &Read,
    calls: &Reconstruction<'_>,
    some: &[(u64, &str)],
    mut pieces: Vec<String>,
    plan: &Plan,
) {
    let left_out = [
        (plan.accepted, "accepted before"),
        (plan.unrouted, "without a route"),
        (plan.dropped, "dropped"),
    ];
    let some = some.iter().chain(&left_out).filter(|(many, _)| *many > 0);
    pieces.extend(some.map(|(many, what)| format!("{many} {what}")));
    if !read.quiet {
        let line = read.summary(calls).line();
        let _ = writeln!(io::stderr(), "{line}; {}", pieces.join(", "));
    }
}

fn report(read: &Read, calls: &Reconstruction<'_>, plan: &Plan, played: &Played) {
    let some = [
        (played.failed, "not accepted"),
        (played.left, "not sent"),
        (played.unread, "could not be read again"),
    ];
    let mut pieces = vec![count(played.accepted, "body") + played.verb];
    pieces.extend(played.edited.clone());
    tell(read, calls, &some, pieces, plan);
}

fn outcome(read: &Read, played: &Played) -> Outcome {
    let reading = read.close();
    if played.is_stopped {
        Outcome::Interrupted
    } else if played.unread > 0 || reading == Outcome::Unread {
        Outcome::Unread
    } else if played.failed + played.left > 0 {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}
