//! The shapes in which tools hand out what was sent to a webhook: one row each.
//!
//! A carrier is one delivery's envelope, or one log record; whatever lists them is entered like any
//! array. A path's names are joined by `/`; none has one in it.

use super::json::{self, Text};
use super::outline::{self, Member};
use super::stamp::Stamp;

/// A known shape.
#[derive(Debug)]
pub(super) struct Carrier {
    /// What people call it.
    pub(super) name: &'static str,
    /// All of these are there.
    marks: &'static [&'static str],
    /// Where the body is, the likeliest place first.
    bodies: &'static [&'static str],
    /// Where it says when it was written, likewise.
    arrivals: &'static [&'static str],
    /// Whether times without a zone are UTC.
    utc: bool,
    /// Where its body is a line of a log, which other records may go on with.
    pub(super) log: Option<Lines>,
}

/// How a log's lines are written into records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    /// What tells such logs apart.
    keys: &'static [&'static str],
    /// Whether each line ends with a line end, and a record without one goes on with the next.
    pub(super) split: bool,
}

const ROW: Carrier =
    Carrier { name: "", marks: &[], bodies: &[], arrivals: &[], utc: false, log: None };

/// Logs of containers.
const CONTAINER: Lines = Lines {
    keys: &[
        "stream",
        "attrs",
        "container_id",
        "container_name",
        "kubernetes",
        "source",
        "filename",
    ],
    split: true,
};

/// What services write to the journal.
const JOURNAL: Lines = Lines {
    keys: &[
        "_HOSTNAME",
        "_MACHINE_ID",
        "_SYSTEMD_UNIT",
        "SYSLOG_IDENTIFIER",
        "_PID",
        "_TRANSPORT",
        "CONTAINER_ID",
    ],
    split: false,
};

/// All of them; the first that fits counts.
const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "callscope listen",
        marks: &["received_at", "method", "body"],
        bodies: &["body"],
        arrivals: &["received_at"],
        ..ROW
    },
    Carrier {
        name: "receiver",
        marks: &["receivedAt", "payload"],
        bodies: &["payload"],
        arrivals: &["receivedAt"],
        ..ROW
    },
    Carrier {
        name: "webhook.site",
        marks: &["uuid", "content", "created_at"],
        bodies: &["content"],
        arrivals: &["created_at"],
        utc: true,
        ..ROW
    },
    Carrier {
        name: "Hookdeck",
        marks: &["data/headers", "data/body"],
        bodies: &["data/body"],
        arrivals: &["created_at"],
        ..ROW
    },
    Carrier {
        name: "ngrok",
        marks: &["request/raw", "start"],
        bodies: &["request/raw"],
        arrivals: &["start"],
        ..ROW
    },
    Carrier {
        name: "API Gateway",
        marks: &["requestContext", "body"],
        bodies: &["body"],
        arrivals: &["requestContext/timeEpoch", "requestContext/requestTimeEpoch"],
        ..ROW
    },
    Carrier {
        name: "Pipedream",
        marks: &["event/body", "event/headers"],
        bodies: &["event/body", "event/bodyRaw"],
        arrivals: &["context/ts", "ts"],
        ..ROW
    },
    Carrier {
        name: "RequestBin",
        marks: &["body", "headers", "method"],
        bodies: &["body", "bodyRaw", "rawBody", "raw_body"],
        arrivals: &["timestamp", "time", "ts", "created_at", "received_at", "receivedAt"],
        ..ROW
    },
    Carrier {
        name: "Svix",
        marks: &["msg/payload"],
        bodies: &["msg/payload"],
        arrivals: &["timestamp", "msg/timestamp"],
        ..ROW
    },
    Carrier {
        name: "Svix",
        marks: &["payload", "timestamp"],
        bodies: &["payload"],
        arrivals: &["timestamp"],
        ..ROW
    },
    Carrier {
        name: "SQS",
        marks: &["messageId", "receiptHandle", "body"],
        bodies: &["body"],
        arrivals: &["attributes/SentTimestamp"],
        ..ROW
    },
    Carrier {
        name: "SQS",
        marks: &["MessageId", "ReceiptHandle", "Body"],
        bodies: &["Body"],
        arrivals: &["Attributes/SentTimestamp"],
        ..ROW
    },
    Carrier {
        name: "SNS",
        marks: &["Sns/Message"],
        bodies: &["Sns/Message"],
        arrivals: &["Sns/Timestamp"],
        ..ROW
    },
    Carrier {
        name: "SNS",
        marks: &["TopicArn", "Message"],
        bodies: &["Message"],
        arrivals: &["Timestamp"],
        ..ROW
    },
    Carrier {
        name: "EventBridge",
        marks: &["detail-type", "detail"],
        bodies: &["detail"],
        arrivals: &["time"],
        ..ROW
    },
    Carrier {
        name: "Kinesis",
        marks: &["kinesis/data"],
        bodies: &["kinesis/data"],
        arrivals: &["kinesis/approximateArrivalTimestamp"],
        ..ROW
    },
    Carrier { name: "CloudWatch", marks: &["awslogs/data"], bodies: &["awslogs/data"], ..ROW },
    Carrier {
        name: "CloudWatch",
        marks: &["eventId", "timestamp", "message"],
        bodies: &["message"],
        arrivals: &["timestamp"],
        ..ROW
    },
    Carrier {
        name: "CloudWatch",
        marks: &["ingestionTime", "timestamp", "message"],
        bodies: &["message"],
        arrivals: &["timestamp"],
        ..ROW
    },
    Carrier {
        name: "CloudWatch",
        marks: &["id", "timestamp", "message"],
        bodies: &["message"],
        arrivals: &["timestamp"],
        ..ROW
    },
    Carrier {
        name: "journald",
        marks: &["MESSAGE", "__REALTIME_TIMESTAMP"],
        bodies: &["MESSAGE"],
        arrivals: &["__REALTIME_TIMESTAMP"],
        log: Some(JOURNAL),
        ..ROW
    },
    Carrier {
        name: "Docker json-file",
        marks: &["log", "stream", "time"],
        bodies: &["log"],
        arrivals: &["time"],
        log: Some(CONTAINER),
        ..ROW
    },
    Carrier {
        name: "container log",
        marks: &["log", "stream"],
        bodies: &["log"],
        arrivals: &["@timestamp", "timestamp", "date"],
        log: Some(CONTAINER),
        ..ROW
    },
    Carrier {
        name: "HAR",
        marks: &["startedDateTime", "request"],
        bodies: &["request/postData/text"],
        arrivals: &["startedDateTime"],
        ..ROW
    },
];

