//! Inside a container: arrays as they come, and objects that are no webhook.

use std::io;

use super::broken::{cut, unexpected};
use super::frame::{Fault, Framer, MAX_BODY, MAX_ENTERED, search};
use super::outline::outline_ahead;
use super::rules;
use super::scan::{Extent, Scan, Stop, has_trigger, literal_length};
use super::sink::Sink;
use super::tally::Tally;
use super::window::BEHIND;

/// What may stand next in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    First,
    Key,
    Colon,
    Value,
    Comma,
}

/// A container that has been entered.
pub(super) struct Inside {
    object: bool,
    /// Indent of the line on which it began.
    indent: usize,
    next: Next,
    /// Whether its own structure was damaged, which is told once.
    pub(super) told: bool,
    damaged_before: u64,
    tally: Tally,
}

impl Inside {
    fn takes_value(&self) -> bool {
        match self.next {
            Next::Value => true,
            Next::First => !self.object,
            _ => false,
        }
    }

    fn takes_key(&self) -> bool {
        self.object && matches!(self.next, Next::First | Next::Key)
    }

    fn may_close(&self, byte: u8) -> bool {
        byte == self.closing() && matches!(self.next, Next::First | Next::Comma)
    }

    fn closing(&self) -> u8 {
        if self.object { b'}' } else { b']' }
    }

    fn after_comma(&self) -> Next {
        if self.object { Next::Key } else { Next::Value }
    }
}

impl<S: Sink> Framer<'_, '_, S> {
    /// Reads the object or array at the start, `depth` containers deep.
    pub(super) fn value(&mut self, depth: u32) -> io::Result<Tally> {
        let array = self.window.peek()? == Some(b'[');
        if array && depth < MAX_ENTERED {
            return self.enter(depth);
        }
        if !self.is_open_here()
            && let Some(tally) = self.envelope(depth)
        {
            return Ok(tally);
        }
        match self.extent(MAX_BODY, depth)? {
            Extent::Complete(length) => match self.offer(length, depth) {
                Ok(tally) => {
                    self.window.consume(length);
                    Ok(tally)
                }
                Err(fault) => self.broken(depth, fault, Some(length)),
            },
            Extent::Broken(at) => {
                let fault = unexpected(self.window.text(), at);
                self.broken(depth, fault, None)
            }
            Extent::TooDeep(at) => self.broken(depth, Fault::too_deep(at), None),
            Extent::Cut => {
                let length = self.window.text().len();
                self.broken(depth, cut(length), None)
            }
            Extent::TooLong => self.too_long(depth),
        }
    }

    /// The usual case: takes what is an envelope at a glance, all of it in memory.
    fn envelope(&mut self, depth: u32) -> Option<Tally> {
        let text = self.window.text();
        let (object, members) = outline_ahead(&text[..text.len().min(MAX_BODY)])?;
        let tally =
            search!(self, |search, context| search.envelope(object, &members, context, depth));
        let length = object.len();
        self.window.consume(length);
        Some(tally)
    }

    /// A value longer than a body may be: entered if it can hold webhooks, else passed over.
    pub(super) fn too_long(&mut self, depth: u32) -> io::Result<Tally> {
        // No further than the limit, whatever the window holds.
        let webhook = has_trigger(&self.window.text()[..=MAX_BODY]);
        if !webhook && depth < MAX_ENTERED {
            return self.enter(depth);
        }
        if webhook {
            self.tell(&Fault::new(
                &rules::TOO_BIG,
                0,
                format!("a webhook body of more than {} MiB", MAX_BODY >> 20),
            ));
        }
        let at = self.sighting(MAX_BODY);
        let whole = self.skip_value()?;
        Ok(if webhook || !whole { Tally::DAMAGED } else { Tally::other(at) })
    }

