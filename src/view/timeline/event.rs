//! What happened in a call, an event a line, with those that must have happened and were not captured.

use crate::event::{Flow, Kind, Moment, Trigger};
use crate::flow::{Call, LinkReason, Outcome, Stay};
use crate::view::cell::{Cell, host_and_path};
use crate::view::ink::{Ink, Line};
use crate::view::rows::{Timeline, TimelineRow};
use crate::view::screen::Screen;
use crate::view::text::{Cut, shown, width};
use crate::view::words::{length, offset};

/// One line of the list, before it is set.
struct Entry {
    /// `None` where nobody knows when.
    at: Option<Moment>,
    what: &'static str,
    /// Who it is about; several where the same happened to them in one second.
    who: Vec<String>,
    /// What else there is to say.
    note: String,
    /// What the list marks it with: nothing, lost, or joined by inference.
    mark: Mark,
    /// Where the webhook stands.
    place: Option<String>,
    deliveries: u32,
}

/// What is odd about an event of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Nothing.
    Captured,
    /// Its webhook was not captured.
    Lost,
    /// No id joins it to the rest of the call.
    Inferred,
}

impl Mark {
    fn ink(self) -> Ink {
        match self {
            Self::Captured => Ink::Plain,
            Self::Lost => Ink::Bad,
            Self::Inferred => Ink::Odd,
        }
    }

    fn glyph(self, screen: &Screen) -> &'static str {
        match self {
            Self::Captured => " ",
            Self::Lost => screen.glyphs.lost,
            Self::Inferred => screen.glyphs.guess,
        }
    }
}

/// The list of a call's events.
pub(super) fn lines(item: &Timeline<'_>, screen: &Screen) -> Vec<Line> {
    let entries = merged(entries(item, screen));
    let from = item.timeline.first().map(|row| row.event_at - row.offset_seconds);
    let layout = Layout::of(&entries, screen);
    entries.iter().flat_map(|entry| layout.set(entry, from, screen)).collect()
}

