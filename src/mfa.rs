//! A code of an MFA device: given, from a command, asked on the terminal, or refused.
//!
//! A question goes to the terminal device, never to stdin or stdout: SDKs capture both. Without a
//! terminal the answer is immediate: which command a person must run first.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result};

use crate::cli;
use crate::error::{Failure, Kind, printable};
use crate::process;

/// Where a code comes from.
#[derive(Clone, Debug)]
pub(crate) enum Mfa {
    /// It was given with the command.
    Code(String),
    /// This command prints it.
    Command(String),
    /// A person at the terminal types it.
    Ask,
}

impl Mfa {
    /// Gets a code for the device `serial`, on the way to `target`; `first` is the command that a
    /// person has to run where there is no terminal.
    ///
    /// # Errors
    /// No terminal (exit status 3), or the command failed, or what came is no code.
    pub(crate) fn code(&self, serial: &str, target: &str, first: &str) -> Result<String> {
        if is_security_key(serial) {
            return Err(Failure::usage(format!("{serial} is a security key, which STS cannot use"))
                .hint("add a virtual MFA device (TOTP) to the user beside the key, and name that one in mfa_serial")
                .into());
        }
        match self {
            Self::Code(code) => Ok(code.clone()),
            Self::Command(command) => from_command(command),
            Self::Ask => ask(serial, target, first),
        }
    }
}

/// FIDO keys and passkeys: their ARN says `u2f`.
fn is_security_key(serial: &str) -> bool {
    serial
        .split(':')
        .nth(5)
        .is_some_and(|resource| resource.starts_with("u2f/"))
}

fn from_command(command: &str) -> Result<String> {
    let text = process::output("mfa_process", command, Kind::Failed, None)?;
    cli::mfa_code(text.lines().next().unwrap_or_default()).map_err(|reason| {
        let what = format!("mfa_process: the first line it printed is no code: {reason}");
        Failure::new(Kind::Failed, what).into()
    })
}

fn ask(serial: &str, target: &str, first: &str) -> Result<String> {
    let Ok((mut input, mut output)) = terminal() else {
        let what = format!(
            "{serial}: a code of the MFA device is needed, and there is no terminal to ask for it"
        );
        return Err(Failure::new(Kind::Person, what)
            .hint(format!("run `{first}` in a terminal first"))
            .into());
    };
    for _ in 0..3 {
        write!(
            output,
            "MFA code of {} for {}: ",
            printable(serial),
            printable(target)
        )
        .and_then(|()| output.flush())
        .context("terminal")?;
        let mut line = String::new();
        if input.read_line(&mut line).context("terminal")? == 0 {
            break;
        }
        match cli::mfa_code(&line) {
            Ok(code) => return Ok(code),
            Err(reason) => writeln!(output, "{reason}").context("terminal")?,
        }
    }
    Err(Failure::new(Kind::Person, format!("{serial}: no code was given")).into())
}

#[cfg(unix)]
fn terminal() -> std::io::Result<(BufReader<File>, File)> {
    let output = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    Ok((BufReader::new(output.try_clone()?), output))
}

#[cfg(not(unix))]
fn terminal() -> std::io::Result<(BufReader<File>, File)> {
    let input = OpenOptions::new().read(true).write(true).open("CONIN$")?;
    let output = OpenOptions::new().read(true).write(true).open("CONOUT$")?;
    Ok((BufReader::new(input), output))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_keys_are_recognised() {
        for (serial, is_key) in [
            ("arn:aws:iam::111122223333:u2f/user/james/key-ABC", true),
            ("arn:aws:iam::111122223333:mfa/u2f", false),
            ("arn:aws:iam::111122223333:mfa/james", false),
            ("GAHT12345678", false),
        ] {
            assert_eq!(is_security_key(serial), is_key, "{serial}");
        }
    }
}
