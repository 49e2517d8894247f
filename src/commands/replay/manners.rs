//! How often a body is sent, and what counts as accepted.

use std::time::Duration;

use super::answer::Answer;
use crate::args::Routes;

/// What a sender does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// How long an answer may take.
    pub(super) budget: Duration,
    /// Whether 200 alone will do, else 2xx.
    only_200: bool,
    /// How long after each failed attempt the next one follows.
    waits: &'static [Duration],
}

/// CometChat's, by its documentation: 200 within 2 s, else again 10 s and 30 s later.
const COMETCHAT: Manners = Manners {
    budget: Duration::from_secs(2),
    only_200: true,
    waits: &[Duration::from_secs(10), Duration::from_secs(30)],
};

impl Manners {
    /// Those that were typed.
    pub(super) fn of(typed: &Routes) -> Self {
        if typed.as_cometchat {
            return COMETCHAT;
        }
        let micros = typed.timeout.micros().unsigned_abs().max(1000);
        Self { budget: Duration::from_micros(micros), only_200: false, waits: &[] }
    }

    /// Whether nothing more has to be done.
    pub(super) fn accept(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Written => true,
            Answer::Status(status, _) if self.only_200 => *status == 200,
            Answer::Status(status, _) => (200..300).contains(status),
            Answer::Nothing(_) => false,
        }
    }

    /// How long after an attempt that was not accepted, counted from 1, the next one follows;
    /// `None` where it was the last.
    pub(super) fn wait(&self, attempt: u8) -> Option<Duration> {
        self.waits.get(usize::from(attempt).checked_sub(1)?).copied()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::commands::replay) const AS_COMETCHAT: Manners = COMETCHAT;

    #[test]
    fn cometchat_tries_three_times_and_takes_200_alone() {
        let status = |status| COMETCHAT.accept(&Answer::Status(status, Vec::new()));
        assert!(status(200) && !status(201) && !status(302) && !status(500));
        assert!(!COMETCHAT.accept(&Answer::Nothing("timed out")));
        let waits = [1, 2, 3].map(|attempt| COMETCHAT.wait(attempt).map(|wait| wait.as_secs()));
        assert_eq!(waits, [Some(10), Some(30), None]);
    }
}
