//! Whatever a carrier holds, it is read alike at once and in small pieces, and each value is counted
//! once.
#![no_main]

use std::io::{self, Read};

use callscope::event::{Capture, Detail};
use callscope::finding::SourceId;
use callscope::input::{self, Counts, Reading};
use libfuzzer_sys::fuzz_target;

/// Gives so many bytes at a time.
struct Slowly<'b>(&'b [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.1);
        self.0.read(&mut buffer[..most])
    }
}

/// Wraps each line of a text, as a string where the carrier has one.
fn wrapped(carrier: u8, text: &str) -> String {
    let string = |text: &str| serde_json::to_string(text).expect("a string");
    let lines = text.split('\n');
    match carrier % 6 {
        0 => lines
            .map(|line| {
                let log = string(&format!("{line}\n"));
                format!(
                    "{{\"log\":{log},\"stream\":\"stdout\",\"time\":\"2026-02-17T09:40:00Z\"}}\n"
                )
            })
            .collect(),
        1 => lines.map(|line| format!("2026-02-17T09:40:00Z INFO body={line}\n")).collect(),
        2 => lines
            .map(|line| format!("{{\"body\":{},\"isBase64Encoded\":false}}\n", string(line)))
            .collect(),
        3 => {
            let all = lines.map(|line| format!("{{\"content\":{}}}", string(line)));
            format!("{{\"data\":[{}]}}", all.collect::<Vec<_>>().join(",\n"))
        }
        4 => lines.map(|line| format!("{{\"time\":1771321200,\"body\":{line}}}\n")).collect(),
        _ => lines.map(|line| format!("app-1  | {}\n", string(line))).collect(),
    }
}

fn told(reader: impl Read) -> (Counts, String) {
    let (mut capture, mut counts) = (Capture::new(Detail::All), Counts::default());
    let reading = Reading::default();
    input::read_text(reader, SourceId(0), false, &reading, &mut capture, &mut counts)
        .expect("memory does not fail");
    assert_eq!(counts.webhooks, capture.deliveries.len() as u64);
    assert_eq!(counts.documents, counts.webhooks + counts.not_webhooks);
    let all = capture.deliveries.iter().map(|one| (one.place, one.content, one.received_at));
    let all = format!("{:?} {:?}", all.collect::<Vec<_>>(), capture.findings);
    (counts, all)
}

fuzz_target!(|bytes: &[u8]| {
    let [carrier, most, text @ ..] = bytes else {
        return;
    };
    let text = wrapped(*carrier, &String::from_utf8_lossy(text));
    let slowly = Slowly(text.as_bytes(), usize::from(*most).max(1));
    assert_eq!(told(text.as_bytes()), told(slowly));
});
