//! Where the stsx of this build is, built first if it is missing or older than its source.
//!
//! Cargo does not build the binary for an example. It stands beside the example's own folder:
//! target/debug/examples/lab, target/debug/stsx.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::home::Outside;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The path of the binary.
///
/// # Errors
/// It is not there and cannot be built.
pub(crate) fn stsx(lab: &Path, outside: &Outside) -> Result<PathBuf> {
    let profile = lab
        .parent()
        .and_then(Path::parent)
        .context("the lab is not in a target directory")?;
    let binary = profile.join(format!("stsx{}", std::env::consts::EXE_SUFFIX));
    if !is_fresh(&binary) {
        build(profile, outside)?;
    }
    if !binary.is_file() {
        bail!("{} is missing: run `cargo build` first", binary.display());
    }
    Ok(binary)
}

/// With the example in one command, so that dependencies get the features of its build and are
/// not compiled once more.
fn build(profile: &Path, outside: &Outside) -> Result<()> {
    let name = profile.file_name().and_then(OsStr::to_str);
    let mut command = Command::new(&outside.cargo);
    // Some build scripts watch these; the next `cargo run` would build all again.
    for variable in &outside.package {
        command.env_remove(variable);
    }
    command
        .args([
            "build",
            "--locked",
            "--quiet",
            "--bin",
            "stsx",
            "--example",
            "lab",
        ])
        .arg("--manifest-path")
        .arg(Path::new(ROOT).join("Cargo.toml"));
    match name {
        Some("debug") => {}
        Some(name) => {
            command.args(["--profile", name]);
        }
        None => bail!("{} has no name", profile.display()),
    }
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", outside.cargo.display()))?;
    if !status.success() {
        bail!("stsx could not be built");
    }
    Ok(())
}

fn is_fresh(binary: &Path) -> bool {
    let Some(built) = modified(binary) else {
        return false;
    };
    let root = Path::new(ROOT);
    let settings = ["Cargo.toml", "Cargo.lock"].map(|name| modified(&root.join(name)));
    let newest = settings
        .into_iter()
        .flatten()
        .chain(newest(&root.join("src")))
        .max();
    newest.is_none_or(|source| source <= built)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// When the newest file below a folder was written.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                newest(&path)
            } else {
                modified(&path)
            }
        })
        .max()
}
