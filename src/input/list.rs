//! A long list: an array that makes up all of a text but its beginning and its end.

use memchr::memmem;

use super::frame::{BOM, MAX_ENTERED};
use super::scan::{Scan, Stop, string_end};

/// How the elements of a list look.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List {
    /// How many containers deep it stands.
    pub(super) depth: u32,
    /// Where it begins, behind its bracket, in bytes of the text.
    pub(super) begins: u64,
    /// The first name in its first object, in quotes: most likely that of the others too.
    name: Vec<u8>,
}

impl List {
    /// The outermost list that is open where the `head` of a text ends; `None` where its first value
    /// has ended before, or is none, or where no objects are listed.
    pub(super) fn open_in(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
        let mut scan = Scan::new(0);
        if scan.run(text) != Stop::More {
            return None;
        }
        let open: Vec<usize> =
            scan.open_brackets().filter_map(|at| usize::try_from(at).ok()).collect();
        let depth = open.iter().position(|at| text[*at] == b'[')?;
        let begins = open[depth] + 1;
        let object = text[begins..].trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
        let name = object.starts_with(b"\"").then(|| &object[..string_end(object, 0)])?;
        let (begins, name) = ((head.len() - text.len() + begins) as u64, name.to_vec());
        let depth = u32::try_from(depth).ok().filter(|depth| *depth < MAX_ENTERED)?;
        Some(Self { depth, begins, name })
    }

    /// Where an element seems to begin, the first whose bracket stands at or behind `from`: behind
    /// the comma before it.
    pub(super) fn element(&self, text: &[u8], from: usize) -> Option<usize> {
        memmem::find_iter(text, &self.name).find_map(|at| {
            let object = text[..at].trim_ascii_end().strip_suffix(b"{")?;
            let before = object.trim_ascii_end();
            (object.len() >= from && before.ends_with(b",")).then_some(before.len())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_list_that_is_still_open_counts() {
        let list =
            List::open_in(b"\xEF\xBB\xBF {\"log\":{\"pages\":[{}],\"entries\":[ {\"a\":[{\"b\"");
        assert_eq!(list, Some(List { depth: 2, begins: 36, name: b"\"a\"".to_vec() }));
        for none in
            ["[{\"a\":1}]", "{\"a\":1}\n[{\"a\"", "[\"a\",{\"b\"", "text", "{\"a\":\"\n[{\"b\"", ""]
        {
            assert_eq!(List::open_in(none.as_bytes()), None, "{none}");
        }
    }

    #[test]
    fn an_element_is_told_by_its_first_name_behind_a_comma() {
        let list = List::open_in(b"[{\"a\":1}").expect("a list");
        let text = br#",{"a":"{\"a\"","b":{"a":[{"a":1}]}} , { "a":2},{"b":3},{"a":4}"#;
        assert_eq!(list.element(text, 0), Some(1));
        assert_eq!(list.element(text, 1), Some(1));
        assert_eq!(list.element(text, 2), Some(37));
        assert_eq!(list.element(text, 40), Some(55));
        assert_eq!(list.element(text, 56), None);
    }
}
