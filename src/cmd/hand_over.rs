//! Credentials handed over to the shell that evaluates the answer, or as a document.
//!
//! Fails closed: when a shell evaluates the answer and there is none, it gets a statement that
//! fails, so that `eval $(stsx assume x) && deploy` stops.

use std::io::Write;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cli::{Document, OutputOptions};
use crate::cmd::{Ready, World, is_terminal, value_of};
use crate::env::{self, Env};
use crate::error::{Failure, printable};
use crate::output::shell::Shell;
use crate::output::{self, Format};
use crate::platform;
use crate::settings::{Origin, Settings};

/// The commands whose answer a shell evaluates.
const EVALUATED: [&str; 5] = ["assume", "federate", "saml", "session", "unset"];

/// Obtains the credentials of what `ready` makes, and writes them. `asked` is what a person calls
/// them; none: as the plan does.
///
/// # Errors
/// As obtaining and writing credentials.
pub(super) fn run(
    asked: Option<&str>,
    output: &OutputOptions,
    world: &World<'_>,
    ready: impl Fn() -> Result<Ready>,
) -> Result<()> {
    let chosen = choice(output, world);
    let result = match &chosen {
        Ok(None) => Err(refuse_terminal(asked, world, ready)),
        Ok(Some(format)) => ready().and_then(|ready| write(&ready, world, *format)),
        Err(_) => Ok(()),
    };
    let shell = match &chosen {
        Ok(Some(Format::Shell(shell))) => Some(*shell),
        Ok(_) => None,
        Err(_) => Some(detect(world.env)),
    };
    let result = chosen.and(result);
    if result.is_err()
        && let Some(shell) = shell
    {
        fail_closed(shell);
    }
    result
}

fn write(ready: &Ready, world: &World<'_>, format: Format) -> Result<()> {
    let credentials = ready.credentials()?;
    if let (Format::Shell(_), None, Some(keys)) =
        (format, world.env.mark(), output::overwritten(world.env))
    {
        world.log.warn(&format!(
            "this replaces the keys {keys} in the environment, which `stsx unset` cannot bring back"
        ));
    }
    let mut answer = Vec::new();
    output::write(format, &credentials, &ready.plan, world.env, &mut answer)?;
    let answer = zeroize::Zeroizing::new(answer);
    let mut out = std::io::stdout().lock();
    out.write_all(&answer)
        .and_then(|()| out.flush())
        .context(output::UNWRITTEN)
}

/// What to write: flags, then STSX_*, then the settings file, then the shell that runs us. None:
/// nothing was chosen and stdout is a terminal.
fn choice(output: &OutputOptions, world: &World<'_>) -> Result<Option<Format>> {
    if let Some(shell) = output.shell {
        return Ok(Some(Format::Shell(shell)));
    }
    if let Some(document) = output.format {
        return Ok(Some(document.into()));
    }
    let settings = Settings::of_output(world.env)?;
    if is_terminal() {
        return Ok(None);
    }
    let is_weak = |origin: &Origin| matches!(origin, Origin::File(..));
    // A shell that a variable names is stronger than a format of the settings file.
    let shell_wins = (settings.shell.as_ref()).is_some_and(|shell| !is_weak(&shell.origin))
        && (settings.format.as_ref()).is_none_or(|format| is_weak(&format.origin));
    match (settings.format, settings.shell) {
        (Some(format), _) if !shell_wins => Ok(Some(format.value.into())),
        (_, Some(shell)) => Ok(Some(Format::Shell(shell.value))),
        (_, None) => Ok(Some(Format::Shell(detect(world.env)))),
    }
}

impl From<Document> for Format {
    fn from(document: Document) -> Self {
        match document {
            Document::Json => Self::Json,
            Document::Env => Self::Env,
            Document::Ini => Self::Ini,
            Document::Process => Self::Process,
        }
    }
}

/// On a terminal nothing secret is printed: who it would be is said, and the line to type.
fn refuse_terminal(
    asked: Option<&str>,
    world: &World<'_>,
    ready: impl Fn() -> Result<Ready>,
) -> anyhow::Error {
    let ready = match ready() {
        Ok(ready) => ready,
        Err(error) => return error,
    };
    let identity = match ready.plan.hops.last() {
        Some(hop) => hop.spoken(),
        None => ready.plan.source.spoken(),
    };
    let typed = world.typed();
    let mut words: Vec<&str> = typed.iter().map(String::as_str).collect();
    let command = words.iter().position(|word| *word == "assume");
    if let (None, Some(place)) = (asked, command) {
        words.insert(place + 1, &ready.plan.target);
    }
    let mut hint = format!("type {}", detect(world.env).eval_line(&words));
    if let Some(command) = words.iter_mut().skip(1).find(|word| **word == "assume") {
        *command = "exec";
        words.extend(["--", "COMMAND"]);
        let line = platform::command_line(&words);
        hint = format!("{hint}, or `{line}`");
    }
    let asked = printable(asked.unwrap_or(&ready.plan.target));
    Failure::usage(format!(
        "`{asked}` would be {identity}, but stdout is a terminal, where its secrets would be shown"
    ))
    .hint(format!("{hint}; --format json prints anyway"))
    .into()
}

/// The shell that evaluates the answer: the one that is named, the parent process, $SHELL, else the
/// usual one of the system.
pub(super) fn detect(env: &Env) -> Shell {
    let named = || Shell::from_str(env.value(env::STSX_SHELL)?, true).ok();
    let parent = || {
        platform::parents()
            .iter()
            .find_map(|name| Shell::from_program(name))
    };
    named()
        .or_else(parent)
        .or_else(|| env.value("SHELL").and_then(Shell::from_program))
        .unwrap_or_else(platform::usual_shell)
}

/// Gives the evaluating shell a statement that fails.
pub(super) fn fail_closed(shell: Shell) {
    if !is_terminal() {
        // With stdout closed there is nothing to evaluate either.
        let _ = std::io::stdout().write_all(shell.failure().as_bytes());
    }
}

/// Whether a shell evaluates the answer, by the words of its own: `--shell` says so.
pub(super) fn is_evaluated(words: &[&str]) -> bool {
    let command = command(words);
    command.is_some_and(|command| EVALUATED.contains(&command))
        && value_of(words, "--shell").is_some()
}

/// The name of the command in words that may not parse.
fn command<'a>(words: &[&'a str]) -> Option<&'a str> {
    let is_value = |index: usize| words.get(index.wrapping_sub(1)) == Some(&"--error-format");
    words
        .iter()
        .enumerate()
        .skip(1)
        .find(|(index, word)| !word.starts_with('-') && !is_value(*index))
        .map(|(_, word)| *word)
}

/// The same for a command line that could not be parsed.
pub(super) fn fail_closed_early(words: &[&str], env: &Env) {
    let wants_document =
        value_of(words, "--format").is_some_and(|word| Document::from_str(word, true).is_ok());
    let named = value_of(words, "--shell");
    if !command(words).is_some_and(|command| EVALUATED.contains(&command))
        || (wants_document && named.is_none())
    {
        return;
    }
    let shell = named
        .and_then(|name| Shell::from_str(name, true).ok())
        .unwrap_or_else(|| detect(env));
    fail_closed(shell);
}
