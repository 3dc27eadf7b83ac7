//! The programs of this repository that are measured: stsx as `cargo install` makes it, and the bare floor.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Where they are.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) stsx: PathBuf,
    pub(crate) bare: PathBuf,
    pub(crate) is_release: bool,
}

impl Programs {
    /// target/PROFILE/stsx and target/PROFILE/examples/bare. A release is built first, unless `is_built` says that it
    /// is there.
    ///
    /// # Errors
    /// They are not there, or cannot be built.
    pub(crate) fn find(is_built: bool) -> Result<Self> {
        // Cargo has put a stsx there for this program: not as users get it, but in the right place.
        let stsx = PathBuf::from(env!("CARGO_BIN_EXE_stsx"));
        let profile = stsx.parent().context("a program is in a directory")?;
        let programs = Self {
            bare: profile.join("examples/bare"),
            is_release: profile.ends_with("release"),
            stsx,
        };
        if !is_built && programs.is_release {
            // Two commands: together, stsx would get the features that only tests want.
            build(&["--bin", "stsx"])?;
            build(&["--example", "bare"])?;
        }
        for program in [&programs.stsx, &programs.bare] {
            if !program.is_file() {
                bail!("{} is missing: build it first", program.display());
            }
        }
        Ok(programs)
    }
}

fn build(what: &[&str]) -> Result<()> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    // Some build scripts watch what `cargo run` says of the package; the next run would build all again.
    #[expect(
        clippy::disallowed_methods,
        reason = "these names are taken away, not read"
    )]
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.args(["build", "--release", "--locked", "--quiet"]);
    command.args(what).arg("--manifest-path").arg(manifest);
    let status = command.status().context("cannot run cargo")?;
    if !status.success() {
        bail!("cargo cannot build {}", what.join(" "));
    }
    Ok(())
}
