//! Decides which answers count as accepted and when a send is tried again.

use std::time::Duration;

use crate::args::Routes;

/// The result of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "net", test)), expect(dead_code, reason = "stdout never answers"))]
pub(super) enum Answer {
    /// Written to stdout.
    Written,
    /// An HTTP status and the first bytes of the response body.
    Status(u16, Vec<u8>),
    /// No response, and why.
    Failed(&'static str),
}

impl Answer {
    /// The status, or why there is none.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Written => "written".to_owned(),
            Self::Status(status, _) => status.to_string(),
            Self::Failed(why) => (*why).to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RetryPolicy {
    /// How long an answer may take.
    #[cfg_attr(not(feature = "net"), expect(dead_code, reason = "stdout never answers"))]
    pub(super) timeout: Duration,
    /// Whether 200 is the only accepted status; otherwise any 2xx is.
    only_200: bool,
    /// The delay after each failed attempt but the last.
    delays: &'static [Duration],
}

/// CometChat's documented policy: 200 within 2 s, retries after 10 s and 30 s.
const COMETCHAT: RetryPolicy = RetryPolicy {
    timeout: Duration::from_secs(2),
    only_200: true,
    delays: &[Duration::from_secs(10), Duration::from_secs(30)],
};

impl RetryPolicy {
    pub(super) fn new(args: &Routes) -> Self {
        if args.as_cometchat {
            return COMETCHAT;
        }
        // `--timeout 0s` means the shortest timeout.
        let micros = args.timeout.micros().unsigned_abs().max(1000);
        Self { timeout: Duration::from_micros(micros), only_200: false, delays: &[] }
    }

    pub(super) fn accepts(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Written => true,
            Answer::Status(status, _) if self.only_200 => *status == 200,
            Answer::Status(status, _) => (200..300).contains(status),
            Answer::Failed(_) => false,
        }
    }

    /// The delay before the next attempt, if the `attempts`th (1-based) got this answer; `None` if
    /// it was the last.
    pub(super) fn retry_delay(&self, answer: &Answer, attempts: u8) -> Option<Duration> {
        let delay = self.delays.get(usize::from(attempts).checked_sub(1)?)?;
        (!self.accepts(answer)).then_some(*delay)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::commands::replay) const AS_COMETCHAT: RetryPolicy = COMETCHAT;

    #[test]
    fn cometchat_tries_three_times_and_takes_200_alone() {
        let status = |status| COMETCHAT.accepts(&Answer::Status(status, Vec::new()));
        assert!(status(200) && !status(201) && !status(302) && !status(500));
        assert!(!COMETCHAT.accepts(&Answer::Failed("timed out")));
        let failed = Answer::Failed("timed out");
        let waits = [1, 2, 3]
            .map(|attempts| COMETCHAT.retry_delay(&failed, attempts).map(|wait| wait.as_secs()));
        assert_eq!(waits, [Some(10), Some(30), None]);
    }
}
