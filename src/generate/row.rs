//! A JSON object, member by member.

use super::written::{escaped, number, texts, timestamp};

/// An object that is being written.
pub(super) struct Row<'o>(pub(super) &'o mut Vec<u8>);

impl Row<'_> {
    pub(super) fn key(&mut self, key: &str) {
        let is_first = self.0.last() == Some(&b'{');
        texts(self.0, &[if is_first { "\"" } else { ",\"" }, key, "\":"]);
    }

    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        self.key(key);
        match text {
            None => self.0.extend_from_slice(b"null"),
            Some(text) => {
                self.0.push(b'"');
                escaped(self.0, text.as_bytes());
                self.0.push(b'"');
            }
        }
    }

    pub(super) fn number(&mut self, key: &str, value: Option<u64>) {
        self.key(key);
        match value {
            None => self.0.extend_from_slice(b"null"),
            Some(value) => number(self.0, value),
        }
    }

    pub(super) fn count(&mut self, key: &str, count: usize) {
        self.number(key, u64::try_from(count).ok());
    }

    /// A point in time, of milliseconds.
    pub(super) fn time(&mut self, key: &str, millis: Option<u64>) {
        let text = millis.map(|millis| timestamp(millis).to_string());
        self.text(key, text.as_deref());
    }

    pub(super) fn list<T>(
        &mut self,
        key: &str,
        items: &[T],
        mut write: impl FnMut(&mut Row<'_>, &T),
    ) {
        self.key(key);
        self.0.push(b'[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.0.push(b',');
            }
            write(self, item);
        }
        self.0.push(b']');
    }

    pub(super) fn object(&mut self, write: impl FnOnce(&mut Row<'_>)) {
        self.0.push(b'{');
        write(self);
        self.0.push(b'}');
    }
}
