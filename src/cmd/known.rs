//! Whether a bare word is a target that anybody knows, and what it may have been meant for.
//!
//! Any word that can be a role's name is a target: AWS alone knows whether there is such a role. Where nobody will ask
//! AWS, a mistyped name would go unnoticed.

use crate::cache::Cache;
use crate::cli::{RoleOptions, RunOptions};
use crate::cmd::{Ready, World, complete};
use crate::error::Failure;
use crate::profiles::{Profiles, did_you_mean, nearest};

/// What a word is not, when it is none of these.
pub(super) const UNKNOWN: &str = "not a profile, an alias or a cached role";

/// A word that is tried as a role's name, since nothing says that there is anything of this name.
pub(super) struct Unknown {
    /// What to ask back, if a known name is near.
    pub(super) meant: Option<String>,
}

impl Unknown {
    /// The target of a command line, if it is unknown; `ready` is what it leads to.
    pub(super) fn of(name: &str, ready: &Ready, world: &World<'_>) -> Option<Self> {
        ready.taken_for_role_name()?;
        Self::among_files(name, None, world)
    }

    /// The same for a target that can be nothing but a role's name, from the profile `start` if one is said.
    pub(super) fn among_files(name: &str, start: Option<&str>, world: &World<'_>) -> Option<Self> {
        let env = world.env.original();
        let options = RoleOptions {
            run: RunOptions {
                profile: start.map(str::to_owned),
                ..RunOptions::default()
            },
            ..RoleOptions::default()
        };
        let known = complete::targets(&env, &options);
        let cache = world.cache(false);
        let entries = cache.iter().flat_map(Cache::entries);
        let mut roles = entries.filter_map(|(_, entry)| entry.role_name().map(str::to_owned));
        if known.iter().any(|one| one == name) || roles.any(|one| one == name) {
            return None;
        }
        let profiles = Profiles::open(&env).ok();
        let meant = profiles.and_then(|profiles| profiles.meant(name));
        Some(Self {
            meant: meant.or_else(|| did_you_mean("", &nearest(name, known.into_iter()))),
        })
    }

    /// Nothing is cached of it.
    pub(super) fn uncached(self, name: &str) -> Failure {
        let failure = Failure::usage(format!("nothing is cached of `{name}`, which is {UNKNOWN}"));
        match self.meant {
            Some(meant) => failure.hint(meant),
            None => failure.hint("`stsx cache list` shows what is cached"),
        }
    }
}
