//! All deliveries of a capture, in as little room as their events need: there are millions.

use std::ops::Range;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::content::Content;
use super::delivery::{Delivery, What};
use super::moment::Moment;
use super::packed::{Packed, Places};
use super::strings::Sym;
use crate::input::{KeptAt, Place};

/// Which configuration sent a webhook: the same for thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hook {
    /// `appId`. Every event has one.
    pub app: Option<Sym>,
    /// `region`.
    pub region: Option<Sym>,
    /// `webhook`: the id of the configuration.
    pub webhook: Option<Sym>,
}

/// A [`Delivery`] as it is kept; when it was received is not among it, for few captures tell that.
#[derive(Clone, Copy, Debug)]
struct Record {
    place: Packed,
    content: Content,
    session: Option<Sym>,
    /// Which of the hooks.
    hook: u32,
    what: What,
}

/// The deliveries of a capture, in input order.
#[derive(Debug, Default)]
pub struct Deliveries {
    records: Vec<Record>,
    hooks: IndexSet<Hook, FxBuildHasher>,
    /// The places that take more room than a record has for them.
    places: Places,
    /// By delivery, when it was received: of as many as there are up to the last that tells it.
    received: Vec<Option<Moment>>,
}

impl Deliveries {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// All of them.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Delivery> {
        self.indexes().map(|index| self.get(index))
    }

    /// What [`Self::get`] takes, in input order.
    #[must_use]
    pub fn indexes(&self) -> Range<u32> {
        0..u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    fn record(&self, index: u32) -> &Record {
        &self.records[index as usize]
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, index: u32) -> Delivery {
        let Record { place, content, session, what, .. } = *self.record(index);
        let Hook { app, region, webhook } = self.hook(index);
        let (place, received_at) = (self.places.place(place), self.received_at(index));
        Delivery { place, received_at, content, app, region, webhook, session, what }
    }

    /// Where one stands.
    #[must_use]
    pub fn place(&self, index: u32) -> Place {
        self.places.place(self.record(index).place)
    }

    /// What one says.
    #[must_use]
    pub fn content(&self, index: u32) -> Content {
        self.record(index).content
    }

    /// Which configuration sent one.
    #[must_use]
    pub fn hook(&self, index: u32) -> Hook {
        self.hooks[self.record(index).hook as usize]
    }

    /// The session's id of one.
    #[must_use]
    pub fn session(&self, index: u32) -> Option<Sym> {
        self.record(index).session
    }

    /// When the receiver got one.
    #[must_use]
    pub fn received_at(&self, index: u32) -> Option<Moment> {
        self.received.get(index as usize).copied().flatten()
    }

    /// What one tells.
    #[must_use]
    pub fn what(&self, index: u32) -> &What {
        &self.record(index).what
    }

    /// Adds one behind all others.
    pub fn push(&mut self, delivery: Delivery) {
        let Delivery { place, received_at, content, app, region, webhook, session, what } =
            delivery;
        let hook = self.hook_number(Hook { app, region, webhook });
        self.receive(self.len(), received_at);
        let place = self.places.pack(place);
        self.records.push(Record { place, content, session, hook, what });
    }

    /// Makes room for so many more, and not for one beyond.
    pub(super) fn reserve_exact(&mut self, more: usize) {
        self.records.reserve_exact(more);
    }

    /// Changes when each of them was received.
    pub fn set_received<I: IntoIterator<Item = Option<Moment>>>(&mut self, received: I) {
        self.received = received.into_iter().collect();
    }

    fn hook_number(&mut self, hook: Hook) -> u32 {
        let last = self.records.last().map(|last| last.hook);
        if let Some(last) = last.filter(|last| self.hooks[*last as usize] == hook) {
            return last;
        }
        u32::try_from(self.hooks.insert_full(hook).0).unwrap_or(u32::MAX)
    }

    fn receive(&mut self, index: usize, received_at: Option<Moment>) {
        if received_at.is_some() {
            self.received.resize(index, None);
            self.received.push(received_at);
        }
    }

    /// Says where bodies are kept now; see [`Parts::join`](crate::input::Parts::join).
    pub(super) fn move_kept(&mut self, kept: &mut dyn FnMut(KeptAt, u32) -> KeptAt) {
        for place in self.places.far_places() {
            place.kept = place.kept.map(|at| kept(at, place.length));
        }
    }

    /// Takes over all of a part; `sym` says which symbol stands here for one of the part, and `own`
    /// what is told here.
    pub(super) fn join(
        &mut self,
        part: &Self,
        sym: impl Fn(Sym) -> Sym,
        mut own: impl FnMut(&What) -> What,
    ) {
        let symbol = |there: Option<Sym>| there.map(&sym);
        let hooks: Vec<u32> = (part.hooks.iter())
            .map(|hook| {
                let Hook { app, region, webhook } = *hook;
                let [app, region, webhook] = [app, region, webhook].map(symbol);
                self.hook_number(Hook { app, region, webhook })
            })
            .collect();
        let first = self.len();
        self.records.reserve(part.len());
        for (index, record) in part.indexes().zip(&part.records) {
            self.receive(first + index as usize, part.received_at(index));
            self.records.push(Record {
                place: self.places.pack(part.places.place(record.place)),
                content: record.content,
                session: symbol(record.session),
                hook: hooks[record.hook as usize],
                what: own(&record.what),
            });
        }
    }
}
