//! Locks that the system takes back when their holder ends, in whatever way.
//!
//! Who waits looks at what the holder has written: while that one waits for a person, the wait does
//! not count; and when it fails, those who waited then fail with it, instead of trying the same
//! one after the other. A file system without locks costs a call more, and nothing else.

use std::fs::{File, TryLockError};
use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cache::private;
use crate::error::Failure;
use crate::log::Log;

mod note;

use note::Note;

/// How long others are waited for, unless it was said: longer than any call takes with its retries.
const USUAL: Duration = Duration::from_mins(1);
/// Nobody waits longer for somebody else's person: the command that was to ask may be waiting for us.
const PERSON: Duration = Duration::from_hours(1);
/// A person at a terminal is told when a wait takes longer.
const SILENCE: Duration = Duration::from_secs(1);
/// A look at the lock costs microseconds; the next in line takes over within this time.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// A held lock; released when dropped, or when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    note: Note,
}

impl Lock {
    /// Says whether this process waits for a person, or for another that does.
    pub(crate) fn tell_person(&mut self, is_at_person: bool) {
        if self.note.is_at_person != is_at_person {
            self.note.is_at_person = is_at_person;
            self.note.write(&self.file);
        }
    }

    /// Says what this process failed with, to those who wait in the same circumstances.
    pub(crate) fn tell_failure(&mut self, circumstances: &str, failure: &Failure) {
        self.note.fail(circumstances, failure);
        self.note.write(&self.file);
    }

    /// Says that what failed before is over.
    pub(crate) fn tell_success(&mut self) {
        if self.note.forgive() {
            self.note.write(&self.file);
        }
    }
}

/// Empties a lock's file, unless somebody holds the lock.
pub(super) fn empty(path: &Path) {
    if let Ok(file) = private::open_lock(path)
        && file.try_lock().is_ok()
    {
        // What stands there serves nobody, and is no secret.
        let _ = file.set_len(0);
    }
}

/// How a wait for a lock ended.
#[derive(Debug)]
pub(crate) enum Turn {
    /// It is this process's turn.
    Mine(Lock),
    /// There are no locks here.
    Unlocked,
    /// The holder failed while this process waited.
    Failed(Failure),
}

/// How a process waits for a lock.
pub(crate) struct Wait<'a> {
    /// How long at most, where that was said: then waiting for a person counts too.
    pub(crate) timeout: Option<Duration>,
    /// Whose failures would be this process's own.
    pub(crate) circumstances: Option<&'a str>,
    /// Is told whether the holder waits for a person.
    pub(crate) on_person: &'a mut dyn FnMut(bool),
}

impl Wait<'_> {
    /// Waits for the lock of a file, which is held by whoever gets `wanted`.
    ///
    /// # Errors
    /// The wait is over; the holder's process id is named.
    pub(super) fn turn(&mut self, file: File, wanted: &str, log: Log) -> Result<Turn> {
        let lock = Lock {
            file,
            note: Note::default(),
        };
        let mut place: Option<Place> = None;
        let mut pause = Duration::from_millis(2);
        let turn = loop {
            match lock.file.try_lock() {
                Ok(()) => break Ok(self.first_in_line(lock, place.as_mut())),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    log.step(|| format!("cache: no lock: {error}"));
                    break Ok(Turn::Unlocked);
                }
            }
            let place = place.get_or_insert_with(Place::new);
            place.look(&lock.file);
            if let Some(failure) = place.failure(self.circumstances) {
                break Ok(Turn::Failed(failure));
            }
            if let Err(error) = place.wait(self.timeout, wanted, log) {
                break Err(error);
            }
            (self.on_person)(place.note.is_at_person);
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        if place.is_some() {
            (self.on_person)(false);
        }
        turn
    }

    /// The lock is held now. Whoever held it before may have failed since the last look.
    fn first_in_line(&self, mut lock: Lock, place: Option<&mut Place>) -> Turn {
        if let Some(place) = place {
            place.look(&lock.file);
            if let Some(failure) = place.failure(self.circumstances) {
                return Turn::Failed(failure);
            }
        }
        lock.note = Note::read(&lock.file).unwrap_or_default();
        lock.note.begin(&lock.file);
        Turn::Mine(lock)
    }
}

/// A place in the line before a lock.
struct Place {
    since: Instant,
    looked: Instant,
    /// Of that, the time in which the holder waited for a person.
    person: Duration,
    /// The turn that had failed last when this place was taken: that failure, and those before, are of another time.
    failed: Option<u64>,
    note: Note,
    is_told: bool,
}

impl Place {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            since: now,
            looked: now,
            person: Duration::ZERO,
            failed: None,
            note: Note::default(),
            is_told: false,
        }
    }

    /// Reads what the holder says; the time since the last look was spent as that said.
    fn look(&mut self, file: &File) {
        let now = Instant::now();
        if self.note.is_at_person {
            self.person += now - self.looked;
        }
        self.looked = now;
        if let Some(note) = Note::read(file) {
            self.failed.get_or_insert(note.last_failed());
            self.note = note;
        }
    }

    /// What a holder failed with since this place was taken.
    fn failure(&self, circumstances: Option<&str>) -> Option<Failure> {
        self.note.failure(circumstances?, self.failed?).cloned()
    }

    /// Says, once, that this takes long.
    ///
    /// # Errors
    /// It took too long.
    fn wait(&mut self, timeout: Option<Duration>, wanted: &str, log: Log) -> Result<()> {
        let total = self.looked - self.since;
        let (counted, most) = match timeout {
            Some(most) => (total, most),
            None => (total.saturating_sub(self.person.min(PERSON)), USUAL),
        };
        let holder = self.note.holder();
        let person = if self.note.is_at_person {
            ": it waits for a person"
        } else {
            ""
        };
        if counted >= most {
            bail!(
                "{holder} is still getting {wanted} after {} s{person}",
                total.as_secs()
            );
        }
        let silence = if std::io::stderr().is_terminal() {
            SILENCE
        } else {
            USUAL
        };
        if !self.is_told && total >= silence {
            log.warn(&format!(
                "waiting for {holder}, which is getting {wanted}{person}"
            ));
            self.is_told = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether somebody who waited so long in all, and for a person of that, goes on waiting.
    fn goes_on(waited: u64, person: u64, timeout: Option<u64>) -> bool {
        let mut place = Place::new();
        place.looked = place.since + Duration::from_secs(waited);
        place.person = Duration::from_secs(person);
        place.is_told = true;
        let timeout = timeout.map(Duration::from_secs);
        place
            .wait(
                timeout,
                "these",
                Log {
                    level: 0,
                    is_read_along: false,
                },
            )
            .is_ok()
    }

    #[test]
    fn time_for_a_person_does_not_count_unless_a_time_was_said() {
        for (waited, person, timeout, is_patient) in [
            (59, 0, None, true),
            (60, 0, None, false),
            (600, 541, None, true),
            (600, 540, None, false),
            (3659, 3659, None, true),
            (3660, 3660, None, false),
            (60, 0, Some(90), true),
            (90, 90, Some(90), false),
            (0, 0, Some(0), false),
        ] {
            assert_eq!(
                goes_on(waited, person, timeout),
                is_patient,
                "{waited} s, {person} s of them for a person, at most {timeout:?}"
            );
        }
    }
}
