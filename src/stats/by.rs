//! What calls are grouped by.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::iter::repeat;
use std::ops::Range;

use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::flow::{Call, Reconstruction};
use crate::threads::Threads;

/// What calls are grouped by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The day on which they began
    Day,
    /// The hour of the day in which they began, over all days
    Hour,
    /// The app
    App,
    /// Its region
    Region,
    /// Uid of the caller
    Caller,
    /// The conversation
    Conversation,
    /// The platforms of those in it: a call with several counts for each
    Platform,
    /// How they turned out
    Outcome,
}

/// What the calls of a group have in common; `None` where that is not known of them.
pub type Key<'r> = Option<Cow<'r, str>>;

/// Calls by what they have in common.
#[derive(Debug, Default)]
pub struct Groups<'r> {
    /// Each with its calls. Days and hours in their order, other groups the greatest first, then by
    /// key; what is unknown comes last.
    pub groups: Vec<(Key<'r>, Vec<u32>)>,
}

impl By {
    /// Whether groups are in the order of their keys rather than of their sizes.
    #[must_use]
    pub fn is_in_time(self) -> bool {
        matches!(self, Self::Day | Self::Hour)
    }

    /// The groups that a call belongs to.
    fn keys<'r>(self, call: &Call<'r>, zone: &TimeZone) -> Vec<Key<'r>> {
        let began = || Some(zone.to_datetime(call.first_at?.timestamp()));
        let borrowed = |text: Option<&'r str>| text.map(Cow::Borrowed);
        vec![match self {
            Self::Day => began().map(|began| began.date().to_string().into()),
            Self::Hour => began().map(|began| format!("{:02}", began.hour()).into()),
            Self::App => borrowed(call.app_id),
            Self::Region => borrowed(call.region),
            Self::Caller => borrowed(call.caller),
            Self::Conversation => borrowed(call.conversation_id),
            Self::Outcome => borrowed(Some(call.outcome.name())),
            Self::Platform => {
                let mut known: Vec<_> =
                    call.stays.iter().filter_map(|stay| stay.platform).collect();
                known.sort_unstable();
                known.dedup();
                if known.is_empty() {
                    return vec![None];
                }
                return known.into_iter().map(|word| Some(Cow::Borrowed(word))).collect();
            }
        }]
    }
}

impl<'r> Groups<'r> {
    /// The groups of the chosen calls, and of keys that are known beside, with how many calls each
    /// has there.
    #[must_use]
    pub fn new(
        by: By,
        calls: &'r Reconstruction<'r>,
        chosen: &[u32],
        beside: impl IntoIterator<Item = (Option<String>, u64)>,
        zone: &TimeZone,
        threads: Threads,
    ) -> Self {
        /// Calls whose keys are made at a time.
        const SHARED: usize = 4000;
        let mut groups: FxHashMap<Key<'r>, (u64, Vec<u32>)> = FxHashMap::default();
        for (key, count) in beside {
            groups.entry(key.map(Cow::Owned)).or_default().0 += count;
        }
        let keys = |range: Range<usize>| -> Vec<(Key<'r>, u32)> {
            let keys = |at: &u32| by.keys(&calls.call(*at), zone).into_iter().zip(repeat(*at));
            chosen[range].iter().flat_map(keys).collect()
        };
        threads.all(chosen.len(), SHARED, keys, |some| {
            for (key, at) in some {
                let (count, own) = groups.entry(key).or_default();
                *count += 1;
                own.push(at);
            }
        });
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by(|(one, (one_count, _)), (other, (other_count, _))| {
            let size = |count: u64| Reverse(if by.is_in_time() { 0 } else { count });
            (one.is_none(), size(*one_count), one).cmp(&(
                other.is_none(),
                size(*other_count),
                other,
            ))
        });
        Self { groups: groups.into_iter().map(|(key, (_, own))| (key, own)).collect() }
    }
}
