//! Linux, macOS and the BSDs.

use std::fs::{File, OpenOptions, Permissions};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::Path;
use std::process::Command;

use tempfile::NamedTempFile;

use crate::output::shell::Shell;

/// The terminal of the person, for reading and for writing: /dev/tty, wherever stdin and stdout lead.
///
/// # Errors
/// This process has no terminal.
pub(crate) fn open_terminal() -> std::io::Result<(File, File)> {
    let output = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    Ok((output.try_clone()?, output))
}

/// Columns of the terminal, if it is one and knows.
pub(crate) fn columns(stream: impl AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(size.ws_col.into()).filter(|columns| *columns > 0)
}

/// Whether a terminal that does not say what it is (`TERM`) can move its cursor: every one that can says so.
pub(crate) fn is_able_without_term() -> bool {
    false
}

/// A file that all may read, as far as the umask lets them, in this directory; to be given its name when it is whole.
///
/// # Errors
/// The directory takes none.
pub(crate) fn readable_file(directory: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(directory)
}

/// Makes this process the command: exit status, signals and process id are the command's own. Returns only
/// if that cannot be.
pub(crate) fn run_instead(command: &mut Command) -> std::io::Error {
    command.exec()
}

/// What the parent process is called: by its program first, since a script bears its own name.
#[cfg(target_os = "linux")]
pub(crate) fn parents() -> Vec<String> {
    let parent = parent_id();
    let program = std::fs::read_link(format!("/proc/{parent}/exe"));
    let name = std::fs::read_to_string(format!("/proc/{parent}/comm"));
    let program = program.ok().map(|path| path.to_string_lossy().into_owned());
    let name = name.ok().map(|name| name.trim_end().to_owned());
    program.into_iter().chain(name).collect()
}

/// What the parent process is called, as `ps` says: macOS and the BSDs have no /proc.
#[cfg(not(target_os = "linux"))]
pub(crate) fn parents() -> Vec<String> {
    let output = Command::new("ps")
        .args(["-o", "comm=", "-p", &parent_id().to_string()])
        .output();
    let name = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let name = name.map(|name| name.trim().to_owned());
    name.into_iter().collect()
}

/// The shell where nothing else tells.
pub(crate) fn usual_shell() -> Shell {
    Shell::Sh
}

/// The name of this machine.
pub(crate) fn host() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}
