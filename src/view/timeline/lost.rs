//! The webhooks of a call that were not captured, as far as others tell of them.

use super::entry::{Entry, Mark, PlaceInTime};
use crate::event::{Flow, Kind, Moment, Trigger};
use crate::flow::{Call, Outcome, Stay};
use crate::view::rows::Timeline;
use crate::view::words::person;

/// Nobody else tells.
const UNKNOWN: &str = "no webhook";

/// The events that must have happened, by what others tell, and of which no webhook was captured.
pub(super) fn lost(item: &Timeline<'_>) -> Vec<Entry> {
    let call = &item.call;
    let has = |kind: Kind| item.timeline.iter().any(|row| row.event.kind() == kind);
    let is_session = [Kind::Started, Kind::Joined, Kind::Left, Kind::Ended].into_iter().any(has);
    // Where a link was refused, the webhook is there.
    let unlinked = item.findings.iter().any(|finding| {
        finding.rule == "L002" || (finding.rule == "L003" && !finding.others.is_empty())
    });
    let unknown = if unlinked { "not linked" } else { UNKNOWN };
    let mut lost = Vec::new();
    if call.flow == Some(Flow::Ringing) && !has(Kind::Initiated) {
        lost.push(Entry::lost(Trigger::CallInitiated.name(), unknown, PlaceInTime::First));
    }
    if is_session && !has(Kind::Started) {
        lost.push(start(item));
    }
    lost.extend(call.stays.iter().flat_map(|stay| lost_of(stay, call)));
    match call.outcome {
        Outcome::Ongoing | Outcome::Unknown if is_session => {
            let trigger = of_flow(call, Trigger::MeetingEnded, Trigger::CallEnded);
            lost.push(Entry::lost(trigger, "no webhook so far", PlaceInTime::Last));
        }
        Outcome::Initiated => {
            let note = if unlinked { unknown } else { "no webhook so far" };
            lost.push(Entry::lost("outcome", note, PlaceInTime::Last));
        }
        _ => {}
    }
    lost
}

fn of_flow(call: &Call<'_>, meeting: Trigger, ringing: Trigger) -> &'static str {
    if call.flow == Some(Flow::Session) { meeting.name() } else { ringing.name() }
}

/// The start, which the end knows of, else the first join.
fn start(item: &Timeline<'_>) -> Entry {
    let call = &item.call;
    let trigger = of_flow(call, Trigger::MeetingStarted, Trigger::CallStarted);
    let mut ends = item.timeline.iter().filter(|row| row.event.kind() == Kind::Ended);
    let told = ends.any(|row| row.lasted.is_some());
    let note = if told { "no webhook; end tells" } else { "no webhook; join tells" };
    match call.started_at {
        Some(at) => Entry::lost_at(trigger, note, at, Kind::Started, None),
        None => Entry::lost(trigger, UNKNOWN, PlaceInTime::First),
    }
}

/// What is missing of a stay.
fn lost_of(stay: &Stay<'_>, call: &Call<'_>) -> Vec<Entry> {
    const ROSTER: &str = "no webhook; in roster";
    let mut lost = Vec::new();
    if !stay.has_joined {
        let note = if stay.has_left { "no webhook; left tells" } else { ROSTER };
        lost.push(Entry::lost_at("joined", note, stay.joined_at, Kind::Joined, None));
    }
    let left = |at, note| Entry::lost_at("left", note, at, Kind::Left, Some(stay.joined_at));
    match (stay.has_left, stay.left_at, call.ended_at) {
        (false, Some(at), _) => lost.push(left(at, ROSTER)),
        // By the end everybody has left.
        (false, None, Some(at)) if at >= stay.joined_at => lost.push(left(at, "gone by the end")),
        _ => {}
    }
    for entry in &mut lost {
        entry.who = vec![person(stay.name).to_owned()];
    }
    lost
}

impl Entry {
    /// An event of which no webhook was captured, about nobody at no known time.
    fn lost(what: &'static str, note: &str, place_in_time: PlaceInTime) -> Self {
        Self {
            at: None,
            what,
            who: Vec::new(),
            note: note.to_owned(),
            mark: Mark::Lost,
            place: None,
            deliveries: 1,
            place_in_time,
        }
    }

    /// Likewise at a known time.
    fn lost_at(
        what: &'static str,
        note: &str,
        at: Moment,
        kind: Kind,
        since: Option<Moment>,
    ) -> Self {
        let place = PlaceInTime::of(kind, at, since);
        Self { at: Some(at), ..Self::lost(what, note, place) }
    }
}
