//! Chance that a seed decides.

use fastrand::Rng;

/// Throws for one purpose, so that what is asked of another does not change them.
#[derive(Debug)]
pub(super) struct Dice(Rng);

impl Dice {
    /// The throws that a seed stands for, for the purpose that a number stands for.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        // Seeds that differ by one must not give the throws of the next purpose.
        Self(Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose)))
    }

    /// Whether something comes true that does so in this share of all cases, 0 to 1.
    pub(super) fn hits(&mut self, share: f64) -> bool {
        self.0.f64() < share
    }

    /// A number from 0 up to, but not, 1.
    pub(super) fn share(&mut self) -> f64 {
        self.0.f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_and_purposes_are_apart() {
        let throws = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose);
            (0..64).map(|_| dice.hits(0.5)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7, 0), throws(7, 0));
        assert_ne!(throws(7, 0), throws(7, 1));
        assert_ne!(throws(7, 1), throws(8, 0));
    }

    #[test]
    fn what_comes_true_always_or_never_does() {
        let mut dice = Dice::new(1, 0);
        assert!((0..1000).all(|_| dice.hits(1.0) && !dice.hits(0.0)));
        let hits = (0..10_000).filter(|_| dice.hits(0.02)).count();
        assert!((100..320).contains(&hits), "{hits}");
    }
}
