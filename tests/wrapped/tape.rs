//! Dice that fall the same way every time.

/// A tape of numbers for dice, the same for a seed wherever and whenever it is made.
pub(crate) fn tape(seed: u64, length: usize) -> Vec<u16> {
    let mut state = seed;
    let mut next = || {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u16::try_from((mixed ^ (mixed >> 31)) & 0xffff).unwrap_or_default()
    };
    (0..length).map(|_| next()).collect()
}
