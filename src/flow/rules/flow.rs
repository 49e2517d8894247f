//! F001–F009: what came of a call, and which of its events are missing.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Info, Warning},
    example,
};

/// F001.
pub static CONTRADICTING_OUTCOMES: Rule = Rule {
    code: "F001",
    name: "contradicting-outcomes",
    severity: Error,
    by_default: true,
    summary: "a call that turned out in more than one way",
    why: "A ringing call is answered, which its session shows, or it is busy, cancelled, rejected \
          or unanswered. This call has more than one of the five; the same outcome twice is no \
          contradiction. callscope shows it as `ended` or `ongoing` if its session started, else \
          with the latest of its ring outcomes, and a report that goes by another event shows \
          another outcome. Two outcomes reach one call by the session id that they carry, or where \
          an outcome was sent before the call was answered. A second device of the callee that \
          declines after the first has answered may look like this. The finding stands at the \
          later of the events.",
    remedy: "Look at the events that the finding names in the order of their times. Let the \
             receiver treat a call as answered once its session has started, whatever ring outcome \
             comes besides. In a fixture or a mock, keep one outcome, or give each attempt a \
             session id of its own.",
    basis: Documented,
    source: "CometChat's documentation: the flow of a ringing call, in which `call_initiated` is \
             followed by one of `call_started`, `call_rejected`, `call_busy`, `call_cancelled` and \
             `call_unanswered`",
    example: example!("F001"),
};

/// F002.
pub static NOT_FOR_GROUPS: Rule = Rule {
    code: "F002",
    name: "not-for-groups",
    severity: Error,
    by_default: true,
    summary: "`call_busy` or `call_rejected` on a group call",
    why: "Both are for calls between two people alone. One member who declines a group call, or is \
          in another call, ends it for nobody else, so such an outcome would be wrong for the \
          rest. callscope shows the call with that outcome unless its session started. The rule \
          goes by `data.call.receiverType`, which is `group` here.",
    remedy: "In a fixture or a mock, use `call_unanswered` for a group call that nobody joined and \
             `call_cancelled` for one that the caller gave up, or set `receiverType` to `user`. In \
             a real capture, look for what rewrites bodies on the way.",
    basis: Documented,
    source: "CometChat's documentation: `call_busy` and `call_rejected` are for calls between two \
             users",
    example: example!("F002"),
};

/// F003.
pub static MIXED_FLOWS: Rule = Rule {
    code: "F003",
    name: "mixed-flows",
    severity: Error,
    by_default: true,
    summary: "`call_*` and `meeting_*` events in one session",
    why: "A session is either a ringing call, with `call_*` events, or a meeting, with `meeting_*` \
          events. A receiver that keeps the two apart sees two halves here: one that never ends, \
          and one that never began. callscope takes them as one ringing call, and a session with a \
          `call_*` event has one run only. `recording_generated` belongs to both and mixes \
          nothing. The finding stands at the first event of the flow that has fewer events.",
    remedy: "In a fixture or a mock, use the triggers of one flow throughout, and `type` with \
             them: `call` or `meet`. In a real capture, see whether your own code gives a meeting \
             the session id of a ringing call.",
    basis: Documented,
    source: "CometChat's documentation: the flows of a ringing call and of a meeting, each with \
             its own triggers",
    example: example!("F003"),
};

/// F004.
pub static MISSING_START: Rule = Rule {
    code: "F004",
    name: "missing-start",
    severity: Warning,
    by_default: true,
    summary: "joined, left or ended, and nothing says that the session started",
    why: "Neither `call_started` nor `meeting_started` of this run was captured. A receiver that \
          opens a call at its start has nowhere to put the rest, and a ringing call looks as if \
          nobody had answered it. callscope takes `created_at` of the end for the start, else the \
          first join. Nothing is told where that time is not after the first event captured of the \
          app: the start may lie before the capture then. Where a capture was cut within a second, \
          the rule may fire for a start that came just before the cut.",
    remedy: "Make sure that the webhook configuration has `call_started` and `meeting_started` and \
             that the receiver stores them. Let it answer 200 within 2 s and switch \
             `retryOnFailure` on, so that a delivery that failed comes again. Let it open a call \
             at whichever event comes first.",
    basis: Documented,
    source: "CometChat's documentation: the flows of a ringing call and of a meeting, in which the \
             start comes before whoever joins and leaves",
    example: example!("F004"),
};

