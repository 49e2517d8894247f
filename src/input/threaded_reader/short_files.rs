//! All sources of a run: one after another, or many short ones at once, as if one thread had read
//! them in their order.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Done, One, Split, read};
use crate::finding::SourceId;
use crate::input::kept::Kept;
use crate::input::notes::Reading;
use crate::input::sink::Parts;
use crate::input::source::{Source, Sources};
use crate::input::tally::Counts;

/// What it costs to open a file, in bytes that are read meanwhile.
const OPENING: u64 = 4096;

/// Reads all sources to their ends into `sink`, and says of each, in their order, what it held and
/// whether it could be opened and read on.
pub fn read_all(
    sources: &mut Sources,
    reading: &Reading,
    split: Split,
    sink: &mut impl Parts,
    each: &mut dyn FnMut(&Source, Counts, io::Result<()>),
) {
    for run in runs(sources, split) {
        match run {
            Run::Alone(id) => {
                let mut counts = Counts::default();
                let end = read(sources, id, reading, split, sink, &mut counts);
                each(sources.source(id), counts, end);
            }
            Run::Groups(groups) => {
                for (id, done) in read_groups(sources, &groups, reading, split, sink) {
                    sources.tell(id, done.told);
                    each(sources.source(id), done.counts, done.end);
                }
            }
        }
    }
}

/// Sources that are read together.
#[derive(Debug)]
enum Run {
    /// One, by all threads.
    Alone(SourceId),
    /// Short files; those of a group one after another, by one thread.
    Groups(Vec<Vec<SourceId>>),
}

/// What is read together, in the order of the sources.
fn runs(sources: &Sources, split: Split) -> Vec<Run> {
    let (mut runs, mut short) = (Vec::new(), Vec::new());
    let most = split.batch / 4;
    for id in sources.ids() {
        match sources.length_of(id).filter(|length| *length <= most) {
            Some(length) if split.threads.are_several() => short.push((id, length)),
            _ => {
                runs.extend(grouped(std::mem::take(&mut short), most));
                runs.push(Run::Alone(id));
            }
        }
    }
    runs.extend(grouped(short, most));
    runs
}

/// Short files in groups that are worth a thread; each alone where there is no more than one.
fn grouped(short: Vec<(SourceId, u64)>, most: u64) -> Vec<Run> {
    let (mut groups, mut cost) = (Vec::<Vec<SourceId>>::new(), 0);
    for &(id, length) in &short {
        cost += length + OPENING;
        match groups.last_mut() {
            Some(group) if cost <= most => group.push(id),
            _ => {
                groups.push(vec![id]);
                cost = length + OPENING;
            }
        }
    }
    match groups.len() {
        0 | 1 => short.into_iter().map(|(id, _)| Run::Alone(id)).collect(),
        _ => vec![Run::Groups(groups)],
    }
}

/// What was read of a group.
struct Group<S> {
    sink: S,
    kept: Kept,
    done: Vec<(SourceId, Done)>,
}

fn read_groups<S: Parts>(
    sources: &mut Sources,
    groups: &[Vec<SourceId>],
    reading: &Reading,
    split: Split,
    sink: &mut S,
) -> Vec<(SourceId, Done)> {
    let (mut own, part) = (sources.take_kept(), Mutex::new(sink.part()));
    let (most, from) = (own.most(), &*sources);
    let work = |ids: &Vec<SourceId>| {
        let part = part.lock().unwrap_or_else(PoisonError::into_inner).part();
        read_group(from, ids, reading, part, Kept::part(most))
    };
    let done = split.threads.share(groups.iter(), work, |results| {
        let mut all = Vec::new();
        for Group { sink: part, mut kept, done } in results {
            sink.join(part, &mut |at, length| own.take_over(&mut kept, at, length));
            all.extend(done);
        }
        all
    });
    sources.keep(own);
    done
}

fn read_group<S: Parts>(
    sources: &Sources,
    ids: &[SourceId],
    reading: &Reading,
    mut sink: S,
    mut kept: Kept,
) -> Group<S> {
    let mut done = Vec::new();
    for &id in ids {
        let one = One { sources, id, reading, split: Split::NONE };
        let read;
        (read, kept) = one.read(kept, &mut sink);
        done.push((id, read));
    }
    Group { sink, kept, done }
}
