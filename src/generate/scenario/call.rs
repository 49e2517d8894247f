//! A call: what happens in it, and which of its webhooks were delivered.

use crate::generate::plan::CallFate;

/// Who is called: an index into the app's people or groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RingReceiver {
    Person(usize),
    Group(usize),
}

/// Who calls whom: indices of an app, of one of its people, and of the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RingParties {
    pub(crate) app: usize,
    pub(crate) caller: usize,
    pub(crate) receiver: RingReceiver,
}

/// An attempt to reach somebody. Times in this file are Unix seconds unless they say otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RingAttempt {
    /// `call.id`.
    pub(crate) id: u64,
    pub(crate) parties: RingParties,
    pub(crate) video: bool,
    /// When it failed, and which of the four ring outcomes it got; `None` if it was answered.
    pub(crate) missed: Option<(u64, CallFate)>,
}

/// One person's join to leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedStay {
    pub(crate) person: usize,
    pub(crate) joined_at: u64,
    pub(crate) left_at: u64,
    pub(crate) audio: bool,
    /// Whether the joined event has an `initial_config`.
    pub(crate) configured: bool,
}

/// A recording. Times are milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct PlannedRecording {
    pub(crate) url: String,
    pub(crate) started_at: u64,
    pub(crate) duration: u64,
}

/// A session: people who are connected.
#[derive(Clone, Debug)]
pub(crate) struct PlannedSession {
    pub(crate) created_at: u64,
    pub(crate) destroyed_at: u64,
    pub(crate) stays: Vec<PlannedStay>,
    pub(crate) recordings: Vec<PlannedRecording>,
}

/// An event of a call, with an index into its stays or recordings. Ordered as events of one second
/// are sent: who leaves in the second of their join leaves after everybody has joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StepKind {
    Initiated,
    RingOutcome,
    Started,
    Left(usize),
    Joined(usize),
    LeftSameSecond(usize),
    Ended,
    Recorded(usize),
}

/// An event, and the second in which it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallStep {
    pub(crate) at: u64,
    pub(crate) kind: StepKind,
}

/// A call: a ring attempt, a session, or both.
#[derive(Debug)]
pub(crate) struct PlannedCall {
    /// Index of the app.
    pub(crate) app: usize,
    pub(crate) first_at: u64,
    /// Id of the session. If the attempt fails, no webhook of a bare form contains it.
    pub(crate) session_id: String,
    pub(crate) ring: Option<RingAttempt>,
    pub(crate) session: Option<PlannedSession>,
    /// By time.
    pub(crate) steps: Vec<CallStep>,
    /// Number of steps that have been sent.
    pub(crate) sent: usize,
    /// Number of intact deliveries.
    pub(crate) deliveries: u64,
    /// Steps without an intact delivery.
    pub(crate) lost: Vec<CallStep>,
    /// Whether the first delivery of an event is late enough for a finding (D001).
    pub(crate) late: bool,
}

impl PlannedCall {
    pub(crate) fn new(
        app: usize,
        first_at: u64,
        session_id: String,
        ring: Option<RingAttempt>,
        session: Option<PlannedSession>,
    ) -> Self {
        let steps = steps(first_at, ring.as_ref(), session.as_ref());
        let (sent, deliveries, lost, late) = (0, 0, Vec::new(), false);
        Self { app, first_at, session_id, ring, session, steps, sent, deliveries, lost, late }
    }

    pub(crate) fn next_step(&self) -> Option<CallStep> {
        self.steps.get(self.sent).copied()
    }

    /// When its last event other than a recording is sent.
    pub(crate) fn over_at(&self) -> u64 {
        let missed = self.ring.and_then(|ring| ring.missed);
        let destroyed = self.session.as_ref().map(|session| session.destroyed_at);
        destroyed.or(missed.map(|(at, _)| at)).unwrap_or(self.first_at)
    }
}

/// A recording's webhook is sent one to ten minutes after the session's end.
fn recorded_at(destroyed_at: u64, recording: &PlannedRecording) -> u64 {
    destroyed_at + 60 + recording.started_at % 541
}

fn steps(
    first_at: u64,
    ring: Option<&RingAttempt>,
    session: Option<&PlannedSession>,
) -> Vec<CallStep> {
    let mut steps = Vec::new();
    let mut step = |at, kind| steps.push(CallStep { at, kind });
    if let Some(ring) = ring {
        step(first_at, StepKind::Initiated);
        if let Some((at, _)) = ring.missed {
            step(at, StepKind::RingOutcome);
        }
    }
    if let Some(session) = session {
        step(session.created_at, StepKind::Started);
        for (at, stay) in session.stays.iter().enumerate() {
            step(stay.joined_at, StepKind::Joined(at));
            let same_second = stay.joined_at == stay.left_at;
            let left = if same_second { StepKind::LeftSameSecond } else { StepKind::Left };
            step(stay.left_at, left(at));
        }
        step(session.destroyed_at, StepKind::Ended);
        for (at, recording) in session.recordings.iter().enumerate() {
            step(recorded_at(session.destroyed_at, recording), StepKind::Recorded(at));
        }
    }
    steps.sort_unstable();
    steps
}
