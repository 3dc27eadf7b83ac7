//! `stsx cache`: what is cached, and how to forget it.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::cache::{self, Cache, Entry};
use crate::cli::{CacheArgs, CacheCommand, Report, RoleOptions};
use crate::cmd::known::Unknown;
use crate::cmd::table::Table;
use crate::cmd::{USUAL_MARGIN, World, answer, answer_json};
use crate::log::Log;
use crate::looks::Ink;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// The target does not resolve, or a file cannot be removed.
pub(super) fn run(args: &CacheArgs, world: &World<'_>) -> Result<()> {
    let cache = Cache::open(world.log)?;
    match &args.command {
        CacheCommand::List { format } => list(&cache, *format, world.log),
        CacheCommand::Clear {
            target: None,
            expired: false,
        } => clear(&cache),
        CacheCommand::Clear {
            target: None,
            expired: true,
        } => {
            let now = Timestamp::now();
            remove(&cache.entries(), |entry| {
                !entry.credentials.outlives(now, 0)
            })
        }
        CacheCommand::Clear {
            target: Some(target),
            ..
        } => clear_target(&cache, target, world),
    }
}

/// Forgets everything.
///
/// # Errors
/// A file cannot be removed.
pub(super) fn clear(cache: &Cache) -> Result<()> {
    let count = cache.entries().len();
    cache.clear()?;
    removed(count)
}

fn list(cache: &Cache, format: Report, log: Log) -> Result<()> {
    let now = Timestamp::now();
    let entries = cache.entries();
    if format == Report::Json {
        let rows: Vec<_> = entries
            .iter()
            .map(|(path, entry)| {
                json!({
                    "target": entry.target,
                    "arn": entry.arn,
                    "obtained_at": entry.obtained_at,
                    "expires_at": entry.credentials.expires_at,
                    "file": path.to_string_lossy(),
                })
            })
            .collect();
        return answer_json(&json!({ "entries": rows }));
    }
    if entries.is_empty() {
        log.warn("nothing is cached");
    }
    let mut table = Table::default();
    for (_, entry) in &entries {
        let end = entry.credentials.expires_at;
        let left = end.map_or(0, |end| end.seconds_since(now));
        let life = if left > 0 {
            time::spoken(left)
        } else {
            "expired".to_owned()
        };
        let arn = entry.arn.as_deref().unwrap_or("(session of the user)");
        table.inked([
            (Ink::Name, entry.target.as_str()),
            (Ink::of_seconds(left), &life),
            (Ink::Plain, arn),
        ]);
    }
    answer(&table.text())
}

/// Entries of the plan as it is now, and those that were obtained for the same word before; a word
/// that leads nowhere any more still clears the latter.
fn clear_target(cache: &Cache, target: &str, world: &World<'_>) -> Result<()> {
    let ready = world.ready(target, &RoleOptions::default(), USUAL_MARGIN);
    let path = match &ready {
        Ok(ready) => Some(cache.path(&ready.plan.key(ready.plan.hops.len()))),
        Err(_) => None,
    };
    let mut entries = cache.entries();
    entries.retain(|(file, entry)| Some(file) == path.as_ref() || entry.target == target);
    if entries.is_empty()
        && let Some(unknown) = Unknown::of(target, &ready?, world)
    {
        return Err(unknown.uncached(target).into());
    }
    remove(&entries, |_| true)
}

fn remove(entries: &[(PathBuf, Entry)], is_unwanted: impl Fn(&Entry) -> bool) -> Result<()> {
    let mut count = 0;
    for (path, _) in entries.iter().filter(|(_, entry)| is_unwanted(entry)) {
        cache::remove(path)?;
        count += 1;
    }
    removed(count)
}

/// Says how many entries were removed.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn removed(count: usize) -> Result<()> {
    match count {
        1 => answer("1 entry removed\n"),
        count => answer(&format!("{count} entries removed\n")),
    }
}
