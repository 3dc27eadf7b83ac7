//! What the holder of a lock writes into its file, for those who wait: who it is, whether it waits
//! for a person, and what it failed with.
//!
//! It is read while another process may be writing, and it may be damaged: what does not parse says
//! nothing. Turns are counted under the lock, so that a failure of now is told from one of before.

use std::fs::File;
use std::io::{Read, Seek, Write};

use serde::{Deserialize, Serialize};

use crate::error::Failure;

/// A line of more bytes is not ours.
const MAX_BYTES: u64 = 1 << 17;
/// A failure of more bytes is left to each process to find out.
const MAX_FAILURE: usize = 1 << 14;
/// Failures of different circumstances stand beside each other: those of one do not wipe out the others'.
const MAX_FAILURES: usize = 4;

/// What stands in the file of a lock.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Note {
    /// How many holders there were.
    turn: u64,
    holder: u32,
    pub(super) is_at_person: bool,
    failures: Vec<Failed>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Failed {
    turn: u64,
    /// Who fails in the same way.
    circumstances: String,
    failure: Failure,
}

impl Note {
    /// What stands in a file; a new one is empty. None: it cannot be read, or only half of it is written.
    pub(super) fn read(mut file: &File) -> Option<Self> {
        let mut bytes = Vec::new();
        file.rewind().ok()?;
        file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let line = bytes.split(|byte| *byte == b'\n').next()?;
        if line.is_empty() {
            return Some(Self::default());
        }
        serde_json::from_slice(line).ok()
    }

    /// Begins the turn of this process. What the ones before failed with stays, for those who wait still.
    pub(super) fn begin(&mut self, file: &File) {
        self.turn = self.turn.wrapping_add(1);
        self.holder = std::process::id();
        self.is_at_person = false;
        self.write(file);
    }

    /// Adds what this turn failed with.
    pub(super) fn fail(&mut self, circumstances: &str, failure: &Failure) {
        let size = serde_json::to_vec(failure).map_or(usize::MAX, |bytes| bytes.len());
        if size > MAX_FAILURE {
            return;
        }
        self.failures
            .retain(|failed| failed.circumstances != circumstances);
        self.failures.push(Failed {
            turn: self.turn,
            circumstances: circumstances.to_owned(),
            failure: failure.clone(),
        });
        let surplus = self.failures.len().saturating_sub(MAX_FAILURES);
        self.failures.drain(..surplus);
    }

    /// Drops what was failed with; whether there was anything.
    pub(super) fn forgive(&mut self) -> bool {
        let had = !self.failures.is_empty();
        self.failures.clear();
        had
    }

    /// Writes it: only a service to others, so a lock without a note is a lock all the same. The line comes before
    /// the file is cut, so that a process killed in between leaves it whole.
    pub(super) fn write(&self, mut file: &File) {
        let mut line = serde_json::to_vec(self).expect("numbers and strings always serialise");
        line.push(b'\n');
        let _ = file
            .rewind()
            .and_then(|()| file.write_all(&line))
            .and_then(|()| file.set_len(line.len() as u64));
    }

    /// The turn that failed last.
    pub(super) fn last_failed(&self) -> u64 {
        let turns = self.failures.iter().map(|failed| failed.turn);
        turns.max().unwrap_or(0)
    }

    /// What a turn later than `since` failed with under these circumstances.
    pub(super) fn failure(&self, circumstances: &str, since: u64) -> Option<&Failure> {
        let is_it = |failed: &&Failed| failed.turn > since && failed.circumstances == circumstances;
        self.failures
            .iter()
            .find(is_it)
            .map(|failed| &failed.failure)
    }

    /// Who holds the lock, for messages.
    pub(super) fn holder(&self) -> String {
        match self.holder {
            0 => "another stsx".to_owned(),
            pid => format!("another stsx (process {pid})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn failed(what: &str) -> Failure {
        Failure::new(Kind::Denied, what).detail("as u").hint("look")
    }

    fn written(text: &str) -> Option<Note> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Note::read(&file)
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let file = tempfile::tempfile().unwrap();
        let mut note = Note::read(&file).expect("an empty file is a new one");
        note.begin(&file);
        note.fail("a", &failed("no"));
        note.write(&file);
        let read = Note::read(&file).unwrap();
        let failure = read.failure("a", 0).unwrap();
        assert_eq!(failure.what, "no");
        assert_eq!(failure.kind, Kind::Denied);
        assert_eq!(failure.details, ["as u"]);
        assert_eq!(failure.hint.as_deref(), Some("look"));
        assert!(read.failure("b", 0).is_none(), "other circumstances");
        assert!(read.failure("a", read.last_failed()).is_none(), "seen");
        assert!(read.holder().ends_with(&format!("{})", std::process::id())));
        // A shorter note takes the place of the whole.
        assert!(note.forgive());
        note.write(&file);
        assert!(Note::read(&file).unwrap().failure("a", 0).is_none());
    }

    #[test]
    fn a_later_turn_keeps_the_failures_of_others_but_not_all() {
        let file = tempfile::tempfile().unwrap();
        let mut note = Note::default();
        for circumstances in ["a", "b", "c", "d", "e", "e"] {
            note.begin(&file);
            note.fail(circumstances, &failed(circumstances));
        }
        assert!(note.failure("a", 0).is_none(), "the oldest went");
        assert!(note.failure("b", 0).is_some());
        assert!(note.failure("e", 5).is_some(), "the newer of the two");
        note.fail("f", &failed(&"x".repeat(MAX_FAILURE)));
        assert!(note.failure("f", 0).is_none(), "too long");
    }

    #[test]
    fn what_is_no_note_says_nothing() {
        for text in [
            "4711\n",
            "{",
            "{\"turn\":1,\"holder\":2,\"is_at_person\":false,\"failures\":[",
            "\u{1b}[2J\n",
            "{\"turn\":-1,\"holder\":2,\"is_at_person\":false,\"failures\":[]}",
        ] {
            assert!(written(text).is_none(), "{text:?}");
        }
        let long = format!("{}\n", "[".repeat(200_000));
        assert!(written(&long).is_none());
        // What a longer one has left behind it is cut off at the end of the line.
        let left =
            "{\"turn\":1,\"holder\":2,\"is_at_person\":true,\"failures\":[]}\nailures\":[]}\n";
        assert!(written(left).unwrap().is_at_person);
    }
}
