//! What a word may be: profiles, aliases, cached roles, roles that IAM listed before, regions. From files alone, and
//! whatever cannot be read has no names.

use std::collections::BTreeSet;

use super::regions::REGIONS;
use crate::cache::Cache;
use crate::cli::RoleOptions;
use crate::env::Env;
use crate::log::Log;
use crate::plan::resolve::Wanted;
use crate::plan::{RoleArn, resolve, rules};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::Settings;
use crate::time::{self, Timestamp};

/// A word, and what it means.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) value: String,
    pub(super) about: String,
}

impl Name {
    fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            about: about.into(),
        }
    }
}

/// Every TARGET that is known: aliases, profiles, cached roles, the roles that were listed from where the run would
/// start; a name only once.
pub(super) fn targets(env: &Env, start: &RoleOptions) -> Vec<Name> {
    let settings = Settings::settle(start, env).ok();
    let profiles = Profiles::open(env).ok();
    let mut names: Vec<Name> = settings.as_ref().map(aliases).unwrap_or_default();
    if let Some(profiles) = &profiles {
        names.extend(of_profiles(profiles, rules::leads_somewhere));
    }
    names.extend(cached());
    if let (Some(settings), Some(profiles)) = (&settings, &profiles) {
        names.extend(listed(env, settings, profiles).unwrap_or_default());
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.value.clone()));
    names
}

/// Every profile.
pub(super) fn profiles(env: &Env) -> Vec<Name> {
    let profiles = Profiles::open(env);
    profiles.map_or_else(|_| Vec::new(), |profiles| of_profiles(&profiles, |_| true))
}

/// Targets whose credentials are cached, with what is left of them.
pub(super) fn cached() -> Vec<Name> {
    let now = Timestamp::now();
    let entries = Cache::open(Log::silent()).map(|cache| cache.entries());
    let mut names: Vec<Name> = entries
        .into_iter()
        .flatten()
        .map(|(_, entry)| {
            let about = match entry.life(now) {
                ..=0 => "cached, expired".to_owned(),
                left => format!("cached, {} left", time::spoken(left)),
            };
            Name::new(entry.target, about)
        })
        .collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.value.clone()));
    names
}

/// AWS's regions.
pub(super) fn regions() -> Vec<Name> {
    let names = REGIONS.iter();
    names
        .map(|(name, place)| Name::new(*name, *place))
        .collect()
}

fn aliases(settings: &Settings) -> Vec<Name> {
    let aliases = settings.aliases.iter();
    aliases
        .map(|(name, target)| Name::new(name, format!("alias of {}", target.value)))
        .collect()
}

/// The roles that IAM listed when it was asked last, from where the run would start.
fn listed(env: &Env, settings: &Settings, profiles: &Profiles) -> Option<Vec<Name>> {
    const MINUTE: i64 = 60;
    const DAY: i64 = 86_400;
    if settings.no_cache.is_some() {
        return None;
    }
    let plan = resolve::resolve(Wanted::Current, settings, profiles, env).ok()?;
    let roles = Cache::open(Log::silent()).ok()?.role_names(&plan)?;
    let age = Timestamp::now().seconds_since(roles.at);
    let age = match age {
        ..MINUTE => "just now".to_owned(),
        MINUTE..DAY => format!("{} ago", time::spoken(age)),
        _ => format!("{}d ago", age / DAY),
    };
    let about = format!("role in {}, listed {age}", roles.account);
    let names = roles.names.into_iter();
    Some(names.map(|name| Name::new(name, about.as_str())).collect())
}

/// A file with a syntax error still has the names of its sections.
fn of_profiles(profiles: &Profiles, is_wanted: impl Fn(&Profile) -> bool) -> Vec<Name> {
    let Ok((all, _)) = profiles.all() else {
        let names: BTreeSet<String> = profiles.names().collect();
        return names.into_iter().map(|name| Name::new(name, "")).collect();
    };
    all.iter()
        .filter(|profile| is_wanted(profile))
        .map(|profile| Name::new(profile.name.as_str(), about(profile)))
        .collect()
}

/// What a profile leads to, by its own words alone.
fn about(profile: &Profile) -> String {
    let text = |key: &str| profile.text(key).map(|entry| entry.value.as_str());
    if let Some(arn) = text(profiles::ROLE_ARN) {
        return match RoleArn::parse(arn) {
            Ok(arn) => format!("{} in {}", arn.path_and_name(), arn.account()),
            Err(_) => "role_arn is wrong".to_owned(),
        };
    }
    let account = text(profiles::SSO_ACCOUNT_ID).or_else(|| text(profiles::ACCOUNT_ID));
    let kind = if let Some(role) = text(profiles::SSO_ROLE_NAME) {
        role
    } else if text(profiles::ACCESS_KEY_ID).is_some() {
        "keys"
    } else if text(profiles::CREDENTIAL_PROCESS).is_some() {
        "credential_process"
    } else if text(profiles::LOGIN_SESSION).is_some() {
        "aws login"
    } else {
        return String::new();
    };
    match account {
        Some(account) => format!("{kind} in {account}"),
        None => kind.to_owned(),
    }
}
