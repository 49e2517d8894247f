//! Random choices that a seed repeats.

use fastrand::Rng;

/// Random numbers for one purpose. Each purpose has its own, so that a flag for one fault does not
/// change which deliveries another fault hits.
#[derive(Debug)]
pub(super) struct SeededRng(Rng);

impl SeededRng {
    /// The random numbers of a seed for the purpose of this number.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        // Spreads the seeds: otherwise seed 1, purpose 1 would repeat seed 2, purpose 0.
        Self(Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose)))
    }

    /// True with this probability, 0 to 1.
    pub(super) fn hits(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// A number from 0 up to, but not including, 1.
    pub(super) fn fraction(&mut self) -> f64 {
        self.0.f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_choices_and_purposes_differ() {
        let choices = |seed, purpose| {
            let mut rng = SeededRng::new(seed, purpose);
            (0..64).map(|_| rng.hits(0.5)).collect::<Vec<_>>()
        };
        assert_eq!(choices(7, 0), choices(7, 0));
        assert_ne!(choices(7, 0), choices(7, 1));
        assert_ne!(choices(7, 1), choices(8, 0));
    }

    #[test]
    fn what_comes_true_always_or_never_does() {
        let mut rng = SeededRng::new(1, 0);
        assert!((0..1000).all(|_| rng.hits(1.0) && !rng.hits(0.0)));
        let hits = (0..10_000).filter(|_| rng.hits(0.02)).count();
        assert!((100..320).contains(&hits), "{hits}");
    }
}
