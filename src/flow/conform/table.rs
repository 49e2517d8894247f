//! The two flows as tables.
//!
//! CometChat documents a ringing flow (`call_initiated`, then an outcome, or `call_started`, joins
//! and leaves, `call_ended`) and a session flow (`meeting_started`, joins and leaves,
//! `meeting_ended`); a recording may follow in either. A step that a flow does not have names the
//! rules that it may break; whether it does is for the events to say.

use State::{Busy, Cancelled, Deserted, Live, Nothing, Over, Rejected, Ringing, Unanswered};
use Trigger::{
    CallBusy, CallCancelled, CallEnded, CallInitiated, CallParticipantJoined, CallParticipantLeft,
    CallRejected, CallStarted, CallUnanswered, MeetingEnded, MeetingParticipantJoined,
    MeetingParticipantLeft, MeetingStarted, RecordingGenerated,
};

use crate::event::{Flow, Trigger};
use crate::finding::Rule;
use crate::flow::rules::{
    AFTER_END, CONTRADICTING_OUTCOMES, ENDED_TWICE, MISSING_INITIATION, MISSING_START,
    RECORDING_WITHOUT_CALL, STARTED_TWICE,
};

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing has been seen of it.
    Nothing,
    /// It rings.
    Ringing,
    /// The callee was in another call.
    Busy,
    /// The caller gave up.
    Cancelled,
    /// The callee declined.
    Rejected,
    /// Nobody answered.
    Unanswered,
    /// Somebody left, and nobody was seen to come.
    Deserted,
    /// It has started, or somebody is in.
    Live,
    /// It has ended.
    Over,
}

/// A row of a flow: from one of these states, by one of these triggers, to that one; and what a
/// call may break that takes the step.
pub(super) struct Step {
    from: &'static [State],
    by: &'static [Trigger],
    to: State,
    breaks: &'static [&'static Rule],
}

const fn step(from: &'static [State], by: &'static [Trigger], to: State) -> Step {
    Step { from, by, to, breaks: &[] }
}

impl Step {
    const fn breaks(self, breaks: &'static [&'static Rule]) -> Self {
        Self { breaks, ..self }
    }
}

/// The states in which a ringing has come to nothing.
const UNHEARD: &[State] = &[Busy, Cancelled, Rejected, Unanswered];

const NO_SESSION: &[&Rule] = &[&MISSING_START, &MISSING_INITIATION];
const HEARD_AFTER_ALL: &[&Rule] = &[&CONTRADICTING_OUTCOMES, &MISSING_INITIATION];
const HEARD_WITHOUT_START: &[&Rule] =
    &[&CONTRADICTING_OUTCOMES, &MISSING_START, &MISSING_INITIATION];

