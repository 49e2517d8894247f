//! L, F, R, D: what can be odd about links, flows, rosters and deliveries.

mod delivery;
mod flow;
mod flow_times;
mod links;
mod roster;

pub use delivery::*;
pub use flow::*;
pub use flow_times::*;
pub use links::*;
pub use roster::*;

use crate::finding::Rule;

/// All four families in code order.
pub static ALL: &[&Rule] = &[
    &INFERRED_LINK,
    &AMBIGUOUS_LINK,
    &UNLINKED_OUTCOME,
    &CONTRADICTING_OUTCOMES,
    &NOT_FOR_GROUPS,
    &MIXED_FLOWS,
    &MISSING_START,
    &MISSING_INITIATION,
    &NEVER_ENDED,
    &NO_OUTCOME,
    &LEFT_WITHOUT_JOINED,
    &NEVER_LEFT,
    &AFTER_END,
    &BEFORE_START,
    &ENDED_EARLY,
    &NEGATIVE_TIME,
    &RECORDING_OUTSIDE,
    &RECORDING_WITHOUT_CALL,
    &STARTED_TWICE,
    &ANSWERED_ALONE,
    &ENDED_TWICE,
    &LOST_JOIN,
    &LOST_LEAVE,
    &NOT_IN_ROSTER,
    &TIMES_DIFFER,
    &START_TIMES,
    &LATE,
    &OUT_OF_ORDER,
    &RETRIED,
    &UNEXPLAINED_REPEAT,
];
