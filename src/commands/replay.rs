//! `callscope replay`: captured webhooks once more, as they came.

mod order;
mod outlet;
mod pace;

use std::io::{self, Write};

use anyhow::Result;

use super::read::{complain, read_keeping};
use super::screen::now;
use super::selection::{Selection, asks_for_infos};
use super::settings::Settings;
use super::{Outcome, is_broken_pipe};
use crate::args::Replay;
use crate::event::Detail;
use crate::view::words::count;
use order::{Turn, turns};
use outlet::{Outlet, open};
use pace::{Clock, Pace, Running};

pub(super) fn run(args: &Replay) -> Result<Outcome> {
    let settings = Settings::of(&args.dates.settings, args.input.verbose)?;
    let now = now(&settings.tz(args.dates.tz.as_ref()))?;
    let detail = if asks_for_infos(&args.select) { Detail::Unknown } else { Detail::Warnings };
    let read = read_keeping(&args.input, detail)?;
    if read.is_nothing() {
        return Ok(Outcome::Unread);
    }
    let calls = read.calls(&args.input);
    let selection = Selection::new(&args.select, &calls, &now)?;
    if !read.quiet {
        selection.nowhere().iter().for_each(|note| complain(note));
    }
    let turns = turns(&read.capture, |delivery| selection.has_delivery(delivery));
    let pace = Pace::new(args.speed, args.max_gap);
    let mut replayed = Replayed::default();
    let played = replayed.play(
        &turns,
        |delivery| read.body(delivery),
        pace,
        &mut Running::start(),
        &mut *open(args.to)?,
    );
    // A reader that has seen enough changes nothing about how the run ends.
    played.or_else(|error| if is_broken_pipe(&error) { Ok(()) } else { Err(error) })?;
    if !read.quiet {
        let _ = writeln!(io::stderr(), "{}; {}", read.summary(&calls).line(), replayed.line());
    }
    Ok(if replayed.unread > 0 { Outcome::Unread } else { read.outcome() })
}

/// What came of a replay.
#[derive(Debug, Default, PartialEq, Eq)]
struct Replayed {
    /// Bodies that went out.
    written: u64,
    /// Bodies that could not be read again.
    unread: u64,
}

impl Replayed {
    /// Sends each body when it is due.
    ///
    /// # Errors
    /// When the outlet takes no more.
    fn play(
        &mut self,
        turns: &[Turn],
        body: impl Fn(u32) -> Option<Vec<u8>>,
        mut pace: Pace,
        clock: &mut dyn Clock,
        outlet: &mut dyn Outlet,
    ) -> Result<()> {
        for turn in turns {
            let Some(body) = body(turn.delivery) else {
                self.unread += 1;
                continue;
            };
            clock.wait(pace.wait(turn.at, clock.elapsed()));
            outlet.send(&body)?;
            self.written += 1;
        }
        Ok(())
    }

    /// What there is to say of it.
    fn line(&self) -> String {
        let unread = match self.unread {
            0 => String::new(),
            many => format!(", {many} could not be read again"),
        };
        count(self.written, "body") + " written" + &unread
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::args::Speed;
    use crate::event::{Moment, Span};

    /// A clock that does not sleep.
    #[derive(Default)]
    struct Skipping {
        elapsed: Duration,
        waits: Vec<u64>,
    }

    impl Clock for Skipping {
        fn elapsed(&self) -> Duration {
            self.elapsed
        }

        fn wait(&mut self, length: Duration) {
            self.elapsed += length;
            self.waits.push(length.as_secs());
        }
    }

    impl Outlet for Vec<u8> {
        fn send(&mut self, body: &[u8]) -> Result<()> {
            self.extend(body);
            Ok(())
        }
    }

    fn turn(delivery: u32, seconds: i64) -> Turn {
        Turn { delivery, at: Moment::from_micros(seconds * 1_000_000) }
    }

    #[test]
    fn each_body_goes_out_when_it_is_due_and_one_that_is_gone_costs_no_wait() {
        let turns = [turn(7, 100), turn(8, 103), turn(9, 104)];
        let body = |delivery: u32| (delivery != 8).then(|| delivery.to_string().into_bytes());
        let pace = Pace::new(Speed::Times(1.0), Span::from_seconds(5));
        let (mut clock, mut sent, mut replayed) = <(Skipping, Vec<u8>, Replayed)>::default();
        replayed.play(&turns, body, pace, &mut clock, &mut sent).expect("memory");
        assert_eq!((sent.as_slice(), clock.waits.as_slice()), (&b"79"[..], &[0, 4][..]));
        assert_eq!(replayed, Replayed { written: 2, unread: 1 });
        assert_eq!(replayed.line(), "2 bodies written, 1 could not be read again");
    }
}
