//! One line on the terminal that tells what is being waited for, while it is.

use std::fmt::Display;
use std::future::Future;
use std::io::{IsTerminal, Write, stderr};
use std::pin::pin;
use std::time::Duration;

use super::{Ink, Looks, is_able, shortened, width_of};
use crate::error::printable;
use crate::platform;

/// People do not mind waiting this long without a word.
const SILENCE: Duration = Duration::from_millis(500);

/// To the first column, and everything after it removed.
const REMOVE: &str = "\r\u{1b}[K";

/// Words on the last line of the terminal, removed when dropped.
#[derive(Debug)]
pub(crate) struct Line(());

impl Line {
    /// Waits for the work; when it takes longer than people wait without a word, `words` stand on the terminal until it
    /// is done. Must run in a runtime.
    pub(crate) async fn during<T>(words: impl Display, work: impl Future<Output = T>) -> T {
        if !stderr().is_terminal() || !is_able() {
            return work.await;
        }
        let mut work = pin!(work);
        if let Ok(answer) = tokio::time::timeout(SILENCE, work.as_mut()).await {
            return answer;
        }
        let _line = Self::shown(&words.to_string());
        work.await
    }

    fn shown(words: &str) -> Self {
        // A full line would begin the next one.
        let width = width_of(platform::columns(stderr())) - 1;
        let words = shortened(&format!("{} …", printable(words)), width);
        let words = Looks::of_words().paint(Ink::Faint, &words);
        let mut terminal = stderr().lock();
        // Nobody is left to be told when the terminal is gone.
        let _ = write!(terminal, "{words}").and_then(|()| terminal.flush());
        Self(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut terminal = stderr().lock();
        let _ = write!(terminal, "{REMOVE}").and_then(|()| terminal.flush());
    }
}
