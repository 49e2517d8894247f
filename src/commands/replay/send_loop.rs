//! Sends a plan, and records and reports each attempt.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use anyhow::{Context, Result};

use super::attempt_log::{AttemptLog, LogRecord, send_id};
use super::body_editor::BodyEditor;
use super::figures::TargetFigures;
use super::plan::{PlannedSend, SendPlan};
use super::retry_policy::{Answer, RetryPolicy};
use super::scheduler::{Attempt, Recorder, Scheduler, SendEvent};
use super::secret_mask::SecretMask;
use super::targets::Targets;
use super::transport::{Events, LiveTransport};
use crate::args::Replay;
use crate::commands::append_file::AppendFile;
use crate::commands::bar::Bar;
use crate::commands::is_broken_pipe;
use crate::commands::read::{Read, complain};
use crate::commands::signals::on_stop;
use crate::event::Moment;
use crate::flow::Reconstruction;
use crate::input::Unreadable;
use crate::view::replay::table;
use crate::view::screen::Screen;
use crate::view::text::shown;

/// Records the attempts of this run in the log, the figures and the progress bar.
pub(super) struct RunRecorder<'r> {
    read: &'r Read,
    calls: &'r Reconstruction<'r>,
    policy: RetryPolicy,
    /// Names of the targets, without secrets.
    names: Vec<String>,
    mask: Arc<SecretMask>,
    pub(super) editor: BodyEditor<'r>,
    log: Option<(&'r AttemptLog, AppendFile)>,
    figures: Vec<TargetFigures>,
    /// Bodies that could not be read again.
    pub(super) unread: u64,
    /// `None` once everything is sent.
    bar: Option<Bar>,
    /// Whether the user stopped the run.
    pub(super) is_stopped: bool,
    /// Whether the reader of stdout has gone.
    is_unwanted: bool,
}

/// Sends everything when it is due.
///
/// # Errors
/// When it may not be sent, or nothing more can be sent or logged.
pub(super) fn send<'r>(
    args: &Replay,
    (read, calls): (&'r Read, &'r Reconstruction<'r>),
    targets: &Targets,
    plan: &mut SendPlan,
    editor: BodyEditor<'r>,
    log: Option<&'r AttemptLog>,
) -> Result<RunRecorder<'r>> {
    if let Some(edits) = editor.announcement().filter(|_| !read.quiet) {
        complain(&edits);
    }
    let policy = RetryPolicy::new(&args.route);
    let (sender, events) = channel();
    let (mut transport, names, mask) =
        connect(args, policy, targets, plan, read.quiet, (events, &sender))?;
    let log = log.map(|log| log.open().map(|file| (log, file))).transpose()?;
    on_stop(move || {
        // Fails when everything is sent.
        let _ = sender.send(Ok(SendEvent::Stop));
    })?;
    let planned = plan.count_by_target(names.len());
    let mut recorder = RunRecorder {
        read,
        calls,
        policy,
        names,
        mask,
        editor,
        log,
        figures: planned.into_iter().map(TargetFigures::new).collect(),
        unread: 0,
        bar: Some(Bar::new(plan.sends.len() as u64, args.input.progress, read.quiet)),
        is_stopped: false,
        is_unwanted: false,
    };
    match Scheduler::new(&mut plan.sends, policy).run(&mut transport, &mut recorder) {
        Ok(is_stopped) => recorder.is_stopped = is_stopped,
        Err(error) if is_broken_pipe(&error) => recorder.is_unwanted = true,
        Err(error) => return Err(error),
    }
    // Clears the bar before anything else is printed.
    recorder.bar = None;
    Ok(recorder)
}

/// The way to the targets, and their names without secrets.
#[cfg_attr(not(feature = "net"), expect(unused_variables, reason = "every target is stdout"))]
fn connect(
    args: &Replay,
    policy: RetryPolicy,
    targets: &Targets,
    plan: &SendPlan,
    quiet: bool,
    (events, sender): (Events, &Sender<Result<SendEvent>>),
) -> Result<(LiveTransport, Vec<String>, Arc<SecretMask>)> {
    #[cfg(feature = "net")]
    if !targets.is_stdout() {
        use super::auth_headers::{confirm_targets, load_headers, secrets};
        use crate::view::words::count;

        let headers = load_headers(&args.route)?;
        let mask = Arc::new(SecretMask::new(secrets(&headers))?);
        let names: Vec<_> = targets.names().iter().map(|name| mask.hide(name)).collect();
        let counts = plan.count_by_target(names.len());
        for (number, (sends, name)) in (1..).zip(counts.into_iter().zip(&names)) {
            let takes = if number == names.len() { super::duration(plan) } else { String::new() };
            if !quiet {
                complain(&format!("{} to {name}{takes}", count(sends, "webhook")));
            }
        }
        confirm_targets(targets, &names, &args.route, !headers.is_empty())?;
        let secrets = (headers, mask.clone());
        let transport =
            LiveTransport::http(args, policy.timeout, targets, secrets, (events, sender));
        return Ok((transport, names, mask));
    }
    Ok((LiveTransport::stdout(events)?, targets.names(), Arc::default()))
}

