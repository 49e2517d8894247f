//! The apps whose webhooks are captured.

use fastrand::Rng;

use super::names::{FAMILY, GIVEN, GROUPS};
use super::people::CallParty;

/// The documented forms of `call_initiated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InitiatedForm {
    /// No entities: no session id and no name.
    Bare,
    /// The entities `by` and `on`: the caller and the session.
    CallerAndSession,
    /// Also the entity `for`: the receiver.
    AllEntities,
}

/// A meeting whose session id is used again.
#[derive(Debug)]
pub(crate) struct MeetingRoom {
    pub(crate) session: String,
    pub(crate) free_at: u64,
}

/// An app with its people, groups and rooms.
#[derive(Debug)]
pub(crate) struct SimulatedApp {
    pub(crate) id: String,
    pub(crate) region: &'static str,
    pub(crate) form: InitiatedForm,
    /// The members of a body between `data` and `type`, for each of its two webhook configurations.
    pub(crate) envelopes: [String; 2],
    pub(crate) people: Vec<CallParty>,
    pub(crate) groups: Vec<CallParty>,
    pub(crate) rooms: Vec<MeetingRoom>,
    /// The second in which its latest call began.
    pub(crate) last_start_at: u64,
    last_ring_id: u64,
    /// All people, partly shuffled by each draw.
    deck: Vec<usize>,
}

/// With fewer people nobody would be free for the next call.
const MIN_PEOPLE: usize = 512;
const ROOM_COUNT: usize = 24;

impl SimulatedApp {
    /// The four apps, with at least `people` people each.
    pub(super) fn all(rng: &mut Rng, people: usize, strip_entities: bool) -> Vec<Self> {
        let forms = [
            ("us", InitiatedForm::AllEntities),
            ("eu", InitiatedForm::CallerAndSession),
            ("in", InitiatedForm::AllEntities),
            ("us", InitiatedForm::Bare),
        ];
        let apps = forms.into_iter().enumerate();
        apps.map(|(at, (region, own_form))| {
            // Older apps have decimal ids.
            let id = match at {
                2 => format!("2709{:010}", rng.u64(0..10_000_000_000)),
                _ => format!("{:016x}", rng.u64(..)),
            };
            let form = if strip_entities { InitiatedForm::Bare } else { own_form };
            Self::new(rng, id, region, form, people.max(MIN_PEOPLE))
        })
        .collect()
    }

    fn new(
        rng: &mut Rng,
        id: String,
        region: &'static str,
        form: InitiatedForm,
        people: usize,
    ) -> Self {
        let envelopes = [(); 2].map(|()| {
            let webhook = rng.u128(..) >> 32;
            format!(r#""appId":"{id}","region":"{region}","webhook":"{webhook:024x}""#)
        });
        let first = rng.usize(..GIVEN.len() * FAMILY.len());
        let groups = GROUPS.iter().flat_map(|group| (1..=4).map(move |number| (*group, number)));
        let session = |at| format!("{}-{}", GROUPS[at % GROUPS.len()], 8801 + at);
        Self {
            id,
            region,
            form,
            envelopes,
            people: (0..people).map(|at| CallParty::person(rng, first, at)).collect(),
            groups: groups.map(|(group, number)| CallParty::group(rng, group, number)).collect(),
            rooms: (0..ROOM_COUNT)
                .map(|at| MeetingRoom { session: session(at), free_at: 0 })
                .collect(),
            last_start_at: 0,
            last_ring_id: rng.u64(40..5000),
            deck: (0..people).collect(),
        }
    }

    /// The `call.id` of a new ring record. Ids rise with gaps, since other messages take some.
    pub(super) fn next_ring_id(&mut self, rng: &mut Rng) -> u64 {
        self.last_ring_id += rng.u64(1..6);
        self.last_ring_id
    }

    /// At most `count` distinct people.
    pub(super) fn draw_people(&mut self, rng: &mut Rng, count: usize) -> &[usize] {
        let count = count.min(self.deck.len());
        for at in 0..count {
            let other = rng.usize(at..self.deck.len());
            self.deck.swap(at, other);
        }
        &self.deck[..count]
    }
}
