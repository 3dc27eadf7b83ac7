//! Files on Unix: owners, modes, links, and directories that only their owner sees.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::Result;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags, access};
use tempfile::NamedTempFile;

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

/// Whether this process may make and remove files in a directory.
pub(crate) fn is_writable(dir: &Path) -> bool {
    access(dir, Access::WRITE_OK).is_ok()
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

/// Gives a new file the mode and the owner of the one whose place it takes. Who may not give the file away closes it
/// to the others: its group would not be theirs.
///
/// # Errors
/// The system refuses.
pub(crate) fn keep_owner(file: &File, old: &Metadata) -> Result<()> {
    let own = file.metadata()?;
    let is_same = own.uid() == old.uid() && own.gid() == old.gid();
    let is_kept = is_same || fchown(file, Some(old.uid()), Some(old.gid())).is_ok();
    let mask = if is_kept { 0o777 } else { 0o700 };
    file.set_permissions(Permissions::from_mode(old.mode() & mask))
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
