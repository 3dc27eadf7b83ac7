//! The shells of the lab: one that is typed into for the walk, one for a person.
//!
//! The walk's is one `sh` from its first command to its last, so `eval` changes what comes after
//! it as it does for a person. Nothing but `PATH`, `TERM` and `LANG` is inherited.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::home::Home;

/// No command of the walk takes nearly as long.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ends the output of a command; followed by its exit status.
const MARK: &str = "lab-command-ended-with";

/// A shell that is typed into.
#[derive(Debug)]
pub(crate) struct Shell {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Both streams, as a terminal shows them.
    pub(crate) lines: Vec<String>,
    pub(crate) status: i32,
    pub(crate) took: Duration,
}

impl Shell {
    /// Starts `sh` in the lab's world.
    pub(crate) fn start(home: &Home) -> Result<Self> {
        // A group of its own: it ends with all that it started.
        let mut process = command("sh", home)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        let input = process.stdin.take().context("sh has no input")?;
        let output = process.stdout.take().context("sh has no output")?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// Runs a command as typed.
    ///
    /// # Errors
    /// The shell ended, or the command does not.
    pub(crate) async fn run(&mut self, typed: &str) -> Result<Answer> {
        let text = format!("{{ {typed}\n}} </dev/null 2>&1; printf '\\n{MARK} %s\\n' \"$?\"\n");
        let start = Instant::now();
        self.input.write_all(text.as_bytes()).await?;
        self.input.flush().await?;
        let (mut lines, status) = timeout(PATIENCE, self.answer())
            .await
            .with_context(|| format!("it has not ended after {} s", PATIENCE.as_secs()))??;
        let took = start.elapsed();
        // The mark starts a line of its own, which is one too many after a whole line.
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        Ok(Answer {
            lines,
            status,
            took,
        })
    }

    async fn answer(&mut self) -> Result<(Vec<String>, i32)> {
        let mut lines = Vec::new();
        while let Some(line) = self.output.next_line().await? {
            match line.strip_prefix(MARK) {
                Some(status) => return Ok((lines, status.trim().parse()?)),
                None => lines.push(line),
            }
        }
        bail!("the shell ended before the command did")
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let group = self
            .process
            .id()
            .and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let Some(group) = group {
            // It may have ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A shell for the person at the terminal.
pub(crate) fn interactive(shell: &OsStr, home: &Home) -> Result<Child> {
    command(shell, home)
        .env("SHELL", shell)
        .spawn()
        .with_context(|| format!("cannot start {}", shell.display()))
}

/// Whether the AWS CLI on the `PATH` works in the lab: it is there and follows `AWS_ENDPOINT_URL`.
pub(crate) async fn aws_cli_works(home: &Home) -> bool {
    let output = command("aws", home)
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let Ok(Ok(output)) = timeout(PATIENCE, output).await else {
        return false;
    };
    output.status.success() && follows_endpoint(&String::from_utf8_lossy(&output.stdout))
}

/// `AWS_ENDPOINT_URL` came with 1.29.0 and 2.13.0 of the AWS CLI.
fn follows_endpoint(version: &str) -> bool {
    let number = version.strip_prefix("aws-cli/").unwrap_or_default();
    let mut parts = number.split(['.', ' ']).map_while(|part| part.parse().ok());
    match (parts.next(), parts.next()) {
        (Some(1), Some(minor)) => minor >= 29,
        (Some(2), Some(minor)) => minor >= 13,
        (Some(major), _) => major > 2u32,
        _ => false,
    }
}

fn command(program: impl AsRef<OsStr>, home: &Home) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .kill_on_drop(true);
    command
}
