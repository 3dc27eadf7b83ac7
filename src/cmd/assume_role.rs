//! `stsx assume`: what makes a shell the role.
//!
//! Without TARGET a person chooses it. Which targets people assume is remembered for that list;
//! programs do not count, and a person is there when standard error is a terminal. The hooks of
//! `stsx init --refresh` ask for a renewal: the role that is on, or nothing.

use std::cell::OnceCell;
use std::io::IsTerminal;

use anyhow::Result;

use crate::cli::AssumeArgs;
use crate::cmd::{USUAL_MARGIN, World, answer, hand_over, pick};
use crate::env;
use crate::output::Changes;

/// Runs the command.
///
/// # Errors
/// As obtaining and writing credentials; no target was named and none chosen.
pub(super) fn run(args: &AssumeArgs, world: &World<'_>) -> Result<()> {
    if let Some(seconds) = args.renew {
        return renew(args, seconds, world);
    }
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

/// The role that is on once more, when it lives shorter than so many seconds; code that changes nothing when
/// another one is on than these words lead to.
fn renew(args: &AssumeArgs, seconds: u32, world: &World<'_>) -> Result<()> {
    let Some(target) = renewable(args, world) else {
        let shell = args.output.shell;
        let shell = shell.unwrap_or_else(|| hand_over::detect(world.env));
        return answer(&Changes::default().code(shell)?);
    };
    let mut options = args.options.clone();
    options.run.min_ttl = options.run.min_ttl.max(Some(seconds));
    hand_over::run(Some(target), &args.output, world, || {
        world.ready(target, &options, USUAL_MARGIN)
    })
}

/// The target that is on, if these words can have led there, and can again: a chain went on from another role.
fn renewable<'a>(args: &AssumeArgs, world: &World<'a>) -> Option<&'a str> {
    world.env.mark()?;
    let on = world.env.value(env::STSX_TARGET)?;
    let is_it = args.target.as_ref().is_none_or(|target| target == on);
    (is_it && !args.options.chain).then_some(on)
}
