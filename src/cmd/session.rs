//! `stsx session`: a session of the user, as an end in itself.

use anyhow::Result;

use crate::cli::{RoleOptions, SessionArgs};
use crate::cmd::{USUAL_MARGIN, World, hand_over};
use crate::plan::resolve::Wanted;

/// Runs the command.
///
/// # Errors
/// As obtaining and writing credentials.
pub(super) fn run(args: &SessionArgs, world: &World<'_>) -> Result<()> {
    let mut options = RoleOptions {
        run: args.run.clone(),
        mfa: args.mfa.clone(),
        ..RoleOptions::default()
    };
    options.run.profile = args.from.clone().or(options.run.profile);
    let wanted = Wanted::Session(args.duration);
    let asked = args.from.as_deref().unwrap_or("session");
    hand_over::run(Some(asked), &args.output, world, || {
        world.original(wanted, &options, USUAL_MARGIN)
    })
}
