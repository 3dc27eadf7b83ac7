//! `stsx assume`: what makes a shell the role.

use anyhow::Result;

use crate::cli::AssumeArgs;
use crate::cmd::{USUAL_MARGIN, World, hand_over};

/// Runs the command.
///
/// # Errors
/// As obtaining and writing credentials.
pub(super) fn run(args: &AssumeArgs, world: &World<'_>) -> Result<()> {
    let (target, options) = (&args.role.target, &args.role.options);
    hand_over::run(target, &args.output, world, || {
        world.ready(target, options, USUAL_MARGIN)
    })
}
