//! Files that belong to this user and to nobody else: owner and mode are checked, symbolic links refused.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use zeroize::Zeroizing;

use crate::platform;

/// More than any entry takes; a bigger file is not ours.
const MAX_BYTES: u64 = 1 << 20;

/// The content of a file that belongs to this user and to nobody else.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match platform::open_own(path) {
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

/// Makes a directory for its owner alone, and closes one that is open to others.
pub(super) fn make_dir(dir: &Path) -> Result<()> {
    platform::new_dir(dir)?;
    if !is_own_dir(dir) {
        bail!("it is not a directory of this user");
    }
    if platform::mode(&fs::symlink_metadata(dir)?) & 0o077 != 0 {
        platform::close_to_others(dir)?;
    }
    Ok(())
}

/// Whether this is a directory of this user, and no link to one elsewhere.
pub(super) fn is_own_dir(dir: &Path) -> bool {
    fs::symlink_metadata(dir)
        .is_ok_and(|metadata| metadata.is_dir() && platform::owner(&metadata) == platform::user())
}

/// Opens a lock file, which is made when it is not there.
///
/// # Errors
/// What is there is no lock of this user: whoever holds one writes into it.
pub(super) fn open_lock(path: &Path) -> Result<File> {
    let open = || {
        let file = platform::open_lock(path)?;
        let metadata = file.metadata()?;
        refuse_shared(&metadata)?;
        // A hard link may lead to any file of this user.
        if platform::links(&metadata) > 1 {
            bail!("it is a file elsewhere, too");
        }
        Ok(file)
    };
    open().with_context(|| format!("cannot open {}", path.display()))
}

fn refuse_shared(metadata: &Metadata) -> Result<()> {
    if !metadata.is_file() {
        bail!("no ordinary file");
    }
    if platform::owner(metadata) != platform::user() {
        bail!("owned by another user");
    }
    let mode = platform::mode(metadata);
    if mode & 0o077 != 0 {
        bail!("open to other users (mode {mode:o})");
    }
    Ok(())
}
