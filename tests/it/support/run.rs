//! What a finished run said, and the assertions about it. A run that is dropped checks what was not asserted:
//! the status must have been, a stream that nobody looked at must be empty. Assertions show the whole run.

use std::process::ExitStatus;
use std::thread;

use serde_json::Value;

use super::Request;

/// A finished run. Temporary paths and ports read `[HOME]` and `[AWS]`.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) out: String,
    pub(crate) err: String,
    /// What stood on the terminal, when there was one.
    pub(crate) screen: String,
    /// The requests that reached AWS while it ran.
    pub(crate) requests: Vec<Request>,
    code: Option<i32>,
    signal: Option<i32>,
    seen: Seen,
}

#[derive(Debug, Default)]
struct Seen {
    status: bool,
    out: bool,
    err: bool,
}

impl Run {
    pub(super) fn new(status: ExitStatus, out: String, err: String, requests: Vec<Request>) -> Run {
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        Run {
            out,
            err,
            screen: String::new(),
            requests,
            code: status.code(),
            signal,
            seen: Seen::default(),
        }
    }

    /// stdout is exactly this.
    #[track_caller]
    pub(crate) fn stdout(mut self, expected: &str) -> Run {
        self.seen.out = true;
        self.same("stdout", expected, &self.out);
        self
    }

    /// stdout contains this; `""` accepts anything.
    #[track_caller]
    pub(crate) fn stdout_has(mut self, part: &str) -> Run {
        self.seen.out = true;
        self.has("stdout", part, &self.out);
        self
    }

    /// stderr is exactly this.
    #[track_caller]
    pub(crate) fn stderr(mut self, expected: &str) -> Run {
        self.seen.err = true;
        self.same("stderr", expected, &self.err);
        self
    }

    /// stderr contains this; `""` accepts anything.
    #[track_caller]
    pub(crate) fn stderr_has(mut self, part: &str) -> Run {
        self.seen.err = true;
        self.has("stderr", part, &self.err);
        self
    }

    /// stderr does not contain this.
    #[track_caller]
    pub(crate) fn stderr_lacks(self, part: &str) -> Run {
        assert!(!self.err.contains(part), "stderr says {part:?}\n{self}");
        self
    }

    /// stdout does not contain this.
    #[track_caller]
    pub(crate) fn stdout_lacks(self, part: &str) -> Run {
        assert!(!self.out.contains(part), "stdout says {part:?}\n{self}");
        self
    }

    /// stderr has this many lines.
    #[track_caller]
    pub(crate) fn stderr_lines(mut self, count: usize) -> Run {
        self.seen.err = true;
        assert_eq!(self.err.lines().count(), count, "lines of stderr\n{self}");
        self
    }

    /// The terminal showed this.
    #[track_caller]
    pub(crate) fn screen_has(self, part: &str) -> Run {
        self.has("the terminal", part, &self.screen);
        self
    }

    /// It ended with this exit status.
    #[track_caller]
    pub(crate) fn status(mut self, code: i32) -> Run {
        self.seen.status = true;
        assert_eq!(
            self.code,
            Some(code),
            "exit status (signal {:?})\n{self}",
            self.signal
        );
        self
    }

    /// The exit status, if no signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.code
    }

    /// It was ended by this signal.
    #[track_caller]
    pub(crate) fn signal(mut self, signal: i32) -> Run {
        self.seen.status = true;
        assert_eq!(
            self.signal,
            Some(signal),
            "signal (exit status {:?})\n{self}",
            self.code
        );
        self
    }

    /// While it ran, AWS saw exactly these operations, in this order.
    #[track_caller]
    pub(crate) fn calls<const N: usize>(self, operations: [&str; N]) -> Run {
        let made: Vec<_> = self
            .requests
            .iter()
            .map(|request| request.operation.as_str())
            .collect();
        assert_eq!(made, operations, "calls to AWS\n{self}");
        self
    }

    /// stdout as it is. Ends the sentence: the status was asserted before.
    pub(crate) fn stdout_text(mut self) -> String {
        self.seen.out = true;
        self.out.clone()
    }

    /// All that the terminal got, the sequences that move its cursor included.
    pub(crate) fn screen_text(&self) -> &str {
        &self.screen
    }

    /// stdout as one JSON document. Ends the sentence: the status was asserted before.
    #[track_caller]
    pub(crate) fn json(mut self) -> Value {
        self.seen.out = true;
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("stdout is not JSON: {error}\n{self}"))
    }

    /// The value that a shell's `export NAME=VALUE` (or dotenv, or ini) line of stdout gives to `name`, unquoted.
    #[track_caller]
    pub(crate) fn exported(&mut self, name: &str) -> Option<String> {
        self.seen.out = true;
        let named = self.out.lines().rev().filter_map(|line| {
            let line = line.trim_end_matches(';').trim_end_matches(" &&");
            line.strip_prefix("export ")
                .unwrap_or(line)
                .strip_prefix(name)?
                .strip_prefix('=')
        });
        named
            .map(|value| value.trim_matches('\'').to_owned())
            .next()
    }

    #[track_caller]
    fn has(&self, stream: &str, part: &str, text: &str) {
        assert!(text.contains(part), "{stream} lacks {part:?}\n{self}");
    }

    #[track_caller]
    fn same(&self, stream: &str, expected: &str, actual: &str) {
        assert!(
            actual == expected,
            "{stream} differs (- expected, + actual)\n{}\n{self}",
            difference(expected, actual)
        );
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, text) in [
            ("stdout", &self.out),
            ("stderr", &self.err),
            ("terminal", &self.screen),
        ] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{text}")?;
            }
        }
        let calls: Vec<_> = self
            .requests
            .iter()
            .map(|request| request.operation.as_str())
            .collect();
        write!(
            f,
            "--- status {:?}, signal {:?}, calls {calls:?}",
            self.code, self.signal
        )
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        assert!(
            self.seen.status,
            "nobody asserted how this run ended\n{self}"
        );
        assert!(
            self.seen.out || self.out.is_empty(),
            "nobody expected words on stdout\n{self}"
        );
        assert!(
            self.seen.err || self.err.is_empty(),
            "nobody expected words on stderr\n{self}"
        );
    }
}

/// The lines that differ, between those that agree at the top and at the bottom.
fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) =
        (expected.split('\n').collect(), actual.split('\n').collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tails = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = tails.take_while(|(a, b)| a == b).count();
    let marked = |sign: char, lines: &[&str]| {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| format!("{sign} {line:?}"))
            .collect();
        lines.join("\n")
    };
    let removed = marked('-', &old[head..old.len() - tail]);
    let added = marked('+', &new[head..new.len() - tail]);
    format!("{removed}\n{added}")
}