/// F005.
pub static MISSING_INITIATION: Rule = Rule {
    code: "F005",
    name: "missing-initiation",
    severity: Info,
    by_default: true,
    summary: "a session with `call_*` events and no `call_initiated`",
    why: "Who called whom, and for how long it rang, stands in `call_initiated` alone, so \
          `caller`, `receiver` and the ringing time of this call are unknown. Its webhook was \
          lost, is not enabled, or could not be joined to the session. A session that an ambiguous \
          link (L002) names is not told again here. Nothing is told either where the initiation \
          may lie before the capture: where the second that the session id carries, or without one \
          the start less `--ring-window`, is not after the first event captured of the app.",
    remedy: "If you need the caller, make sure that the webhook configuration has `call_initiated` \
             and that the receiver stores it whole, with the session id in its `entities`. \
             Otherwise nothing needs doing, and `--ignore F005` silences it.",
    basis: Documented,
    source: "CometChat's documentation: the flow of a ringing call, which begins with \
             `call_initiated`",
    example: example!("F005"),
};

/// F006.
pub static NEVER_ENDED: Rule = Rule {
    code: "F006",
    name: "never-ended",
    severity: Warning,
    by_default: true,
    summary: "a call that started and did not end, while the capture went on for hours",
    why: "It started, or somebody joined; no end of it was captured, and nothing more of it came \
          for longer than `--open-after`, 6 h by default, before the last event captured of the \
          app. So it stays `ongoing` for good: its duration and `connected_seconds` are unknown, \
          and a receiver that counts open calls counts it for ever. Either the webhook of the end \
          was lost or is not enabled, or the call was really that long and quiet. A capture that \
          does not go on for longer than that tells nothing, and a recording counts at its end.",
    remedy: "Make sure that the webhook configuration has `call_ended` and `meeting_ended`, and \
             let the receiver close by itself what has been quiet for hours. Where your calls are \
             that long, raise `--open-after`.",
    basis: Inferred,
    source: "the documented flows, which close with `call_ended` or `meeting_ended`; the 6 h are \
             callscope's own",
    example: example!("F006"),
};

/// F007.
pub static NO_OUTCOME: Rule = Rule {
    code: "F007",
    name: "no-outcome",
    severity: Warning,
    by_default: true,
    summary: "a call was initiated, and nothing more came of it",
    why: "The call was neither answered, nor rejected, busy, cancelled or unanswered, and the \
          capture goes on for longer than `--ring-window`, 120 s by default, after the initiation, \
          by the last event captured of the app. It stays `initiated`, and a receiver that waits \
          for the outcome shows a phone that rings for ever. Either the webhook was lost or is not \
          enabled, or there was none: it is the caller's client that declares a call unanswered, \
          after 45 s by default, and one that died may never say so. An initiation that an \
          ambiguous link (L002) names is not told again here.",
    remedy: "Make sure that the webhook configuration has `call_started` and all four ring \
             outcomes. Let the receiver take a call for unanswered by itself when the longest \
             ringing time of your clients is over. If that is more than 120 s, raise \
             `--ring-window`.",
    basis: Inferred,
    source: "the documented ringing flow, in which an answer or an outcome follows \
             `call_initiated`; by default the caller's client declares a call unanswered after 45 \
             s",
    example: example!("F007"),
};

/// F008.
pub static LEFT_WITHOUT_JOINED: Rule = Rule {
    code: "F008",
    name: "left-without-joined",
    severity: Warning,
    by_default: true,
    summary: "somebody left whose joined event was not captured",
    why: "A leave names the time at which its stay began, and no joined event of that name within \
          2 s of it was captured. A receiver that counts people up and down arrives at too few. \
          callscope takes the stay from the leave; only the platform and the SDK, which the joined \
          event tells, stay unknown. The rule speaks where no roster has the stay; where one has \
          it, R001 tells of the lost join. Nothing is told where `joined_at` of the leave is not \
          after the first event captured of the app: the join may lie before the capture then.",
    remedy: "Let the receiver take the stay from the leave, which has both times. So that fewer \
             webhooks are lost, let it answer 200 within 2 s and switch `retryOnFailure` on.",
    basis: Inferred,
    source: "the documented events, by which everybody who joins or leaves is told of; \
             `occupant.joined_at` of a leave is that of its join",
    example: example!("F008"),
};

/// F009.
pub static NEVER_LEFT: Rule = Rule {
    code: "F009",
    name: "never-left",
    severity: Warning,
    by_default: true,
    summary: "the call ended, and a stay in it has no end",
    why: "Somebody joined, no leave was captured, and the roster of `call_ended` or \
          `meeting_ended` does not have the stay either, so nothing tells when it ended. Its \
          duration is unknown and missing from `participant_seconds`, and `connected_seconds` is \
          unknown. That the roster does not have it is told by R003 as well; where the roster has \
          it, R002 tells of the lost leave. Where a roster has an entry without a readable name or \
          `joined_at`, that may be the stay, and nothing is told for the call.",
    remedy: "Let the receiver close all stays of a call when the call ends, at `destroyed_at`. If \
             it happens often, compare the display names: somebody who is renamed during a call \
             may stand in the roster under the other name.",
    basis: Inferred,
    source: "the end of a call or a meeting is documented to come when everyone has left, and its \
             `all_occupants` to list them",
    example: example!("F009"),
};
