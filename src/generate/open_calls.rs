//! The calls that have begun, until their rows of the truth are written.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Write};

use super::render::truth_row::{call_id, write_row};
use super::scenario::call::PlannedCall;
use super::scenario::simulation::Simulation;

/// Bytes that are written at once: fewer writes to the file.
const CHUNK: usize = 1 << 16;

/// Calls in the order in which they began. A row is written once its call and all earlier ones are
/// over.
pub(super) struct OpenCalls<'w> {
    truth: Option<&'w mut dyn Write>,
    buffer: Vec<u8>,
    calls: VecDeque<PlannedCall>,
    /// The number of the first of them, among all calls that ever began.
    first: usize,
    /// When each call sends its next event, and its number.
    due: BinaryHeap<Reverse<(u64, usize)>>,
}

impl<'w> OpenCalls<'w> {
    pub(super) fn new(truth: Option<&'w mut dyn Write>) -> Self {
        let (buffer, calls, due) = (Vec::new(), VecDeque::new(), BinaryHeap::new());
        Self { truth, buffer, calls, first: 0, due }
    }

    pub(super) fn push(&mut self, call: PlannedCall) {
        self.due.push(Reverse((call.first_at, self.first + self.calls.len())));
        self.calls.push_back(call);
    }

    pub(super) fn next_step_at(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }

    /// The call that sends the next event.
    pub(super) fn next_call(&mut self) -> Option<&mut PlannedCall> {
        let Reverse((_, number)) = self.due.peek()?;
        self.calls.get_mut(number - self.first)
    }

    /// To be called once the next call has sent its event.
    pub(super) fn reschedule(&mut self, simulation: &Simulation) -> io::Result<()> {
        let Some(Reverse((_, number))) = self.due.pop() else {
            return Ok(());
        };
        match self.calls.get(number - self.first).and_then(PlannedCall::next_step) {
            Some(step) => self.due.push(Reverse((step.at, number))),
            None => self.write_rows(simulation)?,
        }
        Ok(())
    }

    /// Writes the rows that are due, of calls that began in the same second by their ids.
    fn write_rows(&mut self, simulation: &Simulation) -> io::Result<()> {
        while let Some(at) = self.calls.front().map(|call| call.first_at) {
            let together = self.calls.iter().take_while(|call| call.first_at == at).count();
            let is_over = self.calls.iter().take(together).all(|call| call.next_step().is_none());
            if !is_over || simulation.next_start_at().is_some_and(|start| start <= at) {
                return Ok(());
            }
            self.first += together;
            let calls = self.calls.drain(..together);
            let Some(out) = &mut self.truth else {
                continue;
            };
            let with_id = |call: PlannedCall| {
                let app = &simulation.apps[call.app];
                (call_id(app, &call), app, call)
            };
            let mut calls: Vec<_> = calls.map(with_id).collect();
            calls.sort_by(|(one, one_app, _), (other, other_app, _)| {
                (one, &one_app.id).cmp(&(other, &other_app.id))
            });
            for (id, app, call) in &calls {
                write_row(&mut self.buffer, app, call, id);
            }
            if self.buffer.len() >= CHUNK {
                out.write_all(&self.buffer)?;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    /// Writes the rest of the rows.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.truth {
            Some(out) => out.write_all(&self.buffer),
            None => Ok(()),
        }
    }
}
