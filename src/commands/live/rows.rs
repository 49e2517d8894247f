//! Webhooks as they come → rows, and the figures of them all.

use std::io;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::args::LiveShow;
use crate::event::key::{COLLISION_MESSAGE, Status, repetition};
use crate::event::{Capture, Delivery, Event, Flow, Moment, Sight, Span, Trigger, What, rules};
use crate::finding::{Finding, Rule};
use crate::flow::live::{Live, Patience, Replaced, Tell, Told};
use crate::input::Counts;
use crate::view::follow::{EventTold, FindingTold, LiveFormat, LiveRows, live_rows};
use crate::view::report::Out;
use crate::view::rows::{FindingRow, delivery_row};
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// What is open, and where its rows go.
pub(in crate::commands) struct Rows<'r> {
    live: Live,
    printer: Printer<'r>,
    summary: Summary,
    /// What the clock said when it was last asked whether it has moved.
    clock: Option<Moment>,
}

/// Prints what is wanted until it fails.
struct Printer<'r> {
    show: &'r LiveShow,
    name: &'r str,
    rows: Box<dyn LiveRows + 'r>,
    failed: Option<io::Error>,
}

impl<'r> Rows<'r> {
    /// Rows of the text of this name, as they are wanted.
    pub(super) fn new(
        show: &'r LiveShow,
        patience: Patience,
        name: &'r str,
        out: Out<'r>,
        screen: &'r Screen,
    ) -> Self {
        let format = if show.json { LiveFormat::Ndjson } else { show.format };
        let rows = live_rows(format, out, screen);
        Self {
            live: Live::new(patience),
            printer: Printer { show, name, rows, failed: None },
            summary: Summary::default(),
            clock: None,
        }
    }

    /// Takes a webhook: the only one of its capture.
    pub(super) fn webhook(&mut self, one: &Capture) {
        let Some(delivery) = one.deliveries.iter().next() else {
            return;
        };
        let seen = self.live.add(one, &mut self.printer);
        let status = match (seen, delivery.what) {
            (Some((sight, _)), _) => sight.status,
            (None, What::Other(_)) => Status::Other,
            (None, _) => Status::Invalid,
        };
        self.count(status, seen.is_some_and(|(sight, other)| is_collision(sight, other)));
        self.printer.event(one, &delivery, status, seen);
        self.live.tell(&mut self.printer);
    }

    fn count(&mut self, status: Status, collides: bool) {
        let counted = match status {
            Status::Event => &mut self.summary.events,
            Status::Duplicate => &mut self.summary.duplicates,
            Status::Copy => &mut self.summary.copies,
            Status::Conflict => &mut self.summary.conflicts,
            Status::Invalid => &mut self.summary.invalid,
            Status::Other => &mut self.summary.other_webhooks,
        };
        *counted += 1;
        self.summary.collisions += u64::from(collides);
    }

    /// Takes what could not be read.
    pub(super) fn finding(&mut self, finding: &Finding) {
        let Printer { show, name, .. } = self.printer;
        if !show.calls {
            self.printer.print(|rows| rows.finding(&FindingRow::alone(finding, name)));
        }
    }

    /// How long nothing may come until there is something to tell.
    pub(super) fn patience(&self) -> Option<Duration> {
        let patience = self.live.patience()?;
        // A moment more: what is allowed for so long is told when it took longer.
        Some(Duration::from_micros(patience.micros().unsigned_abs()) + Duration::from_millis(1))
    }

    /// Whether events have moved the clock since this was last asked.
    pub(super) fn has_moved(&mut self) -> bool {
        let clock = self.live.clock();
        std::mem::replace(&mut self.clock, clock) != clock
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, waited: Duration) {
        if let Some(waited) = Span::from_decimal(waited.as_secs_f64()) {
            self.live.pass(waited, &mut self.printer);
        }
        self.clock = self.live.clock();
    }

