//! Files on Unix: owners, modes, links, and directories that only their owner sees.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::Result;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags, access};
use tempfile::NamedTempFile;

use super::system;

/// Who this process acts as: the number of the user.
pub(crate) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whose it is: the number of the user.
pub(crate) fn owner(metadata: &Metadata) -> u32 {
    metadata.uid()
}

/// Who may do what with it: nine bits.
pub(crate) fn mode(metadata: &Metadata) -> u32 {
    metadata.mode() & 0o777
}

/// Under how many names it is known.
pub(crate) fn links(metadata: &Metadata) -> u64 {
    metadata.nlink()
}

/// Whether this process may change a file, or make and remove files in a directory.
pub(crate) fn is_writable(path: &Path) -> bool {
    access(path, Access::WRITE_OK).is_ok()
}

/// Opens a file to read it: no symbolic link, and what is a pipe is not waited for.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_own(path: &Path) -> Result<File> {
    opened(OpenOptions::new().read(true), OFlags::NOFOLLOW, path)
}

/// Opens a file to read it; what is a pipe is not waited for.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_unwaiting(path: &Path) -> Result<File> {
    opened(OpenOptions::new().read(true), OFlags::empty(), path)
}

/// Opens a lock file, no symbolic link, which is made for its owner alone when it is not there.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let flags = OFlags::NOFOLLOW | OFlags::NOCTTY;
    opened(options.mode(0o600), flags, path)
}

fn opened(options: &mut OpenOptions, flags: OFlags, path: &Path) -> Result<File> {
    let flags = flags | OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed()).open(path)
}

/// What is in a directory; nothing where it cannot be read.
pub(crate) fn list(dir: &Path) -> Vec<PathBuf> {
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

/// Makes a directory, and those above it, for its owner alone.
///
/// # Errors
/// The system refuses.
pub(crate) fn new_dir(dir: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Closes a directory to others.
///
/// # Errors
/// The system refuses.
pub(crate) fn close_to_others(dir: &Path) -> Result<()> {
    fs::set_permissions(dir, Permissions::from_mode(0o700))
}

/// Gives a new file what says who may use it, as the one has it whose place it takes: owner, group, mode and access list.
/// Where the group or the list cannot be kept, it is closed to all but its owner.
///
/// # Errors
/// It would belong to somebody else than before, or the system refuses.
pub(crate) fn keep_access(new: &File, old: &Path, metadata: &Metadata) -> Result<()> {
    let own = new.metadata()?;
    let (user, group) = (metadata.uid(), metadata.gid());
    if own.uid() != user {
        fchown(new, Some(user), None)?;
    }
    let has_group = own.gid() == group || fchown(new, None, Some(group)).is_ok();
    new.set_permissions(Permissions::from_mode(mode(metadata)))?;
    if !has_group || !system::keep_access_list(new, old) {
        new.set_permissions(Permissions::from_mode(mode(metadata) & 0o700))?;
    }
    Ok(())
}

/// Keeps other processes that ask for it from writing in a directory, until the answer is dropped.
///
/// # Errors
/// The system or the file system has no locks.
pub(crate) fn lock_directory(dir: &Path) -> Result<File> {
    let dir = File::open(dir)?;
    dir.lock()?;
    Ok(dir)
}

/// A file that all may read, as far as the umask lets them, in this directory; to be given its name when it is whole.
///
/// # Errors
/// The directory takes none.
pub(crate) fn readable_file(directory: &Path) -> Result<NamedTempFile> {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(directory)
}
