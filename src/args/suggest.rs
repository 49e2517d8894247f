//! "Did you mean": the nearest of the words that would have been right.

/// How alike two words must be (Jaro-Winkler, 0 to 1) to be worth a suggestion; clap asks for as
/// much.
const ALIKE: f64 = 0.7;

/// The word of `words` that is most like `word`, if any is like it; of several the first by its
/// letters.
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_lowercase();
    words
        .into_iter()
        .map(|other| (strsim::jaro_winkler(&word, &other.to_lowercase()), other))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(one, word), (other, other_word)| {
            one.total_cmp(other).then_with(|| other_word.cmp(word))
        })
        .map(|(_, nearest)| nearest)
}

/// ``; did you mean `call_started`?``, or nothing where no word is near.
pub fn did_you_mean<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    nearest(word, words).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_put_right_and_a_stranger_is_not() {
        let words = ["call_started", "call_ended", "ring_seconds"];
        assert_eq!(nearest("call_strated", words), Some("call_started"));
        assert_eq!(nearest("Ring_secs", words), Some("ring_seconds"));
        assert_eq!(did_you_mean("zzz", words), "");
    }
}
