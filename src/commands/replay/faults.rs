//! What goes wrong on purpose, before anything is sent.

use std::time::Duration;

use super::order::Turn;
use crate::args::Faults;
use crate::commands::dice::Dice;
use crate::event::{Moment, Span};

/// A turn that may be one too many, and may be held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Faulty {
    pub(super) turn: Turn,
    /// Whether it goes out once already.
    pub(super) again: bool,
    /// How long it is held back when it is due.
    pub(super) held: Duration,
}

/// Drops, doubles, moves and holds back turns by chance; how many were dropped stands beside.
pub(super) fn faulty(turns: Vec<Turn>, faults: &Faults) -> (Vec<Faulty>, u64) {
    let dice = |purpose| Dice::new(faults.seed, purpose);
    let (mut dropping, mut doubling, mut moving, mut holding) =
        (dice(1), dice(2), dice(3), dice(4));
    let mut all = Vec::with_capacity(turns.len());
    let mut dropped = 0;
    for turn in turns {
        if dropping.hits(faults.drop.unwrap_or_default()) {
            dropped += 1;
            continue;
        }
        let copies = 1 + u8::from(doubling.hits(faults.duplicate.unwrap_or_default()));
        for copy in 0..copies {
            let held = faults.delay.map_or(Duration::ZERO, |range| held(range, &mut holding));
            all.push(Faulty { turn, again: copy > 0, held });
        }
    }
    if let Some(window) = faults.shuffle {
        shuffle(&mut all, window, &mut moving);
    }
    (all, dropped)
}

fn held((least, most): (Span, Span), dice: &mut Dice) -> Duration {
    let [least, most] =
        [least, most].map(|span| Duration::from_micros(span.micros().unsigned_abs()));
    least + most.saturating_sub(least).mul_f64(dice.share())
}

/// Moves each turn by up to the window. Times then go back nowhere: what was moved behind another
/// comes with it at the earliest.
fn shuffle(turns: &mut [Faulty], window: Span, dice: &mut Dice) {
    let mut moved = |faulty: &Faulty| {
        #[expect(clippy::cast_precision_loss, reason = "a window is no century")]
        let by = Span::from_decimal(dice.share() * window.micros() as f64 / 1e6);
        faulty.turn.at.map(|at| at + by.unwrap_or_default())
    };
    let mut keyed: Vec<(Option<Moment>, Faulty)> =
        turns.iter().map(|turn| (moved(turn), *turn)).collect();
    keyed.sort_by_key(|(at, _)| *at);
    for (slot, (at, faulty)) in turns.iter_mut().zip(keyed) {
        *slot = Faulty { turn: Turn { at, ..faulty.turn }, ..faulty };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Faults =
        Faults { duplicate: None, drop: None, shuffle: None, delay: None, seed: 7 };

    fn turns(many: u32) -> Vec<Turn> {
        let at = |delivery| Moment::from_seconds(1_771_000_000 + i64::from(delivery));
        (0..many).map(|delivery| Turn { delivery, at: at(delivery) }).collect()
    }

    fn order(faulty: &[Faulty]) -> Vec<u32> {
        faulty.iter().map(|one| one.turn.delivery).collect()
    }

    #[test]
    fn without_faults_all_go_out_once_in_their_order() {
        let (all, dropped) = faulty(turns(50), &NONE);
        assert_eq!((order(&all), dropped), ((0..50).collect(), 0));
        assert!(all.iter().all(|one| !one.again && one.held.is_zero()));
    }

    #[test]
    fn a_share_is_dropped_and_another_doubled_and_the_seed_decides_which() {
        let faults = Faults { duplicate: Some(0.1), drop: Some(0.2), ..NONE };
        let (all, dropped) = faulty(turns(1000), &faults);
        let doubled = all.iter().filter(|one| one.again).count();
        assert_eq!(all.len() - doubled + usize::try_from(dropped).expect("few"), 1000);
        assert!(
            (150..250).contains(&dropped) && (50..120).contains(&doubled),
            "{dropped} {doubled}"
        );
        assert_eq!(faulty(turns(1000), &faults).0, all);
        let (only, _) = faulty(turns(1000), &Faults { duplicate: None, ..faults });
        assert_eq!(order(&only).len(), 1000 - usize::try_from(dropped).expect("few"));
    }

    #[test]
    fn a_shuffled_turn_moves_within_the_window_and_time_never_goes_back() {
        let faults = Faults { shuffle: Some(Span::from_seconds(5)), ..NONE };
        let (all, _) = faulty(turns(200), &faults);
        let order = order(&all);
        assert_ne!(order, (0..200).collect::<Vec<_>>());
        for (place, delivery) in (0..).zip(&order) {
            assert!(delivery.abs_diff(place) <= 5, "{delivery} at {place}");
        }
        assert!(all.is_sorted_by_key(|one| one.turn.at));
    }

    #[test]
    fn each_is_held_back_for_a_time_within_the_range() {
        let range = (Span::from_seconds(1), Span::from_seconds(3));
        let (all, _) = faulty(turns(100), &Faults { delay: Some(range), ..NONE });
        let range = Duration::from_secs(1)..=Duration::from_secs(3);
        assert!(all.iter().all(|one| range.contains(&one.held)));
        assert!(all.iter().any(|one| one.held != all[0].held));
    }
}
