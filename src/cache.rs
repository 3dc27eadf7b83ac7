//! Session credentials on disk, one file per key, and the locks around getting them.
//!
//! `<cache dir>/stsx/` is 0700, its files 0600. A file appears whole or not at all; one that is
//! damaged, of another key, of another owner or open to others is a miss and gets replaced. Only
//! what STS gave out is stored, never the keys of a source. Locks are the system's: they die with
//! their holder.
//!
//! Nothing waits for the disk: a file that a power cut left half-written fails its checksum, which
//! is a miss like any other, and a call to STS brings back all that was in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::credentials::{Credentials, Secret};
use crate::log::Log;
use crate::plan::Key;
use crate::platform;
use crate::time::Timestamp;

mod lock;
mod memory;
mod private;
mod recent;
mod seal;
mod sweep;

pub(crate) use lock::{Lock, Turn, Wait};
pub(crate) use memory::{RoleNames, Spent};

/// Cached credentials and what belongs to them.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The target as it was written when the credentials were obtained.
    pub(crate) target: String,
    pub(crate) credentials: Credentials,
    pub(crate) obtained_at: Timestamp,
    /// The session's ARN (`…:assumed-role/ROLE/NAME`).
    pub(crate) arn: Option<String>,
    /// The role's real ARN, which a plan may not know (account, path).
    pub(crate) role_arn: Option<String>,
}

impl Entry {
    /// Seconds that they still live; negative when they have expired.
    pub(crate) fn life(&self, now: Timestamp) -> i64 {
        self.credentials
            .expires_at
            .map_or(0, |end| end.seconds_since(now))
    }

    /// The bare name of its role.
    pub(crate) fn role_name(&self) -> Option<&str> {
        self.role_arn.as_deref()?.rsplit('/').next()
    }

    /// Fresh: lives at least as long as the margin, which is never more than half of the session.
    /// An entry from the future was written under another clock and tells nothing.
    pub(crate) fn is_fresh(&self, now: Timestamp, margin: Margin) -> bool {
        const TOLERATED: i64 = 60;
        let whole = self.life(self.obtained_at);
        let needed = match margin {
            Margin::Usual(seconds) => seconds.min(whole / 2),
            Margin::AtLeast(seconds) => seconds,
        };
        let is_of_now = self.obtained_at.seconds_since(now) <= TOLERATED;
        is_of_now && self.life(now) >= needed.max(1)
    }
}

/// How long credentials must still live to be handed out from the cache, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Margin {
    /// This, but never more than half of the session.
    Usual(i64),
    /// What `--min-ttl` says.
    AtLeast(i64),
}

/// How an entry stands in its file.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    target: String,
    #[serde(borrow)]
    key: &'a RawValue,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    account_id: Option<String>,
    arn: Option<String>,
    role_arn: Option<String>,
    obtained_at: Timestamp,
    expires_at: Timestamp,
}

/// The format of files, a part of their names: versions of stsx that differ in it share a directory
/// and its locks, but no file. (The first format had no checksum, and no number in the name.)
const FORMAT: u8 = 2;
/// Endings of entries, of what is remembered beside them, and of what a writer that was killed has
/// left. (Which codes were used stays known: they are no better after a logout. Locks stay: who holds
/// one would go on beside the next holder.)
const KINDS: [&str; 7] = [
    "json", "identity", "device", "limit", "roles", "recent", "tmp",
];

/// The directory of cached credentials.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: PathBuf,
    log: Log,
}

impl Cache {
    /// The cache of this user. Nothing is created before something is stored.
    ///
    /// # Errors
    /// The system tells no directory for caches (no HOME).
    pub(crate) fn open(log: Log) -> Result<Self> {
        let dir = dirs::cache_dir().context("no cache directory is known: HOME is not set")?;
        Ok(Self {
            dir: dir.join("stsx"),
            log,
        })
    }

    /// The entry of a key, fresh or not. Anything wrong with it is a miss, said with `-v`.
    pub(crate) fn find(&self, key: &Key) -> Option<Entry> {
        let path = self.path(key);
        match read_entry(&path) {
            Ok(Some((text, entry))) if text == key.text => Some(entry),
            Ok(Some(_)) => {
                self.log
                    .step(|| format!("cache: {} belongs to another key: ignored", path.display()));
                None
            }
            Ok(None) => None,
            Err(error) => {
                self.log
                    .step(|| format!("cache: {}: {error:#}: ignored", path.display()));
                None
            }
        }
    }

