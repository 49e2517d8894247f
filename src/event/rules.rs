//! The rules of the families S, payloads that differ from the documentation, and K, repeated or
//! ambiguous events.

use crate::finding::{
    Basis::{Documented, Inferred},
    Rule,
    Severity::{Error, Info, Warning},
    example,
};

/// Both families in code order.
pub static ALL: &[&Rule] = &[
    &MISSING_FIELD,
    &WRONG_TYPE,
    &INVALID_VALUE,
    &UNKNOWN_TRIGGER,
    &LENIENT_TYPE,
    &UNKNOWN_FIELD,
    &TYPE_MISMATCH,
    &ACTION_MISMATCH,
    &IMPLAUSIBLE_TIME,
    &DUPLICATE,
    &KEY_COLLISION,
    &CONFLICT,
    &COPY,
];

/// S001.
pub static MISSING_FIELD: Rule = Rule {
    code: "S001",
    name: "missing-field",
    severity: Error,
    by_default: true,
    summary: "a required field is absent",
    why: "A field that every documented generation of this event has is not there. The event is \
          used all the same if its trigger, its identity and its time can be read, and what the \
          field would have told stays unknown; otherwise it is counted under `invalid` and its \
          call goes without it. A receiver that takes the field for granted fails on such a \
          payload or stores an empty value. Fields that only some generations have, such as \
          `data.call.data.entities`, are optional and are not missed.",
    remedy: "In a test fixture or a mock, add the field with the type that the message names. In a \
             real capture, look for what dropped it between CometChat and the file: a proxy, a \
             queue or a log filter that keeps only some fields.",
    basis: Documented,
    source: "CometChat's documentation: the payload of each calling event, in all three of its \
             generations",
    example: example!("S001"),
};

/// S002.
pub static WRONG_TYPE: Rule = Rule {
    code: "S002",
    name: "wrong-type",
    severity: Error,
    by_default: true,
    summary: "a field's type is wrong and cannot be read as the right one",
    why: "The value has a JSON type that the field never has, `null` included, and cannot be read \
          as the right one: an object where a string belongs, or a word where a number belongs. It \
          is treated as unknown, and an event whose time or identity it is counts under `invalid` \
          and is missing from its call. A receiver with typed fields refuses the whole body. A \
          number in a string, or the reverse, is no such case, since it can be read (S005).",
    remedy: "Correct the fixture or the mock, or whatever rewrites values between CometChat and \
             the file. Leave an optional field out instead of setting it to `null`.",
    basis: Documented,
    source: "CometChat's documentation: the payload of each calling event, with the types of its \
             fields",
    example: example!("S002"),
};

/// S003.
pub static INVALID_VALUE: Rule = Rule {
    code: "S003",
    name: "invalid-value",
    severity: Error,
    by_default: true,
    summary: "a value outside its set or form",
    why: "The type is right and the value is not, for instance an empty id, a `receiverType` other \
          than `user` or `group`, a call's `type` other than `audio` or `video`, a `recordingDate` \
          that is not `YYYY-MM-DD`, a `recording_url` that is not an absolute http or https URL, a \
          negative `duration`, or a fraction where whole seconds are documented. A URL and a time \
          with a fraction are kept as they came; any other such value is treated as unknown, and \
          an event whose id or time it is counts under `invalid`. A key that stands twice in one \
          object is told here too: the last one is read, while another JSON parser may take the \
          first.",
    remedy: "In a fixture or a mock, write a value of the kind that the message names. In a real \
             capture, look for what rewrites bodies on the way; if CometChat sent the value as it \
             stands, `--ignore S003` silences the rule.",
    basis: Documented,
    source: "CometChat's documentation: the payload of each calling event, with the values and \
             forms of its fields",
    example: example!("S003"),
};

/// S004.
pub static UNKNOWN_TRIGGER: Rule = Rule {
    code: "S004",
    name: "unknown-trigger",
    severity: Warning,
    by_default: true,
    summary: "neither a calling event nor another trigger that CometChat is known to send",
    why: "The body has the shape of a webhook, but its `trigger` is none of the fourteen calling \
          events and of none of the other kinds that CometChat sends to the same endpoint: \
          `transcription_generated` and whatever begins with `message_`, `user_`, `group_`, \
          `moderation_`, `campaign_`, `before_` or `after_`. It is counted under `other_webhooks`, \
          and no call is made from it. Misspelt in a fixture, it means that the handler of the \
          right trigger was never tested; new from CometChat, it means that the receiver may be \
          passing over something.",
    remedy: "Compare the spelling with CometChat's list of triggers. Let the receiver answer 200 \
             to a trigger that it does not know, so that it is not delivered again; `--ignore \
             S004` silences the rule.",
    basis: Documented,
    source: "CometChat's documentation: the triggers of the calling events and of its other \
             webhooks",
    example: example!("S004"),
};

