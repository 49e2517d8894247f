//! What the program made of a capture.

use serde_json::Value;

use super::child::{Ended, Feed, run};

/// The most memory a run may hold, in MiB.
const MOST_MEMORY: u64 = 150;

/// What a check of one source says of it: its figures, and the findings of the family J.
pub(crate) struct Reading {
    summary: Value,
    pub(crate) findings: Vec<Value>,
}

/// Reads a small capture.
pub(crate) fn read(capture: impl AsRef<[u8]>) -> Reading {
    let capture = capture.as_ref().to_vec();
    read_within(20, move |out| out.write_all(&capture))
}

/// Reads what `feed` writes in so many seconds.
pub(crate) fn read_within(
    seconds: u64,
    feed: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()> + Send + 'static,
) -> Reading {
    read_with(&[], seconds, Box::new(feed))
}

/// Reads with further arguments.
pub(crate) fn read_with(more: &[&str], seconds: u64, feed: Feed) -> Reading {
    let arguments = ["check", "--json", "-q", "--allow-empty", "--select", "J", "-"];
    Reading::new(&run(&[&arguments, more].concat(), feed, seconds))
}

/// The rows of `events` of a small capture.
pub(crate) fn events(capture: impl AsRef<[u8]>) -> Vec<Value> {
    let capture = capture.as_ref().to_vec();
    let feed: Feed = Box::new(move |out| out.write_all(&capture));
    let ended = run(&["events", "--format", "ndjson", "-q", "-"], feed, 20);
    let text = String::from_utf8(ended.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

impl Reading {
    /// What a check printed, which holds of any capture what must hold.
    pub(crate) fn new(ended: &Ended) -> Self {
        let mut document: Value = serde_json::from_slice(&ended.stdout)
            .unwrap_or_else(|error| unreachable!("no document: {error}: {}", ended.stderr));
        let findings = document["findings"].as_array().expect("findings").clone();
        let reading = Self { summary: document["summary"].take(), findings };
        let errors = reading.findings.iter().any(|finding| finding["severity"] == "error");
        assert_eq!(ended.code, i32::from(errors), "{}", ended.stderr);
        reading.assert_conserved();
        let peak = ended.peak.unwrap_or(0) / 1024;
        assert!(peak < MOST_MEMORY, "{peak} MiB of memory; {}", reading.told());
        reading
    }

    /// Nothing is lost without being counted.
    fn assert_conserved(&self) {
        let told_apart =
            ["events", "duplicates", "copies", "conflicts", "invalid", "other_webhooks"];
        let told_apart: u64 = told_apart.iter().map(|name| self.figure(name)).sum();
        assert_eq!(self.figure("webhooks"), told_apart, "{}", self.told());
        let values = self.figure("webhooks") + self.figure("not_webhooks");
        assert_eq!(self.figure("documents"), values, "{}", self.told());
        let damage = ["J001", "J002", "J004", "J005"];
        let is_damage = |finding: &&Value| damage.iter().any(|code| finding["rule"] == *code);
        let told = self.findings.iter().filter(is_damage);
        let told: u64 = told.filter_map(|finding| finding["count"].as_u64()).sum();
        assert_eq!(self.figure("damaged"), told, "{}", self.told());
    }

    pub(crate) fn figure(&self, name: &str) -> u64 {
        self.summary[name].as_u64().unwrap_or_else(|| unreachable!("no {name}"))
    }

    /// The codes of the findings.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.findings.iter().map(|finding| finding["rule"].as_str().unwrap_or("")).collect()
    }

    /// Asserts these figures, like `"webhooks 2, events 1"`.
    pub(crate) fn has(&self, figures: &str) {
        for part in figures.split(", ") {
            let (name, number) = part.split_once(' ').expect("a name and a number");
            assert_eq!(self.figure(name).to_string(), number, "{name}: {}", self.told());
        }
    }

    /// Asserts that what holds no webhook that could be read is counted somewhere.
    pub(crate) fn counts_what_it_passes_over(&self) {
        let passed_over: u64 =
            ["not_webhooks", "damaged", "skipped_lines"].iter().map(|name| self.figure(name)).sum();
        assert!(passed_over > 0, "{}", self.told());
    }

    /// The figures and the first findings, to be shown.
    pub(crate) fn told(&self) -> String {
        let first: Vec<String> = self.findings.iter().take(5).map(Value::to_string).collect();
        format!("{}\n{} findings\n{}", self.summary, self.findings.len(), first.join("\n"))
    }
}