    /// Passes over a value of any length without keeping it; `false` where it is broken.
    fn skip_value(&mut self) -> io::Result<bool> {
        let mut scan = Scan::new(0);
        loop {
            let stop = scan.run(self.window.text());
            let scanned = scan.let_go();
            match stop {
                Stop::Complete(_) => {
                    self.window.consume(scanned);
                    return Ok(true);
                }
                Stop::More => {
                    self.window.consume(scanned);
                    if !self.window.more()? {
                        let length = self.window.text().len();
                        self.tell(&cut(length));
                        return Ok(false);
                    }
                }
                Stop::Broken(at) | Stop::TooDeep(at) => {
                    self.tell(&unexpected(self.window.text(), at));
                    // Not the byte itself, which may begin the next document. It is at 0 only where
                    // text before it was passed over.
                    self.window.consume(at);
                    return Ok(false);
                }
            }
        }
    }

    /// Reads a container element by element.
    pub(super) fn enter(&mut self, depth: u32) -> io::Result<Tally> {
        if self.notes.reads_ahead {
            self.window.look_ahead(BEHIND);
        }
        let at = self.sighting(BEHIND);
        let mut inside = Inside {
            object: self.window.peek()? == Some(b'{'),
            indent: self.window.indent(),
            next: Next::First,
            told: false,
            damaged_before: self.counts.damaged,
            tally: Tally::default(),
        };
        self.window.consume(1);
        while !self.step(depth, &mut inside)? {}
        let damaged = self.counts.damaged > inside.damaged_before;
        Ok(inside.tally.whole(damaged, at))
    }

    /// Takes the next token or element; `true` when the container has ended.
    fn step(&mut self, depth: u32, inside: &mut Inside) -> io::Result<bool> {
        let Some(byte) = self.skip_blank()? else {
            if !inside.told && self.counts.damaged == inside.damaged_before {
                self.tell(&cut(0));
            }
            return Ok(true);
        };
        match byte {
            _ if inside.may_close(byte) => {
                self.window.consume(1);
                return Ok(true);
            }
            b',' if inside.next == Next::Comma => {
                self.window.consume(1);
                inside.next = inside.after_comma();
            }
            b':' if inside.next == Next::Colon => {
                self.window.consume(1);
                inside.next = Next::Value;
            }
            b'"' if inside.takes_key() => {
                self.scalar(inside, false)?;
                inside.next = Next::Colon;
            }
            b'{' | b'[' if inside.takes_value() => {
                self.element(depth, inside)?;
            }
            b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if inside.takes_value() => {
                let tally = self.scalar(inside, true)?;
                inside.tally.add(tally, inside.object);
                inside.next = Next::Comma;
            }
            _ => return self.stray(depth, inside, byte),
        }
        Ok(false)
    }

    fn element(&mut self, depth: u32, inside: &mut Inside) -> io::Result<()> {
        let before = self.counts.damaged;
        let tally = self.value(depth + 1)?;
        inside.tally.add(tally, inside.object);
        // Where an element was damaged, what stands behind it is not to be trusted, and is told
        // already.
        inside.told |= self.counts.damaged > before;
        inside.next = Next::Comma;
        Ok(())
    }

    /// A byte that does not belong here. Told once a container; `true` when the container has
    /// ended.
    fn stray(&mut self, depth: u32, inside: &mut Inside, byte: u8) -> io::Result<bool> {
        if !inside.told {
            inside.told = true;
            self.tell(&unexpected(self.window.text(), 0));
        }
        let anew = self.window.at_line_start() && self.window.indent() <= inside.indent;
        match byte {
            b'}' | b']' if depth > 0 && byte != inside.closing() => return Ok(true),
            b'}' | b']' => {
                self.window.consume(1);
                return Ok(true);
            }
            // The line stands where the container itself began: it has ended without its bracket.
            _ if anew && byte != b',' && byte != b':' => return Ok(true),
            b'{' | b'[' => self.element(depth, inside)?,
            b'"' => {
                self.scalar(inside, false)?;
                inside.next = if inside.object && inside.next != Next::Value {
                    Next::Colon
                } else {
                    Next::Comma
                };
            }
            b',' => {
                self.window.consume(1);
                inside.next = inside.after_comma();
            }
            b':' => {
                self.window.consume(1);
                inside.next = Next::Value;
            }
            _ => {
                let length = literal_length(self.window.text()).max(1);
                self.window.consume(length);
                inside.next = Next::Comma;
            }
        }
        Ok(false)
    }
}
