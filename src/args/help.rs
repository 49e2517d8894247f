//! The help of callscope itself: commands in groups.

use std::fmt::Write;

use clap::CommandFactory;

use super::Cli;

/// What the commands are for, in the order in which they are shown.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Look", &["calls", "timeline", "events", "stats", "follow"]),
    ("Check", &["check", "rule", "schema", "diff"]),
    ("Send", SEND),
    ("Make", &["generate", "redact"]),
    ("Misc", &["completions", "man", "help"]),
];

const SEND: &[&str] = if cfg!(feature = "net") { &["replay", "listen"] } else { &["replay"] };

/// What `help` is about, which clap adds by itself.
const HELP: &str = "Print this message or the help of a command";

/// The names of the commands that have a page of their own.
pub(super) fn commands() -> impl Iterator<Item = &'static str> {
    let names = GROUPS.iter().flat_map(|(_, names)| *names).copied();
    names.filter(|name| *name != "help")
}

/// The command line, with its help in groups.
#[must_use]
pub fn command() -> clap::Command {
    let command = Cli::command();
    let template = template(&command);
    command.help_template(template)
}

fn template(command: &clap::Command) -> String {
    let styles = command.get_styles();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut list = String::new();
    for (group, names) in GROUPS {
        // Writing to a string cannot fail.
        let _ = writeln!(list, "{header}{group}:{header:#}");
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            let about = about.map_or_else(|| HELP.to_owned(), ToString::to_string);
            let _ = writeln!(list, "  {literal}{name:<13}{literal:#}{about}");
        }
        list.push('\n');
    }
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}{header}Options:{header:#}\n{{options}}{{after-help}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let command = command();
        let mut names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        names.push("help");
        names.sort_unstable();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        grouped.sort_unstable();
        assert_eq!(grouped, names);
    }
}
