//! A call: all that is decided about it, and what became of its webhooks.

use super::mix::Fate;

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receiver {
    /// Which of the app's people.
    Person(usize),
    /// Which of its groups.
    Group(usize),
}

/// An attempt to reach somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ring {
    /// `call.id`.
    pub(super) id: u64,
    pub(super) caller: usize,
    pub(super) receiver: Receiver,
    pub(super) video: bool,
    /// When it came to nothing, and how: one of the four ring outcomes.
    pub(super) missed: Option<(u64, Fate)>,
}

/// One stay of one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub(super) person: usize,
    pub(super) joined_at: u64,
    pub(super) left_at: u64,
    pub(super) audio: bool,
    /// Whether its joined event has an `initial_config`.
    pub(super) configured: bool,
}

/// One recording; milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    pub(super) url: String,
    pub(super) started_at: u64,
    pub(super) duration: u64,
}

/// What happens between people who are connected.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    pub(super) created_at: u64,
    pub(super) destroyed_at: u64,
    pub(super) stays: Vec<Stay>,
    pub(super) recordings: Vec<Recording>,
}

/// One event of a call; stays and recordings by their place. In the order in which they are sent
/// within a second; of two leaves the first is one of a stay that began in an earlier second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Initiated,
    Missed,
    Started,
    Left(usize),
    Joined(usize),
    LeftAtOnce(usize),
    Ended,
    Recorded(usize),
}

/// An event and the second in which it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) at: u64,
    pub(super) what: What,
}

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    /// Which of the apps.
    pub(super) app: usize,
    pub(super) first_at: u64,
    /// The id of the session, which nobody may ever tell.
    pub(super) session: String,
    pub(super) ring: Option<Ring>,
    pub(super) talk: Option<Talk>,
    /// By time.
    pub(super) steps: Vec<Step>,
    /// How many of the steps have been sent.
    pub(super) sent: usize,
    /// Sound deliveries.
    pub(super) deliveries: u64,
    /// The steps of which there is none.
    pub(super) lost: Vec<Step>,
    /// Whether the first delivery of an event came so late that it is a finding (D001).
    pub(super) late: bool,
}

impl Call {
    pub(super) fn new(
        app: usize,
        first_at: u64,
        session: String,
        ring: Option<Ring>,
        talk: Option<Talk>,
    ) -> Self {
        let steps = steps(first_at, ring.as_ref(), talk.as_ref());
        let (sent, deliveries, lost, late) = (0, 0, Vec::new(), false);
        Self { app, first_at, session, ring, talk, steps, sent, deliveries, lost, late }
    }

    /// What is sent next.
    pub(super) fn next(&self) -> Option<Step> {
        self.steps.get(self.sent).copied()
    }

    /// When nothing of it but recordings is to come.
    pub(super) fn over_at(&self) -> u64 {
        let missed = self.ring.and_then(|ring| ring.missed);
        let destroyed = self.talk.as_ref().map(|talk| talk.destroyed_at);
        destroyed.or(missed.map(|(at, _)| at)).unwrap_or(self.first_at)
    }
}

/// The webhook of a recording comes between one and ten minutes behind the end.
fn recorded_at(destroyed_at: u64, recording: &Recording) -> u64 {
    destroyed_at + 60 + recording.started_at % 541
}

fn steps(first_at: u64, ring: Option<&Ring>, talk: Option<&Talk>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(4 + talk.map_or(0, |talk| 2 * talk.stays.len()));
    let mut step = |at, what| steps.push(Step { at, what });
    if let Some(ring) = ring {
        step(first_at, What::Initiated);
        if let Some((at, _)) = ring.missed {
            step(at, What::Missed);
        }
    }
    if let Some(talk) = talk {
        step(talk.created_at, What::Started);
        for (at, stay) in talk.stays.iter().enumerate() {
            step(stay.joined_at, What::Joined(at));
            let at_once = stay.joined_at == stay.left_at;
            step(stay.left_at, if at_once { What::LeftAtOnce(at) } else { What::Left(at) });
        }
        step(talk.destroyed_at, What::Ended);
        for (at, recording) in talk.recordings.iter().enumerate() {
            step(recorded_at(talk.destroyed_at, recording), What::Recorded(at));
        }
    }
    steps.sort_unstable();
    steps
}
