//! Which calls, events or findings are meant.

use clap::Args;
use glob::Pattern;

use super::value;
use super::when::When;
use crate::event::{Flow, Span};
use crate::flow::Outcome;

/// The heading of these flags in the help.
pub(super) const HEADING: &str = "Select whole calls (with events and replay: single events)";

/// Which calls are meant, by what was captured of them. A flag that is given several times takes
/// any of its values; several flags all have to fit.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = HEADING)]
pub struct Select {
    /// With an event of this trigger: a name, or a glob like 'call_*'
    #[arg(short, long, value_name = "GLOB", value_parser = value::trigger)]
    pub trigger: Vec<Pattern>,
    /// First event at or after this time: RFC 3339, a date, epoch seconds, -3h, yesterday
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<When>,
    /// First event before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<When>,
    /// With this `call_id`, or the only one that begins so
    #[arg(long, value_name = "ID")]
    pub call: Vec<String>,
    /// With this session id, or the only one that begins so
    #[arg(long, value_name = "ID")]
    pub session: Vec<String>,
    /// In this conversation, or the only one that begins so
    #[arg(long, value_name = "ID")]
    pub conversation: Vec<String>,
    /// With this person: a display name or a uid, in any case
    #[arg(long, value_name = "NAME")]
    pub participant: Vec<String>,
    /// Of this app, or the only one that begins so
    #[arg(long, value_name = "ID")]
    pub app: Vec<String>,
    /// Delivered through this webhook, or the only one that begins so
    #[arg(long, value_name = "ID")]
    pub webhook: Vec<String>,
    /// What the calls turned out to be.
    #[command(flatten)]
    pub result: SelectResult,
}

/// Which calls are meant, by what they turned out to be.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Select calls by what they turned out to be")]
pub struct SelectResult {
    /// That turned out so
    #[arg(long, value_name = "OUTCOME", value_delimiter = ',', value_parser = value::outcome())]
    pub outcome: Vec<Outcome>,
    /// Of this flow
    #[arg(long, value_name = "FLOW", value_delimiter = ',', value_parser = value::flow())]
    pub flow: Vec<Flow>,
    /// That rang at least so long
    #[arg(long, value_name = "TIME", value_parser = value::span, allow_hyphen_values = true)]
    pub min_ring: Option<Span>,
    /// That lasted at least so long
    #[arg(long, value_name = "TIME", value_parser = value::span, allow_hyphen_values = true)]
    pub min_duration: Option<Span>,
    /// With a finding of this rule: a code or the beginning of some
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = value::selector)]
    pub rule: Vec<String>,
}

impl SelectResult {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rule.is_empty() && self.is_rule_alone()
    }

    /// Whether nothing but a rule was.
    #[must_use]
    pub fn is_rule_alone(&self) -> bool {
        let Self { outcome, flow, min_ring, min_duration, rule: _ } = self;
        outcome.is_empty() && flow.is_empty() && min_ring.or(*min_duration).is_none()
    }
}