/// S005.
pub static LENIENT_TYPE: Rule = Rule {
    code: "S005",
    name: "lenient-type",
    severity: Info,
    by_default: true,
    summary: "a number written as a string, or the reverse; read all the same",
    why: "The field has another JSON type than documented and still reads as the right one: a \
          number written as a string, a string of digits as a number, or `true` for the string \
          `\"true\"`. callscope reads it, and the event loses nothing. A receiver that goes by \
          strict types, or compares values, does not: `\"5\"` and `5` are different contents, so \
          that one event in both forms is a conflict (K003). Which form is right depends on the \
          field: `created_at` is a number, while `duration` and `startTime` of a recording are \
          strings.",
    remedy: "In a fixture or a mock, write the value in the type that the message names. In a \
             capture nothing needs doing unless its bodies go to a stricter reader; then store \
             them as bytes and not as an object encoded anew.",
    basis: Documented,
    source: "CometChat's documentation: the payload of each calling event, with the types of its \
             fields",
    example: example!("S005"),
};

/// S006.
pub static UNKNOWN_FIELD: Rule = Rule {
    code: "S006",
    name: "unknown-field",
    severity: Info,
    by_default: false,
    summary: "a field that no documented form has",
    why: "No documented form of this event has the field. That is no fault: the generations of \
          CometChat's documentation differ in their fields, and callscope passes over what it does \
          not know. So the rule is off unless it is selected. It shows what a new release of \
          CometChat has added, what a receiver has put into the bodies, and a field that a fixture \
          misspells. `sessionid` for `sessionId`, or the reverse, is told here too, and is read \
          all the same.",
    remedy: "Run `check --select S006` to see these fields. Nothing needs doing about one that \
             CometChat sends: let the receiver read what it needs and ignore the rest.",
    basis: Documented,
    source: "CometChat's documentation: the payload of each calling event, in all three of its \
             generations",
    example: example!("S006"),
};

/// S007.
pub static TYPE_MISMATCH: Rule = Rule {
    code: "S007",
    name: "type-mismatch",
    severity: Warning,
    by_default: true,
    summary: "`type` is absent where it belongs, or does not fit the trigger",
    why: "`type` is `call` on `call_started`, `call_participant_joined`, `call_participant_left` \
          and `call_ended`, `meet` on the four `meeting_*` events, and absent on the other six. \
          callscope goes by `trigger` and uses the event in full. A receiver that goes by `type` \
          takes it for the other flow or drops it. On ring records `call` is let pass too, and on \
          `recording_generated` any value.",
    remedy: "In the receiver, tell the flows apart by `trigger`, which is always there. In a \
             fixture or a mock, set `type` to what the message names.",
    basis: Documented,
    source: "CometChat's documentation: the envelope of each calling event",
    example: example!("S007"),
};

/// S008.
pub static ACTION_MISMATCH: Rule = Rule {
    code: "S008",
    name: "action-mismatch",
    severity: Warning,
    by_default: true,
    summary: "`data.call.data.action` does not fit the trigger",
    why: "A ring record says twice what happened: `trigger` is `call_busy` and \
          `data.call.data.action` is `busy`, and so on for initiated, cancelled, rejected and \
          unanswered. Where the two differ, callscope goes by `trigger`. A receiver that goes by \
          `action` stores another outcome for the same call, so that two reports disagree. In the \
          documented payloads the two always agree, so such a body was probably put together by \
          hand or changed on the way.",
    remedy: "In a fixture or a mock, set `action` to the trigger without its `call_`. In the \
             receiver, go by `trigger` alone.",
    basis: Documented,
    source: "CometChat's documentation: the payloads of `call_initiated` and the four ring \
             outcomes",
    example: example!("S008"),
};

/// S009.
pub static IMPLAUSIBLE_TIME: Rule = Rule {
    code: "S009",
    name: "implausible-time",
    severity: Warning,
    by_default: true,
    summary: "a time in milliseconds, before 2015, after 2100, or over a day past its arrival",
    why: "Event times are seconds since 1970. A number of 100,000,000,000 and more is too great \
          for that and is read as milliseconds, so that the call comes out right; a receiver that \
          takes it for seconds lands tens of thousands of years ahead. A time before 2015 or after \
          2100 is used as it stands, and the durations and the order of its call are then most \
          likely wrong. The same holds for a time that lies over a day past the webhook's own \
          arrival, where the capture tells that. None of these moves the edges of the capture, which tell whether an event is \
          missing or came before the capture began. Only times that a call is made from are \
          judged, so not `updatedAt`.",
    remedy: "In a fixture or a mock, write seconds: `Math.floor(Date.now() / 1000)` in JavaScript. \
             Behind a time outside 2015 to 2100 look for a placeholder such as 0, or for code that \
             changes the unit.",
    basis: Inferred,
    source: "event times are documented as seconds since 1970; the bounds are callscope's own",
    example: example!("S009"),
};

