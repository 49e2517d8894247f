//! Webhooks as they arrive → rows, and the figures of them all.

use std::io;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::args::{LiveShow, Waits};
use crate::event::key::{COLLISION_MESSAGE, Status, repetition};
use crate::event::{Capture, Delivery, Event, Flow, Moment, Sight, Span, Trigger, What, rules};
use crate::finding::{Finding, Rule};
use crate::flow::Limits;
use crate::flow::live::{Live, Patience, Replaced, Tell, Told};
use crate::input::Counts;
use crate::view::follow::{EventTold, FindingTold, LiveFormat, LiveRows, live_rows};
use crate::view::report::Out;
use crate::view::rows::{FindingRow, delivery_row};
use crate::view::screen::Screen;
use crate::view::summary::Summary;

/// Prints a row for each event, and for each call when it ends or falls silent.
pub(in crate::commands) struct EventRows<'r> {
    live: Live,
    printer: RowPrinter<'r>,
    summary: Summary,
    /// The clock of the events when waiting last began.
    clock: Option<Moment>,
    /// How long nothing has arrived since that clock moved.
    waited: Duration,
}

/// Prints the selected rows until printing fails.
struct RowPrinter<'r> {
    show: &'r LiveShow,
    name: &'r str,
    rows: Box<dyn LiveRows + 'r>,
    failed: Option<io::Error>,
}

impl<'r> EventRows<'r> {
    /// Rows of the text of this name.
    pub(in crate::commands) fn new(
        show: &'r LiveShow,
        waits: &Waits,
        name: &'r str,
        out: Out<'r>,
        screen: &'r Screen,
    ) -> Self {
        let format = if show.json { LiveFormat::Ndjson } else { show.format };
        let rows = live_rows(format, out, screen);
        let Waits { ring_window, open_after, linger } = *waits;
        let limits = Limits { ring_window, open_after, ..Limits::USUAL };
        Self {
            live: Live::new(Patience { limits, linger }),
            printer: RowPrinter { show, name, rows, failed: None },
            summary: Summary::default(),
            clock: None,
            waited: Duration::ZERO,
        }
    }

    /// Adds the first webhook of a capture.
    pub(in crate::commands) fn webhook(&mut self, one: &Capture) {
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

    /// Adds text that could not be read.
    pub(in crate::commands) fn finding(&mut self, finding: &Finding) {
        let RowPrinter { show, name, .. } = self.printer;
        if !show.calls {
            self.printer.print(|rows| rows.finding(&FindingRow::alone(finding, name)));
        }
    }

    /// How long to wait for the next webhook before [`Self::wait`] must be called; `None`: without
    /// limit.
    pub(in crate::commands) fn patience(&self) -> Option<Duration> {
        Some(self.total_patience()?.saturating_sub(self.waited))
    }

    fn total_patience(&self) -> Option<Duration> {
        let patience = self.live.patience()?;
        // A call is reported when a wait was longer than allowed, not when it was as long.
        Some(Duration::from_micros(patience.micros().unsigned_abs()) + Duration::from_millis(1))
    }

    /// Counts time in which nothing arrived, and reports the calls for which that was too long.
    /// `false` once rows cannot be printed any more.
    pub(in crate::commands) fn wait(&mut self, waited: Duration) -> bool {
        // Events move the clock themselves: waiting counts from the last one.
        let clock = self.live.clock();
        if std::mem::replace(&mut self.clock, clock) != clock {
            self.waited = Duration::ZERO;
        }
        self.waited += waited;
        if self.total_patience().is_some_and(|patience| self.waited >= patience) {
            let waited = std::mem::take(&mut self.waited);
            if let Some(waited) = Span::from_decimal(waited.as_secs_f64()) {
                self.live.pass(waited, &mut self.printer);
            }
            self.clock = self.live.clock();
        }
        self.printer.failed.is_none()
    }

    /// Reports the open calls. Returns the figures of all, and the number of webhooks that came too
    /// late for their calls.
    ///
    /// # Errors
    /// When rows could not be written.
    pub(in crate::commands) fn finish(mut self, counts: Counts) -> Result<(Summary, u64)> {
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

impl RowPrinter<'_> {
    fn print(&mut self, print: impl FnOnce(&mut dyn LiveRows) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = print(&mut *self.rows).err();
        }
    }

    /// Whether rows of this app are shown. Other apps are followed too: their events move the clock.
    fn shows_app(&self, app: Option<&str>) -> bool {
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
        if self.show.calls || !wanted || !self.shows_app(app) {
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

impl Tell for RowPrinter<'_> {
    fn call(&mut self, told: &Told<'_>) {
        if !self.show.events && self.shows_app(told.call.app_id) {
            self.print(|rows| rows.call(told));
        }
    }

    fn replaced(&mut self, replaced: &Replaced<'_>) {
        if !self.show.events && self.shows_app(replaced.app_id) {
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

/// What a delivery means because of an earlier one.
fn message(sight: Sight, other: &Delivery) -> Option<(&'static Rule, String)> {
    let (rule, what) = match sight.status {
        Status::Event => (&rules::KEY_COLLISION, COLLISION_MESSAGE),
        status => repetition(status)?,
    };
    Some((rule, format!("{what}; see line {}", other.place.line)))
}

/// The call's id if the event alone determines it: a ringing call has the id of its session.
fn call_id<'c>(one: &'c Capture, delivery: &Delivery) -> Option<&'c str> {
    let trigger = delivery.what.event().map(|event: &Event| event.trigger);
    let ringing = trigger.and_then(Trigger::flow) == Some(Flow::Ringing);
    delivery.session.filter(|_| ringing).map(|session| one.string(session))
}
