//! A pipe and a file of the same bytes give the same findings, whatever happened to the bytes.

use super::bodies::deliveries;
use super::dice::Dice;
use super::program::{From, compare, for_each_carrier, printed};
use super::tape::tape;

#[test]
fn a_pipe_and_a_file_of_the_same_bytes_give_the_same_findings() {
    // The second has bodies that some carriers split.
    let captures = [deliveries(6, 1), deliveries(8, 2)];
    for_each_carrier(|at, carrier| {
        for (seed, deliveries) in (0..).zip(&captures) {
            let bytes = damaged(&carrier.2(deliveries), &tape(1000 * seed + at as u64, 200));
            let [file, pipe] = [From::File, From::Pipe]
                .map(|from| printed("check -q --format ndjson", &bytes, from));
            compare(&format!("seed {seed}"), &pipe, &file)?;
        }
        Ok(())
    });
}

/// The same with bytes cut out and changed, lines torn in two and lines that run into each other.
fn damaged(whole: &[u8], tape: &[u16]) -> Vec<u8> {
    let (dice, mut bytes) = (&mut Dice::new(tape), whole.to_vec());
    for _ in 0..4 + dice.below(8) {
        let at = (dice.below(1 << 16) << 8 | dice.below(1 << 8)) % bytes.len();
        let line_end = bytes[at..].iter().position(|byte| *byte == b'\n').map(|end| at + end);
        match (dice.below(5), line_end) {
            (0, _) => bytes[at] = dice.of(&[b'"', b'{', b'}', b'\\', b' ', 0xff]),
            (1, _) => drop(bytes.drain(at..bytes.len().min(at + 1 + dice.below(60)))),
            (2, _) => bytes.insert(at, b'\n'),
            (3, Some(end)) => drop(bytes.remove(end)),
            (_, Some(end)) => drop(bytes.drain(at..end)),
            (_, None) => bytes[at] = b'\n',
        }
    }
    if dice.once_in(3) {
        bytes.truncate(bytes.len() - dice.below(bytes.len() / 3));
    }
    bytes
}
