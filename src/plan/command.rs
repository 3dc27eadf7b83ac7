//! What a profile's command runs, as far as that may be shown: the program's name, and what it asks stsx for when it is
//! stsx. Its other words may hold secrets.

use std::path::Path;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::credentials::Secret;
use crate::plan::Source;
use crate::platform;
use crate::profiles;

/// What a command asks stsx for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) target: String,
    /// The profile that it says to start from.
    pub(crate) start: Option<String>,
    /// Whether what it prints are the credentials of the target: `exec` hands them to another program.
    pub(crate) is_answer: bool,
}

/// The name of the program, without its place. Whoever wrote `PASSWORD=… tool` expected a shell; the password is not
/// for the screen.
pub(crate) fn program(command: &str) -> Option<String> {
    let words = platform::process_words(command)?;
    let name = words.first()?.split('=').next()?;
    let file = Path::new(name).file_name()?;
    file.to_str().map(str::to_owned)
}

/// What a command asks stsx for, if it calls stsx for a target.
pub(super) fn asked(command: &Secret) -> Option<Asked> {
    let words = platform::process_words(command.expose())?;
    if Path::new(words.first()?).file_stem()? != "stsx" {
        return None;
    }
    let (target, options, is_answer) = match Cli::try_parse_from(words).ok()?.command {
        Command::CredentialProcess(role) => (role.target, role.options, true),
        Command::Assume(args) => (args.target?, args.options, true),
        Command::Exec(args) => (args.role.target, args.role.options, false),
        _ => return None,
    };
    Some(Asked {
        target,
        start: options.run.profile,
        is_answer,
    })
}

impl Source {
    /// As `spoken`, with what its command runs: ``the credential_process of profile `tool` (runs aws-vault)``.
    pub(crate) fn shown(&self) -> String {
        match self.runs() {
            Some(runs) => format!("{} (runs {runs})", self.spoken()),
            None => self.spoken(),
        }
    }

    /// What its command runs: `aws-vault`, or `stsx for prod`.
    pub(crate) fn runs(&self) -> Option<String> {
        let program = self.program()?;
        Some(match self.asks_stsx_for() {
            Some(asked) => format!("{program} for {}", asked.target),
            None => program,
        })
    }

    /// The program that its command runs.
    pub(crate) fn program(&self) -> Option<String> {
        let (_, _, command) = self.command()?;
        program(command.expose())
    }

    /// What its `credential_process` asks stsx for, where it hands the answer on.
    pub(crate) fn asks_stsx_for(&self) -> Option<Asked> {
        let (key, _, command) = self.command()?;
        let asked = asked(command).filter(|asked| asked.is_answer)?;
        (key == profiles::CREDENTIAL_PROCESS).then_some(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_call_stsx_are_read() {
        for (command, target) in [
            ("stsx credential-process prod", Some(("prod", None))),
            (
                "/usr/local/bin/stsx process --region eu-west-1 'prod'",
                Some(("prod", None)),
            ),
            (
                "stsx credential-process prod --profile james",
                Some(("prod", Some("james"))),
            ),
            ("stsx exec prod -- vault read token", Some(("prod", None))),
            ("stsx assume --format json prod", Some(("prod", None))),
            ("stsx whoami prod", None),
            ("aws-vault export prod", None),
            ("stsx 'prod", None),
        ] {
            let found = asked(&Secret::new(command));
            let found = found.as_ref();
            let found = found.map(|asked| (asked.target.as_str(), asked.start.as_deref()));
            assert_eq!(found, target, "{command}");
        }
    }

    #[test]
    fn only_what_is_no_secret_is_shown() {
        for (command, runs) in [
            (
                "/opt/bin/aws-vault export --token s3cr3t",
                Some("aws-vault"),
            ),
            ("PASSWORD=s3/cr3t tool", Some("PASSWORD")),
            ("'my tool' s3cr3t", Some("my tool")),
            (
                "/usr/bin/stsx credential-process prod --mfa-code 123456",
                Some("stsx for prod"),
            ),
            ("stsx exec prod -- vault read s3cr3t", Some("stsx")),
            ("stsx whoami s3cr3t", Some("stsx")),
            ("'s3cr3t", None),
        ] {
            let source = Source::Process {
                profile: "p".to_owned(),
                command: Secret::new(command),
            };
            assert_eq!(source.runs().as_deref(), runs, "{command}");
        }
    }
}
