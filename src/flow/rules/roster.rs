//! R: where the roster of the end and joined and left do not agree.

use crate::finding::{Basis::Inferred, Rule, Severity::Warning, example};

/// R001.
pub static LOST_JOIN: Rule = Rule {
    code: "R001",
    name: "lost-join",
    severity: Warning,
    by_default: true,
    summary: "in the roster, and its joined event was not captured: that webhook was lost",
    why: "The roster, `all_occupants` of `call_ended` or `meeting_ended`, lists all stays of a \
          call, and for this one there is no joined event of that name within 2 s of its \
          `joined_at`. callscope takes the stay from the roster, so that only the platform and the \
          SDK, which the joined event tells, stay unknown. A receiver that goes by the joined \
          events alone is short of a participant. Nothing is told where the roster's `joined_at` \
          is not after the first event captured of the app: that join may lie before the capture. \
          The price is that a join lost in the very first second is not told.",
    remedy: "Let the receiver correct its participants from the roster when the call ends. So that \
             fewer webhooks are lost, let it answer 200 within 2 s and do its work afterwards, and \
             switch `retryOnFailure` on. If two people joined in that second, see whether the \
             receiver drops one of them by the documented key (K002).",
    basis: Inferred,
    source: "the documented events: everybody who joins is told of, and `all_occupants` lists all \
             stays; that the webhook was lost is inferred from the two",
    example: example!("R001"),
};

/// R002.
pub static LOST_LEAVE: Rule = Rule {
    code: "R002",
    name: "lost-leave",
    severity: Warning,
    by_default: true,
    summary: "in the roster, and its left event was not captured: that webhook was lost",
    why: "The roster, `all_occupants` of `call_ended` or `meeting_ended`, says when each stay \
          ended, and for this one there is no left event. callscope takes its end from the roster. \
          A receiver that goes by the left events alone shows somebody who is still in a call that \
          is over, and counts minutes that nobody spent there. Nothing is told where the roster's \
          `left_at` is not after the first event captured of the app: that leave may lie before \
          the capture. Where a capture was cut within a second, the rule may fire for a leave that \
          came just before the cut.",
    remedy: "Let the receiver close all stays from the roster when the call ends. So that fewer \
             webhooks are lost, let it answer 200 within 2 s and do its work afterwards, and \
             switch `retryOnFailure` on. If two people left in that second, see whether the \
             receiver drops one of them by the documented key (K002).",
    basis: Inferred,
    source: "the documented events: everybody who leaves is told of, and `all_occupants` lists all \
             stays; that the webhook was lost is inferred from the two",
    example: example!("R002"),
};

/// R003.
pub static NOT_IN_ROSTER: Rule = Rule {
    code: "R003",
    name: "not-in-roster",
    severity: Warning,
    by_default: true,
    summary: "a stay is known from joined or left, and the roster does not have it",
    why: "Joined or left events tell of somebody in the call, and `all_occupants` of its end has \
          no entry of that name within 2 s of that `joined_at`. A report that goes by the roster \
          alone leaves that person out. callscope counts the stay all the same, with `seen` \
          `events`. A name that was changed during the call may look like this too, where the \
          roster has the other name. Where the roster has an entry without a readable name or \
          `joined_at`, that may be the stay, and nothing is told for the call. The rule does not \
          depend on where the capture begins.",
    remedy: "Let the receiver keep stays from events as well as those of the roster. In a fixture \
             or a mock, list every stay in `all_occupants`, one entry for each time that somebody \
             joined.",
    basis: Inferred,
    source: "the documented events: `all_occupants` of the end lists who was in the call, as \
             joined and left tell of them one by one",
    example: example!("R003"),
};

/// R004.
pub static TIMES_DIFFER: Rule = Rule {
    code: "R004",
    name: "times-differ",
    severity: Warning,
    by_default: true,
    summary: "the roster, the joined and the left event tell different times of one stay",
    why: "The three tell the same times of a stay: `joined_at` stands in all of them, and \
          `left_at` in the left event and in the roster. Where they differ, the duration depends \
          on which is read. callscope takes `joined_at` from the joined event, else from the left \
          event, and `left_at` from the left event; the roster counts where there is neither. For \
          `joined_at` the rule looks at differences of up to 2 s: what is further apart is taken \
          for two stays, which R001, R002 or R003 may tell. The rule does not depend on where the \
          capture begins.",
    remedy: "In a fixture or a mock, write the same times in all three. In the receiver, take each \
             stay's times from one source, and allow for 2 s when you match events with the \
             roster.",
    basis: Inferred,
    source: "the documented events: `occupant` of joined and left and the entries of \
             `all_occupants` have the same fields for the times of a stay",
    example: example!("R004"),
};

/// R005.
pub static START_TIMES: Rule = Rule {
    code: "R005",
    name: "start-times",
    severity: Warning,
    by_default: true,
    summary: "`created_at` differs between start and end of one run",
    why: "`call_started` or `meeting_started` and the end of the same run each carry `created_at`, \
          and the two differ. Ringing time and duration depend on which is read: callscope goes by \
          the start. A receiver that tells the runs of a meeting apart by `sessionId` and \
          `created_at` sees two calls, one that never ended and one that never started. For a \
          meeting, callscope takes a start for that of a run if it lies between 5 s before \
          `created_at` of the end and `destroyed_at`, and belongs to no other run. The rule does \
          not depend on where the capture begins.",
    remedy: "In a fixture or a mock, write one `created_at` in both. In the receiver, take the \
             start's while it has one, and allow for a few seconds when you match the runs of a \
             meeting.",
    basis: Inferred,
    source: "the documented events: `created_at` of the session stands both in its start and in \
             its end",
    example: example!("R005"),
};
