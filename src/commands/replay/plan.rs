//! Plans a replay: which deliveries are sent, in which order, to which target, and when.

use std::time::Duration;

use super::attempt_log::{AttemptLog, send_id};
use super::faults::apply_faults;
use super::targets::Targets;
use crate::args::{Faults, Pacing, Speed};
use crate::event::{Capture, Event, Moment, Span};
use crate::flow::Reconstruction;

/// A selected delivery in the order of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OrderedDelivery {
    pub(super) delivery: u32,
    /// When it arrived; never before the delivery ahead of it. `None` if no time is known: it is
    /// sent at once, ahead of all that have a time.
    pub(super) at: Option<Moment>,
    /// Whether a fault sends it a second time.
    pub(super) is_repeat: bool,
    /// How long a fault delays it.
    pub(super) delay: Duration,
}

/// A body to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedSend {
    pub(super) delivery: u32,
    /// Index of the target.
    pub(super) target: u16,
    pub(super) is_repeat: bool,
    /// Time after the first send.
    pub(super) due: Duration,
    /// The call whose sends must not overtake each other; `None` if it belongs to no call.
    pub(super) call: Option<u32>,
    /// Attempts started so far.
    pub(super) attempts: u8,
}

/// Everything to send, in order, and counts of what is left out.
#[derive(Debug, Default)]
pub(super) struct SendPlan {
    pub(super) sends: Vec<PlannedSend>,
    /// Deliveries that no route matches.
    pub(super) unrouted: u64,
    /// Deliveries that a fault drops.
    pub(super) dropped: u64,
    /// Sends that an earlier run logged as accepted.
    pub(super) accepted: u64,
}

impl SendPlan {
    pub(super) fn new(
        mut ordered: Vec<OrderedDelivery>,
        calls: &Reconstruction<'_>,
        targets: &Targets,
        pacing: &Pacing,
        faults: &Faults,
    ) -> Self {
        let target = |delivery| {
            let kind = calls.capture.deliveries.what(delivery);
            targets.of_trigger(kind.trigger_name(calls.capture))
        };
        let selected = ordered.len();
        ordered.retain(|ordered| target(ordered.delivery).is_some());
        let unrouted = (selected - ordered.len()) as u64;
        let (ordered, dropped) = apply_faults(ordered, faults);
        let due = due_times(pacing, ordered.iter().map(|ordered| ordered.at));
        let plan = |(ordered, due): (&OrderedDelivery, Duration)| PlannedSend {
            delivery: ordered.delivery,
            target: target(ordered.delivery).unwrap_or_default(),
            is_repeat: ordered.is_repeat,
            due: due.saturating_add(ordered.delay),
            call: calls.call_of(ordered.delivery),
            attempts: 0,
        };
        let mut sends: Vec<PlannedSend> = ordered.iter().zip(due).map(plan).collect();
        sends.sort_by_key(|send| send.due);
        Self { sends, unrouted, dropped, accepted: 0 }
    }

    /// Leaves out what an earlier run logged as accepted.
    pub(super) fn skip_accepted(&mut self, log: &AttemptLog) {
        let planned = self.sends.len();
        self.sends.retain(|send| !log.accepted.contains(&send_id(send, &log.ids)));
        self.accepted = (planned - self.sends.len()) as u64;
    }

    /// The number of sends to each of the first `targets` targets.
    pub(super) fn count_by_target(&self, targets: usize) -> Vec<u64> {
        let mut counts = vec![0; targets];
        for send in &self.sends {
            counts[usize::from(send.target)] += 1;
        }
        counts
    }

    /// When the last send is due.
    pub(super) fn duration(&self) -> Duration {
        self.sends.last().map_or(Duration::ZERO, |last| last.due)
    }
}

