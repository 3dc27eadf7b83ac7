//! `stsx exec`: one command runs as the role.
//!
//! On Unix the command replaces this process, so its exit status and signals are its own.

use std::io::ErrorKind;
use std::process::Command;

use anyhow::Result;

use crate::cli::ExecArgs;
use crate::cmd::{USUAL_MARGIN, World};
use crate::env;
use crate::error::{Failure, Kind};
use crate::output;
use crate::platform;

/// Other sources of credentials, which some SDKs let win over keys.
const CONFLICTING: [&str; 6] = [
    env::ROLE_ARN,
    env::WEB_IDENTITY_TOKEN_FILE,
    env::CONTAINER_RELATIVE_URI,
    env::CONTAINER_FULL_URI,
    env::CONTAINER_TOKEN,
    env::CONTAINER_TOKEN_FILE,
];

/// Runs the command; on Unix it returns only if the command could not be started.
///
/// # Errors
/// As obtaining credentials; 126 and 127 as shells have it.
pub(super) fn run(args: &ExecArgs, world: &World<'_>) -> Result<()> {
    let ready = world.ready(&args.role.target, &args.role.options, USUAL_MARGIN)?;
    let credentials = ready.credentials()?;
    let (program, arguments) = args.command.split_first().expect("clap requires a command");
    let mut command = Command::new(program);
    command.args(arguments);
    // A code is good once: the next stsx must not try it again.
    command.env_remove(env::STSX_MFA_CODE);
    for name in CONFLICTING {
        command.env_remove(name);
    }
    for (name, value) in output::export(&credentials, &ready.plan, world.env).iter() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    world.guard.lift();
    let error = platform::run_instead(&mut command);
    let name = program.to_string_lossy();
    let failure = match error.kind() {
        ErrorKind::NotFound => Failure::new(Kind::NotFound, format!("`{name}` is not found")),
        _ => Failure::new(Kind::CannotRun, format!("`{name}` cannot be run: {error}")),
    };
    Err(failure.into())
}
