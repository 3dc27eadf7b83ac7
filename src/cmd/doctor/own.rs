//! stsx itself: which one runs, and how its cache fares.

use std::collections::BTreeSet;
use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use super::finding::{Finding, Findings};
use super::fix;
use super::reading::real;
use crate::cache::Cache;
use crate::env::Env;
use crate::platform;

/// Whether a program can be found as a command would be: by its path, or on PATH.
pub(super) fn is_installed(program: &str) -> bool {
    if program.contains(['/', '\\']) {
        return is_program(Path::new(program));
    }
    let is_there = |dir: &PathBuf| {
        platform::PROGRAM_ENDINGS
            .iter()
            .any(|ending| is_program(&dir.join(format!("{program}{ending}"))))
    };
    Env::path().iter().any(is_there)
}

/// More than one stsx on PATH: which of them a tool runs depends on its PATH.
pub(super) fn twins(findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let twins: Vec<PathBuf> = Env::path()
        .iter()
        .map(|dir| dir.join(format!("stsx{EXE_SUFFIX}")))
        .filter(|path| is_program(path))
        .filter(|path| seen.insert(real(path)))
        .collect();
    if let [first, second, ..] = twins.as_slice() {
        let others: Vec<_> = twins.iter().map(|path| path.to_string_lossy()).collect();
        let finding = Finding::note(
            "two-stsx",
            format!("there are several stsx on PATH: {}", others.join(", ")),
        )
        .of(second)
        .why(format!(
            "a shell runs {}; a tool with another PATH may run another version",
            first.display()
        ))
        .fix(platform::removal(second));
        findings.add(finding);
    }
}

/// What is wrong with the cache. Nothing of it is ever used that is not sound.
pub(super) fn cache(cache: &Cache, findings: &mut Findings) {
    let dir = cache.dir();
    let Ok(metadata) = std::fs::metadata(dir) else {
        return;
    };
    if !metadata.is_dir() {
        let finding = Finding::problem("no-cache", "the cache directory is not a directory")
            .of(dir)
            .why("nothing can be cached, so every run asks AWS, and you for an MFA code")
            .fix(platform::removal(dir));
        findings.add(finding);
        return;
    }
    findings.extend(closed(dir));
    for (path, reason) in cache.unsound() {
        let finding = Finding::note(
            "unsound-entry",
            format!("an entry of the cache is not used: {reason}"),
        )
        .of(&path)
        .why("the next run gets new credentials and replaces the file")
        .fix(platform::removal(&path));
        findings.add(finding);
    }
}

/// A cache directory that others can look into, or that its owner cannot write to.
fn closed(dir: &Path) -> Option<Finding> {
    let mode = platform::mode(&std::fs::metadata(dir).ok()?);
    if !platform::is_writable(dir) {
        let finding = Finding::problem("no-cache", "the cache directory cannot be written to")
            .of(dir)
            .why("nothing can be cached, so every run asks AWS, and you for an MFA code")
            .fix(fix::chmod("700", dir));
        return Some(finding);
    }
    (mode & 0o077 != 0).then(|| {
        Finding::problem(
            "open-cache",
            format!("the cache directory is open to others (mode {mode:o})"),
        )
        .of(dir)
        .why("others see which roles are used, and may be able to remove entries")
        .fix(fix::chmod("700", dir))
    })
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && platform::mode(&file) & 0o111 != 0)
}
