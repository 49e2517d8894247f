//! gzip and Zstandard data, one member after another, unpacked to the last byte before any damage.
//!
//! The decoders of both crates report damage instead of what they unpacked in the same step. So gzip
//! is measured by its running totals, and Zstandard is fed one block at a time.

use std::io::{self, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

use super::expand::Packing;

/// Bytes by which a member is recognised.
const MAGIC: usize = 4;

/// Packed bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Why unpacking stopped.
#[derive(Debug)]
pub(super) enum Failure {
    /// The packed data could not be read.
    Unreadable(io::Error),
    /// The packed data is not valid from here on, as the text says.
    Damaged(String),
    /// The packed data ends inside a member.
    Cut,
}

impl Failure {
    fn damaged(why: &str) -> Self {
        Self::Damaged(why.to_owned())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// Unpacks the members that `R` gives, with zeros between and behind them as padding.
pub(super) struct Unpacker<R> {
    packed: Packed<R>,
    /// The member that is unpacked, or the last one.
    member: Option<Member>,
    is_inside: bool,
    /// Whether the last step filled its buffer, so that more may come out without further input.
    is_full: bool,
    /// Damage that was found in the last step, behind what came out of it.
    damage: Option<String>,
}

/// A gzip member or a Zstandard frame.
enum Member {
    Gzip(Gzip),
    Zstd(Frame),
}

/// What one step of a decoder did.
struct Step {
    read: usize,
    written: usize,
    result: Result<Progress, String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Inside,
    /// The member has ended.
    Ended,
}

impl<R: Read> Unpacker<R> {
    /// Unpacks `head` and what `reader` gives behind it.
    pub(super) fn new(head: Vec<u8>, reader: R) -> Self {
        let packed = Packed::new(head, reader);
        Self { packed, member: None, is_inside: false, is_full: false, damage: None }
    }

    /// Reads unpacked bytes into `buffer`, which must not be empty; 0 behind the last member.
    ///
    /// # Errors
    /// Only when nothing more comes out before the failure.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        loop {
            if let Some(damage) = &self.damage {
                return Err(Failure::damaged(damage));
            }
            let Some(member) = self.member.as_mut().filter(|_| self.is_inside) else {
                if !self.begin_member()? {
                    return Ok(0);
                }
                continue;
            };
            let input = member.input(&mut self.packed, self.is_full)?;
            let is_starved = input.is_empty() && !self.is_full;
            let Step { read, written, result } = member.step(input, buffer);
            self.packed.consume(read);
            self.is_full = written == buffer.len();
            match result {
                Ok(Progress::Ended) => (self.is_inside, self.is_full) = (false, false),
                Ok(Progress::Inside) if is_starved && written == 0 => return Err(Failure::Cut),
                Ok(Progress::Inside) => {}
                Err(damage) => self.damage = Some(damage),
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }

    /// Begins the member behind any padding; `false` at the end.
    fn begin_member(&mut self) -> Result<bool, Failure> {
        loop {
            let bytes = self.packed.at_least(1)?;
            if bytes.is_empty() {
                return Ok(false);
            }
            match bytes.iter().take_while(|byte| **byte == 0).count() {
                0 => break,
                padding => self.packed.consume(padding),
            }
        }
        let bytes = self.packed.at_least(MAGIC)?;
        let packing = Packing::sniff(&bytes[..bytes.len().min(MAGIC)]);
        self.member = Some(match (packing, self.member.take()) {
            (Packing::Gzip, last) => {
                let header = self.packed.gzip_header()?;
                self.packed.consume(header);
                Member::Gzip(match last {
                    Some(Member::Gzip(last)) => last.again()?,
                    _ => Gzip::new()?,
                })
            }
            (Packing::Zstd, Some(Member::Zstd(last))) => Member::Zstd(last.again()),
            (Packing::Zstd, _) => Member::Zstd(Frame::new()?),
            (Packing::Plain, _) => {
                return Err(Failure::damaged("other bytes follow behind the packed data"));
            }
        });
        self.is_inside = true;
        Ok(true)
    }

    /// The packed bytes that were read and not unpacked, and the reader of those behind them.
    pub(super) fn rest(&mut self) -> (usize, &mut R) {
        (self.packed.bytes().len(), &mut self.packed.reader)
    }

    /// How many packed bytes were read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.packed.read
    }
}

impl Member {
    /// The packed bytes of the next step: none only at their end, or where output is pending.
    fn input<'p>(
        &self,
        packed: &'p mut Packed<impl Read>,
        is_output_pending: bool,
    ) -> io::Result<&'p [u8]> {
        match self {
            Self::Gzip(member) if member.is_unpacked => packed.at_least(GZIP_TRAILER),
            Self::Gzip(_) if is_output_pending => Ok(packed.bytes()),
            Self::Gzip(_) => packed.at_least(1),
            // A damaged block must not cost the end of the one before it.
            Self::Zstd(_) if is_output_pending => Ok(&[]),
            Self::Zstd(frame) => {
                let bytes = packed.at_least(frame.wanted)?;
                Ok(&bytes[..bytes.len().min(frame.wanted)])
            }
        }
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        match self {
            Self::Gzip(member) if member.is_unpacked => member.check(input),
            Self::Gzip(member) => member.step(input, output),
            Self::Zstd(frame) => frame.step(input, output),
        }
    }
}

