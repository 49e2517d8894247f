//! The ways in which captures hold webhooks, each as a writer.

mod aws;
mod containers;
mod http;
mod logs;
mod receivers;
mod services;
mod text;

use super::bodies::Delivery;

/// Which arrival a carrier tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// None.
    Nothing,
    /// The time of arrival, cut to so many milliseconds.
    Arrival(i64),
}

/// A name, what it tells, and how it is written.
pub(crate) type Carrier = (&'static str, Tells, fn(&[Delivery]) -> Vec<u8>);

/// Milliseconds, and seconds.
const MS: Tells = Tells::Arrival(1);
const S: Tells = Tells::Arrival(1_000);

/// All of them.
pub(crate) const CARRIERS: &[Carrier] = &[
    ("plain array", Tells::Nothing, receivers::plain_array),
    ("plain end to end", Tells::Nothing, receivers::end_to_end),
    ("own receiver", MS, receivers::own),
    ("own receiver, array", MS, receivers::own_array),
    ("own receiver, counted", MS, receivers::own_counted),
    ("listen", MS, receivers::listen),
    ("webhook.site", S, services::webhook_site),
    ("Hookdeck, objects", MS, services::hookdeck_objects),
    ("Hookdeck, strings", MS, services::hookdeck_strings),
    ("ngrok", MS, services::ngrok),
    ("Pipedream", Tells::Nothing, services::pipedream),
    ("Svix", MS, services::svix),
    ("API Gateway v2", MS, aws::gateway_v2),
    ("API Gateway v1", MS, aws::gateway_v1),
    ("SQS", MS, aws::sqs),
    ("SNS in SQS", MS, aws::sns_in_sqs),
    ("CloudWatch events of Lambda", MS, aws::filtered_lambda),
    ("CloudWatch filter-log-events", MS, aws::filtered),
    ("CloudWatch subscription", MS, aws::subscription),
    ("CloudWatch awslogs", MS, aws::awslogs),
    ("Docker json-file", MS, containers::json_file),
    ("Docker json-file, two streams", MS, containers::json_file_streams),
    ("docker compose", Tells::Nothing, containers::compose),
    ("docker compose, interleaved", Tells::Nothing, containers::compose_interleaved),
    ("docker compose, timestamps", MS, containers::compose_timestamps),
    ("docker compose, timestamps, pretty", MS, containers::compose_timestamps_pretty),
    ("kubectl", Tells::Nothing, containers::kubectl),
    ("kubectl, interleaved", Tells::Nothing, containers::kubectl_interleaved),
    ("Docker json-file, pretty", MS, containers::json_file_pretty),
    ("CRI", MS, containers::cri),
    ("CRI, two streams", MS, containers::cri_streams),
    ("CRI, pretty", MS, containers::cri_pretty),
    ("journald", MS, containers::journald),
    ("journald, pretty", MS, containers::journald_pretty),
    ("HAR", MS, http::har),
    ("HTTP dump", Tells::Nothing, http::dump),
    ("HTTP dump with answers", Tells::Nothing, http::dump_with_answers),
    ("Monolog", Tells::Nothing, logs::monolog),
    ("Monolog, string", Tells::Nothing, logs::monolog_string),
    ("nginx", S, logs::nginx),
    ("syslog", MS, logs::syslog),
    ("logfmt", MS, logs::logfmt),
    ("pino", MS, logs::pino),
    ("string in a string in a string", Tells::Nothing, logs::thrice),
    ("Lambda log lines", MS, logs::lambda),
    ("two a line", Tells::Nothing, logs::two_a_line),
    ("pretty behind a prefix", Tells::Nothing, logs::pretty),
];
