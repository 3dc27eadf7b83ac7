//! What other programs count: instructions (valgrind), system calls (strace), peak memory (GNU time). A tool that is
//! missing leaves its figures out, and is named.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

const VALGRIND: &str = "/usr/bin/valgrind";
const STRACE: &str = "/usr/bin/strace";
const TIME: &str = "/usr/bin/time";

/// Instructions of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Instructions {
    pub(crate) all: u64,
    /// Those of the dynamic loader, before `main`.
    pub(crate) loader: u64,
}

/// The tools, and where they may write.
#[derive(Debug)]
pub(crate) struct Tools {
    directory: PathBuf,
}

impl Tools {
    /// Tools that write into this directory.
    pub(crate) fn new(directory: &Path) -> Self {
        let directory = directory.to_owned();
        Self { directory }
    }

    /// The names of those that are missing, with what goes without them.
    pub(crate) fn missing() -> impl Iterator<Item = String> {
        let tools = [
            (VALGRIND, "instructions"),
            (STRACE, "system calls"),
            (TIME, "peak memory"),
        ];
        let gone = |(tool, _): &(&str, &str)| !Path::new(tool).exists();
        tools
            .into_iter()
            .filter(gone)
            .map(|(tool, what)| format!("{tool} ({what})"))
    }

    /// Instructions that a command takes.
    ///
    /// # Errors
    /// The command fails, or valgrind writes what is not understood.
    pub(crate) fn instructions(&self, command: &Command) -> Result<Option<Instructions>> {
        let out = self.directory.join("callgrind.out");
        let option = format!("--callgrind-out-file={}", out.display());
        let words = [
            "--quiet".as_ref(),
            "--tool=callgrind".as_ref(),
            OsStr::new(&option),
        ];
        if !run_under(VALGRIND, &words, command)? {
            return Ok(None);
        }
        Ok(Some(instructions(&fs::read_to_string(out)?)))
    }

    /// System calls that a command makes, all threads together.
    ///
    /// # Errors
    /// The command fails.
    pub(crate) fn system_calls(&self, command: &Command) -> Result<Option<usize>> {
        let out = self.directory.join("strace.out");
        let words = ["-f".as_ref(), "-o".as_ref(), out.as_os_str()];
        if !run_under(STRACE, &words, command)? {
            return Ok(None);
        }
        let text = fs::read_to_string(out)?;
        let is_call = |line: &&str| line.contains('(') && !line.contains(" resumed>");
        Ok(Some(text.lines().filter(is_call).count()))
    }

    /// The most memory that was resident at once, in KiB.
    ///
    /// # Errors
    /// The command fails, or `time` writes what is not understood.
    pub(crate) fn peak(&self, command: &Command) -> Result<Option<u64>> {
        let out = self.directory.join("time.out");
        let words = ["-f", "%M", "-o"].map(OsStr::new);
        let words = [&words[..], &[out.as_os_str()]].concat();
        if !run_under(TIME, &words, command)? {
            return Ok(None);
        }
        let text = fs::read_to_string(out)?;
        let peak = text.trim().parse().context("time says no number")?;
        Ok(Some(peak))
    }
}

/// Runs a command under a tool; `false` when there is no such tool.
fn run_under(tool: &str, words: &[&OsStr], command: &Command) -> Result<bool> {
    if !Path::new(tool).exists() {
        return Ok(false);
    }
    let environment = command
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let output = Command::new(tool)
        .args(words)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {tool}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("{tool}: {}: {}", output.status, words.trim());
    }
    Ok(true)
}

/// The costs in callgrind's own file, by object. A line after `calls=` is what the called function cost, which is
/// counted where it stands: <https://valgrind.org/docs/manual/cl-format.html>
fn instructions(text: &str) -> Instructions {
    let mut sum = Instructions::default();
    // A name is written once, where it comes first: here or as a callee's. From then on its number stands for it.
    let mut loader = "";
    let (mut is_loader, mut is_called) = (false, false);
    for line in text.lines() {
        let callee = line.strip_prefix("cob=");
        if let Some(object) = callee.or(line.strip_prefix("ob=")) {
            let number = object.split(' ').next().unwrap_or_default();
            if object.contains("/ld-") {
                loader = number;
            }
            if callee.is_none() {
                is_loader = number == loader;
            }
        } else if line.starts_with("calls=") {
            is_called = true;
        } else if line.starts_with(|char: char| char.is_ascii_digit() || "+-*".contains(char)) {
            let cost = line
                .split(' ')
                .nth(1)
                .and_then(|cost| cost.parse::<u64>().ok());
            if let Some(cost) = cost.filter(|_| !is_called) {
                sum.all += cost;
                sum.loader += if is_loader { cost } else { 0 };
            }
            is_called = false;
        }
    }
    sum
}
