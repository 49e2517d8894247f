//! `callscope redact`: the capture with pseudonyms instead of names and ids.

mod key;

use std::io::{self, Write};

use anyhow::{Result, bail};

use super::Outcome;
use super::output::{print_to, write_summary};
use super::read::{Read, complain, read_keeping};
use super::screen::now;
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use crate::args::Redact;
use crate::event::key::Status;
use crate::event::{Detail, Private, Redactor, Refusal};
use crate::flow::Reconstruction;
use crate::input::{Counts, Unreadable};
use crate::view::summary::Summary;
use crate::view::words::count;
use key::load_key;

pub(super) fn run(args: &Redact) -> Result<Outcome> {
    refuse_partial_keep(&args.keep)?;
    let key = load_key(args.key_file.as_deref())?;
    let settings = Settings::of(&args.dates.settings, args.input.verbose)?;
    let now = now(&settings.tz(args.dates.tz.as_ref()))?;
    let detail = if asks_for_infos(&args.select) { Detail::Unknown } else { Detail::Warnings };
    let read = read_keeping(&args.input, detail)?;
    read.spare(args.output.files(), args.key_file.as_deref())?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&args.input);
    let selection = Selection::new(&args.select, &calls, &now)?;
    if let Some(nowhere) = selection.nowhere().first() {
        // A typing error must not look like a capture without personal data.
        bail!("{nowhere}");
    }
    let redactor = Redactor::new(&key, &args.keep);
    let mut redacted = RedactedWriter { redactor, written: 0, unread: 0, refused: 0 };
    print_to(args.output.output.as_deref(), |out| redacted.write(&read, &calls, &selection, out))?;
    let summary = Summary { refused: redacted.refused, ..read.summary(&calls) };
    write_summary(args.output.summary.as_deref(), &summary)?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}; {}", summary.line(), redacted.verdict(read.counts));
    }
    let outcome = read.close();
    let is_whole = redacted.unread == 0 && redacted.refused == 0;
    Ok(if is_whole { outcome } else { Outcome::Unread })
}

/// Refuses to keep an id unchanged if it contains ids that are replaced.
fn refuse_partial_keep(keep: &[Private]) -> Result<()> {
    let contains = [(Private::Conversation, Private::Uid), (Private::Session, Private::App)];
    for (whole, part) in contains {
        if keep.contains(&whole) && !keep.contains(&part) {
            let (whole, part) = (whole.name(), part.name());
            bail!(
                "a {whole} id shows the {part} ids that it is made of: --keep {whole} needs \
                 --keep {part} too"
            );
        }
    }
    Ok(())
}

/// Writes redacted bodies and counts them.
struct RedactedWriter {
    redactor: Redactor,
    written: u64,
    /// Bodies that could not be read again.
    unread: u64,
    /// Bodies that could be read but were not written.
    refused: u64,
}

/// The number of refused bodies that are listed.
const LISTED: u64 = 10;

impl RedactedWriter {
    /// Writes the selected deliveries in input order.
    fn write(
        &mut self,
        read: &Read,
        calls: &Reconstruction<'_>,
        selection: &Selection<'_>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let winners = conflict_winners(calls);
        let selected =
            || read.capture.deliveries.indexes().filter(|index| selection.has_part(*index));
        // A name in one body may be in the text of another.
        for index in selected() {
            if let Ok(body) = read.body(index) {
                self.redactor.collect(&body);
            }
        }
        for index in selected() {
            let body = match read.body(index) {
                Ok(body) => body,
                // `close` reports it.
                Err(Unreadable::Changed) => continue,
                Err(Unreadable::Failed(_)) => {
                    self.unread += 1;
                    continue;
                }
            };
            let mut body = match self.redactor.body(&body) {
                Ok(body) => body,
                Err(refusal) => {
                    self.refuse(read, index, refusal);
                    continue;
                }
            };
            if winners[index as usize] {
                body.insert(1, ' ');
            }
            match read.capture.received_at(index) {
                Some(at) => writeln!(out, r#"{{"received_at":"{at}","body":{body}}}"#)?,
                None => writeln!(out, "{body}")?,
            }
            self.written += 1;
        }
        if self.refused > LISTED {
            complain(&format!("{} more were refused", self.refused - LISTED));
        }
        Ok(())
    }

    /// Counts a body that is not written, and warns of the first ones.
    fn refuse(&mut self, read: &Read, delivery: u32, refusal: Refusal) {
        self.refused += 1;
        if self.refused <= LISTED {
            let place = read.capture.place(delivery);
            let name = &read.sources.source(place.source).name;
            complain(&format!("{name}:{} is refused: {refusal}", place.line));
        }
    }

    /// How many bodies were written, and how many texts were replaced or left out.
    fn verdict(&self, counts: Counts) -> String {
        let unread = match self.unread {
            0 => String::new(),
            count => format!(", {count} could not be read again"),
        };
        let replaced = NOUNS.map(|(private, noun)| (self.redactor.replaced(private), noun));
        let left_out = [
            (counts.skipped_lines, "skipped line"),
            (counts.damaged, "damaged place"),
            (counts.not_webhooks, "other JSON value"),
        ];
        let clashes = match self.redactor.clashes() {
            0 => String::new(),
            count => format!(
                "\nreplaced once more, because a pseudonym was a name or an id of this capture: {count}"
            ),
        };
        let written = count(self.written, "body") + " written" + &unread;
        written + &list("\nreplaced: ", &replaced) + &clashes + &list("\nleft out: ", &left_out)
    }
}

const NOUNS: [(Private, &str); 8] = [
    (Private::Name, "name"),
    (Private::Uid, "uid"),
    (Private::Conversation, "conversation id"),
    (Private::Session, "session id"),
    (Private::App, "app id"),
    (Private::Webhook, "webhook id"),
    (Private::Url, "URL"),
    (Private::Other, "other text"),
];

/// The counts that are not zero behind `head`; empty if all are zero.
fn list(head: &str, counts: &[(u64, &str)]) -> String {
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    let counts: Vec<String> = counts.map(|(number, noun)| count(*number, noun)).collect();
    if counts.is_empty() { String::new() } else { format!("{head}{}", counts.join(", ")) }
}

/// By delivery, whether its body was chosen over conflicting ones of the same event. Among bodies
/// that arrived at the same time the smallest is chosen: a space after the brace makes it the
/// smallest again.
fn conflict_winners(calls: &Reconstruction<'_>) -> Vec<bool> {
    let identities = &calls.identities;
    let mut winners = vec![false; identities.status.len()];
    for (delivery, status) in (0..).zip(&identities.status) {
        winners[identities.kept(delivery) as usize] |= *status == Status::Conflict;
    }
    winners
}
