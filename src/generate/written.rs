//! How numbers, texts and times are written.

use jiff::Timestamp;

/// Adds a number's digits.
pub(super) fn number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Adds thousandths as a decimal number, without needless zeros.
pub(super) fn thousandths(out: &mut Vec<u8>, thousandths: u64) {
    number(out, thousandths / 1000);
    let rest = thousandths % 1000;
    if rest > 0 {
        let text = format!(".{rest:03}");
        out.extend_from_slice(text.trim_end_matches('0').as_bytes());
    }
}

/// Adds several texts.
pub(super) fn texts(out: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Adds the inside of a JSON string that stands for some bytes.
pub(super) fn escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'\n' => out.extend_from_slice(b"\\n"),
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            byte => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// A point in time, of milliseconds since 1970.
pub(super) fn timestamp(millis: u64) -> Timestamp {
    let millis = i64::try_from(millis).ok();
    // Plans end before 2100.
    millis.and_then(|millis| Timestamp::from_millisecond(millis).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn numbers_have_no_needless_digits() {
        assert_eq!(with(|out| number(out, 0)), "0");
        assert_eq!(with(|out| number(out, u64::MAX)), u64::MAX.to_string());
        assert_eq!(with(|out| thousandths(out, 21_430)), "21.43");
        assert_eq!(with(|out| thousandths(out, 5000)), "5");
        assert_eq!(with(|out| thousandths(out, 7)), "0.007");
    }

    #[test]
    fn what_json_cannot_hold_in_a_string_is_escaped() {
        assert_eq!(
            with(|out| escaped(out, "Bo \"B\" \\ é\n\x01".as_bytes())),
            r#"Bo \"B\" \\ é\n\u0001"#
        );
    }
}
