//! Windows, with what the standard library has on every system.
//!
//! What cannot be had so is left to its user: the width of the terminal to `COLUMNS`, the name of the shell to `--shell`
//! and `STSX_SHELL`. Directories of a user are closed to others by the access lists they inherit.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::Command;

use tempfile::NamedTempFile;

use crate::output::shell::Shell;

/// The console of the person, for reading and for writing, wherever stdin and stdout lead.
///
/// # Errors
/// This process has no console.
pub(crate) fn open_terminal() -> std::io::Result<(File, File)> {
    let device = |name| OpenOptions::new().read(true).write(true).open(name);
    Ok((device("CONIN$")?, device("CONOUT$")?))
}

/// Columns of the terminal: only `COLUMNS` can tell.
pub(crate) fn columns<S>(_: S) -> Option<usize> {
    None
}

/// Whether a terminal that does not say what it is can move its cursor. Windows Terminal can, the older console
/// only when it was told to: both are the same to a program, so `TERM` has to be set.
pub(crate) fn is_able_without_term() -> bool {
    false
}

/// A file in this directory, to be given its name when it is whole. Who may read it is what the directory says.
///
/// # Errors
/// The directory takes none.
pub(crate) fn readable_file(directory: &Path) -> std::io::Result<NamedTempFile> {
    NamedTempFile::new_in(directory)
}

/// Runs the command and ends with its exit status: a process cannot become another one here. Returns only if the command
/// cannot be started.
#[expect(
    clippy::disallowed_methods,
    reason = "the command's exit status is ours"
)]
pub(crate) fn run_instead(command: &mut Command) -> std::io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

/// What the parent process is called: nothing tells.
pub(crate) fn parents() -> Vec<String> {
    Vec::new()
}

/// The shell where nothing else tells. (Git Bash and MSYS2 set `SHELL`, which tells.)
pub(crate) fn usual_shell() -> Shell {
    Shell::Powershell
}

/// What stands for this machine: the directory of its user, since no two users of it share one.
pub(crate) fn host() -> String {
    dirs::home_dir()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_open() {
        assert_eq!(columns(std::io::stdout()), None);
        assert!(!is_able_without_term());
        assert!(parents().is_empty());
        assert_eq!(usual_shell(), Shell::Powershell);
        assert!(!host().is_empty());
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        // (The devices of a console have these names on Windows alone.)
        assert_eq!(open_terminal().is_ok(), cfg!(windows));
        let nowhere = Path::new("no such directory of stsx");
        assert!(readable_file(nowhere).is_err());
        let error = run_instead(&mut Command::new("no such command of stsx"));
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }
}
