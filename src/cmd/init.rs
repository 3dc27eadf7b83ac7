//! `stsx init`: what a shell evaluates when it starts, so that `assume` and `unassume` change it.
//!
//! The text depends on nothing but the command line: it may be kept in a file. Wrappers call
//! `stsx assume --shell …` and evaluate the answer; what prints for people goes by untouched.

use anyhow::Result;

use crate::cli::{HomeShell, InitArgs};
use crate::cmd::{answer, completions};
use crate::error::Failure;

/// Runs the command.
///
/// # Errors
/// The shell cannot refresh, or the answer cannot be written.
pub(super) fn run(args: &InitArgs) -> Result<()> {
    let mut text = completions::script(args.shell).to_owned();
    text.push_str(wrappers(args.shell));
    if let Some(seconds) = args.refresh {
        let refresh = refresh(args.shell).ok_or_else(|| {
            Failure::usage("--refresh: this shell cannot read the clock before each command")
                .hint("bash, zsh, nushell and xonsh can; `stsx exec` and credential_process renew in every shell")
        })?;
        text.push_str(&refresh.replace("SECONDS_LEFT", &seconds.to_string()));
    }
    answer(&text.replace("STSX_CMD", &args.cmd))
}

/// The commands, for each shell.
fn wrappers(shell: HomeShell) -> &'static str {
    match shell {
        HomeShell::Bash => include_str!("../shell/init.bash"),
        HomeShell::Elvish => include_str!("../shell/init.elv"),
        HomeShell::Fish => include_str!("../shell/init.fish"),
        HomeShell::Nushell => include_str!("../shell/init.nu"),
        HomeShell::Powershell => include_str!("../shell/init.ps1"),
        HomeShell::Tcsh => include_str!("../shell/init.csh"),
        HomeShell::Xonsh => include_str!("../shell/init.xsh"),
        HomeShell::Zsh => include_str!("../shell/init.zsh"),
    }
}

/// What looks at the clock before each command, in shells that can without starting a process.
fn refresh(shell: HomeShell) -> Option<&'static str> {
    match shell {
        HomeShell::Bash => Some(include_str!("../shell/refresh.bash")),
        HomeShell::Nushell => Some(include_str!("../shell/refresh.nu")),
        HomeShell::Xonsh => Some(include_str!("../shell/refresh.xsh")),
        HomeShell::Zsh => Some(include_str!("../shell/refresh.zsh")),
        HomeShell::Elvish | HomeShell::Fish | HomeShell::Powershell | HomeShell::Tcsh => None,
    }
}
