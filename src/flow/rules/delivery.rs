//! D: when webhooks arrived, as far as the capture tells.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Info, Warning},
    example,
};

/// D001.
pub static LATE: Rule = Rule {
    code: "D001",
    name: "late",
    severity: Warning,
    by_default: true,
    summary: "a webhook arrived long after its event",
    why: "The event's first delivery arrived more than `--late-after`, 60 s by default, after the \
          event's own time. A receiver that acts on webhooks as they come rings, shows or bills \
          late by as much. Where `retryOnFailure` is on, a delivery that failed comes again after \
          10 s and after 30 s, so that retries alone stay below the minute. The arrival is the \
          time that the envelope of the capture tells; a capture without arrival times is not \
          judged. `recording_generated` is exempt, since its webhook comes minutes after the \
          recording in health.",
    remedy: "See whether the receiver was down or slow at that time, and whether a queue before \
             it, or a clock that is wrong, explains the delay. Let it use the event's own time and \
             not that of the arrival. If such delays are usual for you, raise `--late-after`.",
    basis: Inferred,
    source: "CometChat's documented retries, after 10 s and after 30 s; the 60 s are callscope's \
             own",
    example: example!("D001"),
};

/// D002.
pub static OUT_OF_ORDER: Rule = Rule {
    code: "D002",
    name: "out-of-order",
    severity: Info,
    by_default: true,
    summary: "a webhook arrived before one of its call that precedes it",
    why: "Another event of the same call lies more than 1 s before this one by its own time, and \
          it arrived later. CometChat does not guarantee the order: a retry can put a join behind \
          its leave or behind the end. callscope sorts by the events' own times, so nothing is \
          lost here; a receiver that takes webhooks in the order of arrival may reopen a call that \
          is over, or keep somebody in it for good. Events within 1 s of each other are let pass, \
          as is `recording_generated`, whose webhook comes minutes later in health, and a capture \
          without arrival times is not judged.",
    remedy: "Nothing needs doing in the capture. In the receiver, order the events of a call by \
             their own times, and let a join that comes after its leave not open the stay again.",
    basis: Documented,
    source: "CometChat's documentation: the order of delivery is not guaranteed, and a delivery \
             that failed is tried again",
    example: example!("D002"),
};

/// D003.
pub static RETRIED: Rule = Rule {
    code: "D003",
    name: "retried",
    severity: Info,
    by_default: true,
    summary: "a duplicate at a gap that CometChat's retries explain",
    why: "The delivery is a duplicate (K001), and it arrived 10 to 15 s, 20 to 35 s or 40 to 50 s \
          after the first one through the same webhook configuration. Where `retryOnFailure` is \
          on, CometChat tries a failed delivery again after 10 s and after 30 s; the ranges allow \
          for both ways to count the second of these and for slow answers. So the receiver most \
          likely had the event and did not answer 200 within 2 s. There are three deliveries at \
          the most: an event that all three fail to bring is lost. Without arrival times nothing \
          is told.",
    remedy: "Let the receiver store the body, answer 200 at once and do its work afterwards. Let \
             it deduplicate by the event's identity (K001), since a retry can always come.",
    basis: Documented,
    source: "CometChat's documentation: an answer of 200 is expected within 2 s, and with \
             `retryOnFailure` a failed delivery is tried again after 10 s and after 30 s; the \
             widths of the ranges are callscope's own",
    example: example!("D003"),
};

/// D004.
pub static UNEXPLAINED_REPEAT: Rule = Rule {
    code: "D004",
    name: "unexplained-repeat",
    severity: Info,
    by_default: true,
    summary: "a duplicate at a gap that no retry of CometChat's explains",
    why: "The delivery is a duplicate (K001), and the time since the first one through the same \
          webhook configuration is none of those at which CometChat tries again: 10 to 15 s, 20 to \
          35 s or 40 to 50 s. Something else repeated it: a proxy or a queue before the receiver \
          with retries of its own, somebody who sent captured payloads again, or a logger that \
          wrote one request twice. callscope folds it away like any duplicate. Without arrival \
          times nothing is told.",
    remedy: "Find out what repeats requests between CometChat and the file, and let the receiver \
             deduplicate by the event's identity (K001). If you sent payloads again yourself, \
             nothing needs doing, and `--ignore D004` silences it.",
    basis: Inferred,
    source: "CometChat's documented retries, after 10 s and after 30 s, which come to three \
             deliveries at the most",
    example: example!("D004"),
};
