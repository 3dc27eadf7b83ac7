//! How words look on a terminal: their colour, and the width of its lines.
//!
//! The one room that knows escape codes. They go to terminals only, and to none that does not want
//! them: `NO_COLOR` (<https://no-color.org>), `CLICOLOR=0`, `TERM=dumb`. Nothing forces them on what
//! another program reads.

use std::io::{IsTerminal, stderr, stdout};

use clap::builder::styling::{AnsiColor, Style, Styles};

use crate::env::{self, Env};
use crate::platform;

mod line;
mod wrap;

pub(crate) use line::Line;
pub(crate) use wrap::{columns, cut, shortened, wrapped};

/// Where the width is not known.
const USUAL_COLUMNS: usize = 80;

/// What a piece of text is to a reader, which gives it its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text like any other.
    #[default]
    Plain,
    /// What a reader looks for first: names.
    Name,
    /// What matters less: the place of a value.
    Faint,
    /// Soon over.
    Near,
    /// Wrong, or over.
    Bad,
    /// What to do next.
    Hint,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Name => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Near => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Hint => AnsiColor::Cyan.on_default(),
        }
    }

    /// The ink of a time that is left, in seconds: the last ten minutes are soon over.
    pub(crate) fn of_seconds(left: i64) -> Self {
        match left {
            ..=0 => Self::Bad,
            1..600 => Self::Near,
            _ => Self::Plain,
        }
    }
}

/// What the reader of a stream can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looks {
    is_coloured: bool,
    /// Columns of the terminal; none where nothing needs to fit.
    width: Option<usize>,
}

impl Looks {
    /// For answers: standard output.
    pub(crate) fn of_answers() -> Self {
        if !stdout().is_terminal() {
            return Self::default();
        }
        Self {
            is_coloured: wants_colour(),
            width: Some(width_of(platform::columns(stdout()))),
        }
    }

    /// For words to people: standard error. Its lines are wrapped by the terminal itself, which keeps what can be typed
    /// in one piece.
    pub(crate) fn of_words() -> Self {
        Self {
            is_coloured: stderr().is_terminal() && wants_colour(),
            width: None,
        }
    }

    /// Whether there are colours.
    pub(crate) fn is_coloured(self) -> bool {
        self.is_coloured
    }

    /// Columns that a line should fit in, if it should.
    pub(crate) fn width(self) -> Option<usize> {
        self.width
    }

    /// The text in its colour. (It is printable already: `error::printable`.)
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.is_coloured || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }

    #[cfg(test)]
    pub(crate) fn of(is_coloured: bool, width: Option<usize>) -> Self {
        Self { is_coloured, width }
    }
}

/// The styles of `--help`.
pub(crate) fn of_help() -> Styles {
    Styles::styled()
        .header(Ink::Name.style())
        .usage(Ink::Name.style())
        .literal(Ink::Hint.style())
        .error(Ink::Bad.style())
        .valid(Ink::Hint.style())
        .invalid(Ink::Near.style())
}

/// Whether a terminal can move its cursor: not if it is dumb, or does not say what it is.
pub(crate) fn is_able() -> bool {
    match Env::of_terminal(env::TERM) {
        Some(term) => term != "dumb",
        None => platform::is_able_without_term(),
    }
}

fn wants_colour() -> bool {
    is_able()
        && Env::of_terminal(env::NO_COLOR).is_none()
        && Env::of_terminal("CLICOLOR").is_none_or(|value| value != "0")
}

/// Columns of a terminal: what `COLUMNS` says, else what the system says.
fn width_of(told: Option<usize>) -> usize {
    let said = Env::of_terminal("COLUMNS").and_then(|columns| columns.parse().ok());
    let known = said.or(told).filter(|columns| *columns > 0);
    known.unwrap_or(USUAL_COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_end_where_they_began() {
        let coloured = Looks::of(true, None);
        assert_eq!(coloured.paint(Ink::Near, "x"), "\u{1b}[33mx\u{1b}[0m");
        assert_eq!(coloured.paint(Ink::Plain, "x"), "x");
        assert_eq!(Looks::default().paint(Ink::Bad, "x"), "x");
    }

    #[test]
    fn what_is_over_is_bad() {
        let inks = [-1, 0, 1, 599, 600].map(Ink::of_seconds);
        assert_eq!(inks, [Ink::Bad, Ink::Bad, Ink::Near, Ink::Near, Ink::Plain]);
    }
}