    /// Whether nobody takes rows any more.
    pub(super) fn has_failed(&self) -> bool {
        self.printer.failed.is_some()
    }

    /// Tells what is open. The figures of all, and how many webhooks came too late for their calls.
    ///
    /// # Errors
    /// When rows could not be written.
    pub(super) fn finish(mut self, counts: Counts) -> Result<(Summary, u64)> {
        let late = self.live.late();
        let calls = self.live.finish(&mut self.printer);
        if let Some(error) = self.printer.failed {
            return Err(error).context("cannot write to stdout");
        }
        let summary = Summary {
            sources: 1,
            documents: counts.documents,
            webhooks: counts.webhooks,
            not_webhooks: counts.not_webhooks,
            damaged: counts.damaged,
            skipped_lines: counts.skipped_lines,
            calls,
            ..self.summary
        };
        Ok((summary, late))
    }
}

fn is_collision(sight: Sight, other: Option<Delivery>) -> bool {
    sight.status == Status::Event && other.is_some()
}

impl Printer<'_> {
    fn print(&mut self, print: impl FnOnce(&mut dyn LiveRows) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = print(&mut *self.rows).err();
        }
    }

    /// Whether rows of this app are wanted. The others are followed all the same: time is theirs
    /// too.
    fn is_of_app(&self, app: Option<&str>) -> bool {
        let wanted = &self.show.app;
        wanted.is_empty() || app.is_some_and(|app| wanted.iter().any(|id| app.starts_with(id)))
    }

    fn event(
        &mut self,
        one: &Capture,
        delivery: &Delivery,
        status: Status,
        seen: Option<(Sight, Option<Delivery>)>,
    ) {
        let name = delivery.what.trigger_name(one);
        let wanted = &self.show.trigger;
        let wanted = wanted.is_empty() || wanted.iter().any(|pattern| pattern.matches(name));
        let app = delivery.app.map(|app| one.string(app));
        if self.show.calls || !wanted || !self.is_of_app(app) {
            return;
        }
        let mut findings: Vec<FindingTold<'_>> = one.findings.iter().map(told).collect();
        let message = seen.and_then(|(sight, other)| message(sight, &other?));
        let told = message.as_ref().map(|(rule, message)| FindingTold {
            rule: rule.code,
            severity: rule.severity,
            message,
            pointer: None,
        });
        findings.extend(told);
        let event = delivery_row(one, self.name, 0, status, call_id(one, delivery));
        self.print(|rows| rows.event(&EventTold { event, findings }));
    }
}

impl Tell for Printer<'_> {
    fn call(&mut self, told: &Told<'_>) {
        if !self.show.events && self.is_of_app(told.call.app_id) {
            self.print(|rows| rows.call(told));
        }
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) {
        if !self.show.events && self.is_of_app(replaced.app_id) {
            self.print(|rows| rows.replaced(replaced));
        }
    }
}

fn told(finding: &Finding) -> FindingTold<'_> {
    FindingTold {
        rule: finding.rule.code,
        severity: finding.severity,
        message: &finding.message,
        pointer: finding.pointer.as_deref(),
    }
}

/// What is to be said of a delivery because of another.
fn message(sight: Sight, other: &Delivery) -> Option<(&'static Rule, String)> {
    let (rule, what) = match sight.status {
        Status::Event => (&rules::KEY_COLLISION, COLLISION_MESSAGE),
        status => repetition(status)?,
    };
    Some((rule, format!("{what}; see line {}", other.place.line)))
}

/// The call's id, where the event itself tells it: a ringing call has that of its session.
fn call_id<'c>(one: &'c Capture, delivery: &Delivery) -> Option<&'c str> {
    let trigger = delivery.what.event().map(|event: &Event| event.trigger);
    let ringing = trigger.and_then(Trigger::flow) == Some(Flow::Ringing);
    delivery.session.filter(|_| ringing).map(|session| one.string(session))
}
