//! Points in time and spans, as people and AWS write them.
//!
//! The only reader of the clock. A `Timestamp` has whole seconds, as STS does, and is
//! written in RFC 3339 with `Z`. Spans are whole seconds too: `3600`, `1h30m`, `PT1H`.

use std::fmt;
use std::fs::Metadata;
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use anyhow::{Result, bail};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    /// What the clock says.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one lawful reader of the clock"
    )]
    pub(crate) fn now() -> Self {
        Self(jiff::Timestamp::now().as_second())
    }

    /// From seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// When a file was written; nothing where that cannot be told.
    pub(crate) fn of_writing(metadata: &Metadata) -> Option<Self> {
        let written = metadata.modified().ok()?;
        let written = written.duration_since(UNIX_EPOCH).ok()?.as_secs();
        Some(Self(written.try_into().ok()?))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn seconds(self) -> i64 {
        self.0
    }

    /// Seconds from `earlier` until `self`; negative when `self` is the earlier one.
    pub(crate) fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => time.fmt(f),
            Err(_) => write!(f, "{} s after 1970", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>()
            .map(|time| Self(time.as_second()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads a span: bare seconds (`3600`), units (`1h30m`, `90 min`) or ISO 8601 (`PT1H`).
///
/// # Errors
/// Says what was expected when the text is not one of these, negative, or no whole seconds.
pub(crate) fn span_seconds(text: &str) -> Result<u32> {
    const FORMS: &str = "write seconds (3600), units (1h30m) or ISO 8601 (PT1H30M)";
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse() {
            Ok(seconds) => Ok(seconds),
            Err(_) => bail!("`{text}` seconds is out of range"),
        };
    }
    let Ok(span) = text.parse::<jiff::SignedDuration>() else {
        bail!("`{text}` is not a duration: {FORMS}");
    };
    match u32::try_from(span.as_secs()) {
        Ok(seconds) if span.subsec_nanos() == 0 => Ok(seconds),
        _ => bail!("`{text}` is not a positive number of whole seconds: {FORMS}"),
    }
}

/// A span for people: `45s`, `58m`, `1h`, `11h 30m`.
pub(crate) fn spoken(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        _ if seconds < 60 => format!("{}s", seconds.max(0)),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_every_form() {
        for (text, seconds) in [
            ("900", 900),
            ("1h30m", 5400),
            ("1h 30m", 5400),
            ("90min", 5400),
            ("PT1H", 3600),
            ("PT1H30M", 5400),
            (" 12h ", 43200),
            ("36h", 129_600),
        ] {
            assert_eq!(span_seconds(text).unwrap(), seconds, "{text}");
        }
        for text in [
            "",
            "soon",
            "-1h",
            "1.5s",
            "1h30",
            "99999999999",
            "PT",
            "1 fortnight",
        ] {
            assert!(span_seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_rfc_3339() {
        let time = Timestamp::from_seconds(1_700_000_000);
        assert_eq!(time.to_string(), "2023-11-14T22:13:20Z");
        for text in [
            "2023-11-14T22:13:20Z",
            "2023-11-14T23:13:20+01:00",
            "2023-11-14T22:13:20.9Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap(), time, "{text}");
        }
        assert!("2023-11-14".parse::<Timestamp>().is_err());
    }

    #[test]
    fn spans_are_spoken_shortly() {
        for (seconds, text) in [
            (-5, "0s"),
            (45, "45s"),
            (60, "1m"),
            (3599, "59m"),
            (3600, "1h"),
            (41_400, "11h 30m"),
        ] {
            assert_eq!(spoken(seconds), text);
        }
    }
}
