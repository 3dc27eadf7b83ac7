//! What the lab writes on its page: notes, commands as typed, their output.
//!
//! Colour on terminals only, and never against `NO_COLOR`. Counts its lines: the walk fits a screen.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anyhow::Result;

/// Where the time of a call stands, if the command is short enough.
const TIME_COLUMN: usize = 88;

/// Standard output, and whether it likes colour.
#[derive(Debug)]
pub(crate) struct Page {
    is_coloured: bool,
    is_terminal: bool,
}

impl Page {
    /// Standard output; `no_colour` is what `NO_COLOR` says.
    pub(crate) fn new(no_colour: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        Self {
            is_coloured: is_terminal && !no_colour,
            is_terminal,
        }
    }

    /// Whether somebody watches.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// A line that explains what comes next.
    pub(crate) fn note(&self, text: &str) -> Result<()> {
        line(&self.paint("36", &format!("# {text}")))
    }

    /// A command as typed, with the time it took where that says something.
    pub(crate) fn typed(&self, command: &str, took: Option<Duration>) -> Result<()> {
        let command = format!("$ {command}");
        let width = command.chars().count();
        let painted = self.paint("1", &command);
        match took {
            None => line(&painted),
            Some(took) => {
                let space = " ".repeat(TIME_COLUMN.saturating_sub(width).max(2));
                let took = format!("{} ms", took.as_millis());
                line(&format!("{painted}{space}{}", self.paint("2", &took)))
            }
        }
    }

    /// The good end.
    pub(crate) fn success(&self, text: &str) -> Result<()> {
        line(&self.paint("32", text))
    }

    /// Writes over the line that stands, and stays on it.
    pub(crate) fn overwrite(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        write!(out, "\r{}\x1b[K", self.paint("33", text))?;
        Ok(out.flush()?)
    }

    /// A question, its answer expected on the same line.
    pub(crate) fn ask(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        write!(out, "{} ", self.paint("1", text))?;
        Ok(out.flush()?)
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.is_coloured {
            format!("\x1b[{colour}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A line as it is: what a command wrote.
pub(crate) fn line(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
