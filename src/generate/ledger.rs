//! The calls that have begun, in the order in which they did, up to when their truth is told.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Write};

use super::call::Call;
use super::truth;
use super::world::World;

/// So much is written at once.
const CHUNK: usize = 1 << 16;

/// Calls that have begun. The truth about one is told when it and all that began before it are over.
pub(super) struct Ledger<'w> {
    truth: Option<&'w mut dyn Write>,
    buffer: Vec<u8>,
    calls: VecDeque<Call>,
    /// Which the first of them is, of all calls.
    first: u64,
    /// When each sends its next event.
    due: BinaryHeap<Reverse<(u64, u64)>>,
}

impl<'w> Ledger<'w> {
    pub(super) fn new(truth: Option<&'w mut dyn Write>) -> Self {
        let (buffer, calls, due) = (Vec::new(), VecDeque::new(), BinaryHeap::new());
        Self { truth, buffer, calls, first: 0, due }
    }

    /// Takes a call that begins.
    pub(super) fn open(&mut self, call: Call) {
        let number = self.first + u64::try_from(self.calls.len()).unwrap_or_default();
        self.due.push(Reverse((call.first_at, number)));
        self.calls.push_back(call);
    }

    /// When the next event is sent.
    pub(super) fn next_step_at(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }

    /// The call that sends next, to which the event is handed over.
    pub(super) fn next_call(&mut self) -> Option<&mut Call> {
        let Reverse((_, number)) = self.due.peek()?;
        self.calls.get_mut(usize::try_from(number - self.first).ok()?)
    }

    /// Goes on once that call has sent.
    pub(super) fn settle(&mut self, world: &World) -> io::Result<()> {
        let Some(Reverse((_, number))) = self.due.pop() else {
            return Ok(());
        };
        let call = usize::try_from(number - self.first).ok().and_then(|at| self.calls.get(at));
        match call.and_then(Call::next) {
            Some(step) => self.due.push(Reverse((step.at, number))),
            None if number == self.first || self.is_first_over() => self.tell(world)?,
            None => {}
        }
        Ok(())
    }

    fn is_first_over(&self) -> bool {
        self.calls.front().is_some_and(|call| call.next().is_none())
    }

    /// Tells the truth about the calls that can be told of; of those that began in one second all
    /// together, by their ids.
    fn tell(&mut self, world: &World) -> io::Result<()> {
        while let Some(at) = self.calls.front().map(|call| call.first_at) {
            let together = self.calls.iter().take_while(|call| call.first_at == at).count();
            let is_over = self.calls.iter().take(together).all(|call| call.next().is_none());
            if !is_over || world.next_birth_at().is_some_and(|birth| birth <= at) {
                return Ok(());
            }
            self.first += u64::try_from(together).unwrap_or_default();
            let calls = self.calls.drain(..together);
            let Some(out) = &mut self.truth else {
                continue;
            };
            let mut rows: Vec<_> = calls
                .map(|call| {
                    let app = &world.apps[call.app];
                    (truth::call_id(app, &call), &app.id, call)
                })
                .collect();
            rows.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
            for (id, _, call) in &rows {
                truth::row(&mut self.buffer, &world.apps[call.app], call, id);
            }
            if self.buffer.len() >= CHUNK {
                out.write_all(&self.buffer)?;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    /// Writes what is left of the truth.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.truth {
            Some(out) => out.write_all(&self.buffer),
            None => Ok(()),
        }
    }
}
