//! What went wrong, as people, scripts and SDKs read it.
//!
//! `anyhow` carries every error; each layer adds the fact that only it knows. A `Failure` in the
//! chain decides the exit status and brings the hint and the detail lines. Nothing that came from
//! a file or a server reaches the terminal with its control characters.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::looks::{Ink, Looks};

/// The class of a failure, which is its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// AWS or the network said no.
    Failed = 1,
    /// The command line or a file is wrong.
    Usage = 2,
    /// A person is needed, and there is no terminal to ask one.
    Person = 3,
    /// AWS answered `AccessDenied`.
    Denied = 4,
    /// The source credentials are expired or not valid.
    Source = 5,
    /// The command of `exec` cannot be run.
    CannotRun = 126,
    /// The command of `exec` does not exist.
    NotFound = 127,
    /// A person was asked and changed their mind.
    Cancelled = 130,
}

impl Kind {
    /// The exit status.
    pub(crate) fn status(self) -> u8 {
        self as u8
    }

    /// The word that `--error-format json` uses.
    fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Person => "person-needed",
            Self::Denied => "access-denied",
            Self::Source => "source-credentials",
            Self::CannotRun => "cannot-run",
            Self::NotFound => "command-not-found",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An error that knows its exit status and, where there is one, the next thing to try. Those who waited for
/// this process may read it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) what: String,
    pub(crate) details: Vec<String>,
    pub(crate) hint: Option<String>,
    /// AWS does not take the credentials of the call any more: others may be had.
    pub(crate) is_stale: bool,
}

impl Failure {
    /// A failure without hint.
    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            details: Vec::new(),
            hint: None,
            is_stale: false,
        }
    }

    /// Wrong usage or configuration.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what)
    }

    /// Adds what to try next, in one line.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds an indented line below the first one.
    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// How errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Lines for people.
    Text,
    /// All in one line: SDKs quote the last line of a `credential_process`.
    Line,
    /// One JSON object for wrappers.
    Json,
}

/// The class of an error: its failure's, else `Failed`.
pub(crate) fn kind(error: &anyhow::Error) -> Kind {
    error
        .downcast_ref::<Failure>()
        .map_or(Kind::Failed, |failure| failure.kind)
}

/// What standard error gets to read, line end included.
pub(crate) fn rendered(error: &anyhow::Error, style: Style, looks: Looks) -> String {
    let what = printable(&format!("{error:#}"));
    let failure = error.downcast_ref::<Failure>();
    let details: Vec<String> = failure
        .map(|failure| failure.details.iter().map(|line| printable(line)).collect())
        .unwrap_or_default();
    let hint = failure
        .and_then(|failure| failure.hint.as_deref())
        .map(printable);
    match style {
        Style::Text => text(&what, &details, hint.as_deref(), looks),
        Style::Line => line(&what, &details, hint.as_deref()),
        Style::Json => {
            let kind = kind(error);
            let mut object = json!({ "error": what, "kind": kind.word(), "status": kind.status() });
            if !details.is_empty() {
                object["details"] = json!(details);
            }
            if let Some(hint) = hint {
                object["hint"] = json!(hint);
            }
            format!("{object}\n")
        }
    }
}

fn text(what: &str, details: &[String], hint: Option<&str>, looks: Looks) -> String {
    let mut text = format!("{} {what}\n", looks.paint(Ink::Bad, "stsx:"));
    for line in details {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    if let Some(hint) = hint {
        text.push_str(&looks.paint(Ink::Hint, "hint:"));
        text.push(' ');
        text.push_str(hint);
        text.push('\n');
    }
    text
}

fn line(what: &str, details: &[String], hint: Option<&str>) -> String {
    let mut line = format!("stsx: {what}");
    if !details.is_empty() {
        line.push_str(" (");
        line.push_str(&details.join("; "));
        line.push(')');
    }
    if let Some(hint) = hint {
        line.push_str("; hint: ");
        line.push_str(hint);
    }
    line.push('\n');
    line
}

/// The text with everything that a terminal would obey made visible: control characters, line
/// breaks, and the marks that turn the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => clean.push(' '),
            char if char.is_control() => clean.extend(char.escape_default()),
            char if is_obeyed(char) => clean.extend(char.escape_unicode()),
            char => clean.push(char),
        }
    }
    clean
}

/// The JSON text with the same characters escaped. (They stand in strings only; line breaks between
/// members stay.)
pub(crate) fn printable_json(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for char in text.chars() {
        if char != '\n' && is_obeyed(char) {
            // All of them have four digits.
            write!(clean, "\\u{:04x}", u32::from(char))
                .expect("a String takes all that is written to it");
        } else {
            clean.push(char);
        }
    }
    clean
}

/// Control characters, line and paragraph separators, and the marks of Unicode's bidirectional algorithm:
/// <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>
fn is_obeyed(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    fn denied() -> anyhow::Error {
        Err::<(), _>(
            Failure::new(Kind::Denied, "cannot assume r: AccessDenied")
                .detail("as u\u{1b}[2J")
                .hint("look"),
        )
        .context("profile `p`")
        .unwrap_err()
    }

    #[test]
    fn three_styles_of_one_error() {
        assert_eq!(
            rendered(&denied(), Style::Text, Looks::default()),
            "stsx: profile `p`: cannot assume r: AccessDenied\n  as u\\u{1b}[2J\nhint: look\n"
        );
        assert_eq!(
            rendered(&denied(), Style::Line, Looks::default()),
            "stsx: profile `p`: cannot assume r: AccessDenied (as u\\u{1b}[2J); hint: look\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&rendered(&denied(), Style::Json, Looks::default())).unwrap();
        assert_eq!(json["kind"], "access-denied");
        assert_eq!(json["status"], 4);
        assert_eq!(json["hint"], "look");
    }

    #[test]
    fn what_a_terminal_obeys_is_made_visible() {
        let hostile = "a\u{1b}[2J\u{7f}\u{9b}\r\t\u{61c}\u{202e}\u{2028}\u{2069}\nb";
        let is_plain = |text: &str| !text.contains(is_obeyed);
        assert!(is_plain(&printable(hostile)), "{}", printable(hostile));
        let json = serde_json::to_string_pretty(&json!({ "a": hostile })).unwrap();
        let clean = printable_json(&json);
        assert!(is_plain(&clean.replace('\n', "")), "{clean}");
        let read: serde_json::Value = serde_json::from_str(&clean).unwrap();
        assert_eq!(read["a"], hostile);
    }

    #[test]
    fn the_failure_decides_the_status() {
        assert_eq!(kind(&denied()), Kind::Denied);
        assert_eq!(kind(&anyhow::anyhow!("x")), Kind::Failed);
    }
}
