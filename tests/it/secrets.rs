//! Who can get at secrets, and at the person who uses them: nobody, by none of these ways. That no run shows one, leaves
//! one, or says what a terminal would obey is checked of every run of all tests (`support::leaks`).

mod children; // the programs that stsx starts
mod memory; // core dumps, debuggers, what was dropped
mod network; // no plain HTTP, no detours
mod others; // the files: other users, links, odd things in the way
mod terminal; // hostile texts, by every way to a screen

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;

use crate::support::{ACCOUNT, Home, on_ci};

/// The profile `prod` for the role `deploy`, with these lines more.
fn profile(lines: &str) -> String {
    format!(
        "[profile prod]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deploy\nsource_profile = default\n{lines}\n"
    )
}

/// James with the role `deploy`.
fn home() -> Home {
    Home::new().config(&profile("")).aws(|a| a.role("deploy"))
}

/// Whether these tests are root, who alone may do what some of them need. Others skip those, visibly.
#[track_caller]
pub(crate) fn are_root() -> bool {
    let are_root = fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0);
    assert!(are_root || !on_ci(), "these tests are for root");
    if !are_root {
        // Not `eprintln!`, which is captured: `tests/run` gathers these lines.
        let _ = writeln!(std::io::stderr(), "skipped: only root may do this");
    }
    are_root
}