/// A gzip member behind its header.
struct Gzip {
    decoder: Decompress,
    /// Checksum and length of what was unpacked.
    unpacked: Crc,
    /// Whether all was unpacked, so that only the trailer follows.
    is_unpacked: bool,
}

/// Bytes of checksum and length behind a gzip member.
const GZIP_TRAILER: usize = 8;

/// What a damaged gzip member refers to before its beginning. As with the `gzip` command, such a
/// reference gives zeros and does not end the text.
static BEFORE_MEMBER: [u8; 32 * 1024] = [0; 32 * 1024];

impl Gzip {
    fn new() -> Result<Self, Failure> {
        let decoder = Decompress::new(false);
        Self { decoder, unpacked: Crc::new(), is_unpacked: false }.again()
    }

    /// The same for the next member.
    fn again(mut self) -> Result<Self, Failure> {
        self.decoder.reset(false);
        let set = self.decoder.set_dictionary(&BEFORE_MEMBER);
        set.map_err(|_| Failure::damaged(INVALID))?;
        self.unpacked.reset();
        self.is_unpacked = false;
        Ok(self)
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let decoder = &mut self.decoder;
        let (in_before, out_before) = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(input, output, FlushDecompress::None);
        // The totals count what came out before damage too; neither exceeds its slice.
        let read = usize::try_from(decoder.total_in() - in_before).unwrap_or(input.len());
        let written = usize::try_from(decoder.total_out() - out_before).unwrap_or(output.len());
        self.unpacked.update(&output[..written]);
        let is_stuck = read == 0 && written == 0 && !input.is_empty();
        let result = match status {
            Ok(Status::StreamEnd) => {
                self.is_unpacked = true;
                Ok(Progress::Inside)
            }
            Ok(_) if !is_stuck => Ok(Progress::Inside),
            // What the decoder says depends on how its input is cut.
            _ => Err(INVALID.to_owned()),
        };
        Step { read, written, result }
    }

    /// Compares what was unpacked with the trailer.
    fn check(&self, input: &[u8]) -> Step {
        let read = input.len().min(GZIP_TRAILER);
        let result = match input.split_first_chunk() {
            Some((sum, rest)) if rest.len() >= 4 => {
                if u32::from_le_bytes(*sum) != self.unpacked.sum() {
                    Err(WRONG_CHECKSUM.to_owned())
                } else if rest[..4] != self.unpacked.amount().to_le_bytes() {
                    Err("its length is wrong".to_owned())
                } else {
                    Ok(Progress::Ended)
                }
            }
            _ => Ok(Progress::Inside),
        };
        Step { read, written: 0, result }
    }
}

/// What is wrong with a gzip member that cannot be decoded.
const INVALID: &str = "it is not valid";

/// What is wrong with a member whose text is not the one that was packed.
const WRONG_CHECKSUM: &str = "its checksum is wrong";

/// A Zstandard frame.
struct Frame {
    decoder: Decoder<'static>,
    /// Packed bytes of the next step.
    wanted: usize,
}

/// Zstandard windows of 128 MiB at most, as the `zstd` command allows.
const WINDOW_LOG: u32 = 27;

/// Bytes of a Zstandard block header.
const BLOCK_HEADER: usize = 3;

