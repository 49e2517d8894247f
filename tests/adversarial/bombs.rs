//! Compressed data that expands without end, as a source and inside a carrier's string.

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress};

use super::child::Feed;
use super::reading::{read_with, read_within};
use super::webhooks::{base64, started};

const MEGABYTE: usize = 1_000_000;

/// One gzip member that expands to so many megabytes of `byte`. Its blocks refer to nothing before
/// them, so one of them stands for all.
struct Bomb {
    block: Vec<u8>,
    crc: Crc,
    megabytes: u64,
}

impl Bomb {
    fn new(byte: u8, megabytes: u64) -> Self {
        let text = vec![byte; MEGABYTE];
        let mut packer = Compress::new(Compression::best(), false);
        let mut block = Vec::with_capacity(MEGABYTE);
        packer.compress_vec(&text, &mut block, FlushCompress::Full).expect("memory");
        let (mut one, mut crc) = (Crc::new(), Crc::new());
        one.update(&text);
        (0..megabytes).for_each(|_| crc.combine(&one));
        Self { block, crc, megabytes }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])?;
        (0..self.megabytes).try_for_each(|_| out.write_all(&self.block))?;
        // An empty block with fixed codes, the last one.
        out.write_all(&[3, 0])?;
        out.write_all(&self.crc.sum().to_le_bytes())?;
        out.write_all(&self.crc.amount().to_le_bytes())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("memory");
        bytes
    }

    fn feed(self) -> Feed {
        Box::new(move |out| self.write(out))
    }
}

#[test]
fn a_gzip_bomb_of_10_gb_ends_where_max_expanded_says_within_20_seconds() {
    for byte in *b"\0{\n" {
        let read = read_with(&["--max-expanded", "1MB"], 20, Bomb::new(byte, 10_000).feed());
        assert!(read.rules().contains(&"J005"), "{byte}: {}", read.told());
        read.has("webhooks 0");
    }
}

#[test]
fn a_gzip_bomb_of_10_mb_without_a_limit_is_counted_within_20_seconds() {
    for byte in *b"\0{" {
        let read = read_with(&[], 20, Bomb::new(byte, 10).feed());
        read.has("webhooks 0");
        read.counts_what_it_passes_over();
    }
}

#[test]
#[ignore = "10 GB; with --release"]
fn a_gzip_bomb_of_10_gb_without_a_limit_is_counted_within_120_seconds() {
    for byte in *b"\0{" {
        let read = read_with(&[], 120, Bomb::new(byte, 10_000).feed());
        read.has("webhooks 0");
        read.counts_what_it_passes_over();
    }
}

#[test]
fn a_zstd_bomb_ends_where_max_expanded_says_within_20_seconds() {
    let packed = zstd::encode_all(&vec![b'{'; 20 * MEGABYTE][..], 1).expect("memory");
    let read =
        read_with(&["--max-expanded", "1MB"], 20, Box::new(move |out| out.write_all(&packed)));
    assert!(read.rules().contains(&"J005"), "{}", read.told());
}

#[test]
fn a_gzip_bomb_in_a_carriers_string_is_told_within_20_seconds() {
    for (byte, megabytes) in [(0, 1000), (b'{', 100)] {
        let packed = base64(&Bomb::new(byte, megabytes).bytes());
        let read = read_within(20, move |out| {
            writeln!(out, "{}\n{{\"awslogs\":{{\"data\":\"{packed}\"}}}}", started(1))?;
            writeln!(out, "{}", started(2))
        });
        assert_eq!(read.figure("events"), 2, "{byte}: {}", read.told());
        assert!(read.figure("damaged") >= 1, "{byte}: {}", read.told());
    }
}

#[test]
fn three_gzip_bombs_in_one_array_are_no_worse_within_20_seconds() {
    let packed = base64(&Bomb::new(0, 100).bytes());
    let read = read_within(20, move |out| {
        let record = format!("{{\"awslogs\":{{\"data\":\"{packed}\"}}}},");
        write!(out, "[")?;
        (0..3).try_for_each(|_| out.write_all(record.as_bytes()))?;
        writeln!(out, "{},{}]", started(1), started(2))
    });
    read.has("events 2");
    read.counts_what_it_passes_over();
}

#[test]
fn a_bomb_inside_a_bomb_is_told_within_20_seconds() {
    let inner = base64(&Bomb::new(b'{', 100).bytes());
    let middle = format!(
        "{{\"logEvents\":[{{\"message\":\"{{\\\"awslogs\\\":{{\\\"data\\\":\\\"{inner}\\\"}}}}\"}}]}}"
    );
    let outer = base64(&super::webhooks::gzip(middle.as_bytes()));
    let read = read_within(20, move |out| {
        writeln!(out, "{{\"awslogs\":{{\"data\":\"{outer}\"}}}}\n{}", started(1))
    });
    read.has("events 1");
    read.counts_what_it_passes_over();
}
