//! Values of flags: what is right, and what to say of what is not.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use glob::Pattern;
use jiff::{SpanRelativeTo, Unit};

#[cfg(feature = "net")]
use super::Bind;
use super::suggest::did_you_mean;
use super::{Route, Setting, Speed, Target};
use crate::event::{Flow, Private, Span, Trigger};
use crate::finding::{Rule, Severity};
use crate::flow::Outcome;
use crate::generate::{CallFate, FateMix, FaultRates};
use crate::rules;

/// One of the words of a type.
macro_rules! one_of {
    ($all:expr) => {
        PossibleValuesParser::new($all.map(|one| one.name()))
            .map(|word| $all.into_iter().find(|one| one.name() == word).unwrap_or($all[0]))
    };
}

pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    one_of!(Severity::ALL)
}

pub(super) fn outcome() -> impl TypedValueParser<Value = Outcome> {
    one_of!(Outcome::ALL)
}

pub(super) fn flow() -> impl TypedValueParser<Value = Flow> {
    one_of!(Flow::ALL)
}

pub(super) fn event() -> impl TypedValueParser<Value = Trigger> {
    one_of!(Trigger::ALL)
}

pub(super) fn private() -> impl TypedValueParser<Value = Private> {
    one_of!(Private::KNOWN)
}

/// The code of a rule, or the beginning of some, or a rule's name.
pub(crate) fn selector(word: &str) -> Result<String, String> {
    if rules::all().any(|rule| rules::names(word, rule)) {
        return Ok(word.to_ascii_uppercase());
    }
    if let Some(rule) = rules::all().find(|rule| rule.name == word) {
        return Ok(rule.code.to_owned());
    }
    Err(format!("no rule has a code that begins so{}", rule_meant(word)))
}

/// The rule that may have been meant.
fn rule_meant(word: &str) -> String {
    did_you_mean(word, rules::all().flat_map(|rule| [rule.code, rule.name]))
}

/// The code of one rule, or its name.
pub(super) fn rule(word: &str) -> Result<&'static Rule, String> {
    let named = |rule: &&Rule| rule.code.eq_ignore_ascii_case(word) || rule.name == word;
    if let Some(rule) = rules::all().find(named) {
        return Ok(rule);
    }
    Err(format!("there is no such rule{}", rule_meant(word)))
}

/// `CODE=SEVERITY`, where the code may be the beginning of some.
pub(super) fn severity_of(text: &str) -> Result<(String, Severity), String> {
    let (code, word) = text.split_once('=').ok_or("expected CODE=SEVERITY, like R001=error")?;
    let severity = Severity::ALL.into_iter().find(|severity| severity.name() == word);
    let words = || Severity::ALL.map(Severity::name);
    let wrong = || format!("expected error, warning or info{}", did_you_mean(word, words()));
    Ok((selector(code)?, severity.ok_or_else(wrong)?))
}

/// A trigger, or a glob over triggers.
pub(super) fn trigger(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("not a glob: {error}"))
}

/// A number of bytes: `500MB`, `2GiB`, `1000`.
pub(super) fn size(text: &str) -> Result<u64, String> {
    parse_size::parse_size(text).map_err(|_| "expected a size like 500MB or 2GiB".into())
}

/// A length of time: `120s`, `2m`, `1h 30m`, or a number of seconds.
pub(super) fn span(text: &str) -> Result<Span, String> {
    const FORM: &str = "expected a length of time like 90s, 2m or 1h";
    let seconds = match text.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => (text.parse::<jiff::Span>())
            .and_then(|span| span.total((Unit::Second, SpanRelativeTo::days_are_24_hours())))
            .map_err(|_| FORM.to_owned())?,
    };
    Span::from_decimal(seconds).and_then(Span::known).ok_or_else(|| FORM.to_owned())
}

/// A share of all cases: `2%` or `0.02`; 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    let share = share.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a share like 2% or 0.02, from 0 to 1".into())
}

/// `HOST:PORT`, `[::1]:PORT`, `:PORT` or a port; without a host this machine alone.
#[cfg(feature = "net")]
pub(super) fn bind(text: &str) -> Result<Bind, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    let host = if is_bracketed { &host[1..host.len() - 1] } else { host };
    let port = port.parse().ok().filter(|_| is_bracketed || !host.contains([':', '/']));
    let host = if host.is_empty() { "127.0.0.1" } else { host }.to_owned();
    let wrong = || "expected an address like 127.0.0.1:8080, [::1]:8080 or 8080".to_owned();
    Ok(Bind { host, port: port.ok_or_else(wrong)? })
}

