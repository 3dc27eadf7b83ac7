//! The careful write of an AWS file: whole or not at all, and never over somebody else's change.
//!
//! A symbolic link is followed, not replaced. The new text is written beside the file, with its mode
//! and, where the system allows it, its owner; only if the file still is as it was read does the new
//! one take its place. The old file stays beside it as `NAME.bak-stsx`. What a killed writer has left goes at the next
//! write.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::env::{self, Env};
use crate::error::Failure;
use crate::platform;
use crate::profiles::parse::FileKind;
use crate::profiles::{self as files, Profiles};
use crate::time::Timestamp;

/// What is appended to the name of a file for that of its backup.
const BACKUP: &str = "bak-stsx";

/// How the name of a file begins and ends that is not whole yet.
const UNFINISHED: (&str, &str) = (".stsx-", ".tmp");

/// So many symbolic links in a row are followed, as by Linux.
const LONGEST: usize = 40;

/// One of the two files as it was read.
pub(crate) struct Stored {
    /// As the person knows it.
    pub(crate) path: PathBuf,
    /// What it says; nothing when it is not there.
    pub(crate) text: Zeroizing<String>,
    /// The file itself, behind symbolic links.
    real: PathBuf,
    /// Of the file, if it is there.
    metadata: Option<Metadata>,
}

impl Stored {
    /// Reads the file of a kind that counts in an environment.
    ///
    /// # Errors
    /// It cannot be read, is not an ordinary file, or is not UTF-8.
    pub(crate) fn read(env: &Env, kind: FileKind) -> Result<Self> {
        let path = match kind {
            FileKind::Config => files::location(env.value(env::CONFIG_FILE), "config"),
            FileKind::Credentials => {
                files::location(env.value(env::SHARED_CREDENTIALS_FILE), "credentials")
            }
        };
        let real = real(&path).with_context(|| cannot("read", &path))?;
        let metadata = match fs::metadata(&real) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).context(cannot("read", &path)),
        };
        if metadata.as_ref().is_some_and(|it| !it.is_file()) {
            let what = format!("{} is not an ordinary file", path.display());
            return Err(Failure::usage(what).into());
        }
        let bytes = match &metadata {
            Some(_) => Zeroizing::new(fs::read(&real).with_context(|| cannot("read", &path))?),
            None => Zeroizing::default(),
        };
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| not_utf8(&path, &bytes[..error.valid_up_to()]))?;
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            path,
            real,
            metadata,
        })
    }

    /// Whether others than its owner may read it.
    pub(crate) fn is_shared(&self) -> bool {
        let mode = self.metadata.as_ref().map(platform::mode);
        mode.is_some_and(|mode| mode & 0o077 != 0)
    }

    /// Whether it has another name, which would keep the old text.
    pub(crate) fn is_linked(&self) -> bool {
        let links = self.metadata.as_ref().map(platform::links);
        links.is_some_and(|links| links > 1)
    }

    /// Puts a new text in its place; the answer is the backup of the old file, if there was one.
    ///
    /// # Errors
    /// The file is write-protected, was changed since it was read, or cannot be written. Then nothing
    /// was changed.
    pub(crate) fn replace(&self, text: &str) -> Result<Option<PathBuf>> {
        self.refuse_protected()?;
        self.try_replace(text).map_err(|error| {
            if error.is::<Failure>() {
                error
            } else {
                error.context(cannot("write", &self.path))
            }
        })
    }

    fn try_replace(&self, text: &str) -> Result<Option<PathBuf>> {
        let dir = self.real.parent().context("it is in no directory")?;
        if self.metadata.is_none() {
            platform::new_dir(dir)?;
        }
        // Other runs of stsx wait here. Where there are no locks, what is looked at below has to do.
        let _lock = platform::lock_directory(dir).ok();
        sweep(dir);
        let new = self.beside(dir, text)?;
        if self.metadata.is_none() {
            self.refuse_changed()?;
            // Whoever made it meanwhile keeps it.
            new.persist_noclobber(&self.real)
                .map_err(|error| match error.error.kind() {
                    ErrorKind::AlreadyExists => self.changed().into(),
                    _ => anyhow::Error::from(error.error),
                })?;
            sync(dir);
            return Ok(None);
        }
        let old = self.beside(dir, &self.text)?;
        let mut backup = self.real.clone().into_os_string();
        backup.push(".");
        backup.push(BACKUP);
        self.refuse_changed()?;
        old.persist(&backup).map_err(|error| error.error)?;
        self.change_places(new)?;
        sync(dir);
        Ok(Some(backup.into()))
    }

    /// Puts the new file in the place of the old one, which is looked at once more behind its back: an editor may have
    /// written it in the last moment.
    fn change_places(&self, new: NamedTempFile) -> Result<()> {
        self.refuse_changed()?;
        // (What is left under this name at the end is removed.)
        self.swap(&new.into_temp_path())
    }

    fn swap(&self, new: &Path) -> Result<()> {
        match platform::exchange(new, &self.real) {
            // Not every file system can do that.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::InvalidInput | ErrorKind::Unsupported
                ) =>
            {
                return Ok(fs::rename(new, &self.real)?);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(self.changed().into()),
            done => done?,
        }
        if fs::read(new).map(Zeroizing::new)?.as_slice() == self.text.as_bytes() {
            return Ok(());
        }
        platform::exchange(new, &self.real)?;
        Err(self.changed().into())
    }

    /// A file in the same directory that nobody else may read, or with mode and owner of the old one.
    fn beside(&self, dir: &Path, text: &str) -> Result<NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix(UNFINISHED.0)
            .suffix(UNFINISHED.1)
            .tempfile_in(dir)?;
        file.write_all(text.as_bytes())?;
        if let Some(metadata) = &self.metadata {
            platform::keep_access(file.as_file(), &self.real, metadata)
                .context("its owner cannot be kept")?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    }

    /// Who took the write permission away meant it: renaming would not ask.
    fn refuse_protected(&self) -> Result<()> {
        match &self.metadata {
            Some(metadata)
                if metadata.permissions().readonly() || !platform::is_writable(&self.real) =>
            {
                let what = format!("{} is write-protected", self.path.display());
                Err(Failure::usage(what)
                    .hint("make it writable first (chmod u+w)")
                    .into())
            }
            _ => Ok(()),
        }
    }

    fn refuse_changed(&self) -> Result<()> {
        let now = match fs::read(&self.real) {
            Ok(bytes) => Some(Zeroizing::new(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let then = self.metadata.as_ref().map(|_| self.text.as_bytes());
        if now.as_ref().map(|bytes| bytes.as_slice()) == then && real(&self.path)? == self.real {
            return Ok(());
        }
        Err(self.changed().into())
    }

    fn changed(&self) -> Failure {
        let path = self.path.display();
        Failure::usage(format!(
            "{path} was changed by somebody else meanwhile; nothing was written"
        ))
        .hint("run the command again")
    }
}

impl Profiles {
    /// What the two files would say if one of them had another text.
    pub(crate) fn with_text(mut self, kind: FileKind, text: &str) -> Self {
        let place = usize::from(kind == FileKind::Credentials);
        self.files.retain(|file| file.kind != kind);
        // The credentials file comes last: it wins.
        let file = files::File {
            path: self.paths[place].as_path().into(),
            text: text.to_owned(),
            kind,
        };
        self.files.insert(place.min(self.files.len()), file);
        self
    }
}

/// A file that is not UTF-8 behind its first bytes.
pub(super) fn not_utf8(path: &Path, valid: &[u8]) -> Failure {
    let line = memchr::memchr_iter(b'\n', valid).count() + 1;
    Failure::usage(format!(
        "{}:{line}: the file is not UTF-8 here",
        path.display()
    ))
}

fn cannot(verb: &str, path: &Path) -> Failure {
    Failure::usage(format!("cannot {verb} {}", path.display()))
}

/// The path behind symbolic links; its last part need not be there.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..LONGEST {
        match dunce::canonicalize(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
        match (fs::read_link(&path), path.parent()) {
            (Ok(target), Some(dir)) => path = dir.join(target),
            _ => return Ok(path),
        }
    }
    Err(std::io::Error::other("too many symbolic links"))
}

/// Whether a file has the name of a change that is being written.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (start, end) = UNFINISHED;
    name.starts_with(start) && name.ends_with(end)
}

