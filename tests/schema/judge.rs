//! What callscope says of payloads, and what a validator says by their schemas.

use std::io::Read;

use callscope::event::{Capture, Detail, Trigger};
use callscope::finding::{Finding, Severity, SourceId};
use callscope::input::{Answer, Candidate, Counts, Reading, Sink, read_text};
use callscope::view::schema::{Unknown, event};
use jsonschema::Validator;

/// A payload of a calling event, or an object that is taken for none.
pub(crate) struct Judged {
    pub(crate) body: String,
    /// `None` where it is no calling event.
    pub(crate) trigger: Option<Trigger>,
    /// The codes of what is wrong, and whether each is an error.
    pub(crate) found: Vec<(&'static str, bool)>,
}

impl Judged {
    /// Whether there is an error.
    pub(crate) fn has_error(&self) -> bool {
        self.found.iter().any(|(_, is_error)| *is_error)
    }

    /// Whether there is a field that no table has.
    pub(crate) fn has_unknown(&self) -> bool {
        self.found.iter().any(|(code, _)| *code == "S006")
    }
}

struct Judge {
    capture: Capture,
    judged: Vec<Judged>,
}

impl Sink for Judge {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let before = self.capture.findings.len();
        let answer = self.capture.object(candidate);
        if matches!(answer, Answer::Webhook) {
            let found = self.capture.findings[before..].iter();
            let found = found.map(|one| (one.rule.code, one.severity == Severity::Error));
            let trigger =
                self.capture.deliveries.iter().next_back().and_then(|one| one.what.trigger());
            let body = candidate.text.to_owned();
            self.judged.push(Judged { body, trigger, found: found.collect() });
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        self.capture.finding(finding);
    }
}

/// All webhooks of a capture.
pub(crate) fn judged(capture: impl Read) -> Vec<Judged> {
    let mut judge = Judge { capture: Capture::new(Detail::Unknown), judged: Vec::new() };
    let mut counts = Counts::default();
    read_text(capture, SourceId(0), false, &Reading::default(), &mut judge, &mut counts)
        .expect("memory can be read");
    judge.judged
}

/// The validators of all events.
pub(crate) struct Validators(Vec<[Validator; 2]>);

impl Validators {
    pub(crate) fn new() -> Self {
        let validator = |trigger, unknown| {
            jsonschema::validator_for(&event(trigger, unknown)).expect("a schema")
        };
        let both =
            |trigger| [Unknown::Allowed, Unknown::Forbidden].map(|one| validator(trigger, one));
        Self(Trigger::ALL.map(both).into_iter().collect())
    }

    /// That of an event, which lets other fields pass.
    pub(crate) fn open(&self, trigger: Trigger) -> &Validator {
        &self.0[trigger as usize][0]
    }

    /// Holds what callscope says of a payload against what its schemas say.
    pub(crate) fn agree(&self, judged: &Judged) -> Result<(), String> {
        let Judged { body, trigger: Some(trigger), found } = judged else {
            return Ok(());
        };
        let payload = serde_json::from_str(body).expect("JSON");
        let [open, closed] = &self.0[*trigger as usize];
        let differ = |which: &Validator, what: &str| {
            let errors: Vec<String> =
                which.iter_errors(&payload).map(|error| error.to_string()).collect();
            Err(format!("the {what} schema says {errors:?}, callscope {found:?}: {body}"))
        };
        if open.is_valid(&payload) == judged.has_error() {
            return differ(open, "open");
        }
        if closed.is_valid(&payload) == (judged.has_error() || judged.has_unknown()) {
            return differ(closed, "closed");
        }
        Ok(())
    }
}
