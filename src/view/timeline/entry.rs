//! What happened in a call: the events that were captured, with those that were not in their
//! places.

use std::collections::HashMap;

use super::lost::lost;
use crate::event::{Kind, Moment, Trigger};
use crate::flow::{Call, LinkReason, Stay, rank};
use crate::view::cell::{Cell, host_and_path};
use crate::view::ink::Ink;
use crate::view::rows::{Timeline, TimelineRow};
use crate::view::screen::Screen;
use crate::view::words::{length, person};

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
    /// What orders it among the others.
    pub(super) place_in_time: PlaceInTime,
}

/// Before all times, at a second with the rank of the kind within it, or behind all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PlaceInTime {
    /// Nobody knows when, but nothing came before.
    First,
    /// A second, and the rank within it.
    At(i64, u8),
    /// Nobody knows when, but it is still to come.
    Last,
}

impl PlaceInTime {
    /// The place of an event; `since` is when the stay began that it ends, where it ends one.
    pub(super) fn of(kind: Kind, at: Moment, since: Option<Moment>) -> Self {
        Self::At(at.seconds(), rank(kind, at, since))
    }
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

/// All that happened, in its order. Each event has a line of its own where `apart` says so; else
/// those that say the same of several people in one second share one.
pub(super) fn entries(item: &Timeline<'_>, apart: bool, screen: &Screen) -> Vec<Entry> {
    let clients = clients(&item.call, screen);
    let captured = item.timeline.iter().map(|row| captured(row, &clients, screen));
    let mut entries: Vec<Entry> = captured.chain(lost(item)).collect();
    // What is missing stands behind what was captured of its second and kind.
    entries.sort_by_key(|entry| entry.place_in_time);
    if apart { entries } else { merged(entries) }
}

/// What an event is called in the list: the trigger, or the plain word where its line says the
/// rest.
fn word(trigger: Trigger) -> &'static str {
    match trigger.kind() {
        Kind::Joined => "joined",
        Kind::Left => "left",
        Kind::Recording => "recording",
        _ => trigger.name(),
    }
}

fn captured(row: &TimelineRow<'_>, clients: &Clients<'_>, screen: &Screen) -> Entry {
    let kind = row.event.kind();
    let since = row.lasted.map(|span| row.event_at - span);
    let (mark, note) = match row.inferred {
        Some(reason) => (Mark::Inferred, inferred(reason).to_owned()),
        None => (Mark::Captured, note(row, clients)),
    };
    Entry {
        at: Some(row.event_at),
        what: word(row.event),
        who: who(row, screen),
        note,
        mark,
        place: Some(format!("{}:{}", row.source, row.line)),
        deliveries: row.delivery_count,
        place_in_time: PlaceInTime::of(kind, row.event_at, since),
    }
}

/// What else there is to say of an event.
fn note(row: &TimelineRow<'_>, clients: &Clients<'_>) -> String {
    match row.event.kind() {
        Kind::Joined => joined(row, clients),
        Kind::Ended => {
            row.lasted.map_or_else(String::new, |span| format!("after {}", length(span)))
        }
        Kind::Recording => recording(row),
        _ => String::new(),
    }
}

/// Who an event is about.
fn who(row: &TimelineRow<'_>, screen: &Screen) -> Vec<String> {
    match (row.participant_name, row.sender, row.receiver) {
        (Some(name), _, _) => vec![person(name).to_owned()],
        (_, Some(sender), Some(receiver)) if row.event == Trigger::CallInitiated => {
            vec![Cell::Parties(sender, receiver).human(screen)]
        }
        (_, Some(sender), _) if row.event != Trigger::CallUnanswered => {
            vec![format!("by {sender}")]
        }
        _ => Vec::new(),
    }
}

/// What joins an event to the rest of its call where no id does, in words.
fn inferred(reason: LinkReason) -> &'static str {
    match reason {
        LinkReason::SessionEpoch => "inferred: session epoch",
        LinkReason::Conversation => "inferred: conversation",
    }
}

/// The clients of the stays whose joined events were captured, by name and time.
type Clients<'c> = HashMap<(&'c str, Moment), String>;

fn clients<'c>(call: &Call<'c>, screen: &Screen) -> Clients<'c> {
    let stays = call.stays.iter().filter(|stay| stay.has_joined);
    stays.map(|stay| ((stay.name, stay.joined_at), client(stay, screen))).collect()
}

/// `web · react 5.0.3`; a platform that the library is named after once.
fn client(stay: &Stay<'_>, screen: &Screen) -> String {
    let sdk = stay.sdk.filter(|sdk| Some(*sdk) != stay.platform);
    let client: Vec<&str> = stay.platform.into_iter().chain(sdk).collect();
    let client = client.join(&format!(" {} ", screen.glyphs.dot));
    match stay.call_version {
        Some(version) => format!("{client} {version}").trim_start().to_owned(),
        None => client,
    }
}

/// Whether somebody came back, and with which client.
fn joined(row: &TimelineRow<'_>, clients: &Clients<'_>) -> String {
    let client = row.participant_name.and_then(|name| clients.get(&(name, row.event_at)));
    let client = client.map(String::as_str).filter(|client| !client.is_empty());
    let notes: Vec<&str> = row.again.then_some("again").into_iter().chain(client).collect();
    notes.join(", ")
}

fn recording(row: &TimelineRow<'_>) -> String {
    let length = row.lasted.map(length);
    let url = row.url.map(|url| host_and_path(url).into_owned());
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