impl RunRecorder<'_> {
    fn sum(&self, figure: fn(&TargetFigures) -> u64) -> u64 {
        self.figures.iter().map(figure).sum()
    }

    /// Sends that were accepted.
    pub(super) fn accepted(&self) -> u64 {
        self.sum(|figures| figures.accepted)
    }

    /// Sends whose last attempt was not accepted.
    pub(super) fn failed(&self) -> u64 {
        self.sum(|figures| figures.failed)
    }

    /// Sends without a result: not started, or not finished.
    pub(super) fn left(&self) -> u64 {
        if self.is_unwanted {
            return 0;
        }
        self.sum(|figures| figures.planned) - self.accepted() - self.failed() - self.unread
    }

    fn step(&mut self, message: impl FnOnce() -> String) {
        if let Some(bar) = &mut self.bar {
            bar.step(message);
        }
    }

    /// Prints the figures to stdout, or to stderr if bodies went to stdout.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn print(&mut self, to_stderr: bool, screen: &Screen) -> Result<()> {
        let mut text = Vec::new();
        let targets = self.figures.iter_mut().zip(&self.names);
        table(targets.map(|(figures, name)| figures.target_row(name)), screen, &mut text)?;
        text.push(b'\n');
        let targets = self.figures.iter().zip(&self.names);
        table(targets.flat_map(|(figures, name)| figures.answer_rows(name)), screen, &mut text)?;
        let printed =
            if to_stderr { io::stderr().write_all(&text) } else { io::stdout().write_all(&text) };
        match printed.context("cannot write to stdout") {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            other => other,
        }
    }

    fn log_record<'a>(
        &'a self,
        send: &PlannedSend,
        attempt: &Attempt,
        is_last: bool,
        log: &AttemptLog,
    ) -> LogRecord<'a> {
        let capture = &self.read.capture;
        let delivery = capture.delivery(send.delivery);
        let (status, error, start) = match &attempt.answer {
            Answer::Written => (None, None, None),
            Answer::Status(status, start) => (Some(*status), None, Some(start)),
            Answer::Failed(why) => (None, Some(self.mask.hide(why)), None),
        };
        LogRecord {
            delivery: send_id(send, &log.ids),
            attempt: send.attempts,
            sent_at: Moment::from(attempt.sent_at).to_string(),
            trigger: delivery.what.trigger_name(capture).into(),
            call_id: self.calls.call_of(send.delivery).map(|call| self.calls.id(call)),
            target: self.names[usize::from(send.target)].as_str().into(),
            source: &self.read.sources.source(delivery.place.source).name,
            line: delivery.place.line,
            status,
            error,
            latency_seconds: attempt.latency.as_secs_f64(),
            accepted: self.policy.accepts(&attempt.answer),
            last: is_last,
            answer: start.map(|start| shown(String::from_utf8_lossy(start).trim()).into_owned()),
        }
    }
}

impl Recorder for RunRecorder<'_> {
    fn body(&mut self, send: &PlannedSend) -> Option<Vec<u8>> {
        match self.read.body(send.delivery) {
            Ok(body) => return Some(self.editor.apply(body)),
            // Counts among the sends that are left.
            Err(Unreadable::Changed) => {}
            Err(Unreadable::Failed(_)) => self.unread += 1,
        }
        self.step(String::new);
        None
    }

    fn record(&mut self, send: &PlannedSend, attempt: &Attempt, is_last: bool) -> Result<()> {
        // The record borrows the recorder.
        if let Some((log, mut file)) = self.log.take() {
            self.log_record(send, attempt, is_last, log).add_to(&mut file)?;
            self.log = Some((log, file));
        }
        let is_accepted = self.policy.accepts(&attempt.answer);
        let target = usize::from(send.target);
        let is_news = self.figures[target].add(attempt, send.attempts, is_accepted, is_last);
        if is_news && !self.read.quiet {
            let warn = || complain(&format!("{}: {}", self.names[target], attempt.answer.name()));
            self.bar.as_ref().map_or_else(warn, |bar| bar.aside(warn));
        }
        if is_last {
            let (accepted, failed) = (self.accepted(), self.failed());
            self.step(|| format!("{accepted} accepted, {failed} failed"));
        }
        Ok(())
    }
}