/// The selected deliveries in order of arrival: each source in its own order, sources merged by
/// time.
pub(super) fn order_deliveries(
    capture: &Capture,
    is_selected: impl Fn(u32) -> bool,
) -> Vec<OrderedDelivery> {
    let all = capture.deliveries.indexes();
    let mut selected: Vec<u32> = all.filter(|delivery| is_selected(*delivery)).collect();
    let mut ordered = Vec::with_capacity(selected.len());
    let source = |delivery: &u32| capture.place(*delivery).source;
    for group in selected.chunk_by_mut(|one, other| source(one) == source(other)) {
        let received_at = |delivery: &u32| capture.received_at(*delivery);
        if group.iter().all(|delivery| received_at(delivery).is_some()) {
            group.sort_by_key(received_at);
        }
        let mut latest = None;
        ordered.extend(group.iter().map(|&delivery| {
            latest = latest.max(time(capture, delivery));
            OrderedDelivery { delivery, at: latest, is_repeat: false, delay: Duration::ZERO }
        }));
    }
    // Times within a source never decrease, so a stable sort merges the sources and keeps the
    // order within each.
    ordered.sort_by_key(|ordered| ordered.at);
    ordered
}

/// When a delivery arrived, or else the time of its event.
fn time(capture: &Capture, delivery: u32) -> Option<Moment> {
    // A time far in the future would hold back everything behind it.
    let event_time = || capture.event(delivery).map(Event::at).filter(|at| at.is_plausible());
    capture.received_at(delivery).or_else(event_time)
}

/// When each body is due, after the first: at `--rate`, or with the recorded gaps, divided by
/// `--speed` and at most `--max-gap` long.
fn due_times(
    pacing: &Pacing,
    arrivals: impl Iterator<Item = Option<Moment>>,
) -> impl Iterator<Item = Duration> {
    let (mut latest, mut due) = (None::<Moment>, Duration::ZERO);
    (0_u32..=u32::MAX).zip(arrivals).map(move |(index, at)| {
        if let Some(rate) = pacing.rate {
            let due = Duration::try_from_secs_f64(f64::from(index) / rate);
            return due.unwrap_or(Duration::MAX);
        }
        let gap = latest.zip(at).and_then(|(latest, at)| (at - latest).known());
        // Counted from the first send, not the last one, so that the time spent sending does not
        // add up.
        due = due.saturating_add(gap.map_or(Duration::ZERO, |gap| scaled_gap(gap, pacing)));
        latest = latest.max(at);
        due
    })
}