/// Where other tools say when something came.
const ARRIVALS: &[&str] = &[
    "received_at",
    "receivedAt",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "created_at",
    "createdAt",
    "datetime",
    "date",
    "_time",
    "timestampInMs",
    "publishTime",
    "loggedDate",
    "eventTime",
    "TimeGenerated",
];

/// What the marks of each carrier stand for at the top of an object; see [`sign`].
static SIGNS: [u64; CARRIERS.len()] = {
    let (mut signs, mut row) = ([0; CARRIERS.len()], 0);
    while row < signs.len() {
        let (marks, mut mark) = (CARRIERS[row].marks, 0);
        while mark < marks.len() {
            signs[row] |= sign(marks[mark]);
            mark += 1;
        }
        row += 1;
    }
    signs
};

/// One bit of 64 for the first name of a path. Where it is missing the name is not there.
const fn sign(path: &str) -> u64 {
    let path = path.as_bytes();
    let mut length = 0;
    while length < path.len() && path[length] != b'/' {
        length += 1;
    }
    match length {
        0 => 1,
        _ => 1 << ((length * 7 + path[0] as usize * 5 + path[length - 1] as usize) % 64),
    }
}

/// The members of an object.
pub(super) type Members<'t> = [Member<'t>];

/// The members of an object of valid JSON. Empty where `raw` is none.
pub(super) fn members(raw: &str) -> Vec<Member<'_>> {
    let thorough = || json::members(raw).into_iter().map(|(name, value)| (name, value.get()));
    outline::members(raw).unwrap_or_else(|| thorough().collect())
}

/// An object whose shape is known.
#[derive(Debug)]
pub(super) struct Recognised<'t> {
    pub(super) carrier: &'static Carrier,
    /// When it was written; `None` where it does not say.
    pub(super) written: Option<Stamp>,
    /// What its body may be, the likeliest first; may be empty.
    pub(super) bodies: Vec<&'t str>,
}

/// Tells a carrier by its shape.
pub(super) fn recognise<'t>(members: &Members<'t>) -> Option<Recognised<'t>> {
    let signs = members.iter().fold(0, |signs, (name, _)| signs | sign(&name.0));
    let fits = |carrier: &Carrier| carrier.marks.iter().all(|path| at(members, path).is_some());
    let likely = CARRIERS.iter().zip(SIGNS).filter(|(_, needed)| needed & !signs == 0);
    let carrier = likely.map(|(carrier, _)| carrier).find(|carrier| fits(carrier))?;
    let bodies = carrier.bodies.iter().filter_map(|path| at(members, path)).collect();
    let written = written(members, carrier.arrivals);
    Some(Recognised { carrier, written: written.map(|stamp| carrier.zoned(stamp)), bodies })
}