/// All that happened, in its order.
fn entries(item: &Timeline<'_>, screen: &Screen) -> Vec<Entry> {
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
    entries
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

/// The events that must have happened, by what others tell, and of which no webhook was captured.
fn lost(call: &Call<'_>, rows: &[TimelineRow<'_>]) -> Vec<Entry> {
    let has = |kind: Kind| rows.iter().any(|row| row.event.kind() == kind);
    let mut lost = Vec::new();
    let mut add = |at, what, who: Option<&str>, note: &str| {
        lost.push(Entry {
            at,
            what,
            who: who.map(str::to_owned).into_iter().collect(),
            note: note.to_owned(),
            mark: Mark::Lost,
            place: None,
            deliveries: 1,
        });
    };
    let session = has(Kind::Started) || has(Kind::Joined) || has(Kind::Left) || has(Kind::Ended);
    let meeting = call.flow == Some(Flow::Session);
    if call.flow == Some(Flow::Ringing) && !has(Kind::Initiated) {
        add(None, Trigger::CallInitiated.name(), None, "not captured");
    }
    if session && !has(Kind::Started) {
        let trigger = if meeting { Trigger::MeetingStarted } else { Trigger::CallStarted };
        let note = if has(Kind::Ended) { "only in the end" } else { "by the first join" };
        add(call.started_at, trigger.name(), None, note);
    }
    for stay in &call.stays {
        if !stay.has_joined {
            let note = if stay.has_left { "only in its left" } else { "only in the roster" };
            add(Some(stay.joined_at), "joined", Some(stay.name), note);
        }
        if !stay.has_left && stay.left_at.is_some() {
            add(stay.left_at, "left", Some(stay.name), "only in the roster");
        } else if !stay.has_left && call.ended_at.is_some() {
            add(call.ended_at, "left", Some(stay.name), "by the end");
        }
    }
    if call.outcome == Outcome::Ongoing {
        let trigger = if meeting { Trigger::MeetingEnded } else { Trigger::CallEnded };
        add(None, trigger.name(), None, "not captured so far");
    }
    if call.outcome == Outcome::Initiated {
        add(None, "outcome", None, "not captured so far");
    }
    lost
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

/// Where things stand in the list.
struct Layout {
    /// Where the time of day begins, where there is room for it.
    clock: Option<usize>,
    mark: usize,
    who: usize,
    note: usize,
    /// Where the place begins, where there is room for it.
    place: Option<usize>,
    /// Where everything else ends.
    end: usize,
}

/// From here on a screen has room for the time of day and the place of each event.
const WIDE: usize = 110;

/// Where offsets end.
const OFFSET: usize = 11;

/// The least and the most columns of a place.
const PLACE: (usize, usize) = (24, 60);

/// The widest that what is said of an event may be where its place stands behind it.
const SAID: usize = 64;

impl Layout {
    fn of(entries: &[Entry], screen: &Screen) -> Self {
        let wide = screen.width >= WIDE;
        let clock = wide.then_some(OFFSET + 2);
        let mark = clock.map_or(OFFSET, |at| at + 8) + 2;
        let word = entries.iter().map(|entry| entry.what.len()).max().unwrap_or_default();
        let who = mark + 2 + word + 2;
        let single = entries.iter().filter(|entry| entry.who.len() == 1);
        let widest = single.map(|entry| width(&shown(&entry.who[0]))).max().unwrap_or_default();
        let room = screen.width.saturating_sub(who);
        let note = who + widest.min(room * 3 / 5).min(SAID) + 2;
        let notes = entries.iter().map(|entry| width(&shown(&entry.note)) + 16);
        let said = note + notes.max().unwrap_or_default();
        let end =
            if wide { said.min(who + SAID).min(screen.width - PLACE.0 - 2) } else { screen.width };
        Self { clock, mark, who, note, place: wide.then_some(end + 2), end }
    }

    fn set(&self, entry: &Entry, from: Option<Moment>, screen: &Screen) -> Vec<Line> {
        let mut line = Line::default();
        if let (Some(at), Some(from)) = (entry.at, from) {
            line.set_right(Ink::Plain, &offset(at - from), OFFSET);
        }
        if let (Some(column), Some(at)) = (self.clock, entry.at) {
            line.skip_to(column);
            line.add(Ink::Faint, &screen.clock.time_of_day(at));
        }
        line.skip_to(self.mark);
        line.add(entry.mark.ink(), entry.mark.glyph(screen));
        line.add(Ink::Plain, " ");
        line.add(if entry.mark == Mark::Lost { Ink::Bad } else { ink(entry.what) }, entry.what);
        let mut lines = self.names(line, entry, screen);
        if let Some(last) = lines.last_mut() {
            self.notes(last, entry, screen);
        }
        if let (Some(column), Some(place), Some(first)) =
            (self.place, &entry.place, lines.first_mut())
        {
            let room = (screen.width - column).min(PLACE.1);
            first.skip_to(column);
            first.add(Ink::Faint, &screen.fit(&shown(place), room, Cut::Start));
        }
        lines
    }

    /// The names behind the word, in as many lines as they need.
    fn names(&self, mut line: Line, entry: &Entry, screen: &Screen) -> Vec<Line> {
        let mut lines = Vec::new();
        let end = if entry.who.len() == 1 { self.note.min(self.end + 2) - 2 } else { self.end };
        let room = end.saturating_sub(self.who);
        let mut names = entry.who.iter().peekable();
        while let Some(name) = names.next() {
            let comma = if names.peek().is_some() { "," } else { "" };
            let name = shown(name);
            let name = screen.fit(&name, room.saturating_sub(comma.len()), Cut::End);
            let wide = width(&name) + comma.len();
            if line.width() > self.who && line.width() + 1 + wide > end {
                lines.push(std::mem::take(&mut line));
            }
            line.skip_to(if line.width() < self.who { self.who } else { line.width() + 1 });
            line.add(Ink::Plain, &name);
            line.add(Ink::Plain, comma);
        }
        lines.push(line);
        lines
    }

    /// What else there is to say, as far as there is room.
    fn notes(&self, line: &mut Line, entry: &Entry, screen: &Screen) {
        let many = format!("{}{} deliveries", screen.glyphs.times, entry.deliveries);
        let note = match entry.mark {
            Mark::Captured => Ink::Faint,
            odd => odd.ink(),
        };
        let notes = [(Ink::Odd, many), (note, entry.note.clone())];
        let mut column = if entry.who.is_empty() { self.who } else { self.note };
        for (at, (ink, note)) in notes.into_iter().enumerate() {
            column = column.max(line.width() + 2);
            let note = shown(&note);
            let note = screen.fit(&note, self.end.saturating_sub(column), Cut::End);
            if !note.is_empty() && (at > 0 || entry.deliveries > 1) {
                line.skip_to(column);
                line.add(ink, &note);
            }
        }
    }
}

/// The ink of a captured event's word.
fn ink(what: &str) -> Ink {
    match what {
        "joined" => Ink::Good,
        "left" => Ink::Faint,
        "recording" => Ink::Tape,
        _ => match Trigger::parse(what).map(Trigger::kind) {
            Some(Kind::RingOutcome) => Ink::Odd,
            _ => Ink::Strong,
        },
    }
}
