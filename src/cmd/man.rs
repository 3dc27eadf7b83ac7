//! `stsx man`: the manual pages, generated from the command line's definition.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};

use crate::cli::{Cli, ManArgs};
use crate::cmd::{answer, is_terminal};
use crate::error::Failure;
use crate::platform;

mod page;

/// Runs the command.
///
/// # Errors
/// There is no such command, or the pages cannot be written.
pub(super) fn run(args: &ManArgs) -> Result<()> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    if let Some(place) = &args.install {
        return install(&command, place.clone());
    }
    let page = page::of(found(&command, &args.command)?)?;
    if is_terminal() && is_shown(&page) {
        return Ok(());
    }
    answer(&page)
}

/// The command of these words, without whose page there is nothing to show.
fn found<'a>(command: &'a Command, words: &[String]) -> Result<&'a Command> {
    let Some((word, further)) = words.split_first() else {
        return Ok(command);
    };
    let Some(below) = command.find_subcommand(word) else {
        let names: Vec<&str> = pages_below(command).map(Command::get_name).collect();
        let name = command.get_bin_name().unwrap_or("stsx");
        let what = format!("`{word}` is not a command of `{name}`");
        let mut failure = Failure::usage(what);
        if !names.is_empty() {
            failure = failure.hint(format!("its commands are {}", names.join(", ")));
        }
        return Err(failure.into());
    };
    found(below, further)
}

/// The commands below one that have a page.
fn pages_below(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|one| !one.is_hide_set())
}

/// Whether `man` has shown the page on this terminal. (Some know no `-l`, which ends them with 1: then the page itself is
/// the answer. What became of a pager is another status.)
fn is_shown(page: &str) -> bool {
    let viewer = Program::new("man")
        .args(["-l", "-"])
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut viewer) = viewer else { return false };
    if let Some(mut input) = viewer.stdin.take() {
        // A viewer that was left early does not read to the end.
        let _ = input.write_all(page.as_bytes());
    }
    viewer.wait().is_ok_and(|status| status.code() != Some(1))
}

/// Writes every page below the directory, each whole or not at all.
fn install(command: &Command, place: Option<PathBuf>) -> Result<()> {
    let place = match place {
        Some(place) => place,
        None => dirs::home_dir()
            .map(|home| home.join(".local/share/man/man1"))
            .ok_or_else(|| {
                Failure::usage("there is no home directory")
                    .hint("name one: stsx man --install DIRECTORY")
            })?,
    };
    let unwritten = || format!("cannot write the pages to {}", place.display());
    fs::create_dir_all(&place).with_context(unwritten)?;
    let count = write(command, &place).with_context(unwritten)?;
    answer(&format!("{count} pages in {}\n", place.display()))
}

fn write(command: &Command, place: &Path) -> Result<usize> {
    let mut file = platform::readable_file(place)?;
    file.write_all(page::of(command)?.as_bytes())?;
    file.persist(place.join(page::file_name(command)))?;
    let below: Result<Vec<usize>> = pages_below(command).map(|one| write(one, place)).collect();
    Ok(1 + below?.into_iter().sum::<usize>())
}
