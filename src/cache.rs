//! Session credentials on disk, one file per key, and the locks around getting them.
//!
//! `<cache dir>/stsx/` is 0700, its files 0600. A file appears whole or not at all; one that is
//! damaged, of another key, of another owner or open to others is a miss and gets replaced. Only
//! what STS gave out is stored, never the keys of a source. Locks are the system's: they die with
//! their holder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::aws::Identity;
use crate::credentials::{Credentials, Secret};
use crate::log::Log;
use crate::plan::{Key, hex};
use crate::time::Timestamp;

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
    /// Fresh: lives longer than the margin, which is never more than half of the session.
    pub(crate) fn is_fresh(&self, now: Timestamp, margin: Margin) -> bool {
        let whole = self
            .credentials
            .expires_at
            .map_or(0, |end| end.seconds_since(self.obtained_at));
        let needed = match margin {
            Margin::Usual(seconds) => seconds.min(whole / 2),
            Margin::AtLeast(seconds) => seconds,
        };
        self.credentials.outlives(now, needed.saturating_sub(1))
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
    version: u8,
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

const VERSION: u8 = 1;
/// More than any entry takes; a bigger file is not ours.
const MAX_BYTES: u64 = 1 << 20;

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
            version: VERSION,
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

    /// The identity behind an access key id, if it was ever asked for: it never changes.
    pub(crate) fn identity(&self, access_key_id: &str, endpoint: Option<&str>) -> Option<Identity> {
        let bytes = read_private(&self.identity_path(access_key_id, endpoint)).ok()??;
        serde_json::from_slice(&bytes).ok()
    }

    /// Remembers the identity behind an access key id.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub(crate) fn put_identity(
        &self,
        access_key_id: &str,
        endpoint: Option<&str>,
        identity: &Identity,
    ) -> Result<()> {
        let bytes = serde_json::to_vec(identity).context("identity")?;
        self.write(&self.identity_path(access_key_id, endpoint), &bytes)
    }

    /// Every readable entry with its file, soonest end first.
    pub(crate) fn entries(&self) -> Vec<(PathBuf, Entry)> {
        let mut entries: Vec<(PathBuf, Entry)> = self
            .files()
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .filter_map(|path| {
                let (_, entry) = read_entry(&path).ok()??;
                Some((path, entry))
            })
            .collect();
        entries.sort_by_key(|(_, entry)| entry.credentials.expires_at);
        entries
    }

    /// Removes everything that stsx keeps here: entries, identities, locks.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub(crate) fn clear(&self) -> Result<()> {
        for path in self.files() {
            remove(&path)?;
        }
        Ok(())
    }

    /// The file of a key's entry.
    pub(crate) fn path(&self, key: &Key) -> PathBuf {
        self.dir.join(format!("{}.json", key.hash))
    }

    fn identity_path(&self, access_key_id: &str, endpoint: Option<&str>) -> PathBuf {
        use sha2::{Digest, Sha256};
        let name = hex(&Sha256::digest(format!(
            "{access_key_id} {}",
            endpoint.unwrap_or_default()
        )));
        self.dir.join(format!("{name}.identity"))
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        fs::read_dir(&self.dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|file| file.path())
            .filter(|path| {
                path.extension().is_some_and(|extension| {
                    extension == "json" || extension == "identity" || extension == "lock"
                })
            })
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.make_dir()?;
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)
            .with_context(|| format!("cannot write to {}", self.dir.display()))?;
        file.write_all(bytes)
            .and_then(|()| file.as_file().sync_all())
            .with_context(|| format!("cannot write to {}", self.dir.display()))?;
        file.persist(path)
            .map(drop)
            .map_err(|error| error.error)
            .with_context(|| format!("cannot replace {}", path.display()))
    }

    /// Makes the directory, for its owner alone.
    fn make_dir(&self) -> Result<()> {
        make_private_dir(&self.dir).with_context(|| format!("cannot make {}", self.dir.display()))
    }

    /// Takes the lock of a key, waiting `timeout` at most while another process holds it. Where
    /// the directory allows no locks, work goes on without one.
    ///
    /// # Errors
    /// The wait is over; the holder's process id is named.
    pub(crate) fn lock(&self, key: &Key, timeout: Duration) -> Result<Option<Lock>> {
        let path = self.dir.join(format!("{}.lock", key.hash));
        let file = match self.make_dir().and_then(|()| open_lock(&path)) {
            Ok(file) => file,
            Err(error) => {
                self.log.step(|| format!("cache: no lock: {error:#}"));
                return Ok(None);
            }
        };
        let mut lock = Lock { file };
        let since = Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            match lock.file.try_lock() {
                Ok(()) => {
                    lock.sign();
                    return Ok(Some(lock));
                }
                Err(TryLockError::WouldBlock) if since.elapsed() >= timeout => {
                    bail!(
                        "{} still gets these credentials after {} s",
                        lock.holder(),
                        timeout.as_secs()
                    )
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(pause),
                Err(TryLockError::Error(error)) => {
                    self.log.step(|| format!("cache: no lock: {error}"));
                    return Ok(None);
                }
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

/// A held lock; released when dropped, or when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
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
    let Some(bytes) = read_private(path)? else {
        return Ok(None);
    };
    let stored: Stored<'_> = serde_json::from_slice(&bytes).map_err(|error| {
        // serde_json's message could quote the content.
        anyhow::anyhow!("damaged at line {} column {}", error.line(), error.column())
    })?;
    if stored.version != VERSION {
        bail!("written by another version of stsx");
    }
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

/// The content of a file that belongs to this user and to nobody else.
fn read_private(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match open_no_follow(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("cannot be read"),
    };
    let metadata = file.metadata().context("cannot be read")?;
    refuse_shared(&metadata)?;
    if metadata.len() > MAX_BYTES {
        bail!("too big");
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(
        usize::try_from(metadata.len()).unwrap_or(0) + 1,
    ));
    file.take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .context("cannot be read")?;
    Ok(Some(bytes))
}

#[cfg(unix)]
fn open_no_follow(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(unix)]
fn refuse_shared(metadata: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    if !metadata.is_file() {
        bail!("no ordinary file");
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        bail!("owned by another user");
    }
    if metadata.mode() & 0o077 != 0 {
        bail!("open to other users (mode {:o})", metadata.mode() & 0o777);
    }
    Ok(())
}

#[cfg(unix)]
fn make_private_dir(dir: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    let metadata = fs::symlink_metadata(dir)?;
    if !metadata.is_dir() || metadata.uid() != rustix::process::geteuid().as_raw() {
        bail!("it is no directory of this user");
    }
    if metadata.mode() & 0o077 != 0 {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(unix)]
fn open_lock(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}

// On Windows the profile directory of a user is closed to others by its access list.
#[cfg(not(unix))]
fn open_no_follow(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

#[cfg(not(unix))]
fn refuse_shared(metadata: &fs::Metadata) -> Result<()> {
    if !metadata.is_file() {
        bail!("no ordinary file");
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private_dir(dir: &Path) -> Result<()> {
    Ok(fs::create_dir_all(dir)?)
}

#[cfg(not(unix))]
fn open_lock(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}
