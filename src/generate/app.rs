//! An app, and who is in it.

use fastrand::Rng;

use super::names::{FAMILY, GIVEN, GROUPS};
use super::party::Party;

/// Which of the documented forms an app's `call_initiated` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// No entities: no session id and no name.
    Bare,
    /// Who and which call.
    Entities,
    /// Who, which call, and whom.
    EntitiesFor,
}

/// A meeting that comes back.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) session: String,
    pub(super) free_at: u64,
}

/// An app.
#[derive(Debug)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) region: &'static str,
    pub(super) form: Form,
    /// What stands behind `data` in a body, up to the `type`: once for each of its two webhooks.
    pub(super) envelopes: [String; 2],
    pub(super) people: Vec<Party>,
    pub(super) groups: Vec<Party>,
    pub(super) rooms: Vec<Room>,
    /// The latest second in which a call of it began.
    pub(super) last_birth: u64,
    /// The latest `call.id`.
    last_ring: u64,
    /// The people in some order, of which the first few are drawn.
    deck: Vec<usize>,
}

/// Fewer people would run out of calls to be in.
const PEOPLE: usize = 512;
const ROOMS: usize = 24;

impl App {
    /// The apps that a seed makes, with at least so many people each.
    pub(super) fn all(rng: &mut Rng, people: usize, strip_entities: bool) -> Vec<Self> {
        let forms = [
            ("us", Form::EntitiesFor),
            ("eu", Form::Entities),
            ("in", Form::EntitiesFor),
            ("us", Form::Bare),
        ];
        let form = |form| if strip_entities { Form::Bare } else { form };
        let apps = forms.into_iter().enumerate();
        apps.map(|(at, (region, own))| {
            // One in four is from the time of ids in decimal digits.
            let id = match at {
                2 => format!("2709{:010}", rng.u64(0..10_000_000_000)),
                _ => format!("{:016x}", rng.u64(..)),
            };
            Self::new(rng, id, region, form(own), people.max(PEOPLE))
        })
        .collect()
    }

    fn new(rng: &mut Rng, id: String, region: &'static str, form: Form, people: usize) -> Self {
        let envelopes = [(); 2].map(|()| {
            let webhook = rng.u128(..) >> 32;
            format!(r#""appId":"{id}","region":"{region}","webhook":"{webhook:024x}""#)
        });
        let first = rng.usize(..GIVEN.len() * FAMILY.len());
        let groups = GROUPS.iter().flat_map(|group| (1..=4).map(move |number| (*group, number)));
        Self {
            id,
            region,
            form,
            envelopes,
            people: (0..people).map(|at| Party::person(rng, first, at)).collect(),
            groups: groups.map(|(group, number)| Party::group(rng, group, number)).collect(),
            rooms: (0..ROOMS).map(|at| Room { session: Self::room(at), free_at: 0 }).collect(),
            last_birth: 0,
            last_ring: rng.u64(40..5000),
            deck: (0..people).collect(),
        }
    }

    fn room(at: usize) -> String {
        format!("{}-{}", GROUPS[at % GROUPS.len()], 8801 + at)
    }

    /// The next `call.id`: they rise, and other messages take some.
    pub(super) fn ring_id(&mut self, rng: &mut Rng) -> u64 {
        self.last_ring += rng.u64(1..6);
        self.last_ring
    }

    /// Different people.
    pub(super) fn draw_people(&mut self, rng: &mut Rng, count: usize) -> &[usize] {
        let count = count.min(self.deck.len());
        for at in 0..count {
            let other = rng.usize(at..self.deck.len());
            self.deck.swap(at, other);
        }
        &self.deck[..count]
    }
}
