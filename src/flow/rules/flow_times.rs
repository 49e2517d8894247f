//! F010–F018: events of a call whose times or numbers do not fit together.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Warning},
    example,
};

/// F010.
pub static AFTER_END: Rule = Rule {
    code: "F010",
    name: "after-end",
    severity: Warning,
    by_default: true,
    summary: "somebody joined or left more than a second after the end",
    why: "The end comes when everyone has left, so whatever comes later by its own time \
          contradicts it: either `destroyed_at` or the time of that join or leave is wrong. \
          Durations of the call and of the stay then do not fit, and a receiver that adds up stays \
          gets more than the call lasted. Times are whole seconds, so up to 1 s is let pass. It is \
          the event's own time that counts; a webhook that merely arrives after the end is D002. A \
          meeting's session id may be used again: a join after the end that no roster has is taken \
          for one of another run, which F004 may tell.",
    remedy: "In a fixture or a mock, set `destroyed_at` to the latest `left_at`. In a real \
             capture, let the receiver trust the times of joined and left for the stays, and not \
             reopen a call that has ended.",
    basis: Documented,
    source: "CometChat's documentation: the end of a call or a meeting comes when everyone has \
             left; the second of slack is callscope's own",
    example: example!("F010"),
};

/// F011.
pub static BEFORE_START: Rule = Rule {
    code: "F011",
    name: "before-start",
    severity: Warning,
    by_default: true,
    summary: "somebody joined more than a second before the start",
    why: "A session starts when its first participant joins, so nobody can be in it before. Either \
          `created_at` or this `joined_at` is wrong, and with it the ringing time, the duration of \
          the call or that of the stay. In samples the start and the first join are 0 to 1 s \
          apart, so up to 1 s is let pass. The start is that of `call_started` or \
          `meeting_started`, and where it was not captured `created_at` of the end.",
    remedy: "In a fixture or a mock, set `created_at` to the first `joined_at`. In a real capture, \
             look for a clock that was set during the call, or for what rewrites times on the way; \
             by itself it is no reason to drop the event.",
    basis: Documented,
    source: "CometChat's documentation: `call_started` comes when the first participant joins; \
             seen in samples: the two are 0 to 1 s apart",
    example: example!("F011"),
};

/// F012.
pub static ENDED_EARLY: Rule = Rule {
    code: "F012",
    name: "ended-early",
    severity: Warning,
    by_default: true,
    summary: "`destroyed_at` is more than a second before the last leave in its own roster",
    why: "The body contradicts itself: it says when the call ended, and its `all_occupants` has \
          somebody who left later. The call's duration comes out shorter than that stay, and \
          whoever bills by one and reports by the other gets two figures. callscope shows both as \
          they stand. Up to 1 s is let pass, since times are whole seconds. In every sample seen, \
          `destroyed_at` equals the greatest `left_at`.",
    remedy: "In a fixture or a mock, set `destroyed_at` to the greatest `left_at` of \
             `all_occupants`. In a real capture, take the later of the two for the end of the \
             call.",
    basis: Inferred,
    source: "seen in every sample: `destroyed_at` equals the greatest `left_at` of the roster",
    example: example!("F012"),
};

/// F013.
pub static NEGATIVE_TIME: Rule = Rule {
    code: "F013",
    name: "negative-time",
    severity: Error,
    by_default: true,
    summary: "somebody left before joining, or the call ended before it was created",
    why: "Both times stand in one body, and they are the wrong way round: `left_at` before \
          `joined_at` in a leave or in an entry of the roster, or `destroyed_at` before \
          `created_at`. One of them cannot be right. callscope leaves that duration unknown; a \
          receiver that subtracts gets a negative number, which then lowers a sum without anybody \
          noticing. Times are whole seconds, and two equal ones are in order.",
    remedy: "In a fixture or a mock, correct the times. In a real capture, look for what changes \
             one of the two on the way, such as a unit or a zone. Let the receiver refuse a \
             negative duration instead of storing it.",
    basis: Inferred,
    source: "what the documented fields mean: nobody leaves before joining, and nothing ends \
             before it was created",
    example: example!("F013"),
};

