//! What nobody needs any more leaves the directory, when a call to AWS was made anyway.
//!
//! An entry goes a day after its end, and what a killed writer has left after an hour. The files'
//! own times come first: only what is old enough by them is read.

use std::fs;
use std::path::Path;

use crate::cache::{Cache, private, read_entry, remove};
use crate::plan::MAX_USER_SESSION;
use crate::time::Timestamp;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl Cache {
    /// Removes what has ended long ago. What cannot be removed stays: that is said with `-v`.
    pub(crate) fn sweep(&self, now: Timestamp) {
        for path in self
            .files(&["json", "tmp"])
            .filter(|path| is_over(path, now))
        {
            let name = path.file_name().and_then(|name| name.to_str());
            match name.and_then(|name| name.split_once('.')) {
                Some((hash, _)) if kind(&path) == "json" => self.sweep_entry(&path, hash, now),
                _ => self.tell(remove(&path)),
            }
        }
    }

    /// Who holds the lock of a key is about to replace its file, or has just done so.
    fn sweep_entry(&self, path: &Path, hash: &str, now: Timestamp) {
        let lock = private::open_lock(&self.dir.join(format!("{hash}.lock")));
        if lock.as_ref().is_ok_and(|lock| lock.try_lock().is_ok()) && is_over(path, now) {
            self.tell(remove(path));
        }
    }
}

fn is_over(path: &Path, now: Timestamp) -> bool {
    match age(path, now) {
        Some(age) if kind(path) == "tmp" => age > HOUR,
        Some(age) if age > DAY => match read_entry(path) {
            Ok(Some((_, entry))) => entry.life(now) < -DAY,
            // Nobody can tell its end, but none is later than this.
            _ => age > i64::from(MAX_USER_SESSION) + DAY,
        },
        _ => false,
    }
}

fn kind(path: &Path) -> &str {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.unwrap_or_default()
}

/// Seconds since a file was written.
fn age(path: &Path, now: Timestamp) -> Option<i64> {
    let metadata = fs::symlink_metadata(path).ok()?;
    Some(now.seconds_since(Timestamp::of_writing(&metadata)?))
}
