//! Words for people on standard error while a command runs.
//!
//! Warnings always; what happens with `-v`; details with `-vv`. Every line passes through
//! `printable`, and none is ever built from a `Secret` (which cannot be printed).

use std::io::Write;

use crate::error::printable;
use crate::looks::{Ink, Looks};

/// How much is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    pub(crate) level: u8,
    /// What is being waited for may be shown on a terminal: nothing but people reads standard error.
    pub(crate) is_read_along: bool,
}

impl Log {
    /// Says what must be said, and no more.
    pub(crate) fn silent() -> Self {
        Self {
            level: 0,
            is_read_along: false,
        }
    }

    /// Says something that a person should know even without `-v`.
    #[expect(
        clippy::unused_self,
        reason = "whoever warns has the log, as for steps and details"
    )]
    pub(crate) fn warn(self, words: &str) {
        say(words);
    }

    /// Says what is done, with `-v`.
    pub(crate) fn step(self, words: impl FnOnce() -> String) {
        if self.level >= 1 {
            say(&words());
        }
    }

    /// Says a detail, with `-vv`.
    pub(crate) fn detail(self, words: impl FnOnce() -> String) {
        if self.level >= 2 {
            say(&words());
        }
    }
}

fn say(words: &str) {
    // Nobody is left to be told when standard error itself is closed.
    let name = Looks::of_words().paint(Ink::Near, "stsx:");
    let _ = writeln!(std::io::stderr(), "{name} {}", printable(words));
}
