//! `callscope follow`: rows as events arrive, a call's row when it ends or falls silent.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Error, Result, bail};

use super::live::{Live, patience};
use super::read::{complain, reading};
use super::screen::{clock, now, screen};
use super::settings::Settings;
use super::signals::on_stop;
use super::{Outcome, is_broken_pipe};
use crate::args::Follow;
use crate::input::Feed;
use crate::view::screen::Screen;
use crate::view::text::shown;

pub(super) fn run(args: &Follow) -> Result<Outcome> {
    let looks = Settings::of(&args.live.settings, args.verbose)?.looks(&args.live.looks);
    let path = path(args)?;
    let name = path.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
    let now = now(&looks.tz)?;
    let screen = screen(looks.paint, clock(&looks, false, &now), false);
    let followed = follow(args, path, &name, &screen);
    match followed {
        Err(error) if is_broken_pipe(&error) => Ok(Outcome::Clean),
        other => other,
    }
}

/// The file that is followed; `None` for stdin.
fn path(args: &Follow) -> Result<Option<PathBuf>> {
    let path = args.file.as_ref().or(args.input.as_ref()).filter(|path| path.as_os_str() != "-");
    match path {
        Some(path) if path.is_dir() => {
            bail!("cannot follow {}: it is a folder; name a file", path.display())
        }
        Some(path) => {
            if !path.exists() && !args.quiet {
                complain(&format!("{} is not there yet; waiting for it", path.display()));
            }
            Ok(Some(path.clone()))
        }
        None if io::stdin().is_terminal() => bail!(
            "nothing to follow: name a file with -F, or pipe something in; \
             `callscope follow --help` says more"
        ),
        None => Ok(None),
    }
}

fn follow(args: &Follow, path: Option<PathBuf>, name: &str, screen: &Screen) -> Result<Outcome> {
    let live = Live {
        show: &args.live.shown,
        patience: patience(&args.live.patience),
        name,
        screen,
        reading: reading(&args.logs),
        most: args.max_expanded,
        verbose: args.verbose,
    };
    let lived = live.run(
        Box::new(io::stdout()),
        |waiting| match path {
            Some(path) => Feed::file(&path, waiting),
            None => Feed::stdin(waiting),
        },
        |stop| on_stop(move || stop.stop()),
    )?;
    if !args.quiet {
        let _ = writeln!(io::stderr(), "{}", lived.line());
    }
    match lived.read {
        Ok(()) => Ok(Outcome::Clean),
        Err(error) => {
            complain(&Error::new(error).context(format!("cannot read {}", shown(name))));
            Ok(Outcome::Unread)
        }
    }
}
