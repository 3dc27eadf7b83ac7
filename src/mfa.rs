//! A code of an MFA device: given, from a command, asked on the terminal, or refused.
//!
//! A question goes to the terminal device, never to stdin or stdout: SDKs capture both. Without a
//! terminal the answer is immediate: which command a person must run first. A code that STS took
//! already is not sent again.

use std::io::{BufRead, Write};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cache::Spent;
use crate::cli;
use crate::credentials::Secret;
use crate::error::{Failure, Kind, printable};
use crate::log::Log;
use crate::process;
use crate::terminal;
use crate::time::Timestamp;

/// Where a code comes from.
#[derive(Clone, Debug)]
pub(crate) enum Mfa {
    /// It was given with the command.
    Code(Secret),
    /// This command prints it.
    Command(Secret),
    /// A person at the terminal types it.
    Ask,
}

/// What a code is wanted for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) serial: &'a str,
    pub(crate) target: &'a str,
    /// The command that a person has to run where there is no terminal.
    pub(crate) first: &'a str,
    /// The code of this device that STS took last.
    pub(crate) spent: Option<&'a Spent>,
    /// What waits for this very run: profiles and devices whose command it is.
    pub(crate) running: Option<&'a str>,
    /// STS did not take the code before.
    pub(crate) is_again: bool,
    pub(crate) log: Log,
}

impl Mfa {
    /// Gets a code.
    ///
    /// # Errors
    /// No terminal (exit status 3), or the command failed, or what came is no code, or one that was
    /// used already.
    pub(crate) fn code(&self, question: &Question<'_>) -> Result<Secret> {
        let serial = question.serial;
        if is_security_key(serial) {
            return Err(Failure::usage(format!("{serial} is a security key, which STS cannot use"))
                .hint("add a virtual MFA device (TOTP) to the user, and name it in mfa_serial; or sign in with `aws login`")
                .into());
        }
        match self {
            Self::Code(code) => match question.reuse(code) {
                None => Ok(code.clone()),
                Some(words) => Err(Failure::usage(words)
                    .hint("wait for the next code of the device")
                    .into()),
            },
            Self::Command(command) => question.run(command),
            Self::Ask => question.ask(),
        }
    }

    /// Whether another code can be had when STS does not take one.
    pub(crate) fn can_repeat(&self) -> bool {
        matches!(self, Self::Ask)
    }
}

/// Refuses to get a code for the very command that is to print it.
///
/// # Errors
/// This run was started by the `mfa_process` of the device.
pub(crate) fn refuse_recursion(serial: &str, running: Option<&str>) -> Result<()> {
    if !process::is_running(serial, running) {
        return Ok(());
    }
    let what = format!("the mfa_process for {serial} needs a code of that device itself");
    Err(Failure::usage(what)
        .hint("let it use credentials that need no code")
        .into())
}

/// FIDO keys and passkeys: their ARN says `u2f`.
pub(crate) fn is_security_key(serial: &str) -> bool {
    serial
        .split(':')
        .nth(5)
        .is_some_and(|resource| resource.starts_with("u2f/"))
}

impl Question<'_> {
    /// Why this code cannot be used, when STS took it already.
    fn reuse(&self, code: &Secret) -> Option<String> {
        let is_this = |spent: &&Spent| spent.is(self.serial, code.expose());
        let spent = self.spent.filter(is_this)?;
        let next = match spent.left(Timestamp::now()) {
            Some(seconds) => format!("the next one shows in {seconds} s"),
            None => "the device shows another one by now".to_owned(),
        };
        Some(format!(
            "this MFA code was used already, and each works once; {next}"
        ))
    }

    /// A command may be too quick for its device: then the next window is waited for.
    fn run(&self, command: &Secret) -> Result<Secret> {
        let running = process::joined(self.running, self.serial);
        let code = printed_code(command, &running)?;
        let Some(words) = self.reuse(&code) else {
            return Ok(code);
        };
        let left = self.spent.and_then(|spent| spent.left(Timestamp::now()));
        let seconds = left.unwrap_or(1);
        self.log
            .warn(&format!("waiting {seconds} s for the next MFA code"));
        std::thread::sleep(Duration::from_secs(seconds.unsigned_abs()));
        let code = printed_code(command, &running)?;
        match self.reuse(&code) {
            None => Ok(code),
            Some(_) => Err(Failure::new(Kind::Failed, format!("mfa_process: {words}")).into()),
        }
    }

    fn ask(&self) -> Result<Secret> {
        let serial = self.serial;
        let Ok((mut input, mut output)) = terminal::open() else {
            let what =
                format!("{serial}: an MFA code is needed, and there is no terminal to ask for it");
            return Err(Failure::new(Kind::Person, what)
                .hint(format!("run `{}` in a terminal first", self.first))
                .into());
        };
        let mut tell = |words: &str| {
            write!(output, "{words}")
                .and_then(|()| output.flush())
                .context("terminal")
        };
        if self.is_again {
            tell("AWS did not accept this code.\n")?;
        }
        let (device, target) = (printable(serial), printable(self.target));
        for _ in 0..3 {
            let left = self.spent.and_then(|spent| spent.left(Timestamp::now()));
            let wait = left.map(|left| format!(" (a new one shows in {left} s)"));
            tell(&format!(
                "MFA code of {device} for {target}{}: ",
                wait.unwrap_or_default()
            ))?;
            let mut line = String::new();
            if input.read_line(&mut line).context("terminal")? == 0 {
                break;
            }
            match cli::mfa_code(&line) {
                Err(reason) => tell(&format!("{reason}\n"))?,
                Ok(code) => match self.reuse(&code) {
                    None => return Ok(code),
                    Some(reason) => tell(&format!("{reason}\n"))?,
                },
            }
        }
        Err(Failure::new(Kind::Person, format!("{serial}: no code was given")).into())
    }
}

fn printed_code(command: &Secret, running: &str) -> Result<Secret> {
    let text = process::output("mfa_process", command, Kind::Failed, running)?;
    cli::mfa_code(text.lines().next().unwrap_or_default()).map_err(|reason| {
        let what = format!("mfa_process: the first line it printed is not a code: {reason}");
        Failure::new(Kind::Failed, what).into()
    })
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