/// The path of a URL.
#[cfg(feature = "net")]
pub(super) fn path(text: &str) -> Result<String, String> {
    let fits = text.starts_with('/') && !text.contains(['?', '#', ' ']);
    fits.then(|| text.to_owned()).ok_or_else(|| "expected a path like /hooks/cometchat".into())
}

/// The status of an answer.
#[cfg(feature = "net")]
pub(super) fn status(text: &str) -> Result<u16, String> {
    let status = text.parse().ok().filter(|status| (200..600).contains(status));
    status.ok_or_else(|| "expected a status like 500, from 200 to 599".into())
}

/// Where bodies go.
pub(super) fn target(text: &str) -> Result<Target, String> {
    match text {
        "-" => Ok(Target::Stdout),
        // What is not shown back must not be refused here: a URL may hold a password.
        _ if text.starts_with("http://") || text.starts_with("https://") => {
            Ok(Target::Url(text.to_owned()))
        }
        _ => Err("expected a URL like http://localhost:3000/hooks, or - for stdout".into()),
    }
}

/// `GLOB=TARGET`; a URL may hold further `=`.
pub(super) fn route(text: &str) -> Result<Route, String> {
    let form = "expected GLOB=TARGET, like 'call_*=http://localhost:3000/calls'";
    let (glob, to) = text.split_once('=').ok_or(form)?;
    Ok(Route { trigger: trigger(glob)?, target: target(to)? })
}

/// `/pointer=value`: the value as JSON where it is some, else a text.
pub(super) fn setting(text: &str) -> Result<Setting, String> {
    let form = "expected /POINTER=VALUE, like /appId=staging";
    let (pointer, value) = text.split_once('=').ok_or(form)?;
    if !pointer.starts_with('/') {
        return Err(form.into());
    }
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
    let json = if is_json { value.to_owned() } else { serde_json::Value::from(value).to_string() };
    Ok(Setting { pointer: pointer.to_owned(), json })
}

/// `20/s`, `90/m`, `20`: so many in a second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let (number, seconds) = match text.split_once('/') {
        None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some((number, "h")) => (number, 3600.0),
        Some(_) => ("", 1.0),
    };
    let rate = number.parse().ok().map(|number: f64| number / seconds);
    let rate = rate.filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "expected a rate like 20/s, 90/m or 2000/h".into())
}

/// `MIN..MAX`, or one length of time for both.
pub(super) fn span_range(text: &str) -> Result<(Span, Span), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let range = (span(least)?, span(most)?);
    let is_range = range.0 <= range.1;
    is_range.then_some(range).ok_or_else(|| "expected the shorter time first, like 0s..3s".into())
}

/// `60x`, `0.5x`, `2`, or `max`.
pub(super) fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    let times = text.strip_suffix('x').unwrap_or(text).parse().ok();
    let times = times.filter(|times: &f64| times.is_finite() && *times > 0.0);
    times.map(Speed::Times).ok_or_else(|| "expected a speed like 1x, 60x, 0.5x or max".into())
}

/// What becomes of calls unless it is typed.
pub(super) const MIX: &str =
    "ended=60,rejected=10,busy=5,cancelled=10,unanswered=10,group=10,meeting=15";

/// `FATE=WEIGHT,…`, each fate at most once.
pub(super) fn mix(text: &str) -> Result<FateMix, String> {
    let mut weights: Vec<(CallFate, u32)> = Vec::new();
    for part in text.split(',') {
        let (word, weight) = part.split_once('=').ok_or(format!("expected weights, like {MIX}"))?;
        let fate = CallFate::ALL.into_iter().find(|fate| fate.name() == word);
        let fate = fate.ok_or_else(|| {
            let near = did_you_mean(word, CallFate::ALL.map(CallFate::name));
            format!(
                "no call ends as `{word}`: {}{near}",
                CallFate::ALL.map(CallFate::name).join(", ")
            )
        })?;
        if weights.iter().any(|(known, _)| *known == fate) {
            return Err(format!("`{word}` has a weight already"));
        }
        let weight = weight.parse().map_err(|_| format!("`{word}` needs a whole number"))?;
        weights.push((fate, weight));
    }
    FateMix::new(weights).ok_or_else(|| "one weight at least must be above 0".into())
}

