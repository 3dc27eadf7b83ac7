//! `stsx unset`: what makes a shell the original identity again.

use std::io::Write;

use anyhow::Result;

use crate::cli::UnsetArgs;
use crate::cmd::{World, hand_over, is_terminal};
use crate::env;
use crate::error::Failure;
use crate::output::{self, shell::Shell};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// The settings do not parse, or the shell cannot express a value that is brought back.
pub(super) fn run(args: &UnsetArgs, world: &World<'_>) -> Result<()> {
    let result = undo(args, world);
    if result.is_err() {
        hand_over::fail_closed(args.shell.unwrap_or_else(|| hand_over::detect(world.env)));
    }
    result
}

fn undo(args: &UnsetArgs, world: &World<'_>) -> Result<()> {
    let shell = shell(args, world)?;
    if is_terminal() && args.shell.is_none() {
        let line = shell.eval_line(&["stsx", "unset"]);
        return Err(
            Failure::usage("nothing was undone: the shell must evaluate the output")
                .hint(format!("type: {line}"))
                .into(),
        );
    }
    let env = world.env;
    if env.value(env::STSX_TARGET).is_none() {
        world
            .log
            .warn("this shell has no role from stsx: there is nothing to undo");
        return Ok(());
    }
    if env.mark().is_none() {
        world
            .log
            .warn("the keys in this shell are not those of stsx: they are left alone");
    } else if let Some(keys) = env.lost_keys() {
        world.log.warn(&format!(
            "the keys {keys} that were in the environment before cannot be brought back"
        ));
    }
    let code = output::undo(env).code(shell)?;
    let mut out = std::io::stdout().lock();
    out.write_all(code.as_bytes())?;
    Ok(out.flush()?)
}

fn shell(args: &UnsetArgs, world: &World<'_>) -> Result<Shell> {
    if let Some(shell) = args.shell {
        return Ok(shell);
    }
    let settings = Settings::of_output(world.env)?;
    Ok(settings
        .shell
        .map_or_else(|| hand_over::detect(world.env), |shell| shell.value))
}
