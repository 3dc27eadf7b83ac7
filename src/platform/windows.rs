//! Windows, with the standard library and crossterm.
//!
//! What cannot be had so is left to its user: the name of the shell to `--shell` and `STSX_SHELL`.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::Command;

use crate::output::shell::Shell;

pub(crate) mod files;

/// What may stand behind the name of a program.
pub(crate) const PROGRAM_ENDINGS: &[&str] = &["", ".exe", ".cmd"];
/// The command that sets the clock.
pub(crate) const CLOCK_SYNC: &str = "w32tm /resync";

/// Windows writes no dump of a process unasked.
#[derive(Debug)]
pub(crate) struct Dumps;

impl Dumps {
    /// Nothing has to be forbidden.
    pub(crate) fn forbid() -> Self {
        Self
    }

    /// Nothing was forbidden.
    #[expect(clippy::unused_self, reason = "other systems need what was found")]
    pub(crate) fn allow(&self) {}
}

/// The console of the person, for reading and for writing, wherever stdin and stdout lead.
///
/// # Errors
/// This process has no console.
pub(crate) fn open_terminal() -> std::io::Result<(File, File)> {
    let device = |name| OpenOptions::new().read(true).write(true).open(name);
    Ok((device("CONIN$")?, device("CONOUT$")?))
}

/// Columns of the console: there is one for all streams.
pub(crate) fn columns<S>(_: S) -> Option<usize> {
    let (columns, _) = crossterm::terminal::size().ok()?;
    Some(columns.into()).filter(|columns| *columns > 0)
}

/// Whether a terminal that does not say what it is (`TERM`) can move its cursor. Windows Terminal can; the older console
/// can from Windows 10 on, and is told to here.
pub(crate) fn is_able_without_term() -> bool {
    crossterm::ansi_support::supports_ansi()
}

/// Lets two files change places, in one step.
///
/// # Errors
/// Always: Windows cannot do that.
pub(crate) fn exchange(_one: &Path, _other: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Runs the command and ends with its exit status: a process cannot become another one here. Returns only if the command
/// cannot be started.
#[expect(
    clippy::disallowed_methods,
    reason = "the command's exit status is ours"
)]
pub(crate) fn run_instead(command: &mut Command) -> std::io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

/// There are no signals: Ctrl-C is a key where the console hands out keys, and a console that is closed needs nothing back.
///
/// # Errors
/// Never.
#[expect(clippy::unnecessary_wraps, reason = "other systems can refuse")]
pub(crate) fn before_end_by_signal(_: impl FnMut() + Send + 'static) -> std::io::Result<()> {
    Ok(())
}

/// What the parent process is called: nothing tells.
pub(crate) fn parents() -> Vec<String> {
    Vec::new()
}

/// The shell where nothing else tells. (Git Bash and MSYS2 set `SHELL`, which tells.)
pub(crate) fn usual_shell() -> Shell {
    Shell::Powershell
}

/// What stands for this machine: the directory of its user, since no two users of it share one.
pub(crate) fn host() -> String {
    let home = dirs::home_dir().unwrap_or_default();
    home.to_string_lossy().into_owned()
}

/// The words of a `credential_process` or an `mfa_process`, as programs split their command line here: a backslash is part
/// of a path, and a quote that is not closed goes on to the end.
#[expect(clippy::unnecessary_wraps, reason = "other systems can refuse")]
pub(crate) fn process_words(command: &str) -> Option<Vec<String>> {
    Some(winsplit::split(command.trim()))
}

/// A word of a `credential_process`: a backslash is none of the quotes.
///
/// # Errors
/// No quotes can hold it.
pub(crate) fn process_word(word: &str) -> Result<String, &'static str> {
    match word.contains([' ', '\t']) {
        _ if word.contains('"') => Err("a word has a quote in it"),
        true => Ok(format!("\"{word}\"")),
        false => Ok(word.to_owned()),
    }
}

/// The words as one line to copy, quoted where PowerShell and cmd need it. (No name of a file has a double quote in it.)
/// What PowerShell would look into between double quotes is between single ones, which cmd does not know.
pub(crate) fn command_line(words: &[&str]) -> String {
    let is_plain = |word: &str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || r"_.\:/+=-".contains(c);
        !word.is_empty() && word.chars().all(is_letter)
    };
    let quoted = |word: &&str| {
        if is_plain(word) {
            (*word).to_owned()
        } else if word.contains(['$', '`', '"']) {
            format!("'{}'", word.replace('\'', "''"))
        } else {
            format!("\"{word}\"")
        }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The command that removes a file: PowerShell and cmd both know it.
pub(crate) fn removal(path: &Path) -> String {
    command_line(&["del", &path.to_string_lossy()])
}

/// The command that lets a person change a file: there is no sed.
pub(crate) fn edit_by_script(path: &str, _script: &str) -> String {
    edit(path, 1)
}

/// The command that opens a file for a person.
pub(crate) fn edit(path: &str, _line: usize) -> String {
    command_line(&["notepad", path])
}
