//! James's HOME: a temporary directory with his profile and the commands of the walk.
//!
//! What the user's own environment says about AWS is not part of the story: children get the
//! variables listed here and no others.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// The name under which the lab lists buckets, where no AWS CLI can.
pub(crate) const LISTER: &str = "list-buckets";

/// What the lab takes from the environment it was started in.
#[derive(Debug)]
pub(crate) struct Outside {
    path: OsString,
    language: Option<OsString>,
    terminal: Option<OsString>,
    pub(crate) cargo: OsString,
    /// Variables in which `cargo run` describes the lab's own package.
    pub(crate) package: Vec<OsString>,
    pub(crate) no_colour: bool,
    pub(crate) shell: OsString,
}

impl Outside {
    /// Reads it, once.
    #[expect(
        clippy::disallowed_methods,
        reason = "the lab's one place that reads the environment"
    )]
    pub(crate) fn read() -> Self {
        let value = |name| env::var_os(name).filter(|value| !value.is_empty());
        Self {
            path: value("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
            language: value("LANG"),
            terminal: value("TERM"),
            cargo: value("CARGO").unwrap_or_else(|| "cargo".into()),
            package: env::vars_os()
                .map(|(name, _)| name)
                .filter(|name| {
                    let name = name.to_string_lossy();
                    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
                })
                .collect(),
            no_colour: value("NO_COLOR").is_some(),
            shell: value("SHELL").unwrap_or_else(|| "/bin/sh".into()),
        }
    }
}

/// The temporary HOME; gone when dropped.
#[derive(Debug)]
pub(crate) struct Home {
    directory: TempDir,
    environment: Vec<(&'static str, OsString)>,
}

impl Home {
    /// An empty HOME whose `PATH` starts with the commands stsx and list-buckets.
    pub(crate) fn new(outside: &Outside, stsx: &Path, lab: &Path, endpoint: &str) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("stsx-lab-").tempdir()?;
        let home = directory.path();
        for folder in ["bin", "tmp", ".aws"] {
            fs::create_dir(home.join(folder))?;
        }
        symlink(stsx, home.join("bin/stsx"))?;
        symlink(lab, home.join("bin").join(LISTER))?;
        let paths = [home.join("bin")]
            .into_iter()
            .chain(env::split_paths(&outside.path));
        let path = env::join_paths(paths).context("PATH has odd names")?;
        let mut environment: Vec<(&str, OsString)> = vec![
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_ENDPOINT_URL", endpoint.into()),
            ("AWS_PAGER", "".into()),
            ("HOME", home.into()),
            ("PATH", path),
            ("TMPDIR", home.join("tmp").into()),
        ];
        let more = [("LANG", &outside.language), ("TERM", &outside.terminal)];
        for (name, value) in more {
            environment.extend(value.clone().map(|value| (name, value)));
        }
        Ok(Self {
            directory,
            environment,
        })
    }

    /// Appends to `~/.aws/config` or `~/.aws/credentials`.
    pub(crate) fn append(&self, name: &str, text: &str) -> Result<()> {
        let path: PathBuf = self.path().join(".aws").join(name);
        let mut options = fs::OpenOptions::new();
        let mut file = options.create(true).append(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// All that a child finds in its environment.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, OsString)> {
        self.environment.iter().cloned()
    }
}
