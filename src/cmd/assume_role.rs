//! `stsx assume`: what makes a shell the role.
//!
//! Without TARGET a person chooses it. Which targets people assume is remembered for that list;
//! programs do not count, and a person is there when standard error is a terminal.

use std::cell::OnceCell;
use std::io::IsTerminal;

use anyhow::Result;

use crate::cli::AssumeArgs;
use crate::cmd::{USUAL_MARGIN, World, hand_over, pick};

/// Runs the command.
///
/// # Errors
/// As obtaining and writing credentials; no target was named and none chosen.
pub(super) fn run(args: &AssumeArgs, world: &World<'_>) -> Result<()> {
    let used = OnceCell::new();
    hand_over::run(args.target.as_deref(), &args.output, world, || {
        let target = match &args.target {
            Some(target) => target.clone(),
            None => pick::target(&args.options, world)?,
        };
        let ready = world.ready(&target, &args.options, USUAL_MARGIN)?;
        let is_by_hand = args.target.is_none() || std::io::stderr().is_terminal();
        // Only the first plan counts, and there is one.
        let _ = used.set((target, is_by_hand && ready.cache.is_some()));
        Ok(ready)
    })?;
    if let Some((target, true)) = used.get()
        && let Some(cache) = world.cache(false)
    {
        cache.put_recent(target);
    }
    Ok(())
}
