//! Compressed captures: told by their first bytes, expanded while they are read.

use std::io::{self, BufReader, Chain, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use super::rules;
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

/// Windows of 128 MiB at most, as the `zstd` command has it.
const WINDOW_LOG: u32 = 27;

/// Packed bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Why expanding stopped before the end, if it did. What reads the text gets to know by asking here
/// once there is no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble(Arc<Mutex<Told>>);

type Told = Option<(&'static Rule, String)>;

impl Trouble {
    /// The rule that was broken, and how.
    pub(super) fn told(&self) -> Told {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells what another was told.
    pub(super) fn take_over(&self, other: &Self) {
        let told = other.told();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    fn tell(&self, rule: &'static Rule, message: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((rule, message));
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

/// The text of a source that may be packed, `most` of it where it is.
///
/// # Errors
/// When its first bytes cannot be read.
pub(super) fn expanded<R: Read>(mut from: R, most: Most) -> io::Result<Expanded<Expander<R>>> {
    let mut head = Vec::with_capacity(4);
    from.by_ref().take(4).read_to_end(&mut head)?;
    let packing = Packing::sniff(&head);
    let from = Cursor::new(head).chain(from);
    let decoder = match packing {
        Packing::Plain => Decoder::Plain(from),
        Packing::Gzip => {
            Decoder::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, from))))
        }
        Packing::Zstd => {
            let mut decoder = ZstdDecoder::new(from)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Decoder::Zstd(decoder)
        }
    };
    let trouble = Trouble::default();
    let (left, says) = (most.bytes, most.says);
    let reader = Expander { decoder, packing, left, says, trouble: trouble.clone() };
    Ok(Expanded { reader, packing, trouble })
}

/// A text that may be packed. Ends where the packed data is damaged, and keeps why.
pub(super) struct Expander<R: Read> {
    decoder: Decoder<Chain<Cursor<Vec<u8>>, R>>,
    packing: Packing,
    /// How much more may come out of it.
    left: u64,
    says: &'static str,
    trouble: Trouble,
}

enum Decoder<R: Read> {
    Plain(R),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    Zstd(ZstdDecoder<'static, BufReader<R>>),
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer),
            Self::Zstd(reader) => reader.read(buffer),
        }
    }
}

impl<R: Read> Read for Expander<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.packing == Packing::Plain {
            return self.decoder.read(buffer);
        }
        if self.trouble.told().is_some() {
            return Ok(0);
        }
        // One byte more than is allowed tells whether there is more.
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(1);
        let room = room.min(buffer.len());
        match self.decoder.read(&mut buffer[..room]) {
            Ok(read) => Ok(self.allowed(read)),
            // The system's own errors are those of the file, not of what is in it.
            Err(error)
                if error.kind() == io::ErrorKind::Interrupted || error.raw_os_error().is_some() =>
            {
                Err(error)
            }
            Err(error) => {
                let packing = self.packing.name().unwrap_or_default();
                let message = format!("the {packing} data is damaged or cut here: {error}");
                self.trouble.tell(&rules::TRUNCATED, message);
                Ok(0)
            }
        }
    }
}

impl<R: Read> Expander<R> {
    /// As much of what was read as may come out.
    fn allowed(&mut self, read: usize) -> usize {
        let allowed = usize::try_from(self.left).map_or(read, |left| left.min(read));
        self.left -= allowed as u64;
        if allowed < read {
            let message = format!("the data expands to more than {}", self.says);
            self.trouble.tell(&rules::TOO_BIG, message);
        }
        allowed
    }
}
