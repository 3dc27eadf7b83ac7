//! What Linux has for itself: /proc, a switch for core dumps, files that change places, access lists of files.

use std::fs::File;
use std::os::unix::process::parent_id;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, XattrFlags, fsetxattr, getxattr, renameat_with};
use rustix::io::Errno;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// The command that sets the clock.
pub(crate) const CLOCK_SYNC: &str = "sudo timedatectl set-ntp true";

/// What has to be put right for a command that takes the place of this process: nothing, `execve` does.
#[derive(Debug)]
pub(crate) struct Dumps;

impl Dumps {
    /// Forbids core dumps, and with them debuggers and readers of `/proc/PID/mem` and `/proc/PID/environ` of the same
    /// user. Where a sandbox refuses that, work goes on without.
    pub(crate) fn forbid() -> Self {
        // Nobody could do anything about it: it is the second line of defence.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        Self
    }

    /// Gives a command that takes the place of this process what was found.
    #[expect(clippy::unused_self, reason = "other systems need what was found")]
    pub(crate) fn allow(&self) {}
}

/// What the parent process is called: by its program first, since a script bears its own name.
pub(crate) fn parents() -> Vec<String> {
    let parent = parent_id();
    let program = std::fs::read_link(format!("/proc/{parent}/exe"));
    let name = std::fs::read_to_string(format!("/proc/{parent}/comm"));
    let program = program.ok().map(|path| path.to_string_lossy().into_owned());
    let name = name.ok().map(|name| name.trim_end().to_owned());
    program.into_iter().chain(name).collect()
}

/// Lets two files change places, in one step.
///
/// # Errors
/// The system or the file system cannot do that.
pub(crate) fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Gives a new file the access list of an old one, which names users beside its owner and its group. Whether it has what
/// the old one had: without its list, the group's bits of the mode mean something else.
pub(super) fn keep_access_list(new: &File, old: &Path) -> bool {
    const LIST: &str = "system.posix_acl_access";
    // More than any list that a file system keeps.
    let mut list = vec![0; 65_536];
    match getxattr(old, LIST, &mut list) {
        Ok(length) => fsetxattr(new, LIST, &list[..length], XattrFlags::empty()).is_ok(),
        Err(error) => matches!(error, Errno::NODATA | Errno::NOTSUP | Errno::NOSYS),
    }
}
