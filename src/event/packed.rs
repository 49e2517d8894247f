//! Where a body stands and its digest, in 24 bytes.

use std::num::NonZeroU8;

use crate::digest::Digest;
use crate::finding::SourceId;
use crate::input::Place;

/// A [`Place`] as it is kept: nearly all are near enough.
#[derive(Clone, Copy, Debug)]
pub(super) enum Packed {
    /// One that fits.
    Near(Near),
    /// One that does not, or whose body is kept elsewhere: which of the [`Places`] it is.
    Far(u32),
}

/// A place whose numbers take few bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    line: u32,
    byte_offset: [u8; 5],
    length: [u8; 3],
    source: u16,
    col: NonZeroU8,
    digest: Digest,
}

/// The places that are not near.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<Place>);

impl Near {
    fn of(place: &Place) -> Option<Self> {
        let Place { source, length, line, col, byte_offset, kept, digest } = *place;
        kept.is_none().then_some(())?;
        Some(Self {
            line: line.try_into().ok()?,
            byte_offset: short(byte_offset)?,
            length: short(length.into())?,
            source: source.0.try_into().ok()?,
            col: NonZeroU8::new(col.try_into().ok()?)?,
            digest,
        })
    }

    fn place(self) -> Place {
        Place {
            source: SourceId(self.source.into()),
            length: u32::try_from(long(self.length)).unwrap_or(u32::MAX),
            line: self.line.into(),
            col: self.col.get().into(),
            byte_offset: long(self.byte_offset),
            kept: None,
            digest: self.digest,
        }
    }
}

/// A number in so many bytes, the lowest first; `None` where it takes more.
fn short<const BYTES: usize>(number: u64) -> Option<[u8; BYTES]> {
    let all = number.to_le_bytes();
    let (low, high) = all.split_first_chunk()?;
    high.iter().all(|byte| *byte == 0).then_some(*low)
}

/// The same number.
fn long<const BYTES: usize>(short: [u8; BYTES]) -> u64 {
    short.into_iter().rev().fold(0, |number, byte| number << 8 | u64::from(byte))
}

impl Places {
    /// The places that are not near, among them those of all kept bodies.
    pub(super) fn far_places(&mut self) -> impl Iterator<Item = &mut Place> {
        self.0.iter_mut()
    }

    /// Packs a place.
    pub(super) fn pack(&mut self, place: Place) -> Packed {
        Near::of(&place).map_or_else(|| self.far(place), Packed::Near)
    }

    fn far(&mut self, place: Place) -> Packed {
        self.0.push(place);
        Packed::Far(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX))
    }

    /// The place that was packed here.
    pub(super) fn place(&self, packed: Packed) -> Place {
        match packed {
            Packed::Near(near) => near.place(),
            Packed::Far(at) => self.0[at as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_packed_and_unpacked_whatever_its_numbers() {
        assert_eq!(size_of::<Packed>(), 24);
        let usual = Place {
            source: SourceId(3),
            length: 404,
            line: 7,
            col: 1,
            byte_offset: 9,
            kept: None,
            digest: Digest::of(b"{}"),
        };
        let places = [
            usual,
            Place { line: u64::from(u32::MAX), byte_offset: (1 << 40) - 1, ..usual },
            Place { source: SourceId(65_535), length: (1 << 24) - 1, col: 255, ..usual },
            Place { line: 1 << 32, ..usual },
            Place { byte_offset: 1 << 40, ..usual },
            Place { length: 1 << 24, ..usual },
            Place { source: SourceId(65_536), ..usual },
            Place { col: 256, ..usual },
        ];
        let mut kept = Places::default();
        let packed = places.map(|place| kept.pack(place));
        assert_eq!(packed.map(|packed| kept.place(packed)), places);
        assert_eq!(kept.0, places[3..]);
    }
}