/// The most people that `generate` puts into a call.
const CROWD: usize = 10_000;

/// `MIN..MAX` people, or one number for both.
pub(super) fn participants(text: &str) -> Result<(usize, usize), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    match (least.parse(), most.parse()) {
        (Ok(least @ 1..), Ok(most @ ..=CROWD)) if least <= most => Ok((least, most)),
        _ => Err(format!("expected numbers of people like 2..6, from 1 to {CROWD}")),
    }
}

/// What may go wrong, as it is typed.
const FAULTS: [&str; 6] = ["duplicate", "copy", "drop", "shuffle", "strip-entities", "corrupt"];

/// `FAULT[=HOW],…`; nothing for none.
pub(super) fn faults(text: &str) -> Result<FaultRates, String> {
    let mut faults = FaultRates::default();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (fault, how) =
            part.split_once('=').map_or((part, None), |(fault, how)| (fault, Some(how)));
        let part_of =
            || share(how.unwrap_or_default()).map_err(|wrong| format!("{fault}: {wrong}"));
        match (fault, how) {
            ("duplicate", _) => faults.duplicate = part_of()?,
            ("copy", _) => faults.copy = part_of()?,
            ("drop", _) => faults.drop = part_of()?,
            ("corrupt", _) => faults.corrupt = part_of()?,
            ("shuffle", how) => faults.shuffle = millis(how.unwrap_or_default())?,
            ("strip-entities", None) => faults.strip_entities = true,
            ("strip-entities", Some(_)) => return Err("strip-entities takes no value".into()),
            _ => {
                let near = did_you_mean(fault, FAULTS);
                return Err(format!("`{fault}` is none of {}{near}", FAULTS.join(", ")));
            }
        }
    }
    Ok(faults)
}

/// The longest that `generate` holds a webhook back.
const LONGEST_SHUFFLE: Span = Span::from_seconds(86_400);

