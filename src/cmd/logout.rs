//! `stsx logout`: what is cached is forgotten, the MFA session too.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;

use crate::assume;
use crate::cache::{self, Cache, Entry};
use crate::cli::{LogoutArgs, RoleOptions};
use crate::cmd::known::Unknown;
use crate::cmd::{USUAL_MARGIN, World, cache_files};
use crate::error::Failure;
use crate::plan::Hop;

/// Runs the command.
///
/// # Errors
/// A target does not resolve, is a name that nobody knows and has nothing cached, or a file cannot be removed.
pub(super) fn run(args: &LogoutArgs, world: &World<'_>) -> Result<()> {
    let cache = Cache::open(world.log)?;
    if args.targets.is_empty() {
        return cache_files::clear(&cache);
    }
    let mut count = 0;
    let mut unknown = None;
    for target in &args.targets {
        match forget(target, &cache, world)? {
            Forgotten::Entries(entries) => count += entries,
            Forgotten::Unknown(failure) => unknown = unknown.or(Some(failure)),
        }
    }
    match unknown {
        Some(failure) if count == 0 => Err(failure.into()),
        Some(failure) => {
            cache_files::removed(count)?;
            Err(failure.into())
        }
        None => cache_files::removed(count),
    }
}

enum Forgotten {
    /// So many of them.
    Entries(usize),
    /// Nothing is cached of a name that nobody knows.
    Unknown(Failure),
}

/// Removes all that is kept of a target: what lies below its first hop (its whole MFA session), and
/// the same role on other routes. For a profile with keys that is everything its user obtained.
fn forget(target: &str, cache: &Cache, world: &World<'_>) -> Result<Forgotten> {
    let mut options = RoleOptions::default();
    let ready = world.ready(target, &options, USUAL_MARGIN)?;
    let plan = &ready.plan;
    let mut below = match plan.hops.len() {
        0 if !plan.source.may_be_user() => Vec::new(),
        hops => cache.below(&plan.key(hops.min(1))),
    };
    // With --mfa the way to the same role leads through the session of a device that was found.
    if !plan.hops.is_empty()
        && !plan.needs_mfa()
        && let Ok(Some(serial)) = assume::remembered_device(plan, Some(cache))
    {
        options.mfa.mfa_serial = Some(serial);
        let found = world.ready(target, &options, USUAL_MARGIN)?.plan;
        below.extend(cache.below(&found.key(1)));
    }
    let entries = cache.entries();
    let found = cache.find(&plan.key(plan.hops.len()));
    let role = match plan.hops.last().and_then(Hop::role) {
        Some(role) => role.reference.arn().map(|arn| arn.as_str().to_owned()),
        None => None,
    };
    // A role's name alone tells no account: then the credentials do.
    let role = role.or_else(|| found?.role_arn);
    let is_it = |entry: &Entry| entry.target == target || role.is_some() && entry.role_arn == role;
    let others = entries
        .into_iter()
        .filter(|(_, entry)| is_it(entry))
        .map(|(path, _)| path);
    let files: BTreeSet<PathBuf> = below.into_iter().chain(others).collect();
    if files.is_empty()
        && let Some(unknown) = Unknown::of(target, &ready, world)
    {
        return Ok(Forgotten::Unknown(unknown.uncached(target)));
    }
    for path in &files {
        cache::remove(path)?;
    }
    Ok(Forgotten::Entries(files.len()))
}