    /// Stores an entry; credentials without an end are not stored.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub(crate) fn put(&self, key: &Key, entry: &Entry) -> Result<()> {
        let Some(expires_at) = entry.credentials.expires_at else {
            return Ok(());
        };
        let credentials = &entry.credentials;
        let stored = Stored {
            target: entry.target.clone(),
            key: serde_json::from_str(&key.text).expect("a key's text is JSON"),
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: Zeroizing::new(credentials.secret_access_key.expose().to_owned()),
            session_token: credentials
                .session_token
                .as_ref()
                .map(|token| Zeroizing::new(token.expose().to_owned())),
            account_id: credentials.account_id.clone(),
            arn: entry.arn.clone(),
            role_arn: entry.role_arn.clone(),
            obtained_at: entry.obtained_at,
            expires_at,
        };
        let bytes = Zeroizing::new(serde_json::to_vec(&stored).context("cache entry")?);
        self.write(&self.path(key), &bytes)
    }

    /// Every readable entry with its file, soonest end first.
    pub(crate) fn entries(&self) -> Vec<(PathBuf, Entry)> {
        let mut entries: Vec<(PathBuf, Entry)> = self
            .files(&["json"])
            .filter_map(|path| {
                let (_, entry) = read_entry(&path).ok()??;
                Some((path, entry))
            })
            .collect();
        entries.sort_by_key(|(_, entry)| entry.credentials.expires_at);
        entries
    }

    /// Entries that nobody uses, each with the reason, and what a writer that was killed has left.
    pub(crate) fn unsound(&self) -> Vec<(PathBuf, String)> {
        let mut unsound: Vec<(PathBuf, String)> = self
            .files(&["json", "tmp"])
            .filter_map(|path| {
                let reason = match path.extension()?.to_str()? {
                    "json" => format!("{:#}", read_entry(&path).err()?),
                    "tmp" => "its writer did not finish".to_owned(),
                    _ => return None,
                };
                Some((path, reason))
            })
            .collect();
        unsound.sort();
        unsound
    }

    /// The directory that everything is kept in; it may not be there yet.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The files of a key's credentials, and of all that were obtained from them.
    pub(crate) fn below(&self, key: &Key) -> Vec<PathBuf> {
        let is_below = |path: &PathBuf| match read_entry(path) {
            Ok(Some((text, _))) => key.leads_to(&text),
            _ => false,
        };
        self.files(&KINDS).filter(is_below).collect()
    }

    /// Removes everything that stsx keeps here, but for its locks, which are emptied when nobody
    /// holds them.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub(crate) fn clear(&self) -> Result<()> {
        for path in self.files(&KINDS) {
            remove(&path)?;
        }
        for path in self.files(&["lock"]) {
            lock::empty(&path);
        }
        Ok(())
    }

    /// The file of a key's entry.
    pub(crate) fn path(&self, key: &Key) -> PathBuf {
        self.file(&key.hash, "json")
    }

    fn file(&self, name: &str, kind: &str) -> PathBuf {
        self.dir.join(format!("{name}.{FORMAT}.{kind}"))
    }

    /// The files of these kinds.
    fn files(&self, kinds: &[&str]) -> impl Iterator<Item = PathBuf> {
        let is_own = private::is_own_dir(&self.dir);
        platform::list(&self.dir)
            .into_iter()
            .filter(move |path| is_own && is_ours(path, kinds))
    }

    fn write(&self, path: &Path, entry: &[u8]) -> Result<()> {
        self.make_dir()?;
        let mut file = tempfile::Builder::new()
            .suffix(".tmp")
            .tempfile_in(&self.dir)
            .with_context(|| format!("cannot write to {}", self.dir.display()))?;
        file.write_all(&seal::seal(entry))
            .with_context(|| format!("cannot write to {}", self.dir.display()))?;
        file.persist(path)
            .map(drop)
            .map_err(|error| error.error)
            .with_context(|| format!("cannot replace {}", path.display()))
    }

    /// Makes the directory, for its owner alone.
    fn make_dir(&self) -> Result<()> {
        private::make_dir(&self.dir).with_context(|| format!("cannot make {}", self.dir.display()))
    }

    /// Waits for the lock of a key. Where the directory allows no locks, work goes on without one.
    ///
    /// # Errors
    /// The wait is over; the holder's process id is named.
    pub(crate) fn lock(&self, key: &Key, wait: &mut Wait<'_>) -> Result<Turn> {
        self.lock_file(&key.hash, "these credentials", wait)
    }

    fn lock_file(&self, name: &str, wanted: &str, wait: &mut Wait<'_>) -> Result<Turn> {
        let path = self.dir.join(format!("{name}.lock"));
        match self.make_dir().and_then(|()| private::open_lock(&path)) {
            Ok(file) => wait.turn(file, wanted, self.log),
            Err(error) => {
                self.log.step(|| format!("cache: no lock: {error:#}"));
                Ok(Turn::Unlocked)
            }
        }
    }
}

/// Whether a file is called as some version of stsx calls its own of these kinds: where the directory is shared with other
/// things, these stay.
fn is_ours(path: &Path, kinds: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((stem, kind)) = name
        .rsplit_once('.')
        .filter(|(_, kind)| kinds.contains(kind))
    else {
        return false;
    };
    let (hash, format) = stem.split_once('.').unwrap_or((stem, ""));
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && format.bytes().all(|byte| byte.is_ascii_digit()))
        || (kind == "tmp" && stem.starts_with(".tmp"))
        || name == recent::NAME
}

/// Removes a file; one that is gone already is no error.
///
/// # Errors
/// It is there and cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// The entry in a file with the text of its key; nothing when there is no file.
fn read_entry(path: &Path) -> Result<Option<(String, Entry)>> {
    let Some(bytes) = private::read(path)? else {
        return Ok(None);
    };
    let text = if is_of_first_format(path) {
        &bytes
    } else {
        seal::open(&bytes)?
    };
    let stored: Stored<'_> = serde_json::from_slice(text).map_err(|error| {
        // serde_json's message could quote the content.
        anyhow::anyhow!("damaged at line {} column {}", error.line(), error.column())
    })?;
    let entry = Entry {
        target: stored.target,
        credentials: Credentials {
            access_key_id: stored.access_key_id,
            secret_access_key: Secret::new(stored.secret_access_key.as_str()),
            session_token: stored
                .session_token
                .as_ref()
                .map(|token| Secret::new(token.as_str())),
            expires_at: Some(stored.expires_at),
            account_id: stored.account_id,
        },
        obtained_at: stored.obtained_at,
        arn: stored.arn,
        role_arn: stored.role_arn,
    };
    Ok(Some((stored.key.get().to_owned(), entry)))
}

/// Whether a file is of the first format: such an entry is listed and removed, but never used.
fn is_of_first_format(path: &Path) -> bool {
    path.file_stem()
        .is_some_and(|stem| Path::new(stem).extension().is_none())
}
