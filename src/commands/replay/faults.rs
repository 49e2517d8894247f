//! Faults on purpose: drops, repeats, shuffles and delays deliveries before anything is sent.

use std::time::Duration;

use super::plan::OrderedDelivery;
use crate::args::Faults;
use crate::commands::seeded_rng::SeededRng;
use crate::event::Span;

/// The deliveries with the faults applied, and the number of dropped ones.
pub(super) fn apply_faults(
    ordered: Vec<OrderedDelivery>,
    faults: &Faults,
) -> (Vec<OrderedDelivery>, u64) {
    let [mut drop_rng, mut repeat_rng, mut shuffle_rng, mut delay_rng] =
        [1, 2, 3, 4].map(|purpose| SeededRng::new(faults.seed, purpose));
    let mut sent = Vec::with_capacity(ordered.len());
    let mut dropped = 0;
    for delivery in ordered {
        if drop_rng.hits(faults.drop.unwrap_or_default()) {
            dropped += 1;
            continue;
        }
        let repeats = repeat_rng.hits(faults.duplicate.unwrap_or_default());
        for is_repeat in [false, true].into_iter().take(1 + usize::from(repeats)) {
            let delay = faults.delay.map_or(Duration::ZERO, |range| pick(range, &mut delay_rng));
            sent.push(OrderedDelivery { is_repeat, delay, ..delivery });
        }
    }
    if let Some(window) = faults.shuffle {
        shuffle(&mut sent, window, &mut shuffle_rng);
    }
    (sent, dropped)
}

/// A random duration between two.
fn pick((least, most): (Span, Span), rng: &mut SeededRng) -> Duration {
    let [least, most] =
        [least, most].map(|span| Duration::from_micros(span.micros().unsigned_abs()));
    least + most.saturating_sub(least).mul_f64(rng.fraction())
}

/// Moves each delivery later by up to the window, and sorts by the new times, so that times never
/// decrease.
fn shuffle(deliveries: &mut [OrderedDelivery], window: Span, rng: &mut SeededRng) {
    for delivery in deliveries.iter_mut() {
        #[expect(clippy::cast_precision_loss, reason = "a window is shorter than a century")]
        let by = Span::from_decimal(rng.fraction() * window.micros() as f64 / 1e6);
        delivery.at = delivery.at.map(|at| at + by.unwrap_or_default());
    }
    deliveries.sort_by_key(|delivery| delivery.at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Moment;

    const NONE: Faults =
        Faults { duplicate: None, drop: None, shuffle: None, delay: None, seed: 7 };

    fn deliveries(count: u32) -> Vec<OrderedDelivery> {
        let at = |delivery| Moment::from_seconds(1_771_000_000 + i64::from(delivery));
        (0..count)
            .map(|delivery| OrderedDelivery {
                delivery,
                at: at(delivery),
                is_repeat: false,
                delay: Duration::ZERO,
            })
            .collect()
    }

    fn order(deliveries: &[OrderedDelivery]) -> Vec<u32> {
        deliveries.iter().map(|one| one.delivery).collect()
    }

    #[test]
    fn without_faults_all_go_out_once_in_their_order() {
        let (all, dropped) = apply_faults(deliveries(50), &NONE);
        assert_eq!((order(&all), dropped), ((0..50).collect(), 0));
        assert!(all.iter().all(|one| !one.is_repeat && one.delay.is_zero()));
    }

    #[test]
    fn a_share_is_dropped_and_another_doubled_and_the_seed_decides_which() {
        let faults = Faults { duplicate: Some(0.1), drop: Some(0.2), ..NONE };
        let (all, dropped) = apply_faults(deliveries(1000), &faults);
        let doubled = all.iter().filter(|one| one.is_repeat).count();
        assert_eq!(all.len() - doubled + usize::try_from(dropped).expect("few"), 1000);
        assert!(
            (150..250).contains(&dropped) && (50..120).contains(&doubled),
            "{dropped} {doubled}"
        );
        assert_eq!(apply_faults(deliveries(1000), &faults).0, all);
        let (only, _) = apply_faults(deliveries(1000), &Faults { duplicate: None, ..faults });
        assert_eq!(order(&only).len(), 1000 - usize::try_from(dropped).expect("few"));
    }

    #[test]
    fn a_shuffled_turn_moves_within_the_window_and_time_never_goes_back() {
        let faults = Faults { shuffle: Some(Span::from_seconds(5)), ..NONE };
        let (all, _) = apply_faults(deliveries(200), &faults);
        let order = order(&all);
        assert_ne!(order, (0..200).collect::<Vec<_>>());
        for (place, delivery) in (0..).zip(&order) {
            assert!(delivery.abs_diff(place) <= 5, "{delivery} at {place}");
        }
        assert!(all.is_sorted_by_key(|one| one.at));
    }

    #[test]
    fn each_is_held_back_for_a_time_within_the_range() {
        let range = (Span::from_seconds(1), Span::from_seconds(3));
        let (all, _) = apply_faults(deliveries(100), &Faults { delay: Some(range), ..NONE });
        let range = Duration::from_secs(1)..=Duration::from_secs(3);
        assert!(all.iter().all(|one| range.contains(&one.delay)));
        assert!(all.iter().any(|one| one.delay != all[0].delay));
    }
}
