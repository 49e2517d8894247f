//! How fast each room is: `cargo bench`, or `cargo bench -- input` for one of them. What is read was
//! made by `callscope generate`, in every carrier that it knows.
#![expect(clippy::expect_used, clippy::panic, reason = "a bench stops at what it cannot prepare")]

use std::fs::File;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::LazyLock;

use callscope::event::{Capture, Detail};
use callscope::finding::Finding;
use callscope::flow::{Call, Limits, Reconstruction};
use callscope::generate::{CallFate, CapturePlan, CarrierFormat, FateMix, FaultRates, generate};
use callscope::input::{self, Answer, Candidate, KeptAt, Parts, Reading, Sink, Sources, Split};
use callscope::threads::Threads;
use callscope::view::glyph;
use callscope::view::report::{Format, Layout, report};
use callscope::view::screen::{Clock, Screen};
use callscope::view::summary::Summary;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::tz::TimeZone;
use memchr::memmem::Finder;
use tempfile::NamedTempFile;

const CALLS: u64 = 4000;

fn main() {
    divan::main();
}

/// A capture of the same calls whatever they are captured in.
fn captured(carrier: CarrierFormat, out: &mut dyn Write) {
    let faults = FaultRates { duplicate: 0.02, corrupt: 0.01, ..FaultRates::default() };
    let plan = CapturePlan {
        calls: CALLS,
        seed: 1,
        start: 1_771_000_000,
        mix: FateMix::new(CallFate::ALL.map(|fate| (fate, 1)).into()).expect("some weight"),
        participants: (2, 6),
        recordings: 0.2,
        rejoin: 0.1,
        faults,
        carrier,
    };
    generate(&plan, out, None).expect("it is written");
}

/// How a capture lies on the disk.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Plain,
    Gzip,
    Zstd,
    Log,
    Docker,
    Lambda,
    Receiver,
    WebhookSite,
}

const KINDS: [Kind; 8] = [
    Kind::Plain,
    Kind::Gzip,
    Kind::Zstd,
    Kind::Log,
    Kind::Docker,
    Kind::Lambda,
    Kind::Receiver,
    Kind::WebhookSite,
];

/// The file, and how long it is unpacked.
fn file(kind: Kind) -> (NamedTempFile, u64) {
    let carrier = match kind {
        Kind::Plain | Kind::Gzip | Kind::Zstd => CarrierFormat::Plain,
        Kind::Log => CarrierFormat::Log,
        Kind::Docker => CarrierFormat::Docker,
        Kind::Lambda => CarrierFormat::Lambda,
        Kind::Receiver => CarrierFormat::Receiver,
        Kind::WebhookSite => CarrierFormat::WebhookSite,
    };
    let mut bytes = Vec::new();
    captured(carrier, &mut bytes);
    let file = NamedTempFile::new().expect("a file");
    write(kind, &bytes, file.as_file()).expect("a disk");
    (file, bytes.len() as u64)
}

fn write(kind: Kind, bytes: &[u8], mut file: &File) -> io::Result<()> {
    match kind {
        Kind::Gzip => {
            let mut packed = GzEncoder::new(file, Compression::default());
            packed.write_all(bytes)?;
            packed.finish().map(drop)
        }
        Kind::Zstd => zstd::stream::copy_encode(bytes, file, 3),
        _ => file.write_all(bytes),
    }
}

fn split(threads: usize) -> Split {
    Split::among(Threads::new(NonZeroUsize::new(threads).expect("some")))
}

fn read(path: &Path, threads: usize, sink: &mut impl Parts) {
    let mut sources = Sources::default();
    sources.add(path, &mut |error| panic!("{error:#}"));
    let reading = Reading::default();
    input::read_all(&mut sources, &reading, split(threads), sink, &mut |_, _, end| {
        end.expect("a disk");
    });
}

/// Takes what looks like a webhook, and looks no further.
#[derive(Default)]
struct Counting {
    webhooks: u64,
    findings: u64,
}

static TRIGGER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"trigger\""));

impl Sink for Counting {
    fn object(&mut self, candidate: &Candidate<'_>) -> Answer {
        // A body begins with its trigger; an envelope has it further inside.
        let head = &candidate.text.as_bytes()[..candidate.text.len().min(16)];
        if TRIGGER.find(head).is_none() {
            return match serde_json::from_str::<serde::de::IgnoredAny>(candidate.text) {
                Ok(_) => Answer::Other,
                Err(error) => Answer::Malformed(error),
            };
        }
        black_box(candidate.place());
        self.webhooks += 1;
        Answer::Webhook
    }

    fn finding(&mut self, _: Finding) {
        self.findings += 1;
    }
}

impl Parts for Counting {
    fn part(&self) -> Self {
        Self::default()
    }

    fn join(&mut self, part: Self, _: &mut dyn FnMut(KeptAt, u32) -> KeptAt) {
        self.webhooks += part.webhooks;
        self.findings += part.findings;
    }
}

/// From bytes to bodies: framing, carriers, unpacking.
#[divan::bench(args = KINDS, consts = [1, 2], sample_count = 20)]
fn input<const THREADS: usize>(bencher: Bencher<'_, '_>, kind: Kind) {
    let (file, length) = file(kind);
    bencher.counter(BytesCount::new(length)).bench(|| {
        let mut counting = Counting::default();
        read(file.path(), THREADS, &mut counting);
        assert!(counting.webhooks > CALLS);
        counting.webhooks
    });
}

fn plain() -> Capture {
    let (file, _) = file(Kind::Plain);
    let mut capture = Capture::new(Detail::All);
    read(file.path(), 1, &mut capture);
    capture
}

/// The same, and from bodies to events.
#[divan::bench(args = [1, 2], sample_count = 20)]
fn event(bencher: Bencher<'_, '_>, threads: usize) {
    let (file, length) = file(Kind::Plain);
    bencher.counter(BytesCount::new(length)).bench(|| {
        let mut capture = Capture::new(Detail::All);
        read(file.path(), threads, &mut capture);
        capture
    });
}

/// From events to calls.
#[divan::bench(args = [1, 2], sample_count = 20)]
fn flow(bencher: Bencher<'_, '_>, threads: usize) {
    let capture = plain();
    let threads = Threads::new(NonZeroUsize::new(threads).expect("some"));
    let limits = Limits { threads, ..Limits::USUAL };
    bencher
        .counter(ItemsCount::new(capture.deliveries.len()))
        .bench(|| Reconstruction::new(&capture, &limits, &|_| None));
}

/// From calls to what is printed.
#[divan::bench(args = [Format::Table, Format::Json, Format::Ndjson, Format::Csv, Format::Markdown], sample_count = 20)]
fn view(bencher: Bencher<'_, '_>, format: Format) {
    let capture = plain();
    let calls = Reconstruction::new(&capture, &Limits::USUAL, &|_| None);
    let clock = Clock { zone: TimeZone::UTC, relative_to: None };
    let (width, glyphs) = (120, &glyph::UNICODE);
    let screen = Screen { width, colour: false, terminal: false, glyphs, clock };
    let layout = Layout { screen: &screen, names: &[] };
    bencher.counter(ItemsCount::new(calls.len())).bench(|| {
        let mut report = report::<Call<'_>, _>(format, Box::new(io::sink()), layout);
        calls.calls().for_each(|call| report.item(&call).expect("nowhere"));
        report.finish(&Summary::default()).expect("nowhere");
    });
}
