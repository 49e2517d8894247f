//! `callscope man`: manual pages in roff.

use anyhow::{Context, Result, bail};
use clap_mangen::Man;

use super::Outcome;
use super::output::{finish, open};
use crate::args::suggest::did_you_mean;
use crate::args::{Cli, Man as ManArgs};

pub(super) fn run(args: &ManArgs) -> Result<Outcome> {
    let page = match &args.command {
        None => <Cli as clap::CommandFactory>::command(),
        Some(name) => command(name)?,
    };
    let mut out = open(None)?;
    let printed = Man::new(page).render(&mut out);
    finish(printed.context("cannot write the output"), out)?;
    Ok(Outcome::Clean)
}

/// The command of a name, under the name that its page has.
fn command(name: &str) -> Result<clap::Command> {
    let mut callscope = <Cli as clap::CommandFactory>::command();
    callscope.build();
    let Some(found) = callscope.find_subcommand(name) else {
        let names = callscope.get_subcommands().map(clap::Command::get_name);
        bail!("there is no command `{name}`{}", did_you_mean(name, names));
    };
    let page = format!("callscope-{}", found.get_name());
    Ok(found.clone().display_name(page).version(env!("CARGO_PKG_VERSION")))
}
