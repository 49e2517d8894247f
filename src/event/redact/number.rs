//! Numbers that pseudonyms replace.

use std::borrow::Cow;

use crate::event::value::whole;

/// Numbers of at most this many digits identify nobody: years, counts, small sizes.
pub(super) const SMALL: usize = 4;
/// The longest usual spelling of a small number.
const SMALL_LENGTH: usize = 8;

/// A number in JSON's notation, and its value.
#[derive(Debug)]
pub(super) struct JsonNumber<'r> {
    raw: &'r str,
    /// Whole number that is equal for all notations of the number; the bits of a number with a
    /// fraction.
    pub(super) value: String,
    /// Whether it is too short to identify anybody.
    pub(super) is_small: bool,
    /// Whether `value` is the number itself, so that a text may hold it too.
    pub(super) is_whole: bool,
}

impl<'r> JsonNumber<'r> {
    pub(super) fn new(raw: &'r str) -> Self {
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        let float = raw.parse::<f64>().unwrap_or_default();
        let integer = raw.parse::<i128>().ok().map(|number| number.to_string());
        if let Some(value) = integer.or_else(|| Some(whole(float)?.to_string())) {
            let is_small = digits(&value) <= SMALL;
            return Self { raw, value, is_small, is_whole: true };
        }
        let is_small = digits(&format!("{float:?}")) <= SMALL;
        let sign = if float < 0.0 { "-" } else { "" };
        let value = format!("{sign}{}", float.abs().to_bits());
        Self { raw, value, is_small, is_whole: false }
    }

    /// Whether it is a whole number of zero or more.
    pub(super) fn is_count(&self) -> bool {
        self.is_whole && !self.value.starts_with('-')
    }

    /// The number without insignificant digits, which could hold another number.
    pub(super) fn normalized(&self) -> Cow<'r, str> {
        let is_usual = self.raw.len() <= SMALL_LENGTH && !self.raw.contains(['e', 'E']);
        match self.raw.parse::<f64>() {
            Ok(float) if !is_usual && self.raw.parse::<i128>().is_err() => {
                Cow::Owned(format!("{float:?}"))
            }
            _ => Cow::Borrowed(self.raw),
        }
    }

    /// A number of these digits, the pseudonym of a whole number, and of the same kind as this one:
    /// signed or unsigned 64 bits, with a fraction of zero or another, or too great for 64 bits.
    pub(super) fn with_digits(&self, digits: &str) -> String {
        if self.raw.parse::<i64>().is_ok() {
            return digits.to_owned();
        }
        if self.raw.parse::<u64>().is_ok() {
            // Greater than `i64::MAX` and less than `u64::MAX`.
            return format!("10{:0>18}", &digits[digits.len().saturating_sub(18)..]);
        }
        match self.raw.parse::<f64>() {
            Ok(float) if whole(float).is_some() => format!("{digits}.0"),
            // Whole, but too great to be read as an integer.
            Ok(float) if float.fract() == 0.0 => format!("{digits}e40"),
            // More than fifteen significant digits would be rounded differently by other readers.
            _ => {
                let (whole, fraction) = digits.split_at(digits.len().min(15).saturating_sub(9));
                format!("{whole}.{}1", &fraction[..fraction.len().min(8)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_say_the_same_however_they_are_written() {
        for (one, other) in [("1e7", "10000000"), ("5.0", "5"), ("1.50", "15e-1"), ("-0.0", "0")] {
            assert_eq!(JsonNumber::new(one).value, JsonNumber::new(other).value);
        }
        assert_ne!(JsonNumber::new("1e300").value, JsonNumber::new("2e300").value);
        let small = |raw| JsonNumber::new(raw).is_small;
        assert!(small("2026") && small("0.25") && small("1e300"));
        assert!(!small("48213") && !small("52.5200066") && !small("1e5"));
    }

    #[test]
    fn a_number_stays_one_of_its_kind() {
        let with = |raw: &str, digits| JsonNumber::new(raw).with_digits(digits);
        assert_eq!(with("12345", "123456789012"), "123456789012");
        assert_eq!(with("12345.0", "123456789012"), "123456789012.0");
        assert_eq!(with("-52.5200066", "-123456789012345678"), "-12345.678901231");
        assert_eq!(with("1e300", "123456789012"), "123456789012e40");
        assert_eq!(with("18446744073709551615", "123456789012"), "10000000123456789012");
    }

    #[test]
    fn a_small_number_has_no_digits_beside_its_own() {
        let plain = |raw| JsonNumber::new(raw).normalized().into_owned();
        assert_eq!(["7", "-0", "0.25", "2026"].map(plain), ["7", "-0", "0.25", "2026"]);
        assert_eq!(plain("5.000000000000000000491"), "5.0");
        assert_eq!(plain("0e4711"), "0.0");
        assert_eq!(plain("1e300"), "1e300");
        assert_eq!(plain("18446744073709551615"), "18446744073709551615");
    }
}