static RINGING: &[Step] = &[
    step(&[Nothing, Ringing], &[CallInitiated], Ringing),
    // A clock that is off may put the initiation behind what it began.
    step(&[Deserted], &[CallInitiated], Deserted),
    step(&[Live], &[CallInitiated], Live),
    step(&[Over], &[CallInitiated], Over),
    step(&[Busy], &[CallInitiated], Busy),
    step(&[Cancelled], &[CallInitiated], Cancelled),
    step(&[Rejected], &[CallInitiated], Rejected),
    step(&[Unanswered], &[CallInitiated], Unanswered),
    step(&[Nothing, Ringing, Deserted, Busy], &[CallBusy], Busy),
    step(&[Nothing, Ringing, Deserted, Cancelled], &[CallCancelled], Cancelled),
    step(&[Nothing, Ringing, Deserted, Rejected], &[CallRejected], Rejected),
    step(&[Nothing, Ringing, Deserted, Unanswered], &[CallUnanswered], Unanswered),
    step(&[Cancelled, Rejected, Unanswered], &[CallBusy], Busy).breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Busy, Rejected, Unanswered], &[CallCancelled], Cancelled)
        .breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Busy, Cancelled, Unanswered], &[CallRejected], Rejected)
        .breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Busy, Cancelled, Rejected], &[CallUnanswered], Unanswered)
        .breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Live], &[CallBusy, CallCancelled, CallRejected, CallUnanswered], Live)
        .breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Over], &[CallBusy, CallCancelled, CallRejected, CallUnanswered], Over)
        .breaks(&[&CONTRADICTING_OUTCOMES]),
    step(&[Ringing, Deserted], &[CallStarted], Live),
    step(&[Nothing], &[CallStarted], Live).breaks(&[&MISSING_INITIATION]),
    step(UNHEARD, &[CallStarted], Live).breaks(HEARD_AFTER_ALL),
    step(&[Live], &[CallStarted], Live).breaks(&[&STARTED_TWICE]),
    step(&[Over], &[CallStarted], Over).breaks(&[&STARTED_TWICE]),
    step(&[Live, Deserted], &[CallParticipantJoined], Live),
    step(&[Ringing], &[CallParticipantJoined], Live).breaks(&[&MISSING_START]),
    step(&[Nothing], &[CallParticipantJoined], Live).breaks(NO_SESSION),
    step(UNHEARD, &[CallParticipantJoined], Live).breaks(HEARD_WITHOUT_START),
    step(&[Over], &[CallParticipantJoined], Over).breaks(&[&AFTER_END]),
    step(&[Live], &[CallParticipantLeft], Live),
    step(&[Deserted], &[CallParticipantLeft], Deserted),
    step(&[Ringing], &[CallParticipantLeft], Deserted).breaks(&[&MISSING_START]),
    step(&[Nothing], &[CallParticipantLeft], Deserted).breaks(NO_SESSION),
    step(&[Busy], &[CallParticipantLeft], Busy).breaks(NO_SESSION),
    step(&[Cancelled], &[CallParticipantLeft], Cancelled).breaks(NO_SESSION),
    step(&[Rejected], &[CallParticipantLeft], Rejected).breaks(NO_SESSION),
    step(&[Unanswered], &[CallParticipantLeft], Unanswered).breaks(NO_SESSION),
    step(&[Over], &[CallParticipantLeft], Over).breaks(&[&AFTER_END]),
    step(&[Live, Deserted], &[CallEnded], Over),
    step(&[Ringing], &[CallEnded], Over).breaks(&[&MISSING_START]),
    step(&[Nothing], &[CallEnded], Over).breaks(NO_SESSION),
    step(UNHEARD, &[CallEnded], Over).breaks(HEARD_WITHOUT_START),
    step(&[Over], &[CallEnded], Over).breaks(&[&ENDED_TWICE]),
    step(&[Nothing], &[RecordingGenerated], Nothing).breaks(&[&RECORDING_WITHOUT_CALL]),
    step(&[Ringing], &[RecordingGenerated], Ringing),
    step(&[Busy], &[RecordingGenerated], Busy),
    step(&[Cancelled], &[RecordingGenerated], Cancelled),
    step(&[Rejected], &[RecordingGenerated], Rejected),
    step(&[Unanswered], &[RecordingGenerated], Unanswered),
    step(&[Deserted], &[RecordingGenerated], Deserted),
    step(&[Live], &[RecordingGenerated], Live),
    step(&[Over], &[RecordingGenerated], Over),
];

static SESSION: &[Step] = &[
    step(&[Nothing, Deserted], &[MeetingStarted], Live),
    step(&[Live], &[MeetingStarted], Live).breaks(&[&STARTED_TWICE]),
    step(&[Over], &[MeetingStarted], Over).breaks(&[&STARTED_TWICE]),
    step(&[Live, Deserted], &[MeetingParticipantJoined], Live),
    step(&[Nothing], &[MeetingParticipantJoined], Live).breaks(&[&MISSING_START]),
    step(&[Over], &[MeetingParticipantJoined], Over).breaks(&[&AFTER_END]),
    step(&[Live], &[MeetingParticipantLeft], Live),
    step(&[Deserted], &[MeetingParticipantLeft], Deserted),
    step(&[Nothing], &[MeetingParticipantLeft], Deserted).breaks(&[&MISSING_START]),
    step(&[Over], &[MeetingParticipantLeft], Over).breaks(&[&AFTER_END]),
    step(&[Live, Deserted], &[MeetingEnded], Over),
    step(&[Nothing], &[MeetingEnded], Over).breaks(&[&MISSING_START]),
    step(&[Over], &[MeetingEnded], Over).breaks(&[&ENDED_TWICE]),
    step(&[Nothing], &[RecordingGenerated], Nothing).breaks(&[&RECORDING_WITHOUT_CALL]),
    step(&[Deserted], &[RecordingGenerated], Deserted),
    step(&[Live], &[RecordingGenerated], Live),
    step(&[Over], &[RecordingGenerated], Over),
];

/// Which step of a table is taken, by state and trigger. One that no table has stands where there is
/// none.
type Taken = [[usize; Trigger::ALL.len()]; State::Over as usize + 1];

static RINGING_TAKEN: Taken = taken(RINGING);
static SESSION_TAKEN: Taken = taken(SESSION);

