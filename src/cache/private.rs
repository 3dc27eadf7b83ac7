//! Files that belong to this user and to nobody else.
//!
//! What differs between systems stands here: on Unix owner and mode are checked and symbolic links
//! refused; on Windows the directory of a user is closed to others by its access list.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use zeroize::Zeroizing;

/// More than any entry takes; a bigger file is not ours.
const MAX_BYTES: u64 = 1 << 20;

/// The content of a file that belongs to this user and to nobody else.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
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

/// What is in a directory; nothing where it cannot be read.
#[cfg(unix)]
pub(super) fn list(dir: &Path) -> Vec<PathBuf> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    // (The standard library's own reader panics where the system fails to close a directory.)
    let open = File::open(dir).ok();
    let files = open.and_then(|open| rustix::fs::Dir::new(open).ok());
    files
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| dir.join(OsStr::from_bytes(file.file_name().to_bytes())))
        .collect()
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

/// A hard link may lead to any file of this user.
#[cfg(unix)]
fn refuse_linked(metadata: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    if metadata.nlink() > 1 {
        bail!("it is a file elsewhere, too");
    }
    Ok(())
}

/// Makes a directory for its owner alone, and closes one that is open to others.
#[cfg(unix)]
pub(super) fn make_dir(dir: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    if !is_own_dir(dir) {
        bail!("it is no directory of this user");
    }
    if fs::symlink_metadata(dir)?.mode() & 0o077 != 0 {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Whether this is a directory of this user, and no link to one elsewhere.
#[cfg(unix)]
pub(super) fn is_own_dir(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(dir).is_ok_and(|metadata| {
        metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw()
    })
}

/// Opens a lock file, which is made when it is not there.
///
/// # Errors
/// What is there is no lock of this user: whoever holds one writes into it.
pub(super) fn open_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
        .open(path)
        .map_err(anyhow::Error::from)
        .and_then(|file| {
            let metadata = file.metadata()?;
            refuse_shared(&metadata)?;
            refuse_linked(&metadata)?;
            Ok(file)
        })
        .with_context(|| format!("cannot open {}", path.display()))
}

#[cfg(not(unix))]
pub(super) fn list(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

#[cfg(not(unix))]
pub(super) fn is_own_dir(dir: &Path) -> bool {
    dir.is_dir()
}

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
fn refuse_linked(_: &fs::Metadata) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make_dir(dir: &Path) -> Result<()> {
    Ok(fs::create_dir_all(dir)?)
}