/// The longest Zstandard block in bytes.
const LONGEST_BLOCK: usize = 128 * 1024;

impl Frame {
    fn new() -> Result<Self, Failure> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
        Ok(Self { decoder, wanted: 0 }.again())
    }

    /// The same for the next frame.
    fn again(self) -> Self {
        // With the first byte by itself the decoder cannot take the frame in one step, whose error
        // would cost all of it.
        Self { wanted: 1, ..self }
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let length = input.len();
        let (mut input, mut output) = (InBuffer::around(input), OutBuffer::around(output));
        let result = match self.decoder.run(&mut input, &mut output) {
            Ok(0) => Ok(Progress::Ended),
            Err(error) if error.to_string().contains("checksum") => {
                input.set_pos(length);
                Err(WRONG_CHECKSUM.to_owned())
            }
            Ok(hint) => {
                // The hint goes to the end of the next block header. An error in that header would
                // cost the block, so it comes in steps of its own.
                self.wanted = hint.saturating_sub(BLOCK_HEADER).clamp(1, LONGEST_BLOCK);
                Ok(Progress::Inside)
            }
            Err(error) => Err(error.to_string()),
        };
        Step { read: input.pos(), written: output.pos(), result }
    }
}

/// Flags of a gzip header.
mod gzip_flags {
    pub(super) const CHECKSUM: u8 = 2;
    pub(super) const EXTRA: u8 = 4;
    pub(super) const NAME: u8 = 8;
    pub(super) const COMMENT: u8 = 16;
    pub(super) const UNKNOWN: u8 = 0xE0;
}

/// The longest name or comment in a gzip header, in bytes.
const LONGEST_NAME: usize = 64 * 1024;

impl<R: Read> Packed<R> {
    /// Bytes of the gzip header that begins here.
    fn gzip_header(&mut self) -> Result<usize, Failure> {
        const METHOD: u8 = 8;
        let head = self.exactly(10)?;
        let (method, flags) = (head[2], head[3]);
        if method != METHOD || flags & gzip_flags::UNKNOWN != 0 {
            return Err(Failure::damaged(INVALID));
        }
        let mut length = 10;
        if flags & gzip_flags::EXTRA != 0 {
            let size = &self.exactly(12)?[10..];
            length = 12 + usize::from(u16::from_le_bytes([size[0], size[1]]));
        }
        for flag in [gzip_flags::NAME, gzip_flags::COMMENT] {
            if flags & flag != 0 {
                length = self.end_of_name(length)?;
            }
        }
        if flags & gzip_flags::CHECKSUM != 0 {
            let (head, sum) = self.exactly(length + 2)?.split_at(length);
            let mut crc = Crc::new();
            crc.update(head);
            if sum != &crc.sum().to_le_bytes()[..2] {
                return Err(Failure::damaged("the checksum of its header is wrong"));
            }
            length += 2;
        }
        self.exactly(length)?;
        Ok(length)
    }

    /// Behind the zero that ends the name which begins `start` bytes from here.
    fn end_of_name(&mut self, start: usize) -> Result<usize, Failure> {
        let mut searched = start;
        loop {
            let bytes = self.at_least(searched + 1)?;
            let Some(more) = bytes.get(searched..).filter(|more| !more.is_empty()) else {
                return Err(Failure::Cut);
            };
            if let Some(zero) = memchr::memchr(0, more) {
                return Ok(searched + zero + 1);
            }
            searched = bytes.len();
            if searched - start > LONGEST_NAME {
                return Err(Failure::damaged(INVALID));
            }
        }
    }
}

/// Packed bytes, read ahead.
struct Packed<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the reader has come to its end.
    is_ended: bool,
    /// How many bytes were read.
    read: u64,
}

