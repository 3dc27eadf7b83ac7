//! Files on Windows: who may do what with them is said by access lists, which the directory of a user closes to others
//! and everything in it inherits. So owners, modes and links are answered here as those of a closed file.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::Result;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Who this process acts as: there is one user.
pub(crate) fn user() -> u32 {
    0
}

/// Whose it is: the user's.
pub(crate) fn owner(_: &Metadata) -> u32 {
    0
}

/// Who may do what with it: nobody else.
pub(crate) fn mode(_: &Metadata) -> u32 {
    0o700
}

/// Under how many names it is known: the standard library cannot tell, so one.
pub(crate) fn links(_: &Metadata) -> u64 {
    1
}

/// Whether this process may change a file or a directory: only trying tells.
pub(crate) fn is_writable(_: &Path) -> bool {
    true
}

/// Opens a file to read it.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_own(path: &Path) -> Result<File> {
    File::open(path)
}

/// Opens a file to read it: a pipe has a name of its own here and is none of the files.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_unwaiting(path: &Path) -> Result<File> {
    File::open(path)
}

/// Opens a lock file, which is made when it is not there.
///
/// # Errors
/// The system refuses.
pub(crate) fn open_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// What is in a directory; nothing where it cannot be read.
pub(crate) fn list(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

/// Makes a directory, and those above it.
///
/// # Errors
/// The system refuses.
pub(crate) fn new_dir(dir: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).create(dir)
}

/// Closes a directory to others: it is.
///
/// # Errors
/// Never.
#[expect(clippy::unnecessary_wraps, reason = "other systems can refuse")]
pub(crate) fn close_to_others(_: &Path) -> Result<()> {
    Ok(())
}

/// A new file inherits the access list of the directory, as the one did whose place it takes, unless somebody gave that one
/// a list of its own.
///
/// # Errors
/// Never.
#[expect(clippy::unnecessary_wraps, reason = "other systems can refuse")]
pub(crate) fn keep_access(_: &File, _: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Keeps other processes that ask for it from writing in a directory, until the answer is dropped: by an empty file, since a
/// directory cannot be locked.
///
/// # Errors
/// The file system has no locks.
pub(crate) fn lock_directory(dir: &Path) -> Result<File> {
    let file = open_lock(&dir.join(".stsx-lock"))?;
    file.lock()?;
    Ok(file)
}

/// A file in this directory, to be given its name when it is whole.
///
/// # Errors
/// The directory takes none.
pub(crate) fn readable_file(directory: &Path) -> Result<NamedTempFile> {
    NamedTempFile::new_in(directory)
}
