//! Compressed captures: told by their first bytes, expanded while they are read.

use std::io::{self, Chain, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::rules;
use super::unpack::{Failure, Unpacker};
use crate::finding::Rule;

/// How a source is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Packing {
    /// It is not.
    #[default]
    Plain,
    /// gzip, one member or several.
    Gzip,
    /// Zstandard, one frame or several.
    Zstd,
}

impl Packing {
    /// What the first four bytes of a source say.
    pub(super) fn sniff(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            // A frame, or one of sixteen kinds that are to be skipped.
            [0x28, 0xB5, 0x2F, 0xFD] | [0x50..=0x5F, 0x2A, 0x4D, 0x18] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// The word for it; `None` where there is nothing to say.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }
}

/// Why expanding stopped before the end, if it did. What reads the text gets to know by asking here
/// once there is no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble(Arc<Mutex<Told>>);

type Told = Option<Stopped>;

/// Why packed data gives no more text.
#[derive(Clone, Debug)]
pub(super) struct Stopped {
    pub(super) rule: &'static Rule,
    pub(super) message: String,
    /// Packed bytes that were not unpacked; `None` where it was not damage that stopped it.
    pub(super) left: Option<u64>,
}

impl Trouble {
    /// The rule that was broken, and how.
    pub(super) fn told(&self) -> Told {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, rule: &'static Rule, message: String, left: Option<u64>) {
        let stopped = Stopped { rule, message, left };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stopped);
    }
}

/// A source's text.
pub(super) struct Expanded<R> {
    pub(super) reader: R,
    pub(super) packing: Packing,
    pub(super) trouble: Trouble,
}

/// How much packed data may expand to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    bytes: u64,
    /// What says so, as a message ends.
    says: &'static str,
}

impl Most {
    /// What was typed, if anything was.
    pub(super) fn typed(bytes: Option<u64>) -> Self {
        Self { bytes: bytes.unwrap_or(u64::MAX), says: "`--max-expanded` allows" }
    }

    /// No more than so many bytes inside a text.
    pub(super) fn at_most(self, bytes: u64) -> Self {
        if self.bytes <= bytes { self } else { Self { bytes, says: "a body may hold" } }
    }
}

/// What a reader has behind damage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remainder {
    pub(super) bytes: u64,
    /// Whether the reader has come to its own end; else somebody stopped it before.
    pub(super) is_whole: bool,
}

/// Finds out what a reader has left.
type MeasureRest<R> = fn(&mut R) -> io::Result<Remainder>;

/// Reads all that is left, and counts it.
fn count_rest(reader: &mut impl Read) -> io::Result<Remainder> {
    Ok(Remainder { bytes: io::copy(reader, &mut io::sink())?, is_whole: true })
}

/// The text of a source that may be packed, `most` of it where it is.
///
/// # Errors
/// When its first bytes cannot be read.
pub(super) fn expanded<R: Read>(from: R, most: Most) -> io::Result<Expanded<Expander<R>>> {
    expanded_with(from, most, count_rest)
}

/// The same, where `measure_rest` finds out how many bytes are left behind damage.
///
/// # Errors
/// When its first bytes cannot be read.
pub(super) fn expanded_with<R: Read>(
    mut from: R,
    most: Most,
    measure_rest: MeasureRest<R>,
) -> io::Result<Expanded<Expander<R>>> {
    let mut head = Vec::with_capacity(4);
    from.by_ref().take(4).read_to_end(&mut head)?;
    let packing = Packing::sniff(&head);
    let decoder = match packing {
        Packing::Plain => Decoder::Plain(Cursor::new(head).chain(from)),
        Packing::Gzip | Packing::Zstd => Decoder::Packed(Box::new(Unpacker::new(head, from))),
    };
    let trouble = Trouble::default();
    let reader = Expander {
        decoder,
        packing,
        left: most.bytes,
        says: most.says,
        length: None,
        measure_rest,
        is_ended: false,
        trouble: trouble.clone(),
    };
    Ok(Expanded { reader, packing, trouble })
}

/// A text that may be packed. Ends where the packed data is damaged, and keeps why.
pub(super) struct Expander<R: Read> {
    decoder: Decoder<R>,
    packing: Packing,
    /// How much more may come out of it.
    left: u64,
    says: &'static str,
    /// Bytes of the packed data, where that is known.
    length: Option<u64>,
    measure_rest: MeasureRest<R>,
    is_ended: bool,
    trouble: Trouble,
}

enum Decoder<R: Read> {
    Plain(Chain<Cursor<Vec<u8>>, R>),
    Packed(Box<Unpacker<R>>),
}

impl<R: Read> Read for Expander<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let unpacker = match &mut self.decoder {
            Decoder::Plain(reader) => return reader.read(buffer),
            Decoder::Packed(unpacker) => unpacker,
        };
        if self.is_ended || buffer.is_empty() {
            return Ok(0);
        }
        // One byte more than is allowed tells whether there is more.
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(1);
        let room = room.min(buffer.len());
        match unpacker.read(&mut buffer[..room]) {
            Ok(read) => Ok(self.allowed(read)),
            Err(Failure::Unreadable(error)) => Err(error),
            Err(Failure::Damaged(why)) => {
                let bytes = self.rest()?.bytes;
                self.report_damage(&format!("is damaged here: {why}"), bytes);
                Ok(0)
            }
            Err(Failure::Cut) => {
                // Whoever stops reading does not cut the data.
                if self.rest()?.is_whole {
                    self.report_damage("is cut here: it ends inside a member", 0);
                }
                self.is_ended = true;
                Ok(0)
            }
        }
    }
}

impl<R: Read> Expander<R> {
    /// The same, of packed data of `length` bytes: they need not be counted.
    pub(super) fn of_length(self, length: Option<u64>) -> Self {
        Self { length, ..self }
    }

    /// What the packed data has behind what was unpacked.
    fn rest(&mut self) -> io::Result<Remainder> {
        let Decoder::Packed(unpacker) = &mut self.decoder else {
            return Ok(Remainder { bytes: 0, is_whole: true });
        };
        let read = unpacker.bytes_read();
        let (buffered, reader) = unpacker.rest();
        let Remainder { bytes, is_whole } =
            match self.length.and_then(|length| length.checked_sub(read)) {
                Some(bytes) => Remainder { bytes, is_whole: true },
                None => (self.measure_rest)(reader)?,
            };
        Ok(Remainder { bytes: bytes + buffered as u64, is_whole })
    }

    fn report_damage(&mut self, what: &str, left: u64) {
        let packing = self.packing.name().unwrap_or_default();
        self.is_ended = true;
        self.trouble.tell(&rules::TRUNCATED, format!("the {packing} data {what}"), Some(left));
    }

    /// As much of what was read as may come out.
    fn allowed(&mut self, read: usize) -> usize {
        let allowed = usize::try_from(self.left).map_or(read, |left| left.min(read));
        self.left -= allowed as u64;
        if allowed < read {
            let message = format!("the data expands to more than {}", self.says);
            self.is_ended = true;
            self.trouble.tell(&rules::TOO_BIG, message, None);
        }
        allowed
    }
}