fn millis(text: &str) -> Result<u64, String> {
    let window = span(text).map_err(|wrong| format!("shuffle: {wrong}"))?;
    if window > LONGEST_SHUFFLE {
        return Err("shuffle: expected a day or less".into());
    }
    u64::try_from(window.micros() / 1000).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_has_a_unit_or_is_seconds() {
        assert_eq!(span("90"), Ok(Span::from_seconds(90)));
        assert_eq!(span("2m"), Ok(Span::from_seconds(120)));
        assert_eq!(span("1h 30m"), Ok(Span::from_seconds(5400)));
        assert_eq!(span("7d"), Ok(Span::from_seconds(604_800)));
        for wrong in ["", "s", "-5s", "-5", "5y", "nan", "inf", "1e300"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_share_is_part_of_a_whole() {
        assert_eq!((share("2%"), share("0.02")), (Ok(0.02), Ok(0.02)));
        assert_eq!((share("0"), share("100%")), (Ok(0.0), Ok(1.0)));
        for wrong in ["", "%", "-1%", "101%", "2", "nan", "inf", "1 %"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    #[cfg(feature = "net")]
    fn where_to_listen_is_this_machine_alone_unless_typed() {
        let bound = |text| bind(text).map(|bind| (bind.host, bind.port));
        for text in ["127.0.0.1:8080", ":8080", "8080"] {
            assert_eq!(bound(text), Ok(("127.0.0.1".into(), 8080)), "{text}");
        }
        assert_eq!(bound("[::1]:0"), Ok(("::1".into(), 0)));
        assert_eq!(bound("localhost:80"), Ok(("localhost".into(), 80)));
        for wrong in ["", "x", "::1", "::1:80", "a:", "a:65536", "http://a:80", "a:80/x"] {
            assert!(bind(wrong).is_err(), "{wrong}");
        }
        assert!(path("/a/b").is_ok() && path("a").is_err() && path("/a?b").is_err());
        assert!(status("599") == Ok(599) && status("199").is_err() && status("600").is_err());
    }

    #[test]
    fn a_speed_is_a_positive_number_or_max() {
        assert_eq!(speed("60x"), Ok(Speed::Times(60.0)));
        assert_eq!(speed("0.5"), Ok(Speed::Times(0.5)));
        assert_eq!(speed("max"), Ok(Speed::Max));
        for wrong in ["", "x", "0", "0x", "-1x", "60xx", "60 x", "nan", "infx", "1e999", "fast"] {
            assert!(speed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_target_is_a_url_or_stdout_and_a_route_is_split_at_its_first_sign() {
        assert_eq!(target("-"), Ok(Target::Stdout));
        assert!(target("localhost:3000").is_err() && target("ftp://host").is_err());
        let route = route("call_*=http://localhost/a?b=c").expect("a route");
        assert_eq!(route.trigger.as_str(), "call_*");
        assert_eq!(route.target, Target::Url("http://localhost/a?b=c".into()));
        assert!(super::route("call_*").is_err() && super::route("call_*=nowhere").is_err());
    }

    #[test]
    fn what_is_set_is_json_or_else_a_text() {
        let json = |text| setting(text).map(|setting| setting.json);
        assert_eq!(json("/data/x=5"), Ok("5".into()));
        assert_eq!(json("/data/x=\"5\""), Ok("\"5\"".into()));
        assert_eq!(json("/appId=a \"b\"=c"), Ok(r#""a \"b\"=c""#.into()));
        assert!(json("appId=5").is_err() && json("/appId").is_err());
    }

    #[test]
    fn a_rate_is_so_many_in_a_time() {
        assert_eq!((rate("20"), rate("20/s"), rate("90/m")), (Ok(20.0), Ok(20.0), Ok(1.5)));
        for wrong in ["", "/s", "0/s", "-1/s", "5/d", "nan", "5/s/s"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_range_of_times_has_the_shorter_first() {
        let seconds = Span::from_seconds;
        assert_eq!(span_range("1s..3s"), Ok((seconds(1), seconds(3))));
        assert_eq!(span_range("2s"), Ok((seconds(2), seconds(2))));
        assert!(span_range("3s..1s").is_err() && span_range("..").is_err());
    }

    #[test]
    fn a_rule_is_named_by_its_code_or_its_name() {
        assert_eq!(rule("s001").map(|rule| rule.code), Ok("S001"));
        assert_eq!(rule("missing-field").map(|rule| rule.code), Ok("S001"));
        let slip = rule("mising-field").expect_err("no rule");
        assert!(slip.ends_with("did you mean `missing-field`?"), "{slip}");
        assert_eq!(severity_of("k=error"), Ok(("K".into(), Severity::Error)));
        assert!(severity_of("K001").is_err() && severity_of("K001=fatal").is_err());
    }

    #[test]
    fn a_mix_is_weights_of_which_one_is_above_0() {
        assert!(mix(MIX).is_ok() && mix("ended=1").is_ok() && mix("busy=0,meeting=1").is_ok());
        for wrong in ["", "ended", "ended=", "ended=-1", "ended=0", "ended=1,ended=2", "over=1"] {
            assert!(mix(wrong).is_err(), "{wrong}");
        }
        let slip = mix("rejcted=1").expect_err("no fate");
        assert!(slip.ends_with("did you mean `rejected`?"), "{slip}");
    }

    #[test]
    fn people_are_a_range_from_one_up() {
        assert_eq!((participants("2..6"), participants("3")), (Ok((2, 6)), Ok((3, 3))));
        for wrong in ["", "0..2", "6..2", "2..10001", "two", "-1", "2..", "..2"] {
            assert!(participants(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn faults_are_words_with_a_share_or_a_time() {
        let some = FaultRates {
            drop: 0.02,
            shuffle: 30_000,
            strip_entities: true,
            ..FaultRates::default()
        };
        assert_eq!(faults("drop=2%,shuffle=30s,strip-entities"), Ok(some));
        assert_eq!(faults(""), Ok(FaultRates::default()));
        for wrong in ["drop", "drop=2", "shuffle=x", "shuffle=2d", "strip-entities=1", "delay=1s"] {
            assert!(faults(wrong).is_err(), "{wrong}");
        }
        let slip = faults("duplicates=2%").expect_err("no fault");
        assert!(slip.ends_with("did you mean `duplicate`?"), "{slip}");
    }
}
