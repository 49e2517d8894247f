//! A plan that is carried out, told and written down.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use super::edit::Editing;
use super::hands::{Ears, Lines, Own, Word};
use super::log::{EarlierLog, Ids, Log};
use super::manners::Manners;
use super::mask::Mask;
use super::plan::{Parcel, Plan};
use super::route::Targets;
use super::sending::{Attempt, Books, End, Hands, Sending};
use super::tally::Tally;
use crate::args::Replay;
use crate::commands::bar::Bar;
use crate::commands::is_broken_pipe;
use crate::commands::read::{Read, complain};
use crate::commands::signals::on_stop;
use crate::flow::Reconstruction;
use crate::input::Unreadable;
use crate::view::replay::table;
use crate::view::screen::Screen;

/// All that a run sends by.
pub(super) struct Playing<'p> {
    pub(super) args: &'p Replay,
    pub(super) read: &'p Read,
    pub(super) calls: &'p Reconstruction<'p>,
    pub(super) targets: &'p Targets,
    pub(super) ids: &'p Ids,
    pub(super) manners: Manners,
}

/// The way to the targets.
struct Connection {
    hands: Box<dyn Hands>,
    /// What the targets are called, without secrets.
    names: Vec<String>,
    mask: Arc<Mask>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) accepted: u64,
    /// What became of those.
    pub(super) verb: &'static str,
    pub(super) failed: u64,
    pub(super) left: u64,
    pub(super) unread: u64,
    pub(super) edited: Option<String>,
    pub(super) is_stopped: bool,
}

impl Playing<'_> {
    /// Sends everything, and prints what came of it.
    ///
    /// # Errors
    /// When it may not be sent, nothing can be sent any more, or it cannot be written down.
    pub(super) fn play(
        &self,
        plan: &Plan,
        editing: Editing<'_>,
        log: Option<&EarlierLog>,
        screen: &Screen,
    ) -> Result<Played> {
        if let Some(edits) = editing.plan().filter(|_| !self.read.quiet) {
            complain(&edits);
        }
        let (ears, mouth) = Ears::new();
        let Connection { mut hands, names, mask } = self.connect(plan, (ears, &mouth))?;
        let log = log.map(|earlier| self.log(earlier, &names, &mask)).transpose()?;
        on_stop(move || {
            // Nobody listens any more once all is done.
            let _ = mouth.send(Word::Stop);
        })?;
        let mut keeping = Keeping {
            read: self.read,
            names: &names,
            editing,
            log,
            tally: Tally::new(&names, plan),
            bar: Bar::new(plan.parcels.len() as u64, self.args.input.progress, self.read.quiet),
        };
        let sent = Sending::new(&plan.parcels, self.manners).run(&mut *hands, &mut keeping);
        // A reader that has seen enough changes nothing about how the run ends.
        let unwanted = sent.as_ref().is_err_and(is_broken_pipe);
        let end = if unwanted { End::Whole } else { sent? };
        let Keeping { editing, mut tally, bar, .. } = keeping;
        drop(bar);
        let is_stdout = self.targets.is_stdout();
        if !is_stdout {
            print(&mut tally, self.targets.has_stdout(), screen)?;
        }
        Ok(Played {
            accepted: tally.accepted(),
            verb: if is_stdout { " written" } else { " accepted" },
            failed: tally.failed(),
            left: if unwanted { 0 } else { tally.left() },
            unread: tally.unread,
            edited: editing.line(),
            is_stopped: end == End::Stopped,
        })
    }

    fn log<'l>(
        &'l self,
        earlier: &EarlierLog,
        names: &'l [String],
        mask: &'l Mask,
    ) -> Result<Log<'l>> {
        let (ids, read, calls) = (self.ids, self.read, self.calls);
        Ok(Log { file: earlier.open()?, ids, read, calls, names, mask })
    }

    /// Stdout is written to by the run itself; whatever is answered is waited for by threads.
    #[cfg(feature = "net")]
    fn connect(&self, plan: &Plan, (ears, mouth): (Ears, &Sender<Word>)) -> Result<Connection> {
        use super::access::{admit, headers, secrets};
        use super::posting::Posting;
        use super::workers::Workers;

        if self.targets.is_stdout() {
            return self.stdout(ears);
        }
        let headers = headers(&self.args.route)?;
        let mask = Arc::new(Mask::new(secrets(&headers))?);
        let names: Vec<_> = self.targets.names().iter().map(|name| mask.hide(name)).collect();
        self.announce(plan, &names);
        admit(self.targets, &names, &self.args.route, !headers.is_empty())?;
        let posting = Posting::new(self, headers, mask.clone());
        let cut = posting.client();
        let outlet = || Box::new(posting.clone()) as _;
        let cut = Box::new(move || cut.cut());
        let workers = Workers::new(self.args.pace.concurrency, (ears, mouth), outlet, cut);
        Ok(Connection { hands: Box::new(workers), names, mask })
    }

    #[cfg(not(feature = "net"))]
    fn connect(&self, _: &Plan, (ears, _): (Ears, &Sender<Word>)) -> Result<Connection> {
        self.stdout(ears)
    }

    fn stdout(&self, ears: Ears) -> Result<Connection> {
        let hands = Box::new(Own::new(ears, Box::new(Lines::stdout()?)));
        Ok(Connection { hands, names: self.targets.names(), mask: Arc::default() })
    }

    /// Says how much goes where.
    #[cfg(feature = "net")]
    fn announce(&self, plan: &Plan, names: &[String]) {
        use crate::view::words::count;

        if self.read.quiet {
            return;
        }
        let counts = plan.by_target(names.len());
        for (nth, (many, name)) in (1..).zip(counts.iter().zip(names)) {
            let takes = if nth == names.len() { super::duration(plan) } else { String::new() };
            complain(&format!("{} to {name}{takes}", count(*many, "webhook")));
        }
    }
}

/// Prints the figures: to stdout, unless bodies went there.
fn print(tally: &mut Tally<'_>, beside: bool, screen: &Screen) -> Result<()> {
    let mut text = Vec::new();
    table(tally.target_rows().into_iter(), screen, &mut text)?;
    text.push(b'\n');
    table(tally.answer_rows().into_iter(), screen, &mut text)?;
    let printed =
        if beside { io::stderr().write_all(&text) } else { io::stdout().write_all(&text) };
    match printed.context("cannot write to stdout") {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}

/// Who keeps the books of a run.
struct Keeping<'k> {
    read: &'k Read,
    names: &'k [String],
    editing: Editing<'k>,
    log: Option<Log<'k>>,
    tally: Tally<'k>,
    bar: Bar,
}

impl Books for Keeping<'_> {
    fn body(&mut self, parcel: &Parcel) -> Option<Vec<u8>> {
        match self.read.body(parcel.delivery) {
            Ok(body) => return Some(self.editing.apply(body)),
            // The run counts it.
            Err(Unreadable::Changed) => {}
            Err(Unreadable::Failed(_)) => self.tally.unread += 1,
        }
        self.bar.step(String::new);
        None
    }

    fn attempt(&mut self, attempt: &Attempt<'_>) -> Result<()> {
        if let Some(log) = &mut self.log {
            log.add(attempt)?;
        }
        if self.tally.add(attempt) && !self.read.quiet {
            let name = &self.names[usize::from(attempt.parcel.target)];
            self.bar.aside(|| complain(&format!("{name}: {}", attempt.answer.name())));
        }
        if attempt.last {
            let (accepted, failed) = (self.tally.accepted(), self.tally.failed());
            self.bar.step(|| format!("{accepted} accepted, {failed} failed"));
        }
        Ok(())
    }
}
