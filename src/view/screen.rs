//! What a view may know of the place where its output goes. It is decided once, in the commands.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::glyph::Glyphs;
use super::text::{Cut, fit};
use crate::event::{Moment, Span};

/// A place where output for people goes.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Columns.
    pub width: usize,
    /// Whether there is colour.
    pub colour: bool,
    /// Whether it is a terminal, which may turn right-to-left text.
    pub terminal: bool,
    /// What drawings are made of.
    pub glyphs: &'static Glyphs,
    /// How times are told.
    pub clock: Clock,
}

impl Screen {
    /// The text in at most `room` columns.
    #[must_use]
    pub fn fit<'t>(&self, text: &'t str, room: usize, cut: Cut) -> Cow<'t, str> {
        fit(text, room, cut, self.glyphs.cut)
    }
}

/// How times are told to people.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The zone.
    pub zone: TimeZone,
    /// Now, where times are told as how long ago they are.
    pub relative_to: Option<Moment>,
}

impl Clock {
    /// `2026-01-02 09:40:00Z`, `2026-01-02 10:40:00+01:00`, `3h ago`.
    #[must_use]
    pub fn time(&self, moment: Moment) -> String {
        if let Some(now) = self.relative_to {
            return ago(now - moment);
        }
        if self.zone == TimeZone::UTC {
            return moment.to_string().replacen('T', " ", 1);
        }
        let zoned = moment.timestamp().to_zoned_datetime(self.zone.clone());
        let (civil, offset) = (zoned.datetime().to_string(), zoned.strftime("%:z").to_string());
        format!("{}{offset}", civil.replacen('T', " ", 1))
    }

    /// `2026-01-02`: the day.
    #[must_use]
    pub fn date(&self, moment: Moment) -> Date {
        moment.timestamp().to_zoned_datetime(self.zone.clone()).date()
    }

    /// `09:40:00`: the time of the day.
    #[must_use]
    pub fn time_of_day(&self, moment: Moment) -> String {
        let zoned = moment.timestamp().to_zoned_datetime(self.zone.clone());
        zoned.strftime("%H:%M:%S").to_string()
    }
}

/// `45s ago`, `3h ago`, `12d ago`, `in 5m`.
fn ago(behind: Span) -> String {
    let seconds = behind.abs().seconds();
    let length = match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    };
    if behind < Span::default() { format!("in {length}") } else { format!("{length} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: i64) -> Moment {
        Moment::from_micros(seconds * 1_000_000).expect("in range")
    }

    #[test]
    fn a_time_is_told_in_its_zone_or_as_how_long_ago_it_is() {
        let at = moment(1_767_346_800);
        let clock = |zone, relative_to| Clock { zone, relative_to };
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        assert_eq!(clock(TimeZone::UTC, None).time(at), "2026-01-02 09:40:00Z");
        assert_eq!(clock(berlin.clone(), None).time(at), "2026-01-02 10:40:00+01:00");
        assert_eq!(clock(berlin, None).time_of_day(at), "10:40:00");
        let ago =
            |seconds: i64| clock(TimeZone::UTC, Some(moment(1_767_346_800 + seconds))).time(at);
        assert_eq!(ago(5), "5s ago");
        assert_eq!(ago(3 * 3600 + 1), "3h ago");
        assert_eq!(ago(86_400 * 20), "20d ago");
        assert_eq!(ago(-90), "in 1m");
    }
}
