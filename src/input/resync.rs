//! Where a broken document ends, and so where reading goes on.

use super::scan::begins_document;

/// The end of the broken document that begins `text`, the earliest of
///
/// - the bracket that closes it;
/// - a line that begins a document at or left of `indent`, the indent of the line on which the
///   broken one begins: what is inside a pretty-printed document stands further right;
/// - an object behind `broken_at` where its own object has room for a key alone;
/// - a closing bracket that none of its brackets fits;
/// - the end of `text`.
pub(crate) fn end_of_broken(text: &[u8], broken_at: usize, indent: usize) -> usize {
    let mut open = Vec::new();
    let mut in_string = false;
    let mut last = b' ';
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        match byte {
            b'\n' if starts_anew(&text[at + 1..], indent) => return at + 1,
            // A string has no line end in it: it was cut off.
            b'\n' => in_string = false,
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' if at >= broken_at.max(1)
                && no_value_fits(&open, last)
                && begins_document(&text[at..]) =>
            {
                return at;
            }
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => match close(&mut open, byte) {
                Closed::Inner => {}
                Closed::Document => return at + 1,
                Closed::Foreign => return at,
            },
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    text.len()
}

/// Whether the line that begins here begins a document no further right than `indent`.
fn starts_anew(line: &[u8], indent: usize) -> bool {
    let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    blanks <= indent && begins_document(&line[blanks..])
}

/// Whether an object cannot stand behind `last` in the innermost open bracket.
fn no_value_fits(open: &[u8], last: u8) -> bool {
    open.last() == Some(&b'{') && last != b':'
}

enum Closed {
    Inner,
    Document,
    Foreign,
}

/// Closes up to the innermost bracket that `byte` fits.
fn close(open: &mut Vec<u8>, byte: u8) -> Closed {
    let opening = if byte == b'}' { b'{' } else { b'[' };
    let Some(level) = open.iter().rposition(|bracket| *bracket == opening) else {
        return Closed::Foreign;
    };
    open.truncate(level);
    if level == 0 { Closed::Document } else { Closed::Inner }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, broken_at: usize) -> &str {
        &text[end_of_broken(text.as_bytes(), broken_at, 0)..]
    }

    #[test]
    fn a_document_that_was_cut_ends_with_its_line() {
        assert_eq!(kept("{\"a\":\n{\"b\":1}\n{", 14), "{\"b\":1}\n{");
        assert_eq!(kept("{\"a\":\"x\n{\"b\":1}", 7), "{\"b\":1}");
    }

    #[test]
    fn a_document_with_a_bad_token_ends_at_its_bracket() {
        assert_eq!(kept("{\"a\":{\"b\" 1}} rest", 10), " rest");
    }

    #[test]
    fn what_is_inside_a_pretty_printed_document_belongs_to_it() {
        let text = "{\n  \"a\" [\n    {\n      \"b\": 1\n    }\n  ]\n}\nrest";
        assert_eq!(kept(text, 8), "\nrest");
    }

    #[test]
    fn an_object_where_only_a_key_fits_is_the_next_document() {
        let text = r#"{"a":{"b":1},{"c":2}]"#;
        assert_eq!(kept(text, 13), r#"{"c":2}]"#);
    }

    #[test]
    fn a_bracket_of_the_list_around_it_is_left_to_the_list() {
        assert_eq!(kept(r#"{"a":{"b":1 ] rest"#, 12), "] rest");
    }
}
