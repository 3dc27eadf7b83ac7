//! Linux, macOS and the BSDs.

use std::fs::{File, OpenOptions};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::output::shell::Shell;

#[cfg(not(target_os = "linux"))]
mod bsd;
pub(crate) mod files;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use bsd as system;
#[cfg(target_os = "linux")]
use linux as system;

pub(crate) use system::{CLOCK_SYNC, Dumps, exchange, parents};

/// What may stand behind the name of a program.
pub(crate) const PROGRAM_ENDINGS: &[&str] = &[""];

/// The terminal of the person, for reading and for writing: /dev/tty, wherever stdin and stdout lead.
///
/// # Errors
/// This process has no terminal.
pub(crate) fn open_terminal() -> std::io::Result<(File, File)> {
    let output = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    Ok((output.try_clone()?, output))
}

/// Columns of the terminal, if it is one and knows.
pub(crate) fn columns(stream: impl AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(size.ws_col.into()).filter(|columns| *columns > 0)
}

/// Whether a terminal that does not say what it is (`TERM`) can move its cursor: every one that can says so.
pub(crate) fn is_able_without_term() -> bool {
    false
}

/// Makes this process the command: exit status, signals and process id are the command's own. Returns only
/// if that cannot be.
pub(crate) fn run_instead(command: &mut Command) -> std::io::Error {
    command.exec()
}

/// Does something before a signal ends the process as it always does. This holds to the end of the process: taking
/// a handler away again would leave the signal without effect.
///
/// # Errors
/// The system gives no handler.
pub(crate) fn before_end_by_signal(mut act: impl FnMut() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    std::thread::Builder::new().spawn(move || {
        for signal in &mut signals {
            act();
            // It ends the process; should it not, the process goes on.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    })?;
    Ok(())
}

/// The shell where nothing else tells.
pub(crate) fn usual_shell() -> Shell {
    Shell::Sh
}

/// The name of this machine.
pub(crate) fn host() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// The words of a `credential_process` or an `mfa_process`, which are split as a shell would, and run without one; none if
/// its quotes are not balanced.
pub(crate) fn process_words(command: &str) -> Option<Vec<String>> {
    shlex::split(command)
}

/// A word of a `credential_process`, as shells and SDKs split it.
///
/// # Errors
/// No quotes can hold it.
pub(crate) fn process_word(word: &str) -> Result<String, &'static str> {
    match shlex::try_quote(word) {
        Ok(quoted) => Ok(quoted.into_owned()),
        Err(_) => Err("a word has a NUL in it"),
    }
}

/// The words as one line to copy, quoted where a shell needs it: bash, zsh, fish and their kin agree on this form.
pub(crate) fn command_line(words: &[&str]) -> String {
    let is_plain = |word: &str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
        !word.is_empty() && word.chars().all(is_letter)
    };
    let quoted = |word: &&str| {
        if is_plain(word) {
            (*word).to_owned()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The command that removes a file.
pub(crate) fn removal(path: &Path) -> String {
    command_line(&["rm", "--", &path.to_string_lossy()])
}

/// The command that changes a file by a script of sed and leaves the old text beside it (`.bak`).
pub(crate) fn edit_by_script(path: &str, script: &str) -> String {
    command_line(&["sed", "-i.bak", script, path])
}

/// The command that opens a file at a line for a person.
pub(crate) fn edit(path: &str, line: usize) -> String {
    command_line(&["vi", &format!("+{line}"), path])
}
