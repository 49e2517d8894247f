//! What becomes of the calls, in which proportion.

use fastrand::Rng;

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Two people talk.
    Ended,
    /// The callee declines.
    Rejected,
    /// The callee is in another call.
    Busy,
    /// The caller gives up.
    Cancelled,
    /// Nobody answers.
    Unanswered,
    /// A group is called; mostly somebody answers.
    Group,
    /// People meet without anybody ringing.
    Meeting,
}

impl Fate {
    /// All seven.
    pub const ALL: [Self; 7] = [
        Self::Ended,
        Self::Rejected,
        Self::Busy,
        Self::Cancelled,
        Self::Unanswered,
        Self::Group,
        Self::Meeting,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Rejected => "rejected",
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::Unanswered => "unanswered",
            Self::Group => "group",
            Self::Meeting => "meeting",
        }
    }
}

/// How many calls of all have which fate: weights, at least one of them above 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix(Vec<(Fate, u32)>);

impl Mix {
    /// The mix of some weights; `None` where all of them are 0.
    #[must_use]
    pub fn new(weights: Vec<(Fate, u32)>) -> Option<Self> {
        weights.iter().any(|(_, weight)| *weight > 0).then_some(Self(weights))
    }

    /// Draws one.
    pub(super) fn draw(&self, rng: &mut Rng) -> Fate {
        let all: u64 = self.0.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut drawn = rng.u64(0..all);
        for (fate, weight) in &self.0 {
            match drawn.checked_sub(u64::from(*weight)) {
                Some(rest) => drawn = rest,
                None => return *fate,
            }
        }
        Fate::Ended
    }
}
