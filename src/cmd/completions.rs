//! `stsx completions`: what makes a shell ask stsx what may stand at the cursor. The scripts are
//! small and stay as they are: what can be completed is told by `stsx complete`.

use anyhow::Result;

use crate::cli::{CompletionsArgs, HomeShell};
use crate::cmd::answer;

/// Runs the command.
///
/// # Errors
/// The answer cannot be written.
pub(super) fn run(args: &CompletionsArgs) -> Result<()> {
    answer(script(args.shell))
}

/// The script that registers the completion of `stsx`.
pub(super) fn script(shell: HomeShell) -> &'static str {
    match shell {
        HomeShell::Bash => include_str!("../shell/complete.bash"),
        HomeShell::Elvish => include_str!("../shell/complete.elv"),
        HomeShell::Fish => include_str!("../shell/complete.fish"),
        HomeShell::Nushell => include_str!("../shell/complete.nu"),
        HomeShell::Powershell => include_str!("../shell/complete.ps1"),
        HomeShell::Tcsh => include_str!("../shell/complete.csh"),
        HomeShell::Xonsh => include_str!("../shell/complete.xsh"),
        HomeShell::Zsh => include_str!("../shell/complete.zsh"),
    }
}