impl<R: Read> Packed<R> {
    fn new(head: Vec<u8>, reader: R) -> Self {
        let (end, read) = (head.len(), head.len() as u64);
        Self { reader, buffer: head, start: 0, end, is_ended: false, read }
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// All bytes that are there, `count` at least; fewer at the end.
    fn at_least(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end - self.start < count && !self.is_ended {
            self.fill(count)?;
        }
        Ok(self.bytes())
    }

    /// The next `count` bytes.
    fn exactly(&mut self, count: usize) -> Result<&[u8], Failure> {
        self.at_least(count)?.get(..count).ok_or(Failure::Cut)
    }

    /// Reads once, with room for `count` bytes.
    fn fill(&mut self, count: usize) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.buffer.len() < count.max(CHUNK) {
            self.buffer.resize(count.max(CHUNK), 0);
        }
        let read = self.reader.read(&mut self.buffer[self.end..])?;
        self.end += read;
        self.read += read as u64;
        self.is_ended = read == 0;
        Ok(())
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// Gives at most so many bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.1);
            self.0.read(&mut buffer[..length])
        }
    }

    /// All that comes out, why no more does, and how many bytes are left.
    fn unpacked(packed: &[u8], at_once: usize, room: usize) -> (Vec<u8>, String, usize) {
        let mut unpacker = Unpacker::new(Vec::new(), Slow(packed, at_once));
        let (mut text, mut buffer) = (Vec::new(), vec![0; room]);
        let end = loop {
            match unpacker.read(&mut buffer) {
                Ok(0) => break "whole".to_owned(),
                Ok(read) => text.extend_from_slice(&buffer[..read]),
                Err(failure) => break format!("{failure:?}"),
            }
        };
        let (buffered, reader) = unpacker.rest();
        (text, end, buffered + reader.0.len())
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text).expect("memory");
        packed.finish().expect("memory")
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        let mut packed = ::zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
        packed.include_checksum(true).expect("a setting");
        packed.write_all(text).expect("memory");
        packed.finish().expect("memory")
    }

    /// Lines that pack as captures do.
    fn lines(count: usize) -> Vec<u8> {
        let mut random = fastrand::Rng::with_seed(7);
        let mut lines = Vec::new();
        for nth in 0..count {
            let key = random.u64(..);
            writeln!(lines, "{{\"nth\":{nth},\"key\":\"{key:x}\",\"region\":\"eu\"}}")
                .expect("memory");
        }
        lines
    }

    #[test]
    fn all_before_damage_comes_out_however_the_bytes_arrive() {
        let mut random = fastrand::Rng::with_seed(20);
        let text = lines(9000);
        let (half, rest) = text.split_at(text.len() / 2);
        let archives = [
            gzip(&text),
            [gzip(half), vec![0; 700], gzip(rest), vec![0; 100]].concat(),
            zstd(&text),
            [zstd(half), vec![0; 700], zstd(rest), vec![0; 100]].concat(),
        ];
        for (kind, whole) in archives.iter().enumerate() {
            let (found, end, left) = unpacked(whole, 1000, 1000);
            assert!(found == text && end == "whole" && left == 0, "{kind}: {end} {left}");
            for nth in 0..12 {
                let mut packed = whole.clone();
                let at = random.usize(..packed.len());
                if nth % 3 == 0 {
                    packed.truncate(at);
                } else {
                    packed[at] ^= 1 << random.u8(..8);
                }
                let due = unpacked(&packed, usize::MAX, 1 << 20);
                let zero = packed[..at].iter().rposition(|byte| *byte != 0).unwrap_or_default();
                let is_padding = zero + 50 < at;
                assert!(due.1 != "whole" || is_padding || kind > 1, "{kind}: {at}");
                for (at_once, room) in [(1, 4096), (13, 16), (5000, 262_144), (65_536, 5)] {
                    let found = unpacked(&packed, at_once, room);
                    let case = format!("{kind}: {at} {at_once} {room}: {}", found.1);
                    assert_eq!((found.1, found.2), (due.1.clone(), due.2), "{case}");
                    assert!(found.0 == due.0, "{case}: {} {}", found.0.len(), due.0.len());
                }
            }
        }
    }

    #[test]
    fn a_wrong_checksum_or_length_costs_no_text() {
        let text = lines(3000);
        for (packed, trailer) in [(gzip(&text), 8), (zstd(&text), 4)] {
            for at in packed.len() - trailer..packed.len() {
                let mut wrong = packed.clone();
                wrong[at] ^= 0x10;
                let (found, end, left) = unpacked(&[wrong, packed.clone()].concat(), 999, 999);
                let same = found == text;
                assert!(
                    same && end.starts_with("Damaged"),
                    "{at} {trailer}: {end} {} {}",
                    found.len(),
                    text.len()
                );
                assert!((packed.len()..=packed.len() + trailer).contains(&left), "{left}");
            }
        }
    }
}
