//! What to generate, and counts of what was generated.

use fastrand::Rng;

use super::render::carrier::CarrierFormat;

/// What to generate. Times are Unix seconds, shares 0 to 1.
#[derive(Clone, Debug)]
pub struct CapturePlan {
    /// Number of calls.
    pub calls: u64,
    /// Decides every random choice: the same seed gives the same bytes.
    pub seed: u64,
    /// The second in which the first call begins.
    pub start: u64,
    /// How often each fate occurs.
    pub mix: FateMix,
    /// Least and greatest number of people in a group call or a meeting.
    pub participants: (usize, usize),
    /// Share of answered calls and meetings that are recorded.
    pub recordings: f64,
    /// Share of people who leave and come back.
    pub rejoin: f64,
    /// What goes wrong during delivery.
    pub faults: FaultRates,
    /// The format that wraps the webhooks.
    pub carrier: CarrierFormat,
}

/// What goes wrong during delivery. Shares are of the events, except `corrupt`: of the deliveries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultRates {
    /// Delivered again, as CometChat retries.
    pub duplicate: f64,
    /// Also delivered through a second webhook configuration.
    pub copy: f64,
    /// Never delivered.
    pub drop: f64,
    /// Greatest delay that is added to each delivery, in milliseconds.
    pub shuffle: u64,
    /// Every `call_initiated` has the barest documented form: no session id and no names.
    pub strip_entities: bool,
    /// Cut in half, or with a broken byte.
    pub corrupt: f64,
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFate {
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

impl CallFate {
    /// Every fate, in the order of help and messages.
    pub const ALL: [Self; 7] = [
        Self::Ended,
        Self::Rejected,
        Self::Busy,
        Self::Cancelled,
        Self::Unanswered,
        Self::Group,
        Self::Meeting,
    ];

    /// The name in `--mix`; of a ring outcome also that in its webhook.
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

/// Weights of the fates, at least one of them above 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FateMix(Vec<(CallFate, u32)>);

impl FateMix {
    /// A mix with these weights; `None` if all of them are 0.
    #[must_use]
    pub fn new(weights: Vec<(CallFate, u32)>) -> Option<Self> {
        weights.iter().any(|(_, weight)| *weight > 0).then_some(Self(weights))
    }

    pub(super) fn draw(&self, rng: &mut Rng) -> CallFate {
        let total: u64 = self.0.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut drawn = rng.u64(0..total);
        for (fate, weight) in &self.0 {
            match drawn.checked_sub(u64::from(*weight)) {
                Some(rest) => drawn = rest,
                None => return *fate,
            }
        }
        CallFate::Ended
    }
}

/// Counts of what was generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeneratedCounts {
    /// Calls.
    pub calls: u64,
    /// Deliveries that were written, including the corrupt ones.
    pub webhooks: u64,
    /// Events without an intact delivery.
    pub lost: u64,
    /// Corrupt deliveries.
    pub corrupt: u64,
}
