//! Locks that the system takes back when their holder ends, in whatever way.

use std::fs::{File, TryLockError};
use std::io::{IsTerminal, Read, Seek, Write};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::log::Log;

/// A person at a terminal is told when a wait takes longer.
const SILENCE: Duration = Duration::from_secs(1);

/// A held lock; released when dropped, or when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of a file, waiting `timeout` at most while another process holds it; `None`
    /// where the file system has no locks.
    ///
    /// # Errors
    /// The wait is over; the holder's process id is named.
    pub(super) fn wait(
        file: File,
        timeout: Duration,
        wanted: &str,
        log: Log,
    ) -> Result<Option<Self>> {
        let mut lock = Self { file };
        let since = Instant::now();
        let mut is_told = !std::io::stderr().is_terminal();
        let mut pause = Duration::from_millis(2);
        loop {
            match lock.file.try_lock() {
                Ok(()) => {
                    lock.sign();
                    return Ok(Some(lock));
                }
                Err(TryLockError::WouldBlock) if since.elapsed() >= timeout => {
                    bail!(
                        "{} still gets {wanted} after {} s",
                        lock.holder(),
                        timeout.as_secs()
                    )
                }
                Err(TryLockError::WouldBlock) => {
                    if !is_told && since.elapsed() >= SILENCE {
                        log.warn(&format!(
                            "waiting for {}, which gets {wanted}",
                            lock.holder()
                        ));
                        is_told = true;
                    }
                    std::thread::sleep(pause);
                }
                Err(TryLockError::Error(error)) => {
                    log.step(|| format!("cache: no lock: {error}"));
                    return Ok(None);
                }
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Writes this process's id, for those who wait.
    fn sign(&mut self) {
        let text = format!("{}\n", std::process::id());
        // Only a courtesy: a lock without a name is a lock all the same.
        let _ = self
            .file
            .set_len(0)
            .and_then(|()| self.file.write_all(text.as_bytes()));
    }

    fn holder(&mut self) -> String {
        let mut text = String::new();
        let read = self
            .file
            .rewind()
            .and_then(|()| (&self.file).take(20).read_to_string(&mut text));
        match (read, text.trim().parse::<u32>()) {
            (Ok(_), Ok(pid)) => format!("another stsx (process {pid})"),
            _ => "another stsx".to_owned(),
        }
    }
}
