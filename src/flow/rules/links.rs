//! L: what can be odd about how ring records, outcomes and sessions came together.

use crate::finding::{
    Basis::Inferred,
    Rule,
    Severity::{Info, Warning},
    example,
};

/// L001.
pub static INFERRED_LINK: Rule = Rule {
    code: "L001",
    name: "inferred-link",
    severity: Info,
    by_default: true,
    summary: "a ring record, an outcome or a session joined to a call without an id that says so",
    why: "The four ring outcomes carry no session id, and every ring record has a `call.id` of its \
          own, so no id says which `call_initiated` was cancelled, rejected, busy or unanswered. \
          callscope joins by conversation: the initiation lies within `--ring-window` before the \
          outcome, has no outcome yet and was not answered before; of several, one whose actor \
          fits is preferred (the caller for cancelled and unanswered, the callee for rejected and \
          busy), then one sent in an earlier second, then the latest. A session whose initiation \
          tells no session id is joined by the second that a ringing session's id carries. The \
          call then has `link` `inferred` and the reason, `conversation` or `session_epoch`, in \
          `link_reason`.",
    remedy: "Nothing needs doing: in health every ring outcome is joined in this way, and \
             `--ignore L001` silences it. Log `call_initiated` whole, with its `entities`, so that \
             at least the sessions are joined by an id.",
    basis: Inferred,
    source: "no documented form of a ring outcome has a session id; seen in captures: session ids \
             of the form `v1.<region>.<appId>.<epoch><40 hex>`, whose epoch is that of the \
             initiation",
    example: example!("L001"),
};

/// L002.
pub static AMBIGUOUS_LINK: Rule = Rule {
    code: "L002",
    name: "ambiguous-link",
    severity: Warning,
    by_default: true,
    summary: "nothing tells two candidates for a link apart: left apart, never guessed",
    why: "Several candidates fit equally well. A guess would give one call the outcome of another, \
          so callscope links none of them, and the message names them all. The candidates of an \
          outcome are the initiations of its conversation within `--ring-window` before it that \
          have no outcome yet and were not answered before; they tie if they were sent at the same \
          time and the actor fits all of them or none. The candidates of a session are the \
          initiations without a session id in the second that its id carries, in the same app and \
          region, or one second beside it. What is left apart stands as calls of its own, so that \
          there are more calls than were made, and more that were never answered.",
    remedy: "Nothing in the capture can settle it; look the calls up elsewhere by the ids in the \
             message. To avoid it, log `call_initiated` whole, so that its session id is kept, and \
             let the client block its call button while a call is being placed.",
    basis: Inferred,
    source: "no documented form of a ring outcome has a session id, and `conversationId` is the \
             same for both directions",
    example: example!("L002"),
};

/// L003.
pub static UNLINKED_OUTCOME: Rule = Rule {
    code: "L003",
    name: "unlinked-outcome",
    severity: Warning,
    by_default: true,
    summary: "a ring outcome with no initiation that fits",
    why: "No `call_initiated` of its conversation lies within `--ring-window` before the outcome, \
          has no outcome yet and was not answered before. So the outcome stands as a call of its \
          own, whose `caller`, `receiver` and ringing time are unknown. Either that webhook was \
          lost or is not enabled, or the call rang for longer than the window, or an earlier \
          outcome has been joined to the initiation. Where the only attempt had been answered \
          before, the message says so: a second device of the callee may have declined it. Nothing \
          is told where the initiation may lie before the first event of the capture.",
    remedy: "Make sure that the webhook configuration has `call_initiated` and that the receiver \
             stores it. If your clients let a call ring for longer than 120 s, raise \
             `--ring-window`; where a second device declined, nothing needs doing.",
    basis: Inferred,
    source: "the documented ringing flow, in which an outcome follows its `call_initiated`; by \
             default the caller's client declares a call unanswered after 45 s",
    example: example!("L003"),
};