/// F014.
pub static RECORDING_OUTSIDE: Rule = Rule {
    code: "F014",
    name: "recording-outside",
    severity: Warning,
    by_default: true,
    summary: "a recording that starts over 5 s before its call or ends over 5 s after it",
    why: "A recording is made of what happens in the call, so it lies within it. This one starts \
          more than 5 s before the start or ends, at `startTime` plus `duration`, more than 5 s \
          after `destroyed_at`. Either one of the times is wrong, or the recording is of another \
          call whose session id it should carry. A player that shows it beside the timeline is off \
          by as much. When the webhook itself arrives does not matter: that is minutes later as a \
          rule.",
    remedy: "Compare `startTime`, `duration` and `recording_url` with the recording itself. In a \
             fixture or a mock, put the recording inside its call; `duration` is in seconds, \
             written as a string.",
    basis: Inferred,
    source: "the documented flows, in which `recording_generated` belongs to a session; the 5 s of \
             slack are callscope's own",
    example: example!("F014"),
};

/// F015.
pub static RECORDING_WITHOUT_CALL: Rule = Rule {
    code: "F015",
    name: "recording-without-call",
    severity: Warning,
    by_default: true,
    summary: "a recording of a session of which no other event was captured",
    why: "Nothing but `recording_generated` has this session id. So it stands as a call of its \
          own, with the outcome `unknown` and without participants, and whoever looks for the \
          recording of a call does not find it there. Either the events of the session were lost \
          or are not enabled, or the id was changed on the way. Nothing is told where the \
          recording's start is not after the first event captured of the app, since its call may \
          lie before the capture; a recording itself counts at its end for that.",
    remedy: "Make sure that the webhook configuration has the events of the session and not \
             `recording_generated` alone. If the call is known from elsewhere, compare the session \
             ids letter by letter.",
    basis: Documented,
    source: "CometChat's documentation: the flows of a ringing call and of a meeting, after which \
             `recording_generated` may follow",
    example: example!("F015"),
};

/// F016.
pub static STARTED_TWICE: Rule = Rule {
    code: "F016",
    name: "started-twice",
    severity: Warning,
    by_default: true,
    summary: "several starts with different `created_at` in one run",
    why: "A call or a run of a meeting starts once. Here the starts differ in `created_at`, so \
          they are no deliveries of one event, and nothing tells which is right. callscope takes \
          the earliest; a receiver that keeps the latest shows a longer ringing and a shorter \
          call, and one that opens a call at each start counts two. The same start through several \
          webhook configurations, or delivered again, is no such case. A meeting's session id may \
          be used again: a start after the end of a run opens the next and is not told here.",
    remedy: "In a fixture or a mock, give each session one start, or a session id of its own. In \
             the receiver, let a further start of a session that is open change nothing.",
    basis: Documented,
    source: "CometChat's documentation: the flows of a ringing call and of a meeting, each with \
             one start",
    example: example!("F016"),
};

/// F017.
pub static ANSWERED_ALONE: Rule = Rule {
    code: "F017",
    name: "answered-alone",
    severity: Warning,
    by_default: true,
    summary: "a ringing call started and ended with one participant name in all",
    why: "`call_started` is the answer, so two people at least should have been in the call, and \
          its joins, its leaves and its roster know one name only. Perhaps the other side never \
          got into the session, for instance because its connection failed after the tap on \
          accept; then the call is reported as answered though nobody spoke to anybody. But the \
          name is a display name: two people of one name, or one person with two devices, also \
          count as one here. Meetings are not judged, since anyone may wait alone in one.",
    remedy: "Do not count such a call as a conversation: `connected_seconds` says for how long two \
             stays were open. If it happens often, look at the clients of the callees. Where \
             people share a name, give them distinct display names, or ignore the rule.",
    basis: Inferred,
    source: "the documented ringing flow, in which `call_started` comes after the callee has \
             accepted",
    example: example!("F017"),
};

/// F018.
pub static ENDED_TWICE: Rule = Rule {
    code: "F018",
    name: "ended-twice",
    severity: Warning,
    by_default: true,
    summary: "several ends with different `destroyed_at` in one run",
    why: "A call or a run of a meeting ends once. Here the ends differ in `destroyed_at`, so they \
          are no deliveries of one event, and the duration depends on which of them is taken. \
          callscope takes the latest and brings the rosters of all together; a receiver that bills \
          at each end bills twice. The same end through several webhook configurations, or \
          delivered again, is no such case. In a meeting whose session id is used again, an end \
          with another `created_at` belongs to another run.",
    remedy: "In the receiver, let a further end of a call that is over move its end and do nothing \
             else. In a fixture or a mock, keep one end for each run.",
    basis: Documented,
    source: "CometChat's documentation: the flows of a ringing call and of a meeting, each with \
             one end",
    example: example!("F018"),
};