const fn taken(steps: &[Step]) -> Taken {
    let mut taken = [[usize::MAX; Trigger::ALL.len()]; State::Over as usize + 1];
    let mut at = 0;
    while at < steps.len() {
        let mut pair = 0;
        while pair < steps[at].from.len() * steps[at].by.len() {
            let from = steps[at].from[pair / steps[at].by.len()];
            let by = steps[at].by[pair % steps[at].by.len()];
            taken[from as usize][by as usize] = at;
            pair += 1;
        }
        at += 1;
    }
    taken
}

fn steps(flow: Flow) -> &'static [Step] {
    match flow {
        Flow::Ringing => RINGING,
        Flow::Session => SESSION,
    }
}

impl State {
    /// The state behind an event of `trigger`, and the rules that the step may break. An event that
    /// the flow does not know changes nothing.
    pub(super) fn next(self, flow: Flow, trigger: Trigger) -> (Self, &'static [&'static Rule]) {
        let taken = match flow {
            Flow::Ringing => &RINGING_TAKEN,
            Flow::Session => &SESSION_TAKEN,
        };
        let step = steps(flow).get(taken[self as usize][trigger as usize]);
        step.map_or((self, &[]), |step| (step.to, step.breaks))
    }
}

/// All rules that a step may break.
#[cfg(test)]
pub(super) fn broken() -> impl Iterator<Item = &'static Rule> {
    let steps = Flow::ALL.into_iter().flat_map(steps);
    steps.flat_map(|step| step.breaks).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 9] =
        [Nothing, Ringing, Busy, Cancelled, Rejected, Unanswered, Deserted, Live, Over];

    fn triggers(flow: Flow) -> Vec<Trigger> {
        let own = |trigger: &Trigger| trigger.flow().is_none_or(|own| own == flow);
        Trigger::ALL.into_iter().filter(own).collect()
    }

    /// The states that a flow comes to.
    fn reached(flow: Flow) -> Vec<State> {
        let mut reached = vec![Nothing];
        let mut at = 0;
        while at < reached.len() {
            for trigger in triggers(flow) {
                let (next, _) = reached[at].next(flow, trigger);
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
            at += 1;
        }
        reached
    }

    #[test]
    fn every_state_is_reached_in_the_ringing_flow_and_four_in_the_other() {
        for state in STATES {
            assert!(reached(Flow::Ringing).contains(&state), "{state:?}");
        }
        let session = reached(Flow::Session);
        assert!([Nothing, Deserted, Live, Over].iter().all(|state| session.contains(state)));
        assert_eq!(session.len(), 4, "{session:?}");
    }

    #[test]
    fn every_trigger_has_one_step_from_every_state_that_its_flow_comes_to() {
        for flow in Flow::ALL {
            for state in reached(flow) {
                for trigger in triggers(flow) {
                    let fits =
                        |step: &&Step| step.by.contains(&trigger) && step.from.contains(&state);
                    let count = steps(flow).iter().filter(fits).count();
                    assert_eq!(count, 1, "{flow:?}: {trigger:?} from {state:?}");
                }
            }
        }
    }

    #[test]
    fn no_step_is_of_another_flow_or_leads_from_where_nothing_comes() {
        for flow in Flow::ALL {
            let (reached, triggers) = (reached(flow), triggers(flow));
            for step in steps(flow) {
                assert!(step.by.iter().all(|trigger| triggers.contains(trigger)), "{:?}", step.by);
                assert!(step.from.iter().all(|state| reached.contains(state)), "{:?}", step.by);
            }
        }
    }

    #[test]
    fn the_documented_courses_break_nothing() {
        use Trigger as T;
        let talk = [
            T::CallStarted,
            T::CallParticipantJoined,
            T::CallParticipantJoined,
            T::CallParticipantLeft,
            T::CallParticipantLeft,
            T::CallEnded,
            T::RecordingGenerated,
        ];
        let mut courses = vec![(Flow::Ringing, [&[T::CallInitiated], &talk[..]].concat(), Over)];
        for (outcome, state) in [
            (T::CallBusy, Busy),
            (T::CallCancelled, Cancelled),
            (T::CallRejected, Rejected),
            (T::CallUnanswered, Unanswered),
        ] {
            courses.push((Flow::Ringing, vec![T::CallInitiated, outcome], state));
        }
        let meeting = vec![
            T::MeetingStarted,
            T::MeetingParticipantJoined,
            T::MeetingParticipantLeft,
            T::MeetingEnded,
            T::RecordingGenerated,
        ];
        courses.push((Flow::Session, meeting, Over));
        for (flow, course, end) in courses {
            let mut state = Nothing;
            for trigger in course {
                let (next, breaks) = state.next(flow, trigger);
                assert!(breaks.is_empty(), "{trigger:?} in {state:?} breaks {breaks:?}");
                state = next;
            }
            assert_eq!(state, end);
        }
    }
}
