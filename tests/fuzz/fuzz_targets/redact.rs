//! Any bytes are a capture: what `redact` writes of it is whole, and no name or id of it is left.
#![no_main]

use std::collections::HashSet;

use callscope::event::{Capture, Detail, Redactor};
use callscope::finding::{Finding, SourceId};
use callscope::input::{self, Answer, Candidate, Counts, Reading, Sink};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::Value;

#[path = "../../redact/search.rs"]
mod search;

/// A capture and the text of each webhook in it.
struct Bodies(Capture, Vec<String>);

impl Sink for Bodies {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let answer = self.0.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.1.push(candidate.text.to_owned());
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        self.0.finding(finding);
    }
}

/// A whole JSON text, however deep: callscope reads one level more than the parser does by itself.
fn parsed(text: &str) -> Option<Value> {
    let mut parser = serde_json::Deserializer::from_str(text);
    parser.disable_recursion_limit();
    let value = Value::deserialize(&mut parser).ok()?;
    parser.end().ok().map(|()| value)
}

fuzz_target!(|bytes: &[u8]| {
    let (mut bodies, mut counts) =
        (Bodies(Capture::new(Detail::Warnings), Vec::new()), Counts::default());
    input::read_text(bytes, SourceId(0), false, &Reading::default(), &mut bodies, &mut counts)
        .expect("memory does not fail");
    let mut redactor = Redactor::new(b"a key of the fuzz target", &[]);
    let mut originals = HashSet::new();
    for text in &bodies.1 {
        redactor.collect(text.as_bytes());
        if let Some(body) = parsed(text) {
            search::collect(&body, &mut originals);
        }
    }
    for text in &bodies.1 {
        if let Ok(written) = redactor.body(text.as_bytes()) {
            let body = parsed(&written).expect("what is written is whole");
            assert!(body.is_object() && !written.contains('\n'));
            assert_eq!(search::search("", &body, &originals), None, "{written}");
        }
    }
    // Bytes that are no webhook are refused, or become a whole object all the same.
    if let Ok(written) = redactor.body(bytes) {
        assert!(parsed(&written).is_some_and(|body| body.is_object()));
    }
});
