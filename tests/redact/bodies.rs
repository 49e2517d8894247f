//! The webhooks of a capture, read in this process.

use callscope::event::key::Status;
use callscope::event::{Capture, Detail, Redactor};
use callscope::finding::{Finding, SourceId};
use callscope::flow::{Limits, Reconstruction};
use callscope::input::{self, Answer, Candidate, Counts, Place, Reading, Sink};

/// A capture and the text of each webhook in it.
pub(crate) struct Bodies {
    pub(crate) capture: Capture,
    pub(crate) texts: Vec<(Place, String)>,
    pub(crate) counts: Counts,
}

impl Sink for Bodies {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        let answer = self.capture.object(candidate);
        if matches!(answer, Answer::Webhook) {
            self.texts.push((candidate.place(), candidate.text.to_owned()));
        }
        answer
    }

    fn finding(&mut self, finding: Finding) {
        self.capture.finding(finding);
    }
}

impl Bodies {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut bodies = Self {
            capture: Capture::new(Detail::All),
            texts: Vec::new(),
            counts: Counts::default(),
        };
        let (mut counts, reading) = (Counts::default(), Reading::default());
        input::read_text(bytes, SourceId(0), false, &reading, &mut bodies, &mut counts)
            .expect("memory");
        bodies.counts = counts;
        bodies
    }

    pub(crate) fn calls(&self) -> Reconstruction<'_> {
        let body = |place: Place| {
            let found = self.texts.iter().find(|(own, _)| own.spot() == place.spot());
            found.map(|(_, text)| text.clone().into_bytes())
        };
        Reconstruction::new(&self.capture, &Limits::USUAL, &body)
    }

    /// The same webhooks with pseudonyms, a line each, as the program writes them.
    pub(crate) fn redacted(&self, redactor: &mut Redactor) -> String {
        let calls = self.calls();
        let identities = &calls.identities;
        let wins = |index: usize| {
            let mut beaten =
                (0..).zip(&identities.status).filter(|(_, status)| **status == Status::Conflict);
            beaten.any(|(other, _)| identities.kept(other) as usize == index)
        };
        for (_, text) in &self.texts {
            redactor.collect(text.as_bytes());
        }
        let lines = self.texts.iter().enumerate().map(|(index, (_, text))| {
            let mut body =
                redactor.body(text.as_bytes()).expect("no well-formed webhook is refused");
            if wins(index) {
                body.insert(1, ' ');
            }
            let received_at = u32::try_from(index).ok().and_then(|at| self.capture.received_at(at));
            match received_at {
                Some(at) => format!("{{\"received_at\":\"{at}\",\"body\":{body}}}\n"),
                None => body + "\n",
            }
        });
        lines.collect()
    }
}
