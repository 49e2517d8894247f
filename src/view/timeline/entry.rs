//! What happened in a call: the events that were captured, with those that were not in their places.

use super::lost::lost;
use crate::event::{Kind, Moment, Trigger};
use crate::flow::{Call, LinkReason, Stay};
use crate::view::cell::{Cell, host_and_path};
use crate::view::ink::Ink;
use crate::view::rows::{Timeline, TimelineRow};
use crate::view::screen::Screen;
use crate::view::words::length;

/// One line of the list, before it is set.
pub(super) struct Entry {
    /// `None` where nobody knows when.
    pub(super) at: Option<Moment>,
    pub(super) what: &'static str,
    /// Who it is about; several where the same happened to them in one second.
    pub(super) who: Vec<String>,
    /// What else there is to say.
    pub(super) note: String,
    /// What the list marks it with: nothing, lost, or joined by inference.
    pub(super) mark: Mark,
    /// Where its webhook stands.
    pub(super) place: Option<String>,
    pub(super) deliveries: u32,
}

/// What is odd about an event of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    Captured,
    /// Its webhook was not captured.
    Lost,
    /// No id joins it to the rest of the call.
    Inferred,
}

impl Mark {
    pub(super) fn ink(self) -> Ink {
        match self {
            Self::Captured => Ink::Plain,
            Self::Lost => Ink::Bad,
            Self::Inferred => Ink::Odd,
        }
    }

    pub(super) fn glyph(self, screen: &Screen) -> &'static str {
        match self {
            Self::Captured => " ",
            Self::Lost => screen.glyphs.lost,
            Self::Inferred => screen.glyphs.guess,
        }
    }
}

/// All that happened, in its order.
pub(super) fn entries(item: &Timeline<'_>, screen: &Screen) -> Vec<Entry> {
    let call = &item.call;
    let mut entries: Vec<Entry> =
        item.timeline.iter().map(|row| captured(row, call, screen)).collect();
    for lost in lost(call, &item.timeline) {
        // Behind all that happened until then; an end that is missing comes last.
        let at = match (lost.at, lost.what) {
            (None, what) if is_initiation(what) => 0,
            (None, _) => entries.len(),
            (Some(at), what) => {
                let before = |entry: &Entry| {
                    entry.at.is_none_or(|other| (other, rank(entry.what)) <= (at, rank(what)))
                };
                entries.iter().rposition(before).map_or(0, |at| at + 1)
            }
        };
        entries.insert(at, lost);
    }
    merged(entries)
}

fn is_initiation(what: &str) -> bool {
    what == Trigger::CallInitiated.name()
}

/// The order within one second, as the timeline has it.
fn rank(what: &str) -> u8 {
    match what {
        "left" => 2,
        "joined" => 1,
        _ if Trigger::parse(what).is_some_and(|trigger| trigger.kind() == Kind::Ended) => 3,
        _ => 0,
    }
}

/// What an event is called in the list: the trigger, or the plain word where its line says the rest.
fn word(trigger: Trigger) -> &'static str {
    match trigger.kind() {
        Kind::Joined => "joined",
        Kind::Left => "left",
        Kind::Recording => "recording",
        _ => trigger.name(),
    }
}

fn captured(row: &TimelineRow<'_>, call: &Call<'_>, screen: &Screen) -> Entry {
    let kind = row.event.kind();
    let who = match (row.participant_name, row.sender, row.receiver) {
        (Some(name), _, _) => vec![name.to_owned()],
        (_, Some(sender), Some(receiver)) if kind == Kind::Initiated => {
            vec![Cell::Parties(sender, receiver).human(screen)]
        }
        (_, Some(sender), _) if row.event != Trigger::CallUnanswered => {
            vec![format!("by {sender}")]
        }
        _ => Vec::new(),
    };
    let by = inferred(kind, call);
    let note = match kind {
        _ if by.is_some() => by.unwrap_or_default().to_owned(),
        Kind::Joined => joined(row, call, screen),
        Kind::Ended => {
            row.lasted.map_or_else(String::new, |span| format!("after {}", length(span)))
        }
        Kind::Recording => recording(row),
        _ => String::new(),
    };
    Entry {
        at: Some(row.event_at),
        what: word(row.event),
        who,
        note,
        mark: if by.is_some() { Mark::Inferred } else { Mark::Captured },
        place: Some(format!("{}:{}", row.source, row.line)),
        deliveries: row.delivery_count,
    }
}

/// What joins an event to the rest of its call where no id does.
fn inferred(kind: Kind, call: &Call<'_>) -> Option<&'static str> {
    match (call.link_reason?, kind) {
        (LinkReason::SessionEpoch, Kind::Initiated) => Some("inferred: session epoch"),
        (LinkReason::Conversation, Kind::RingOutcome) => Some("inferred: conversation"),
        _ => None,
    }
}

/// Whether somebody came back, and with which client.
fn joined(row: &TimelineRow<'_>, call: &Call<'_>, screen: &Screen) -> String {
    let mut notes = Vec::new();
    if row.again {
        notes.push("again".to_owned());
    }
    let own = |stay: &&Stay<'_>| {
        stay.has_joined && Some(stay.name) == row.participant_name && stay.joined_at == row.event_at
    };
    if let Some(stay) = call.stays.iter().find(own) {
        let client: Vec<&str> = [stay.platform, stay.sdk].into_iter().flatten().collect();
        let mut client = client.join(&format!(" {} ", screen.glyphs.dot));
        if let Some(version) = stay.call_version {
            client = format!("{client} {version}");
        }
        notes.push(client);
    }
    notes.retain(|note| !note.trim().is_empty());
    notes.join(", ")
}

fn recording(row: &TimelineRow<'_>) -> String {
    let length = row.lasted.map(length);
    let url = row.url.map(|url| host_and_path(url).to_owned());
    length.into_iter().chain(url).collect::<Vec<_>>().join("  ")
}

/// Joins lines that say the same of several people in one second.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::new();
    for entry in entries {
        let same = |last: &&mut Entry| {
            let plain = |entry: &Entry| entry.deliveries == 1 && !entry.who.is_empty();
            (last.at, last.what, last.mark, &last.note)
                == (entry.at, entry.what, entry.mark, &entry.note)
                && matches!(entry.what, "joined" | "left")
                && plain(last)
                && plain(&entry)
        };
        match merged.last_mut().filter(same) {
            Some(last) => last.who.extend(entry.who),
            None => merged.push(entry),
        }
    }
    merged
}
