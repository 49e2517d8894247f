//! Inside JSON that is no webhook: envelopes, records of logs, and the texts that their strings
//! hold.

use std::borrow::Cow;
use std::io;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::carrier::{self, Carrier, Lines, Members, members, recognise};
use super::expand::{Expanded, Packing, Trouble, expanded};
use super::frame::{Framer, MAX_BODY};
use super::join::{Joined, Log, Open, unfinished};
use super::json::elements;
use super::notes::{Context, Notes};
use super::outline::{begins_webhook, outline};
use super::rules;
use super::sink::{Answer, Candidate, Sink};
use super::tally::{Sighting, Tally};
use super::window::{Piece, Window};
use super::written::{from_base64, from_stated_base64, unescaped};
use crate::finding::{Finding, Spot};

/// Levels of objects and arrays that are searched for webhooks.
pub(super) const MAX_SEARCHED: u32 = 8;

/// Texts inside texts that are searched for webhooks.
const MAX_NESTED: u32 = 4;

/// Docker splits lines of this length, or of a few bytes less where a character would be cut.
const SPLIT: usize = 16 * 1024 - 3;

/// The word that every webhook has in it: as it is, and in base64, where it is written in one of
/// three ways; and what begins so in base64 that may hold more of the kind: objects, requests, what
/// gzip and Zstandard have packed.
const SIGNS: [&[u8]; 10] = [
    b"trigger",
    b"dHJpZ2dlc",
    b"RyaWdnZX",
    b"0cmlnZ2Vy",
    b"eyJ",
    b"ewo",
    b"ew0K",
    b"UE9TVC",
    b"H4sI",
    b"KLUv/",
];

/// `None` only if so few words were too many.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(SIGNS).ok());

/// Whether a text may hold a webhook.
pub(super) fn is_promising(text: &[u8]) -> bool {
    FINDER.as_ref().is_none_or(|finder| finder.is_match(text))
}

/// Searches the text of a window, as much of it as is in memory.
pub(super) struct Search<'f, 'r, S> {
    pub(super) window: &'f Window<'r>,
    pub(super) sink: &'f mut S,
    pub(super) notes: &'f mut Notes,
    /// Places that were not readable.
    pub(super) damaged: u64,
    /// Lines that were put together for nothing.
    pub(super) skipped: u64,
}

impl<S: Sink> Search<'_, '_, S> {
    /// Offers an object, a slice of the window's text, to the sink, and notes it if it is taken.
    pub(super) fn offer(&mut self, text: &str, context: &Context<'_>) -> Answer {
        let ahead = self.ahead(text);
        let candidate = Candidate { text, ahead, window: self.window, context, notes: self.notes };
        let answer = self.sink.object(&candidate);
        if matches!(answer, Answer::Webhook) {
            self.notes.taken(self.window, text, context);
        }
        answer
    }

    /// What an object holds, a slice of the window's text that stands so many containers deep. One
    /// that is an envelope at a glance is not offered first.
    ///
    /// # Errors
    /// When it is not valid JSON.
    pub(super) fn offered(
        &mut self,
        text: &str,
        context: &Context<'_>,
        depth: u32,
    ) -> Result<Tally, serde_json::Error> {
        if let Some(members) = outline(text) {
            return Ok(self.envelope(text, &members, context, depth));
        }
        match self.offer(text, context) {
            Answer::Webhook => Ok(Tally::WEBHOOK),
            Answer::Again => Ok(Tally::default()),
            Answer::Other => Ok(self.envelope(text, &members(text), context, depth)),
            Answer::Malformed(error) => Err(error),
        }
    }

    /// Where a slice of the window's text begins in it.
    fn ahead(&self, slice: &str) -> usize {
        (slice.as_ptr() as usize).saturating_sub(self.window.text().as_ptr() as usize)
    }

    /// What a value of valid JSON holds, a slice of the window's text that stands so many
    /// containers deep.
    pub(super) fn value(&mut self, raw: &str, context: &Context<'_>, depth: u32) -> Tally {
        match raw.as_bytes().first() {
            Some(b'{') => match self.offered(raw, context, depth) {
                Ok(tally) => tally,
                Err(_) => self.envelope(raw, &members(raw), context, depth),
            },
            Some(b'[') if depth < MAX_SEARCHED => self.array(raw, context, depth),
            Some(b'"') => self.string(raw, context),
            _ => self.other(raw),
        }
    }

