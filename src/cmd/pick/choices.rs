//! What can be chosen: aliases, profiles, and other targets that were assumed before.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::assume;
use crate::cache::{Cache, Entry, Margin};
use crate::cli::RoleOptions;
use crate::cmd::pick::list::{Row, Rows};
use crate::cmd::ready::keep_to_limits;
use crate::cmd::{USUAL_MARGIN, World};
use crate::env::Env;
use crate::plan::resolve::Wanted;
use crate::plan::{Hop, Plan, resolve, rules};
use crate::profiles::Profiles;
use crate::settings::Settings;
use crate::time::{self, Timestamp};

/// Targets by name, the last one used first, and what is needed to say more of them.
pub(super) struct Choices {
    pub(super) names: Vec<String>,
    /// Where profiles were looked for, for messages.
    pub(super) places: String,
    settings: Settings,
    profiles: Profiles,
    profile_names: BTreeSet<String>,
    env: Env,
    cache: Option<Cache>,
    entries: Vec<Entry>,
}

impl Choices {
    /// Reads files and cache.
    ///
    /// # Errors
    /// A file does not parse: file and line.
    pub(super) fn read(options: &RoleOptions, world: &World<'_>) -> Result<Self> {
        let env = world.start(options);
        let settings = Settings::settle(options, &env)?;
        let mut profiles = Profiles::open(&env)?;
        let (all, sso_sessions) = profiles.all()?;
        profiles.index(&all, &sso_sessions);
        let profile_names: BTreeSet<String> = all
            .iter()
            .filter(|profile| rules::leads_somewhere(profile))
            .map(|profile| profile.name.clone())
            .collect();
        let cache = world.cache(settings.no_cache.is_some());
        let entries = cache.iter().flat_map(Cache::entries);
        let mut choices = Self {
            names: Vec::new(),
            places: profiles.places(),
            settings,
            profiles,
            profile_names,
            env,
            entries: entries.map(|(_, entry)| entry).collect(),
            cache,
        };
        choices.names = choices.in_order();
        Ok(choices)
    }

    /// All names once: those used, the last one first, then aliases, then profiles.
    fn in_order(&self) -> Vec<String> {
        let recent: Vec<String> = self.cache.as_ref().map(Cache::recent).unwrap_or_default();
        let recent = recent
            .iter()
            .filter(|name| self.still_means_something(name));
        let known = self.settings.aliases.keys().chain(&self.profile_names);
        let mut seen = BTreeSet::new();
        let once = |name: &&String| seen.insert(name.as_str().to_owned());
        recent.chain(known).filter(once).cloned().collect()
    }

    /// A word that was assumed once may have been the name of a profile that is gone: it would be
    /// taken for a role's name now.
    fn still_means_something(&self, name: &str) -> bool {
        name.contains(':')
            || self.settings.aliases.contains_key(name)
            || self.profile_names.contains(name)
            || self.entries.iter().any(|entry| is_role_of(entry, name))
    }

    /// What each of them leads to.
    pub(super) fn rows(&self) -> Rows {
        let now = Timestamp::now();
        let mut cached: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.entries {
            cached.entry(entry.target.as_str()).or_default().push(entry);
        }
        let mut rows = Rows::new(["target", "account", "role", "from", "", "cached"]);
        for name in &self.names {
            let may_be_cached = cached.contains_key(name.as_str());
            rows.push(self.row(name, may_be_cached, now));
        }
        rows
    }

    fn row(&self, name: &str, may_be_cached: bool, now: Timestamp) -> Row {
        let mut plan = match self.plan(name) {
            Ok(plan) => plan,
            Err(error) => return Row::new(name, [name, "", &format!("error: {error:#}")]),
        };
        let left = may_be_cached.then(|| self.left(&mut plan, now)).flatten();
        let role = match plan.hops.last() {
            Some(Hop::Role(role)) => match role.reference.arn() {
                Some(arn) => arn.path_and_name().to_owned(),
                None => role.reference.to_string(),
            },
            _ => String::new(),
        };
        let from = match (plan.source.profile(), plan.source.runs()) {
            (Some(profile), Some(runs)) => format!("{profile} (runs {runs})"),
            (Some(profile), None) => profile.to_owned(),
            (None, _) => plan.source.spoken(),
        };
        let account = plan.account().unwrap_or_default();
        let mfa = if plan.needs_mfa() { "MFA" } else { "" };
        let left = left.map(time::spoken).unwrap_or_default();
        Row::new(name, [name, account, &role, &from, mfa, &left])
    }

    fn plan(&self, name: &str) -> Result<Plan> {
        let wanted = Wanted::Target(name);
        resolve::resolve(wanted, &self.settings, &self.profiles, &self.env)
    }

    /// How long its cached credentials still serve, in seconds.
    fn left(&self, plan: &mut Plan, now: Timestamp) -> Option<i64> {
        let cache = self.cache.as_ref()?;
        keep_to_limits(plan, Some(cache));
        let hops = plan.hops.len();
        if hops == 0 {
            return None;
        }
        let entry = cache.find(&plan.key(hops))?;
        let margin = match self.settings.min_ttl {
            Some(seconds) => Margin::AtLeast(seconds.into()),
            None => Margin::Usual(USUAL_MARGIN),
        };
        assume::serves(plan, &entry, hops, margin, now).then(|| entry.life(now))
    }
}

/// Whether an entry was obtained for a role by its bare name.
fn is_role_of(entry: &Entry, name: &str) -> bool {
    entry.target == name && entry.role_name() == Some(name)
}