/// When an object of unknown shape was written, if one of the usual members says so.
pub(super) fn usual_stamp(members: &Members<'_>) -> Option<Stamp> {
    written(members, ARRIVALS)
}

/// Whether an envelope says that its body is in base64.
pub(super) fn states_base64(members: &Members<'_>) -> bool {
    at(members, "isBase64Encoded") == Some("true")
}

/// Whether an envelope says that its body is packed with gzip.
pub(super) fn states_gzip(members: &Members<'_>) -> bool {
    let paths = ["headers/content-encoding", "headers/Content-Encoding"];
    let mut codings = paths.iter().filter_map(|path| at(members, path));
    codings.any(|coding| coding.trim_matches('"').eq_ignore_ascii_case("gzip"))
}

/// What tells the log that a record belongs to from others.
pub(super) fn log_of(members: &Members<'_>, lines: Lines) -> String {
    let mut log = String::new();
    for value in lines.keys.iter().map(|key| at(members, key)) {
        log.push_str(value.unwrap_or_default());
        log.push('\n');
    }
    log
}

impl Carrier {
    fn zoned(&self, stamp: Stamp) -> Stamp {
        match stamp {
            Stamp::Local(_) if self.utc => {
                stamp.resolve(Some(&jiff::tz::TimeZone::UTC), None).map_or(stamp, Stamp::At)
            }
            stamp => stamp,
        }
    }
}

fn written(members: &Members<'_>, paths: &[&str]) -> Option<Stamp> {
    paths.iter().filter_map(|path| at(members, path)).find_map(stamp)
}

/// The time that a value, valid JSON, stands for.
fn stamp(raw: &str) -> Option<Stamp> {
    match raw.as_bytes().first()? {
        b'"' if !raw.contains('\\') => Stamp::whole(raw.trim_matches('"')),
        b'"' => Stamp::whole(&serde_json::from_str::<Text<'_>>(raw).ok()?.0),
        b'0'..=b'9' => Stamp::whole(raw),
        _ => None,
    }
}

/// The value at a path.
fn at<'t>(members: &Members<'t>, path: &str) -> Option<&'t str> {
    let (key, rest) = path.split_once('/').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let (_, value) = members.iter().rev().find(|(name, _)| name.0 == key)?;
    match rest {
        None => Some(value),
        Some(rest) if value.starts_with('{') => at(&self::members(value), rest),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(text: &str) -> (&'static str, Option<String>, Vec<&str>) {
        let members = members(text);
        let found = recognise(&members).expect("known");
        let written = found.written.and_then(|stamp| stamp.resolve(None, None));
        (found.carrier.name, written.map(|at| at.to_string()), found.bodies)
    }

    #[test]
    fn a_carrier_is_told_by_its_shape() {
        assert_eq!(
            recognised(r#"{"uuid":"u","content":"{}","created_at":"2026-01-02 09:40:00"}"#),
            ("webhook.site", Some("2026-01-02T09:40:00Z".into()), vec!["\"{}\""])
        );
        assert_eq!(
            recognised(
                r#"{"startedDateTime":"2026-01-02T09:40:00.5Z","request":{"postData":{"text":"x"}}}"#
            ),
            ("HAR", Some("2026-01-02T09:40:00.5Z".into()), vec!["\"x\""])
        );
        let journal = r#"{"MESSAGE":"m","__REALTIME_TIMESTAMP":"1767346800000001"}"#;
        assert_eq!(
            recognised(journal),
            ("journald", Some("2026-01-02T09:40:00.000001Z".into()), vec!["\"m\""])
        );
    }

    #[test]
    fn every_row_has_a_mark_for_its_name_and_somewhere_to_look() {
        for carrier in CARRIERS {
            assert!(!carrier.name.is_empty() && !carrier.marks.is_empty(), "{carrier:?}");
            assert!(!carrier.bodies.is_empty(), "{carrier:?}");
        }
    }

    #[test]
    fn the_logs_of_two_containers_are_told_apart() {
        let log = |text| log_of(&members(text), CONTAINER);
        assert_ne!(
            log(r#"{"log":"a","stream":"stdout","container_id":"1"}"#),
            log(r#"{"log":"a","stream":"stdout","container_id":"2"}"#)
        );
        assert_eq!(
            log(r#"{"log":"a","stream":"stdout","time":"1"}"#),
            log(r#"{"log":"b","stream":"stdout","time":"2"}"#)
        );
    }
}