    fn spot(&self, raw: &str) -> Spot {
        self.window.spot(self.ahead(raw))
    }

    /// Where a value stands, a slice of the window's text.
    fn sighting(&self, raw: &str) -> Sighting {
        let ahead = self.ahead(raw);
        let surroundings = self.window.surroundings_within(ahead, raw.as_bytes());
        Sighting { spot: self.window.spot(ahead), surroundings }
    }

    fn other(&self, raw: &str) -> Tally {
        Tally::other(self.sighting(raw))
    }

    fn array(&mut self, raw: &str, context: &Context<'_>, depth: u32) -> Tally {
        let before = self.damaged;
        let context = context.in_list();
        let mut tally = Tally::default();
        for element in elements(raw) {
            tally.add(self.value(element.get(), &context, depth + 1), false);
        }
        tally.whole(self.damaged > before, self.sighting(raw))
    }

    /// What an object holds that is no webhook.
    pub(super) fn envelope(
        &mut self,
        raw: &str,
        members: &Members<'_>,
        context: &Context<'_>,
        depth: u32,
    ) -> Tally {
        if depth >= MAX_SEARCHED {
            return self.other(raw);
        }
        let before = self.damaged;
        let known = recognise(members);
        let inner = match &known {
            Some(known) => context.inside(Some(known.carrier.name), known.written),
            None => context.inside_unknown(carrier::usual_stamp(members)),
        };
        let mut bodies = Vec::new();
        if let Some(known) = known {
            for body in &known.bodies {
                let tally = self.body(known.carrier, members, body, &inner, depth);
                if tally.webhooks > 0 || tally.is_nothing() && self.damaged == before {
                    return tally;
                }
            }
            if self.damaged > before {
                return Tally::DAMAGED;
            }
            bodies = known.bodies;
        }
        let tally = self.members(members, &bodies, inner, depth);
        tally.whole(self.damaged > before, self.sighting(raw))
    }

    /// What an envelope's members hold, but for those that were searched before.
    fn members(
        &mut self,
        members: &Members<'_>,
        but: &[&str],
        mut context: Context<'_>,
        depth: u32,
    ) -> Tally {
        let mut tally = Tally::default();
        for (_, value) in members {
            if but.iter().any(|body| body.as_ptr() == value.as_ptr()) {
                continue;
            }
            let found = self.value(value, &context, depth + 1);
            tally.add(found, true);
            context.beside_another |= found.webhooks == 1;
        }
        tally
    }

    /// What a known carrier's body holds.
    fn body(
        &mut self,
        carrier: &Carrier,
        members: &Members<'_>,
        body: &str,
        context: &Context<'_>,
        depth: u32,
    ) -> Tally {
        match carrier.log {
            Some(lines) if body.starts_with(['"', '[']) => {
                self.notes.log_lines = true;
                let text = record_text(body);
                if let Some(tally) = self.whole_record(&text, lines, body, context) {
                    return tally;
                }
                let log = Log::Records(carrier::log_of(members, lines));
                self.record(&log, lines, (body, text), context)
            }
            _ if body.starts_with('"') && carrier::states_base64(members) => {
                self.stated_base64(body, carrier::states_gzip(members), context)
            }
            _ => self.value(body, context, depth + 1),
        }
    }

    /// What a string holds that its envelope says is in base64, and perhaps gzip.
    fn stated_base64(&mut self, raw: &str, is_gzip: bool, context: &Context<'_>) -> Tally {
        let (text, spot) = (unescaped(inside(raw)), self.spot(raw));
        let bytes = from_stated_base64(&text);
        let is_readable =
            |bytes: &Vec<u8>| Packing::sniff(bytes) != Packing::Plain || is_promising(bytes);
        // Damaged at its beginning it does not look like gzip.
        if is_gzip && bytes.as_ref().is_some_and(|bytes| !is_readable(bytes)) {
            let message = "the gzip data is damaged or cut here: it has no gzip header";
            self.sink
                .finding(Finding { length: 0, ..Finding::new(&rules::TRUNCATED, spot, message) });
            self.damaged += 1;
            return Tally::DAMAGED;
        }
        self.decoded(bytes, text, (raw, spot), context)
    }

