//! macOS and the BSDs, where Linux has something of its own.

use std::fs::File;
use std::os::unix::process::parent_id;
use std::path::Path;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The command that sets the clock.
pub(crate) const CLOCK_SYNC: &str = if cfg!(target_vendor = "apple") {
    "sudo sntp -sS time.apple.com"
} else {
    "sudo service ntpdate onestart"
};

/// The limit of core dumps that was found.
#[derive(Debug)]
pub(crate) struct Dumps(Rlimit);

impl Dumps {
    /// Forbids core dumps. Where a sandbox refuses that, work goes on without.
    pub(crate) fn forbid() -> Self {
        let limit = getrlimit(Resource::Core);
        let none = Rlimit {
            current: Some(0),
            maximum: limit.maximum,
        };
        // Nobody could do anything about it: it is the second line of defence.
        let _ = setrlimit(Resource::Core, none);
        Self(limit)
    }

    /// Gives a command that takes the place of this process what was found.
    pub(crate) fn allow(&self) {
        // At worst the command has no core dumps.
        let _ = setrlimit(Resource::Core, self.0);
    }
}

/// What the parent process is called, as `ps` says: there is no /proc.
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

/// Lets two files change places, in one step.
///
/// # Errors
/// The system or the file system cannot do that.
pub(crate) fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    #[cfg(target_vendor = "apple")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
    }
    #[cfg(not(target_vendor = "apple"))]
    {
        let _ = (one, other);
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

/// The lists of these systems stand beside the mode and only add to it, so a file without them is closed enough.
pub(super) fn keep_access_list(_: &File, _: &Path) -> bool {
    true
}
