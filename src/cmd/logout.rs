//! `stsx logout`: what is cached is forgotten, the MFA session too.

use anyhow::Result;

use crate::cache::{self, Cache};
use crate::cli::{LogoutArgs, RoleOptions};
use crate::cmd::{USUAL_MARGIN, World, cache_files};
use crate::plan::resolve::Wanted;

/// Runs the command.
///
/// # Errors
/// A target does not resolve, or a file cannot be removed.
pub(super) fn run(args: &LogoutArgs, world: &World<'_>) -> Result<()> {
    let cache = Cache::open(world.log)?;
    if args.targets.is_empty() {
        return cache_files::clear(&cache);
    }
    let mut count = 0;
    for target in &args.targets {
        count += forget(target, &cache, world)?;
    }
    cache_files::removed(count)
}

/// Removes the credentials after each hop to the target, and what was obtained from them. For a
/// profile with keys that is the session of its user.
fn forget(target: &str, cache: &Cache, world: &World<'_>) -> Result<usize> {
    let mut options = RoleOptions::default();
    let mut ready = world.ready(target, &options, USUAL_MARGIN)?;
    if ready.plan.hops.is_empty() && ready.plan.source.is_user() {
        options.run.profile = ready.plan.source.profile().map(str::to_owned);
        ready = world.original(Wanted::Session(None), &options, USUAL_MARGIN)?;
    }
    let files = match ready.plan.hops.len() {
        0 => Vec::new(),
        _ => cache.below(&ready.plan.key(1)),
    };
    for path in &files {
        cache::remove(path)?;
    }
    Ok(files.len())
}