    /// The usual case: a record that is one webhook.
    fn whole_record(
        &mut self,
        text: &[u8],
        lines: Lines,
        raw: &str,
        context: &Context<'_>,
    ) -> Option<Tally> {
        let ends = !lines.split || text.len() < SPLIT || text.ends_with(b"\n");
        let may_be = ends && context.nesting < MAX_NESTED && is_promising(text);
        may_be.then(|| self.alone(text, self.spot(raw), &context.deeper(None))).flatten()
    }

    /// A line of a log that has a record of its own, and its text.
    fn record(
        &mut self,
        log: &Log,
        lines: Lines,
        (raw, text): (&str, Cow<'_, [u8]>),
        context: &Context<'_>,
    ) -> Tally {
        let line = text.strip_suffix(b"\n").unwrap_or(&text);
        let goes_on = line.len() == text.len() && self.goes_on(log, lines, &text);
        let piece = Piece { at: 0, spot: self.spot(raw), verbatim: false };
        if let Some(number) = self.notes.joins.number(log) {
            return match self.notes.joins.go_on(number, line, goes_on, piece) {
                Joined::Open => Tally::default(),
                Joined::Whole(open) => self.joined(open, context),
                Joined::Broken(open) => {
                    let broken = self.joined(open, context);
                    let mut tally = self.record(log, lines, (raw, text), context);
                    tally.add(broken, false);
                    tally
                }
            };
        }
        match Open::begin(log.clone(), line, goes_on, piece) {
            Some(mut open) => {
                (open.written, open.name) = (context.written, context.name());
                let given_up = self.notes.joins.open(open);
                given_up.map_or(Tally::default(), |open| self.joined(open, context))
            }
            None => self.content(text, raw, piece.spot, context),
        }
    }

    /// Whether a record without a line end goes on with the next one of its log.
    fn goes_on(&self, log: &Log, lines: Lines, text: &[u8]) -> bool {
        let full = text.len() >= SPLIT;
        let open = || unfinished(text, 0).is_some();
        if lines.split {
            full || self.notes.joins.number(log).is_some() || open()
        } else {
            full && open()
        }
    }

    /// What a text holds whose lines or records have been put together.
    pub(super) fn joined(&mut self, open: Open, context: &Context<'_>) -> Tally {
        let first = open.pieces.first().map(|piece| Sighting::unproven(piece.spot));
        let (parts, of_lines) = (open.parts, open.is_of_lines());
        // Of a record the context tells already what it is in.
        let name = open.name.filter(|name| context.name() != Some(name));
        let inner = context.deeper(name).written(open.written);
        let mut window = Window::over(open.text, open.pieces, self.window.encoding());
        let before = self.damaged;
        let tally = self.text(&mut window, &inner, Trouble::default());
        match tally.webhooks {
            0 if self.damaged > before => Tally::default(),
            0 if of_lines => {
                self.skipped += parts;
                Tally::default()
            }
            0 => Tally { documents: parts, others: parts, webhooks: 0, first_other: first },
            _ => tally,
        }
    }

    /// What a string holds: a body, whatever may hold one, a line of a log; once more escaped, in
    /// base64, packed.
    pub(super) fn string(&mut self, raw: &str, context: &Context<'_>) -> Tally {
        self.content(unescaped(inside(raw)), raw, self.spot(raw), context)
    }

    /// What a text holds that was taken out of `raw`, which stands at `spot`.
    fn content(
        &mut self,
        text: Cow<'_, [u8]>,
        raw: &str,
        spot: Spot,
        context: &Context<'_>,
    ) -> Tally {
        self.decoded(from_base64(&text), text, (raw, spot), context)
    }

    /// What a text holds, or the bytes that it is the base64 of.
    fn decoded(
        &mut self,
        bytes: Option<Vec<u8>>,
        text: Cow<'_, [u8]>,
        (raw, spot): (&str, Spot),
        context: &Context<'_>,
    ) -> Tally {
        let before = self.damaged;
        let tally = match bytes {
            _ if context.nesting >= MAX_NESTED => Tally::default(),
            Some(bytes) => self.coded(bytes, spot, context),
            None if is_promising(&text) => self.plain(text, spot, &context.deeper(None)),
            None => Tally::default(),
        };
        match tally.webhooks {
            0 if self.damaged > before => Tally::DAMAGED,
            0 => self.other(raw),
            _ => tally,
        }
    }

    /// What an object in a line of text holds whose quotes are escaped.
    pub(super) fn escaped(&mut self, text: &[u8], context: &Context<'_>) -> Tally {
        if context.nesting >= MAX_NESTED {
            return Tally::default();
        }
        self.plain(unescaped(text), self.window.spot(0), &context.deeper(None))
    }

    fn plain(&mut self, text: Cow<'_, [u8]>, spot: Spot, context: &Context<'_>) -> Tally {
        if let Some(tally) = self.alone(&text, spot, context) {
            return tally;
        }
        let piece = Piece { at: 0, spot, verbatim: false };
        let mut window = Window::over(text.into_owned(), vec![piece], self.window.encoding());
        self.text(&mut window, context, Trouble::default())
    }

    /// The usual case: a text that is one webhook, as its beginning says, while no log is open that
    /// it could go on with. `None` where it is not.
    fn alone(&mut self, text: &[u8], spot: Spot, context: &Context<'_>) -> Option<Tally> {
        let object = text.trim_ascii();
        let may_be = object.ends_with(b"}") && object.len() <= MAX_BODY;
        let is_likely = may_be && self.notes.joins.is_empty();
        let object = std::str::from_utf8(object).ok().filter(|_| is_likely)?;
        if !begins_webhook(object.as_bytes()) {
            return None;
        }
        // Whatever stands in it stands at the spot.
        let window = &Window::out_of(Box::new(io::empty()), spot);
        let Self { sink, notes, .. } = self;
        let mut inside = Search { window, sink: &mut **sink, notes, damaged: 0, skipped: 0 };
        matches!(inside.offer(object, context), Answer::Webhook).then_some(Tally::WEBHOOK)
    }

    /// What bytes hold that were in base64, packed perhaps.
    fn coded(&mut self, bytes: Vec<u8>, spot: Spot, context: &Context<'_>) -> Tally {
        if Packing::sniff(&bytes) == Packing::Plain {
            return if is_promising(&bytes) {
                self.plain(bytes.into(), spot, &context.deeper(Some("base64")))
            } else {
                Tally::default()
            };
        }
        // Reading from memory cannot fail.
        let Ok(Expanded { reader, packing, trouble }) =
            expanded(io::Cursor::new(bytes), self.notes.room())
        else {
            return Tally::default();
        };
        let mut window = Window::out_of(Box::new(reader), spot);
        let tally = self.text(&mut window, &context.deeper(packing.name()), trouble);
        self.notes.expanded(window.passed());
        tally
    }

    /// What a text holds that was taken out of this one.
    fn text(&mut self, window: &mut Window<'_>, context: &Context<'_>, trouble: Trouble) -> Tally {
        let mut framer = Framer::new(window, self.sink, self.notes, *context, trouble);
        // It is in memory, or packed in memory: what fails there is told as damage.
        let _ = framer.run();
        self.damaged += framer.counts.damaged;
        let counts = framer.counts;
        Tally {
            documents: counts.documents,
            webhooks: counts.webhooks,
            others: counts.not_webhooks,
            first_other: framer.first_other,
        }
    }
}

/// The text of a record: of a string or, byte by byte, an array.
fn record_text(raw: &str) -> Cow<'_, [u8]> {
    if raw.starts_with('[') {
        return serde_json::from_str::<Vec<u8>>(raw).unwrap_or_default().into();
    }
    unescaped(inside(raw))
}

/// The inside of a string, as it is written.
fn inside(raw: &str) -> &[u8] {
    let raw = raw.as_bytes();
    raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
}
