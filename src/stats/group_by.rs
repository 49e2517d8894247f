//! Groups calls, for `stats --by`.

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
#[schemars(rename = "By")]
pub enum GroupBy {
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

/// What the calls of a group have in common; `None` if it is unknown.
pub type GroupKey<'r> = Option<Cow<'r, str>>;

/// Calls by what they have in common.
#[derive(Debug, Default)]
pub struct CallGroups<'r> {
    /// The calls of each key. Days and hours in ascending order, other groups by descending size, then
    /// by key; the unknown key last.
    pub groups: Vec<(GroupKey<'r>, Vec<u32>)>,
}

impl GroupBy {
    /// Whether groups are ordered by key rather than by size.
    #[must_use]
    pub fn is_in_time(self) -> bool {
        matches!(self, Self::Day | Self::Hour)
    }

    /// The keys of a call, at least one.
    fn keys<'r>(self, call: &Call<'r>, zone: &TimeZone) -> Vec<GroupKey<'r>> {
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

impl<'r> CallGroups<'r> {
    /// Groups the chosen calls. `merged` are the sizes of groups from elsewhere: they count in the order
    /// of the groups, and a group that occurs only there has no calls here.
    #[must_use]
    pub fn new(
        by: GroupBy,
        calls: &'r Reconstruction<'r>,
        chosen: &[u32],
        merged: impl IntoIterator<Item = (Option<String>, u64)>,
        zone: &TimeZone,
        threads: Threads,
    ) -> Self {
        /// Calls that a thread looks at at a time: enough that handing them out costs nothing.
        const BATCH: usize = 4000;
        let mut groups: FxHashMap<GroupKey<'r>, (u64, Vec<u32>)> = FxHashMap::default();
        for (key, count) in merged {
            groups.entry(key.map(Cow::Owned)).or_default().0 += count;
        }
        let keys = |range: Range<usize>| -> Vec<(GroupKey<'r>, u32)> {
            let keys = |at: &u32| by.keys(&calls.call(*at), zone).into_iter().zip(repeat(*at));
            chosen[range].iter().flat_map(keys).collect()
        };
        threads.all(chosen.len(), BATCH, keys, |some| {
            for (key, at) in some {
                let (count, own) = groups.entry(key).or_default();
                *count += 1;
                own.push(at);
            }
        });
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_cached_key(|(key, (count, _))| {
            let size = if by.is_in_time() { 0 } else { *count };
            (key.is_none(), Reverse(size), key.clone())
        });
        Self { groups: groups.into_iter().map(|(key, (_, own))| (key, own)).collect() }
    }
}
