//! Choices drawn from a tape of numbers: a shorter tape with smaller numbers is a simpler capture,
//! so that proptest shrinks whole captures without knowing anything of them.

use proptest::collection::vec;
use proptest::prelude::*;

/// A tape and how far it has been read. Behind its end everything is the first choice.
pub(crate) struct Dice<'t> {
    tape: &'t [u16],
    at: usize,
}

impl<'t> Dice<'t> {
    pub(crate) fn new(tape: &'t [u16]) -> Self {
        Self { tape, at: 0 }
    }

    /// A number from 0 to `sides` - 1.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        let roll = self.tape.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(roll) % sides.max(1)
    }

    /// The same as seconds.
    pub(crate) fn seconds(&mut self, sides: i64) -> i64 {
        let sides = usize::try_from(sides).unwrap_or(1);
        i64::try_from(self.below(sides)).unwrap_or_default()
    }

    /// Once in `sides` times; never behind the tape's end.
    pub(crate) fn once_in(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Tapes of up to `longest` numbers.
pub(crate) fn tape(longest: usize) -> impl Strategy<Value = Vec<u16>> {
    vec(any::<u16>(), 0..longest)
}
