//! What is known while a source is read: how to read, what was recognised, where in envelopes the
//! reading stands.

use jiff::tz::TimeZone;

use super::expand::Most;
use super::join::Joins;
use super::kept::Kept;
use super::stamp::Stamp;
use super::window::Window;

/// The most that packed data inside a text may expand to.
pub(super) const MOST_INSIDE: u64 = 64 << 20;

/// How captures are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Text outside JSON is a finding.
    pub strict: bool,
    /// The zone of times in logs that name none; `None` where they are not to be trusted.
    pub log_zone: Option<TimeZone>,
}

/// What one source's reading shares, however deep it is in envelopes.
#[derive(Debug)]
pub(super) struct Notes {
    pub(super) strict: bool,
    pub(super) zone: Option<TimeZone>,
    pub(super) kept: Kept,
    pub(super) shapes: Shapes,
    /// Lines and records that others go on with.
    pub(super) joins: Joins,
    /// Whether an envelope held a line of a log.
    pub(super) log_lines: bool,
    /// Whether the text behind a finding may be waited for, so that it can be shown later. Not where
    /// the text is read while it comes.
    pub(super) reads_ahead: bool,
    /// How much packed data inside a text may expand to.
    most: Most,
    /// How much all of it has expanded to.
    expanded: u64,
    /// How much of the source has been read.
    pub(super) read: u64,
}

impl Notes {
    pub(super) fn new(reading: &Reading, kept: Kept, most: Most) -> Self {
        Self {
            strict: reading.strict,
            zone: reading.log_zone.clone(),
            kept,
            shapes: Shapes::default(),
            joins: Joins::default(),
            log_lines: false,
            reads_ahead: false,
            most,
            expanded: 0,
            read: 0,
        }
    }

    /// The same for a text that is read to its end before anything is shown of it.
    pub(super) fn reading_ahead(self) -> Self {
        Self { reads_ahead: true, ..self }
    }

    /// How much the next packed data may expand to. What all of it gives is in proportion to what
    /// was read, or packed data inside packed data would keep us busy for ever.
    pub(super) fn room(&self) -> Most {
        let all = MOST_INSIDE + 100 * self.read;
        self.most.at_most(MOST_INSIDE.min(all.saturating_sub(self.expanded)))
    }

    /// Notes that packed data gave so much.
    pub(super) fn expanded(&mut self, bytes: u64) {
        self.expanded += bytes;
    }

    /// How much packed data has given so far.
    pub(super) fn expanded_to(&self) -> u64 {
        self.expanded
    }

    /// Notes a webhook that was taken.
    pub(super) fn taken(&mut self, window: &Window<'_>, text: &str, context: &Context<'_>) {
        if !window.is_source() {
            self.kept.keep(text.as_bytes());
        }
        self.shapes.count(context);
    }
}

/// What a source's webhooks were found in, with how many of them: names from the outermost to the
/// innermost; none for those that stand alone.
#[derive(Clone, Debug, Default)]
pub struct Shapes(Vec<(Vec<&'static str>, u64)>);

impl Shapes {
    fn count(&mut self, context: &Context<'_>) {
        let known =
            self.0.iter_mut().find(|(names, _)| names.iter().rev().copied().eq(context.names()));
        if let Some((_, count)) = known {
            *count += 1;
            return;
        }
        let mut names: Vec<_> = context.names().collect();
        names.reverse();
        self.0.push((names, 1));
    }

    /// Adds what later webhooks were found in.
    pub(super) fn join(&mut self, later: Self) {
        for (names, count) in later.0 {
            match self.0.iter_mut().find(|(known, _)| *known == names) {
                Some((_, known)) => *known += count,
                None => self.0.push((names, count)),
            }
        }
    }

    /// Each way of being held, the most frequent first.
    #[must_use]
    pub fn by_count(&self) -> Vec<(&[&'static str], u64)> {
        let mut shapes: Vec<_> =
            self.0.iter().map(|(names, count)| (names.as_slice(), *count)).collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        shapes
    }
}

/// Where the reading stands: in which envelopes, and what they say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context<'c> {
    outer: Option<&'c Context<'c>>,
    name: Option<&'static str>,
    /// When what is read was written, by the innermost envelope that says so.
    pub(super) written: Option<Stamp>,
    /// The same for what is listed here: the time of an export says nothing of what it lists.
    listed: Option<Stamp>,
    /// How many texts inside texts deep.
    pub(super) nesting: u32,
    /// Whether a webhook was found in the same envelope already.
    pub(super) beside_another: bool,
}

impl<'c> Context<'c> {
    /// Inside an envelope that is known.
    pub(super) fn inside(&'c self, name: Option<&'static str>, written: Option<Stamp>) -> Self {
        let written = written.or(self.written);
        Self { outer: Some(self), name, written, listed: written, ..*self }
    }

    /// Inside an object that is not known, and seems to say when it was written.
    pub(super) fn inside_unknown(&'c self, written: Option<Stamp>) -> Self {
        Self { written: written.or(self.written), listed: self.listed, ..self.inside(None, None) }
    }

    /// Inside a text that stands in this one.
    pub(super) fn deeper(&'c self, name: Option<&'static str>) -> Self {
        Self { nesting: self.nesting + 1, ..self.inside(name, None) }
    }

    /// Inside a list: its elements are deliveries of their own, however alike.
    pub(super) fn in_list(self) -> Self {
        Self { beside_another: false, written: self.listed, ..self }
    }

    /// The same, written at another time, if there is one.
    pub(super) fn written(self, written: Option<Stamp>) -> Self {
        let written = written.or(self.written);
        Self { written, listed: written, ..self }
    }

    /// The innermost envelope.
    pub(super) fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// From the innermost to the outermost.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let outwards = std::iter::successors(Some(self), |context| context.outer);
        outwards.filter_map(|context| context.name)
    }
}