fn scaled_gap(recorded: Span, pacing: &Pacing) -> Duration {
    let Speed::Times(factor) = pacing.speed else {
        return Duration::ZERO;
    };
    let max_gap = Duration::from_micros(pacing.max_gap.abs().micros().unsigned_abs());
    #[expect(clippy::cast_precision_loss, reason = "exact up to 285 years")]
    let seconds = recorded.micros() as f64 / 1e6 / factor;
    Duration::try_from_secs_f64(seconds).map_or(max_gap, |gap| gap.min(max_gap))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Detail;
    use crate::input::{self, Counts, Reading, Sources};

    const BASE: i64 = 1_771_000_000;

    /// A `call_started` at these seconds; `None`: a webhook without a time.
    fn start(seconds: Option<i64>) -> String {
        let Some(seconds) = seconds else {
            return r#"{"trigger":"user_blocked","data":{},"appId":"9c4e"}"#.to_owned();
        };
        let at = if seconds < 1_000_000 { BASE + seconds } else { seconds };
        format!(
            r#"{{"trigger":"call_started","data":{{"created_at":{at},"sessionId":"v1.eu.9c4e"}},"appId":"9c4e","region":"eu","webhook":"77aa","type":"call"}}"#
        )
    }

    /// A capture of sources with a `call_started` at each of these times.
    fn capture(sources: &[&[Option<i64>]]) -> Capture {
        let mut list = Sources::default();
        let mut capture = Capture::new(Detail::Warnings);
        for times in sources {
            let id = list.add_text("memory", b"");
            let text: String = times.iter().map(|at| start(*at) + "\n").collect();
            let mut counts = Counts::default();
            let reading = Reading::default();
            input::read_text(text.as_bytes(), id, false, &reading, &mut capture, &mut counts)
                .expect("memory");
        }
        capture
    }

    fn moment(seconds: i64) -> Moment {
        Moment::from_micros((BASE + seconds) * 1_000_000).expect("in range")
    }

    /// The ordered deliveries with their seconds.
    fn order(capture: &Capture) -> Vec<(u32, Option<i64>)> {
        let seconds = |ordered: &OrderedDelivery| ordered.at.map(|at| at.seconds() - BASE);
        let ordered = order_deliveries(capture, |_| true);
        ordered.iter().map(|ordered| (ordered.delivery, seconds(ordered))).collect()
    }

    #[test]
    fn a_source_keeps_its_order_and_its_time_never_goes_back() {
        let capture = capture(&[&[None, Some(5), Some(2), None, Some(9)]]);
        let times = [None, Some(5), Some(5), Some(5), Some(9)];
        assert_eq!(order(&capture), (0..).zip(times).collect::<Vec<_>>());
    }

    #[test]
    fn sources_are_merged_by_time_and_of_one_time_in_their_order() {
        let capture = capture(&[&[Some(4), Some(8)], &[None, Some(3), Some(4)], &[Some(4)]]);
        let merged = order(&capture).into_iter().map(|(delivery, _)| delivery);
        assert_eq!(merged.collect::<Vec<_>>(), [2, 3, 0, 4, 5, 1]);
    }

    #[test]
    fn arrivals_order_a_source_in_which_each_delivery_has_one() {
        let mut capture = capture(&[&[Some(1), Some(2), Some(3)]]);
        let received = [30, 10, 10].map(|seconds| Some(moment(seconds)));
        capture.deliveries.set_received(received);
        assert_eq!(order(&capture), [(1, Some(10)), (2, Some(10)), (0, Some(30))]);
        capture.deliveries.set_received([received[0], None, received[2]]);
        assert_eq!(order(&capture), [(0, Some(30)), (1, Some(30)), (2, Some(30))]);
        let sorted = order_deliveries(&capture, |delivery| delivery != 1);
        assert_eq!(sorted.iter().map(|ordered| ordered.delivery).collect::<Vec<_>>(), [2, 0]);
    }

    #[test]
    fn a_time_that_cannot_be_holds_nothing_back() {
        let capture = capture(&[&[Some(1), Some(90_000_000_000), Some(2)], &[Some(3)]]);
        let times = [Some(1), Some(1), Some(2), Some(3)];
        assert_eq!(order(&capture), (0..).zip(times).collect::<Vec<_>>());
    }

    /// When bodies are due that arrived at these seconds, in milliseconds.
    fn due(speed: Speed, max_gap: i64, times: &[Option<i64>]) -> Vec<u128> {
        let max_gap = Span::from_seconds(max_gap);
        let pacing = Pacing { speed, max_gap, rate: None, concurrency: 1 };
        let at = |seconds: i64| Moment::from_micros(seconds * 1_000_000);
        let arrivals = times.iter().map(|seconds| seconds.and_then(at));
        due_times(&pacing, arrivals).map(|due| due.as_millis()).collect()
    }

    #[test]
    fn a_gap_is_divided_by_the_speed() {
        let times = [Some(100), Some(103), Some(103), Some(105)];
        assert_eq!(due(Speed::Times(1.0), 60, &times), [0, 3000, 3000, 5000]);
        assert_eq!(due(Speed::Times(10.0), 60, &times), [0, 300, 300, 500]);
        assert_eq!(due(Speed::Times(0.5), 60, &times), [0, 6000, 6000, 10_000]);
        assert_eq!(due(Speed::Max, 60, &times), [0; 4]);
    }

    #[test]
    fn a_gap_that_is_cut_short_moves_all_behind_it() {
        let times = [Some(0), Some(86_400), Some(86_402)];
        assert_eq!(due(Speed::Times(1.0), 5, &times), [0, 5000, 7000]);
        assert_eq!(due(Speed::Times(86_400.0), 5, &times), [0, 1000, 1000]);
        assert_eq!(due(Speed::Times(f64::MIN_POSITIVE), 5, &times), [0, 5000, 10_000]);
        assert_eq!(due(Speed::Times(1.0), 0, &times), [0; 3]);
    }

    #[test]
    fn what_has_no_time_or_an_earlier_one_comes_at_once() {
        let times = [None, Some(7), None, Some(5), Some(8)];
        assert_eq!(due(Speed::Times(1.0), 5, &times), [0, 0, 0, 0, 1000]);
    }
}