/// K001.
pub static DUPLICATE: Rule = Rule {
    code: "K001",
    name: "duplicate",
    severity: Info,
    by_default: true,
    summary: "the same event again",
    why: "The delivery has the identity, the content and the `webhook` of one that is known \
          already. It is folded away: it counts in its call's `delivery_count`, not in \
          `event_count`. Where `retryOnFailure` is on, CometChat delivers again after 10 s and \
          after 30 s what was not answered with 200 within 2 s, even if the receiver had stored \
          it. A receiver that handles each delivery then counts a participant twice. An event's \
          identity is `appId`, `trigger` and the documented idempotency key without `webhook`, for \
          joined and left also `occupant.name` and `occupant.joined_at`, for ring records also \
          `conversationId`; content is compared as JSON, in which neither the order of keys nor \
          spacing counts.",
    remedy: "Nothing needs doing in the capture. Let the receiver deduplicate by that identity, \
             and answer 200 at once and do its work afterwards, so that fewer deliveries come \
             again.",
    basis: Documented,
    source: "CometChat's documentation: the idempotency keys of the events, and retries under \
             `retryOnFailure`",
    example: example!("K001"),
};

/// K002.
pub static KEY_COLLISION: Rule = Rule {
    code: "K002",
    name: "key-collision",
    severity: Info,
    by_default: true,
    summary: "different events under one documented idempotency key",
    why: "Two different events have one documented idempotency key. It happens whenever two people \
          join, or leave, in the same second: the key of `call_participant_joined` is `webhook`, \
          `trigger`, `sessionId` and `joined_at`, with no name in it. A receiver that deduplicates \
          by that key keeps one of them and drops the others, so that a real person is missing \
          from the call. callscope goes by its own identity and keeps them all. Only people of one \
          name who join in one second are the same event to it as well: the roster of `call_ended` \
          or `meeting_ended` alone tells them apart.",
    remedy: "Nothing needs doing in the capture. In the receiver, add `appId` to the dedup key, \
             for joined and left also `occupant.name` and `occupant.joined_at`, and for ring \
             records `conversationId`.",
    basis: Inferred,
    source: "CometChat's documented idempotency keys; in its own example of `call_ended` two \
             people have one `joined_at`",
    example: example!("K002"),
};

/// K003.
pub static CONFLICT: Rule = Rule {
    code: "K003",
    name: "conflict",
    severity: Warning,
    by_default: true,
    summary: "the same event again with another content",
    why: "The two deliveries have one identity, and their contents differ in more than `webhook`. \
          A retry brings the same content, so one of the two was probably changed on the way or \
          made by hand: a number turned into a string, a field dropped, a value edited. callscope \
          keeps the one that arrived first where arrival times are known, else the one whose bytes \
          sort first, so that the order of the input does not matter; the finding stands at the \
          other. A receiver that keeps the first, or the last, may show another call than \
          callscope does.",
    remedy: "Compare the two places that the finding names, and let whatever rewrites bodies store \
             them as they came. If they are two people of one name who joined in one second, \
             nothing needs doing: the roster of `call_ended` or `meeting_ended` holds both.",
    basis: Inferred,
    source: "CometChat's documented idempotency keys and retries, by which one event has one \
             content",
    example: example!("K003"),
};

/// K004.
pub static COPY: Rule = Rule {
    code: "K004",
    name: "copy",
    severity: Info,
    by_default: true,
    summary: "the same event through another webhook configuration",
    why: "An app may have several webhook configurations, 25 at most, and each delivers its own \
          copy of an event. The copy has another `webhook`, and so another documented idempotency \
          key. A receiver that serves two of them and deduplicates by that key handles every event \
          twice. callscope compares identity and content without `webhook` and folds the copy into \
          the call once: it counts in `delivery_count`, not in `event_count`.",
    remedy: "Nothing needs doing in the capture. If several configurations are meant to reach one \
             receiver, leave `webhook` out of its dedup key; otherwise remove the configuration \
             that is not needed.",
    basis: Documented,
    source: "CometChat's documentation: an app may have up to 25 webhook configurations, and \
             `webhook` is part of each idempotency key",
    example: example!("K004"),
};
