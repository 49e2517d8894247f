//! `callscope man`: manual pages in roff.

use anyhow::Result;
use clap_mangen::Man;

use super::Outcome;
use super::output::print_to;
use crate::args::Man as ManArgs;

pub(super) fn run(args: &ManArgs) -> Result<Outcome> {
    // The list of commands in groups is for terminals; roff has sections.
    let callscope = <crate::args::Cli as clap::CommandFactory>::command();
    let page = args.command.as_deref().and_then(|name| page(callscope.clone(), name));
    let page = Man::new(page.unwrap_or(callscope));
    let page = page.source(concat!("callscope ", env!("CARGO_PKG_VERSION")));
    print_to(None, |out| page.render(out))?;
    Ok(Outcome::Clean)
}

/// A command under the name that its page has.
fn page(mut callscope: clap::Command, name: &str) -> Option<clap::Command> {
    callscope.build();
    let command = callscope.find_subcommand(name)?.clone();
    Some(command.display_name(format!("callscope-{name}")))
}
