//! `stsx completions`: the completion script of a shell, generated from the command line's
//! definition.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, CompletionShell, CompletionsArgs};
use crate::cmd::answer;

/// Runs the command.
///
/// # Errors
/// The answer cannot be written.
pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    let shell = match args.shell {
        CompletionShell::Bash => Shell::Bash,
        CompletionShell::Elvish => Shell::Elvish,
        CompletionShell::Fish => Shell::Fish,
        CompletionShell::Powershell => Shell::PowerShell,
        CompletionShell::Zsh => Shell::Zsh,
        CompletionShell::Nushell => {
            clap_complete::generate(
                clap_complete_nushell::Nushell,
                &mut command,
                "stsx",
                &mut script,
            );
            return answer(&String::from_utf8_lossy(&script));
        }
    };
    clap_complete::generate(shell, &mut command, "stsx", &mut script);
    answer(&String::from_utf8_lossy(&script))
}
