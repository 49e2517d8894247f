//! What can be typed. Data only: what it means is decided in the commands.

mod deferred;
mod follow;
mod generate;
mod help;
#[cfg(feature = "net")]
mod listen;
mod redact;
mod replay;
mod schema;
mod select;
mod settings;
mod show;
mod stats;
pub mod suggest;
mod typed;
mod value;
pub mod when;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use jiff::tz::TimeZone;

pub use deferred::Deferred;
pub use follow::{Follow, Live, LiveShow, Waits};
pub use generate::Generate;
pub use help::command;
#[cfg(feature = "net")]
pub use listen::{Bind, Failing, Listen};
pub use redact::Redact;
pub use replay::{Edits, Faults, Pacing, Replay, Route, Routes, Setting, Speed, Target, Telling};
pub use schema::Schema;
pub use select::{Select, SelectResult};
pub use settings::{Dates, SettingsFrom};
pub use show::{Color, FormatTo, Looks, Output, Paint, Rows, Show};
pub use stats::Stats;
pub use typed::{Refusal, parse};

pub(crate) use show::zone;
pub(crate) use value::selector;

use crate::event::Span;
use crate::finding::{Rule, Severity};

/// Reads captured CometChat calling webhooks, checks them and reconstructs each call's timeline
#[derive(Debug, Parser)]
#[command(
    name = "callscope",
    version,
    about,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "INPUT is a file, a folder, a \"glob\", or - for stdin.
`callscope COMMAND --help` has examples."
)]
pub struct Cli {
    /// The verb.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// One row per call: flow, who, outcome, ring, duration, people, rules
    #[command(after_help = "Examples:
  callscope calls captures/
  callscope calls --outcome unanswered --since -7d --sort -ring_seconds --limit 20 captures/
  callscope calls --participant \"Ana Ruiz\" --json captures/ | jq '.calls[].call_id'
  callscope calls today.ndjson --columns when,who,duration --format csv -o today.csv")]
    Calls(Deferred<Look>),
    /// Each call's timeline: what happened when, who was in it, drawn
    #[command(after_help = "In the drawing (and with --ascii):
  ● ◐ ○ * + o  a call that ended, goes on, was not taken; ◌ ? nothing is known of what came of it
  ┣━━┫  [==]  a stay: its joined and its left webhook
  ◌     ?     no webhook was captured: what is told comes from the roster or from another event
  ▶     >     no end is known
  ┃     #     a stay of one column or less
  ╶─╴   (-)   ringing; ╶╌╴ (~) where no id links it to the session
  ╺═╸   <r>   a recording
  ≈     ~     an event that no id links to its call

Examples:
  callscope timeline captures/
  callscope timeline captures/ --call v1.us.2394
  callscope timeline --since yesterday --min-duration 10m --tz local captures/
  callscope timeline --json - < capture.json | jq '.calls[].timeline'")]
    Timeline(Deferred<Look>),
    /// One row per delivery: time, trigger, who, status, key, source and line
    #[command(after_help = "Examples:
  callscope events capture.ndjson
  callscope events -t 'call_participant_*' --participant \"Ana Ruiz\" capture.ndjson
  callscope events --distinct --format ndjson captures/")]
    Events(Deferred<Events>),
    /// All calls in figures: outcomes, answer rate, percentiles, minutes, peaks, delivery
    #[command(
        after_help = "Days and hours are those of --tz, in every format; a call counts on the day and in the hour in which
it began. Quantiles are values that occur, by nearest rank: p95 is the least that 95 of a hundred
do not exceed. Participant minutes are the sum of all known stays, an estimate of what is billed:
CometChat's dashboard rounds in its own way. A call or a stay without a known end counts for the
peaks until the last that is known of it. Lost webhooks are those that a warning tells of (R001,
R002, F004, F006 to F009). A call with several platforms counts in each group of --by platform.

What --partial prints of several captures, put together with --merge, is what all of them come to
at once, as long as no call has webhooks in two of them (one that was cut in two counts as two), and
as long as no app has (what is lost, inferred or collides is judged within each capture). Calls are
selected when --partial is printed; --tz and --by have to be the same.

Examples:
  callscope stats captures/
  callscope stats --by day --tz Europe/Berlin --since -30d captures/
  callscope stats --by caller --sort -lost --limit 20 --format csv captures/ > callers.csv
  callscope stats --json captures/ | jq .stats.answer_rate
  callscope stats --partial monday.ndjson > monday.json
  callscope stats --merge monday.json tuesday.json"
    )]
    Stats(Deferred<Stats>),
    /// Live: rows as events arrive, a call's row when it ends or falls silent
    #[command(
        after_help = "A call's row comes when it ends or falls silent, again when that changes, and with --format
