//! The webhooks of a call that were not captured, as far as others tell of them.

use super::entry::{Entry, Mark};
use crate::event::{Flow, Kind, Trigger};
use crate::flow::{Call, Outcome, Stay};
use crate::view::rows::TimelineRow;

/// The events that must have happened, by what others tell, and of which no webhook was captured.
pub(super) fn lost(call: &Call<'_>, rows: &[TimelineRow<'_>]) -> Vec<Entry> {
    let has = |kind: Kind| rows.iter().any(|row| row.event.kind() == kind);
    let is_session = [Kind::Started, Kind::Joined, Kind::Left, Kind::Ended].into_iter().any(has);
    let meeting = call.flow == Some(Flow::Session);
    let mut lost = Vec::new();
    if call.flow == Some(Flow::Ringing) && !has(Kind::Initiated) {
        lost.push(Entry::lost(Trigger::CallInitiated.name(), "not captured"));
    }
    if is_session && !has(Kind::Started) {
        let trigger = if meeting { Trigger::MeetingStarted } else { Trigger::CallStarted };
        let note = if has(Kind::Ended) { "only in the end" } else { "by the first join" };
        lost.push(Entry { at: call.started_at, ..Entry::lost(trigger.name(), note) });
    }
    lost.extend(call.stays.iter().flat_map(|stay| lost_of(stay, call)));
    if call.outcome == Outcome::Ongoing {
        let trigger = if meeting { Trigger::MeetingEnded } else { Trigger::CallEnded };
        lost.push(Entry::lost(trigger.name(), "not captured so far"));
    }
    if call.outcome == Outcome::Initiated {
        lost.push(Entry::lost("outcome", "not captured so far"));
    }
    lost
}

/// What is missing of a stay.
fn lost_of(stay: &Stay<'_>, call: &Call<'_>) -> Vec<Entry> {
    let entry =
        |what, at, note| Entry { at, who: vec![stay.name.to_owned()], ..Entry::lost(what, note) };
    let mut lost = Vec::new();
    if !stay.has_joined {
        let note = if stay.has_left { "only in its left" } else { "only in the roster" };
        lost.push(entry("joined", Some(stay.joined_at), note));
    }
    match (stay.has_left, stay.left_at, call.ended_at) {
        (false, Some(left_at), _) => {
            lost.push(entry("left", Some(left_at), "only in the roster"));
        }
        (false, None, Some(ended_at)) => lost.push(entry("left", Some(ended_at), "by the end")),
        _ => {}
    }
    lost
}

impl Entry {
    /// An event of which no webhook was captured, about nobody at no known time.
    fn lost(what: &'static str, note: &str) -> Self {
        Self {
            at: None,
            what,
            who: Vec::new(),
            note: note.to_owned(),
            mark: Mark::Lost,
            place: None,
            deliveries: 1,
        }
    }
}
