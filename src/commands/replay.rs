//! `callscope replay`: sends captured webhooks again, unchanged.

mod attempt_log;
#[cfg(feature = "net")]
mod auth_headers;
mod body_editor;
mod faults;
mod figures;
mod plan;
mod retry_policy;
mod scheduler;
#[cfg_attr(not(any(feature = "net", test)), expect(dead_code, reason = "stdout gets no secrets"))]
mod secret_mask;
mod send_loop;
mod targets;
mod transport;

use std::collections::HashSet;
use std::io::{self, Write};

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
use attempt_log::{AttemptLog, delivery_ids, send_id};
use body_editor::BodyEditor;
use plan::{PlannedSend, SendPlan, order_deliveries};
use targets::Targets;

pub(super) fn run(args: &Replay) -> Result<Outcome> {
    let targets = Targets::new(&args.route)?;
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
    let ordered = order_deliveries(&read.capture, |delivery| selection.has_delivery(delivery));
    let editor = BodyEditor::new(&args.edits, &ordered, &read.capture, &now)?;
    let mut plan = SendPlan::new(ordered, &calls, &targets, &args.pace, &args.faults);
    let log = read_log(args, &mut plan, &read)?;
    if args.told.dry_run {
        print_plan(&plan, &calls, &read, &targets, &screen)?;
        let would = count(plan.sends.len() as u64, "body") + " would be sent" + &duration(&plan);
        print_summary(&read, &calls, &plan, vec![would], &[]);
        return Ok(read.close());
    }
    let mut sent =
        send_loop::send(args, (&read, &calls), &targets, &mut plan, editor, log.as_ref())?;
    if !targets.is_stdout() {
        sent.print(targets.has_stdout(), &screen)?;
    }
    let verb = if targets.is_stdout() { " written" } else { " accepted" };
    let mut results = vec![count(sent.accepted(), "body") + verb];
    results.extend(sent.editor.summary());
    let missing = [
        (sent.failed(), "not accepted"),
        (sent.left(), "not sent"),
        (sent.unread, "could not be read again"),
    ];
    print_summary(&read, &calls, &plan, results, &missing);
    let outcome = read.close();
    Ok(if sent.is_stopped {
        Outcome::Interrupted
    } else if sent.unread > 0 || outcome == Outcome::Unread {
        Outcome::Unread
    } else if sent.failed() + sent.left() > 0 {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// The log to add to, if any. With `--resume`, removes from the plan what it shows as accepted.
fn read_log(args: &Replay, plan: &mut SendPlan, read: &Read) -> Result<Option<AttemptLog>> {
    let (path, resumes) = match (&args.told.resume, &args.told.log) {
        (Some(path), _) => (path, true),
        (None, Some(path)) => (path, false),
        (None, None) => return Ok(None),
    };
    let ids = delivery_ids(&plan.sends, read);
    if resumes && !path.is_file() {
        bail!("cannot go on with {}: there is no such file", path.display());
    }
    // Only the ids of this run are kept: a log may have millions of others.
    let sends = plan.sends.iter().filter(|_| resumes);
    let wanted: HashSet<String> = sends.map(|send| send_id(send, &ids)).collect();
    let mut log = AttemptLog::read(path, |id| wanted.contains(id))?;
    log.ids = ids;
    if resumes {
        plan.skip_accepted(&log);
    }
    if log.is_cut_short() && !read.quiet {
        complain(&format!("{}: the last record is cut short and will be removed", path.display()));
    }
    Ok(Some(log))
}

/// Prints what would be sent, a row for each send.
fn print_plan(
    plan: &SendPlan,
    calls: &Reconstruction<'_>,
    read: &Read,
    targets: &Targets,
    screen: &Screen,
) -> Result<()> {
    let names = targets.names();
    let row = |send: &PlannedSend| {
        let delivery = read.capture.delivery(send.delivery);
        PlannedRow {
            after: Span::from_decimal(send.due.as_secs_f64()).unwrap_or_default(),
            trigger: delivery.what.trigger_name(&read.capture),
            call: calls.call_of(send.delivery).map(|call| calls.id(call)),
            target: &names[usize::from(send.target)],
            again: send.is_repeat,
            source: &read.sources.source(delivery.place.source).name,
            line: delivery.place.line,
        }
    };
    let mut out = open(None)?;
    let printed = table(plan.sends.iter().map(row), screen, &mut out);
    super::output::finish(printed.map_err(Into::into), out)
}

/// `, over 5 min`: the time from the first send to the last; empty if that is none.
fn duration(plan: &SendPlan) -> String {
    match Span::from_decimal(plan.duration().as_secs_f64().round()) {
        Some(takes) if takes > Span::default() => format!(", over {}", length(takes)),
        _ => String::new(),
    }
}

/// Prints what was read, the results, and the counts of what is missing from them.
fn print_summary(
    read: &Read,
    calls: &Reconstruction<'_>,
    plan: &SendPlan,
    mut results: Vec<String>,
    missing: &[(u64, &str)],
) {
    if read.quiet {
        return;
    }
    let left_out = [
        (plan.accepted, "accepted before"),
        (plan.unrouted, "without a route"),
        (plan.dropped, "dropped"),
    ];
    let counts = missing.iter().chain(&left_out).filter(|(count, _)| *count > 0);
    results.extend(counts.map(|(count, what)| format!("{count} {what}")));
    let line = read.summary(calls).line();
    let _ = writeln!(io::stderr(), "{line}; {}", results.join(", "));
}
