//! Deliveries → the order in which they are sent again, and the time of each.

use crate::event::{Capture, Event, Moment};

/// A delivery whose body is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// The delivery.
    pub(super) delivery: u32,
    /// When it came; never before the one sent before it. `None` where nothing tells: it goes out
    /// at once, ahead of all that have a time.
    pub(super) at: Option<Moment>,
}

/// The chosen deliveries in the order in which they came: each source in its own, all sources by
/// time.
pub(super) fn turns(capture: &Capture, is_chosen: impl Fn(u32) -> bool) -> Vec<Turn> {
    let all = capture.deliveries.indexes();
    let mut chosen: Vec<u32> = all.filter(|delivery| is_chosen(*delivery)).collect();
    let mut turns = Vec::with_capacity(chosen.len());
    let source = |delivery: &u32| capture.place(*delivery).source;
    for own in chosen.chunk_by_mut(|one, other| source(one) == source(other)) {
        let received_at = |delivery: &u32| capture.received_at(*delivery);
        if own.iter().all(|delivery| received_at(delivery).is_some()) {
            own.sort_by_key(received_at);
        }
        let mut latest = None;
        turns.extend(own.iter().map(|delivery| {
            latest = latest.max(time(capture, *delivery));
            Turn { delivery: *delivery, at: latest }
        }));
    }
    // No source goes back in time, so a stable sort merges them and keeps the order of each.
    turns.sort_by_key(|turn| turn.at);
    turns
}

/// When a delivery came, or when its event was. A time of the event that cannot be would hold back
/// all that stands behind it.
fn time(capture: &Capture, delivery: u32) -> Option<Moment> {
    let event = || capture.event(delivery).map(Event::at).filter(|at| at.is_plausible());
    capture.received_at(delivery).or_else(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Detail;
    use crate::input::{self, Counts, Reading, Sources};

    const BASE: i64 = 1_771_000_000;

    /// A start at so many seconds; without any, a webhook that tells no time.
    fn start(seconds: Option<i64>) -> String {
        let Some(seconds) = seconds else {
            return r#"{"trigger":"user_blocked","data":{},"appId":"9c4e"}"#.to_owned();
        };
        let at = if seconds < 1_000_000 { BASE + seconds } else { seconds };
        format!(
            r#"{{"trigger":"call_started","data":{{"created_at":{at},"sessionId":"v1.eu.9c4e"}},"appId":"9c4e","region":"eu","webhook":"77aa","type":"call"}}"#
        )
    }

    /// A capture of sources with one start at each of these times.
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

    /// The turns as deliveries and seconds.
    fn order(capture: &Capture) -> Vec<(u32, Option<i64>)> {
        let seconds = |turn: &Turn| turn.at.map(|at| at.seconds() - BASE);
        turns(capture, |_| true).iter().map(|turn| (turn.delivery, seconds(turn))).collect()
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
        let sorted = turns(&capture, |at| at != 1);
        assert_eq!(sorted.iter().map(|turn| turn.delivery).collect::<Vec<_>>(), [2, 0]);
    }

    #[test]
    fn a_time_that_cannot_be_holds_nothing_back() {
        let capture = capture(&[&[Some(1), Some(90_000_000_000), Some(2)], &[Some(3)]]);
        let times = [Some(1), Some(1), Some(2), Some(3)];
        assert_eq!(order(&capture), (0..).zip(times).collect::<Vec<_>>());
    }
}
