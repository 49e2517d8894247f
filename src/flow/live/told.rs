//! What was told of calls, so that nothing is told twice.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::memory::Memory;
use super::settle::Trace;
use super::{Replaced, Tell, Told};
use crate::event::{Moment, Sym};
use crate::flow::{Call, Outcome, Reconstruction};

/// What was told of a call.
#[derive(Debug)]
pub(super) struct Printed {
    id: Box<str>,
    /// One of its deliveries.
    pub(super) delivery: u32,
    own: Own,
}

/// What was last told of a call, whatever its id.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Own {
    /// 0 where nothing was.
    pub(super) revision: u32,
    /// See [`gist`].
    gist: u32,
    /// What the row said, as a number.
    content: u64,
    /// When it was told for the last time; then its deliveries are kept only for what they say of
    /// others.
    pub(super) closed_at: Option<Moment>,
}

/// Whether a call has come to its end.
pub(super) fn is_over(call: &Call<'_>) -> bool {
    !matches!(call.outcome, Outcome::Ongoing | Outcome::Initiated | Outcome::Unknown)
}

/// What was told of the calls of a group before, by what they are now.
pub(super) struct Before(HashMap<u32, Own>);

impl Before {
    /// Sorts out what was told by the calls that there are now; of an id that no call has any more
    /// it is told what became of it.
    pub(super) fn new(
        printed: &[Printed],
        calls: &Reconstruction<'_>,
        traces: &[Trace],
        memory: &mut Memory,
        tell: &mut dyn Tell,
    ) -> Self {
        let mut before = Self(HashMap::new());
        if printed.is_empty() {
            return before;
        }
        let app = |delivery: u32| calls.capture.hook(delivery).app;
        let ids: HashMap<(Option<Sym>, &str), u32> = (0..)
            .zip(traces)
            .map(|(call, trace)| ((app(trace.delivery), calls.id(call)), call))
            .collect();
        for Printed { id, delivery, own } in printed {
            let app = app(*delivery);
            let same = ids.get(&(app, &**id)).copied();
            let Some(call) = same.or_else(|| calls.call_of(*delivery)) else {
                continue;
            };
            let now = before.0.entry(call).or_default();
            now.revision = now.revision.max(own.revision);
            if same.is_some() {
                let Own { gist, content, closed_at, .. } = *own;
                (now.gist, now.content, now.closed_at) = (gist, content, closed_at);
            } else if own.closed_at.is_none() {
                let app_id = app.map(|app| calls.capture.string(app));
                let revision = own.revision + 1;
                let by = calls.id(call);
                tell.replaced(&Replaced { call_id: id, app_id, revision, by });
                memory.keep(app_id, id, revision);
            }
        }
        before
    }

    /// What was told of a call.
    pub(super) fn take(&mut self, call: u32) -> Own {
        self.0.remove(&call).unwrap_or_default()
    }
}

impl Own {
    /// Tells a call if there is something to tell; for the last time at `closed_at`.
    pub(super) fn tell(
        self,
        call: &Call<'_>,
        closed_at: Option<Moment>,
        memory: &mut Memory,
        tell: &mut dyn Tell,
    ) -> Self {
        let (gist, content) = (gist(call), number(call));
        let is_new = self.revision == 0 || content != self.content;
        let is_news = self.revision == 0 || gist != self.gist;
        let is_final = closed_at.is_some();
        let mut revision = self.revision;
        if is_new || is_final {
            revision = revision.max(memory.revision(call.app_id, call.call_id)) + 1;
            tell.call(&Told { call, revision, is_final, is_new, is_news });
        }
        if is_final && !is_over(call) {
            memory.keep(call.app_id, call.call_id, revision);
        }
        Self { revision, gist, content, closed_at }
    }

    pub(super) fn into_printed(self, call: &Call<'_>, delivery: u32) -> Option<Printed> {
        let id = call.call_id.into();
        (self.revision > 0).then_some(Printed { id, delivery, own: self })
    }
}

/// What matters of a call in a line, as a number: not which of its webhooks were delivered when.
fn gist(call: &Call<'_>) -> u32 {
    let people: Vec<&str> = call.stays.iter().map(|stay| stay.name).collect();
    let who = (call.caller, call.receiver, people);
    let figures = (call.ring_seconds, call.duration_seconds, call.recordings.len());
    let [a, b, c, d, ..] = number(&(call.outcome, who, figures, &call.rules)).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// What is written of it, as a number.
fn number(of: &impl Serialize) -> u64 {
    let mut number = Written(Xxh3::new());
    // Writing to a number cannot fail.
    let _ = serde_json::to_writer(&mut number, of);
    number.0.digest()
}

struct Written(Xxh3);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
