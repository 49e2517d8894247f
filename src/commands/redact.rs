//! `callscope redact`: the same capture with other names.

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

pub(super) fn run(args: &Redact) -> Result<Outcome> {
    refuse_halves(&args.keep)?;
    let key = key::of(args.key_file.as_deref())?;
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
        // A slip must not look like a capture that has nothing to hide.
        bail!("{nowhere}");
    }
    let mut redacted = Redacted::new(Redactor::new(&key, &args.keep));
    print_to(args.output.output.as_deref(), |out| redacted.write(&read, &calls, &selection, out))?;
    let summary = Summary { refused: redacted.refused, ..read.summary(&calls) };
    write_summary(args.output.summary.as_deref(), &summary)?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}; {}", summary.line(), redacted.told(read.counts));
    }
    let outcome = read.close();
    let is_whole = redacted.unread == 0 && redacted.refused == 0;
    Ok(if is_whole { outcome } else { Outcome::Unread })
}

/// Refuses to leave an id as it is that is made of others which are not to be seen.
fn refuse_halves(keep: &[Private]) -> Result<()> {
    let made_of = [(Private::Conversation, Private::Uid), (Private::Session, Private::App)];
    for (whole, part) in made_of {
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

/// What came of a redaction.
struct Redacted {
    redactor: Redactor,
    written: u64,
    /// Bodies that could not be read again.
    unread: u64,
    /// Bodies that could be read, and are not written.
    refused: u64,
}

/// The number of refused bodies that are reported singly.
const REPORTED: u64 = 10;

impl Redacted {
    fn new(redactor: Redactor) -> Self {
        Self { redactor, written: 0, unread: 0, refused: 0 }
    }

    /// Writes each delivery that is meant, in the order in which they were read.
    fn write(
        &mut self,
        read: &Read,
        calls: &Reconstruction<'_>,
        selection: &Selection<'_>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let winners = winners(calls);
        let meant = || read.capture.deliveries.indexes().filter(|index| selection.has_part(*index));
        // Whoever is named in one body must not be seen in another.
        for index in meant() {
            if let Ok(body) = read.body(index) {
                self.redactor.collect(&body);
            }
        }
        for index in meant() {
            let body = match read.body(index) {
                Ok(body) => body,
                // The run counts it.
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
        if self.refused > REPORTED {
            complain(&format!("{} more were refused", self.refused - REPORTED));
        }
        Ok(())
    }

    /// Counts a body that is not written, and reports the first of them with their places.
    fn refuse(&mut self, read: &Read, delivery: u32, refusal: Refusal) {
        self.refused += 1;
        if self.refused <= REPORTED {
            let place = read.capture.place(delivery);
            let name = &read.sources.source(place.source).name;
            complain(&format!("{name}:{} is refused: {refusal}", place.line));
        }
    }

    /// What there is to say of it.
    fn told(&self, counts: Counts) -> String {
        let unread = match self.unread {
            0 => String::new(),
            many => format!(", {many} could not be read again"),
        };
        let replaced = NOUNS.map(|(private, noun)| (self.redactor.replaced(private), noun));
        let left_out = [
            (counts.skipped_lines, "skipped line"),
            (counts.damaged, "damaged place"),
            (counts.not_webhooks, "other JSON value"),
        ];
        let clashes = match self.redactor.clashes() {
            0 => String::new(),
            many => format!(
                "\nreplaced once more, because a pseudonym was a name or an id of this capture: {many}"
            ),
        };
        let written = count(self.written, "body") + " written" + &unread;
        written + &list("\nreplaced: ", &replaced) + &clashes + &list("\nleft out: ", &left_out)
    }
}

/// What was replaced, one of each.
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

/// How many of what, those that there are; nothing where there are none.
fn list(head: &str, counts: &[(u64, &str)]) -> String {
    let some = counts.iter().filter(|(many, _)| *many > 0);
    let some: Vec<String> = some.map(|(many, noun)| count(*many, noun)).collect();
    if some.is_empty() { String::new() } else { format!("{head}{}", some.join(", ")) }
}

/// By delivery, whether it stands for an event of which others tell something else. Where arrival
/// does not decide that, the smallest body does: a space behind the bracket keeps it so.
fn winners(calls: &Reconstruction<'_>) -> Vec<bool> {
    let identities = &calls.identities;
    let mut winners = vec![false; identities.status.len()];
    for (delivery, status) in (0..).zip(&identities.status) {
        winners[identities.kept(delivery) as usize] |= *status == Status::Conflict;
    }
    winners
}