/// Whether such a file was left: who writes one is done with it in a moment, so after an hour.
pub(crate) fn is_left(metadata: &Metadata) -> bool {
    const HOUR: i64 = 3_600;
    let written = Timestamp::of_writing(metadata);
    written.is_some_and(|written| Timestamp::now().seconds_since(written) > HOUR)
}

/// Removes what a writer of this user that was killed has left in a directory, after an hour. What cannot be removed stays:
/// that is no reason not to write.
fn sweep(dir: &Path) {
    let is_ours = |path: &Path| {
        let is_named = is_unfinished(path);
        let metadata = is_named.then(|| fs::symlink_metadata(path).ok()).flatten();
        metadata.is_some_and(|it| {
            it.is_file() && platform::owner(&it) == platform::user() && is_left(&it)
        })
    };
    for path in platform::list(dir) {
        if is_ours(&path) {
            let _ = fs::remove_file(path);
        }
    }
}

/// The renaming outlives a power failure. Not every system can do that, and nothing is lost without.
fn sync(dir: &Path) {
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_in_the_last_moment_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (real, new) = (dir.path().join("config"), dir.path().join("new"));
        fs::write(&real, "ours").unwrap();
        let stored = Stored {
            path: real.clone(),
            text: Zeroizing::new("ours".to_owned()),
            metadata: Some(fs::metadata(&real).unwrap()),
            real: real.clone(),
        };
        for (there, said, left) in [
            ("theirs", Some("was changed by somebody else"), "theirs"),
            ("ours", None, "new"),
        ] {
            fs::write(&real, there).unwrap();
            fs::write(&new, "new").unwrap();
            let error = stored.swap(&new).err().map(|error| error.to_string());
            assert_eq!(error.is_some(), said.is_some(), "{error:?}");
            assert!(error.unwrap_or_default().contains(said.unwrap_or_default()));
            assert_eq!(fs::read_to_string(&real).unwrap(), left);
        }
    }
}