ndjson a last time when it is forgotten: the highest `revision` of a `call_id` counts.

Examples:
  kubectl logs -f app | callscope follow
  callscope follow -F /var/log/webhooks.log --calls
  callscope replay captures/ --to - --speed 60x | callscope follow
  callscope follow --format ndjson < capture.ndjson | jq 'select(.row == \"call\" and .final)'

Exit status: 0 at the end of the input and when interrupted, 2 wrong usage or an input that could
not be read."
    )]
    Follow(Deferred<Follow>),
    /// Find what is wrong with captured webhooks
    #[command(after_help = "Examples:
  callscope check captures/
  callscope check --select S --format concise captures/*.json
  callscope check --severity K003=error --ignore L001 captures/
  callscope check --json capture.ndjson | jq '.findings[].rule'
  callscope check --write-baseline known.json captures/
  callscope check --baseline known.json captures/
  callscope check --format github --format sarif=callscope.sarif captures/

Exit status: 0 nothing at or above --fail-on, 1 something, 2 wrong usage or an input that could
not be read.")]
    Check(Deferred<Check>),
    /// A rule's page: what, why, an example, what to do; without a code, all rules
    #[command(after_help = "Examples:
  callscope rule
  callscope rule K002
  callscope rule key-collision")]
    Rule(Deferred<RuleArgs>),
    /// JSON Schema of an event or of an output; an example of an event
    #[command(after_help = "Examples:
  callscope schema
  callscope schema call_started > call_started.schema.json
  callscope schema --example call_ended | callscope check
  callscope schema --output calls > calls.schema.json")]
    Schema(Deferred<Schema>),
    /// Two captures, call by call: what only one has, what changed, and why
    #[command(
        after_help = "A and B are files, folders, \"globs\", or one of them - for stdin. Calls are matched by their
ids and by the webhooks that they share. The order of webhooks and of keys, spaces, what webhooks
are captured in, and repeated deliveries are no difference. Other triggers, and webhooks that
cannot be used, are not compared; what was read of each side tells how many there are.

Examples:
  callscope diff provider.ndjson stored.ndjson
  callscope diff captures/ \"backup/*.gz\" --since -1d
  kubectl logs app | callscope diff webhook-site.json -
  callscope diff a.ndjson b.ndjson --json | jq '.calls[].events[] | select(.difference == \"only_a\")'

Exit status: 0 no difference, 1 some, 2 wrong usage or an input that could not be read."
    )]
    Diff(Deferred<Diff>),
    /// Send captured webhooks again, byte for byte, at the pace at which they came
    #[command(after_help = "Examples:
  callscope replay captures/ --to http://localhost:3000/hooks
  callscope replay captures/ --to http://localhost:3000/hooks --as-cometchat --duplicate 2% --shuffle 30s
  callscope replay --log sent.ndjson --auth-file staging.auth --to https://staging.example/hooks day.har
  callscope replay --resume sent.ndjson --auth-file staging.auth --to https://staging.example/hooks day.har
  callscope replay captures/ --to - --speed 60x | callscope follow
  callscope replay captures/ --to - --speed max > all.ndjson
  callscope replay -t 'call_participant_*' --call v1.us.2394 --max-gap 1s --to - captures/

Exit status: 0 all delivered, 1 something was not, 2 wrong usage or an input that could not be read,
130 interrupted.")]
    Replay(Deferred<Replay>),
    /// A receiver on this machine: answers at once, writes a capture, shows what came
    #[cfg(feature = "net")]
    #[command(
        after_help = "Every body is written before its 200 goes out; what cannot be written is answered with 507. The
capture is one JSON object a line, without the headers that hold credentials, and any command reads
it. Behind a tunnel everybody may send: give CometChat a user and a password, and --auth-file.

Examples:
  callscope listen --out today.ndjson --auth-file hook.auth
  callscope listen --bind 0.0.0.0:8080 --path /hooks/cometchat --sync --out today.ndjson
  callscope listen | callscope follow --calls
  callscope listen --out retries.ndjson --fail-rate 30% --delay 3s

Exit status: 0 when it is interrupted or terminated, 2 wrong usage, or an address or a file that
cannot be had."
    )]
    Listen(Deferred<Listen>),
    /// Calls that never happened, with chosen faults, and the truth about them
    #[command(
        after_help = "The truth has a row for each call as `calls --format ndjson` prints it. Faults that lose nothing
(duplicate, copy, shuffle, strip-entities) do not change what `calls` makes of the capture; where
drop or corrupt took all sound deliveries of an event, the row still tells the call as it was, its
counts what was left, and a last member `lost` each event that is gone.

Fates: ended, rejected, busy, cancelled, unanswered, group, meeting. Shares are of the events, of
corrupt of the deliveries. Nothing depends on the clock, unless --start does.

Examples:
  callscope generate --calls 1000 --seed 7 > calls.ndjson
  callscope generate --calls 1000 --truth truth.ndjson -o calls.ndjson
  diff <(callscope calls --format ndjson calls.ndjson) truth.ndjson
  callscope generate --faults drop=3%,shuffle=30s --truth truth.ndjson | callscope check
  callscope generate --mix group=1,meeting=1 --participants 5..40 --carrier docker > docker.log"
    )]
    Generate(Deferred<Generate>),
    /// The same capture with other names, so that it can be shown
    #[command(
        after_help = "Names, uids, ids of conversations, sessions, apps and webhooks, URLs, and whatever stands in an
unknown field become pseudonyms: equal ones stay equal, different ones different, so that calls,
keys and findings stay what they were. Times, triggers, versions and the counter `call.id` stay.
What is written is one JSON value a line, with its arrival where the capture tells it, and
nothing else of what it was captured in: no headers, addresses, log lines or damaged places.

A key file holds 16 bytes or more, for instance of `head -c 32 /dev/urandom | base64`. Whoever has
it can tell whether a pseudonym stands for a name: keep it as you keep the capture.

Examples:
  callscope redact captures/ -o fixture.ndjson
  callscope redact --call v1.us.2394 --key-file team.key day.har > tests/one-call.ndjson
  callscope redact --keep app,webhook lambda.log | callscope timeline"
    )]
    Redact(Deferred<Redact>),
    /// Completions for a shell
    #[command(after_help = "Examples:
  callscope completions bash > ~/.local/share/bash-completion/completions/callscope
  callscope completions zsh > \"${fpath[1]}/_callscope\"
  callscope completions fish > ~/.config/fish/completions/callscope.fish
  callscope completions powershell >> $PROFILE")]
    Completions(Deferred<Completions>),
    /// The manual page, of callscope or of one of its commands
    #[command(after_help = "Examples:
  callscope man | man -l -
  callscope man timeline > callscope-timeline.1")]
    Man(Deferred<Man>),
}

/// What is read, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Read")]
pub struct Input {
    /// Files, folders, "globs", or - for stdin
    #[arg(value_name = "INPUT", help_heading = None::<&str>)]
    pub inputs: Vec<PathBuf>,
    /// How the text around JSON is taken.
    #[command(flatten)]
    pub logs: Logs,
    /// How far an outcome may lie behind its initiation when no id links them
    #[arg(long, value_name = "TIME", default_value = "120s", value_parser = value::span, allow_hyphen_values = true)]
    pub ring_window: Span,
    /// The most that a compressed source may expand to, like 500MB or 2GiB
    #[arg(long, value_name = "SIZE", value_parser = value::size)]
    pub max_expanded: Option<u64>,
    /// Threads that work [default: one for each core]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Progress on stderr; `auto`: on a terminal, where it takes long
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub progress: Show,
    /// No warnings and no summary line on stderr
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say on stderr what each source was recognised as
    #[arg(short, long)]
    pub verbose: bool,
}

/// How the text around JSON is taken.
#[derive(Debug, Args)]
#[command(next_help_heading = "Read")]
pub struct Logs {
    /// Text outside JSON is a finding
    #[arg(long)]
    pub strict: bool,
    /// Zone of times in logs that name none: utc, local or a name; without it they say nothing
    #[arg(long, value_name = "ZONE", value_parser = show::zone)]
    pub log_tz: Option<TimeZone>,
}

/// `calls` and `timeline`.
#[derive(Debug, Args)]
pub struct Look {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// What is shown of it.
    #[command(flatten)]
    pub select: Select,
    /// How it is printed.
    #[command(flatten)]
    pub rows: Rows,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}

/// `diff`.
#[derive(Debug, Args)]
#[command(mut_arg("inputs", |inputs| inputs.hide(true).last(true)))]
pub struct Diff {
    /// A capture: a file, a folder, a "glob", or - for stdin
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// The capture that it is held against, likewise
    #[arg(value_name = "B")]
    pub b: PathBuf,
    /// How both are read, what is shown of them, and how. Its inputs are what may not be typed.
    #[command(flatten)]
    pub look: Look,
}

/// `events`.
#[derive(Debug, Args)]
pub struct Events {
    /// What is read, shown, and how it is printed.
    #[command(flatten)]
    pub look: Look,
    /// One row per distinct event instead of one per delivery
    #[arg(long, help_heading = "Show")]
    pub distinct: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// Which rules are told, and which fail the check.
    #[command(flatten)]
    pub rules: Rules,
    /// Which calls are checked.
    #[command(flatten)]
    pub only: Select,
    /// A format, and the file it goes to; text where none is named. Several in one run: at most
    /// one without a file, which goes to stdout
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = show::FormatParser, conflicts_with = "json", help_heading = "Show")]
    pub format: Vec<FormatTo>,
    /// Short for --format json
    #[arg(long, help_heading = "Show")]
    pub json: bool,
    /// Zone and looks.
    #[command(flatten)]
    pub looks: Looks,
    /// Where it goes.
    #[command(flatten)]
    pub output: Output,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}

/// Which rules are told, and which fail the check.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct Rules {
    /// Only these rules: codes or the beginnings of codes, like S,K003
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = value::selector)]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = value::selector)]
    pub ignore: Vec<String>,
    /// Another severity for a rule, like K003=error; of several the longest code wins
    #[arg(long, value_name = "CODE=SEVERITY", value_delimiter = ',', value_parser = value::severity_of)]
    pub severity: Vec<(String, Severity)>,
    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "error", value_parser = value::severity())]
    pub fail_on: Severity,
    /// How long a call that goes on may say nothing before F006 tells it
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = value::span, allow_hyphen_values = true)]
    pub open_after: Span,
    /// How long a webhook may take to arrive before D001 tells it
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = value::span, allow_hyphen_values = true)]
    pub late_after: Span,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,
    /// An input without any webhook is no error
    #[arg(long)]
    pub allow_empty: bool,
    /// Tell nothing that this file, which --write-baseline wrote, knows already
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found to this file instead of telling it, and exit with 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "json", "output"])]
    pub write_baseline: Option<PathBuf>,
}

/// `rule`.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// Its code or its name
    #[arg(value_name = "CODE", value_parser = value::rule)]
    pub rule: Option<&'static Rule>,
    /// Colour and glyphs.
    #[command(flatten)]
    pub paint: Paint,
    /// Which file settings are taken from.
    #[command(flatten)]
    pub settings: SettingsFrom,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// A command; without one, the page of callscope itself
    #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(help::commands()))]
    pub command: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }
}
