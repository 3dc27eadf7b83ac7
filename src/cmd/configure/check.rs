//! Whether a profile would work after a change, as far as files tell.

use anyhow::{Error, Result};

use crate::cli::RoleOptions;
use crate::cmd::configure::using;
use crate::cmd::doctor::known;
use crate::cmd::list::shown;
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::{Plan, Source, resolve, rules};
use crate::profiles::edit::Change;
use crate::profiles::{self, Profile, Profiles, did_you_mean, nearest};
use crate::settings::Settings;

/// Keys that say nothing without a role.
pub(super) const OF_ROLES: [&str; 5] = [
    profiles::SOURCE_PROFILE,
    profiles::CREDENTIAL_SOURCE,
    profiles::EXTERNAL_ID,
    profiles::DURATION_SECONDS,
    profiles::ROLE_SESSION_NAME,
];

/// So many source profiles in a row are looked through.
const LONGEST: usize = 32;

/// Refuses to write into the config file what the credentials file says otherwise: that one wins. What it
/// says already need not be written.
///
/// # Errors
/// Names the key's place in the credentials file.
pub(super) fn refuse_shadowed(
    profiles: &Profiles,
    name: &str,
    changes: &mut Vec<Change>,
) -> Result<()> {
    let Some(profile) = profiles.profile(name)? else {
        return Ok(());
    };
    let winning = |key: &str| {
        let entry = profile.settings.get(key)?;
        profiles.is_in_credentials(&entry.origin).then_some(entry)
    };
    changes.retain(|(key, value)| {
        let same = winning(key).is_some_and(|entry| Some(&entry.value) == value.as_deref());
        !same
    });
    for (key, _) in changes {
        if let Some(entry) = winning(key) {
            let value = shown(key, &entry.value);
            return Err(Failure::usage(format!(
                "{}: profile `{name}` has {key} = {value} in the credentials file, which wins over the config file",
                entry.origin
            ))
            .hint("change it there")
            .into());
        }
    }
    Ok(())
}

/// Refuses to remove a key that the profile has not, where it has one that was meant by all appearance. A key that is known
/// and not there is removed already.
///
/// # Errors
/// Names the key that is near.
pub(super) fn refuse_slips(profiles: &Profiles, name: &str, changes: &[Change]) -> Result<()> {
    let Some(profile) = profiles.profile(name)? else {
        return Ok(());
    };
    let removed = changes.iter().filter(|(_, value)| value.is_none());
    for (key, _) in removed {
        if profile.settings.contains_key(key) || known::is_of_profile(key) {
            continue;
        }
        let near = nearest(key, profile.settings.keys().cloned());
        if let Some(meant) = did_you_mean("", &near) {
            let what = format!("--remove {key}: profile `{name}` has no such key");
            return Err(Failure::usage(what).hint(meant).into());
        }
    }
    Ok(())
}

/// Refuses a profile that would not lead anywhere, or not where the change says; `profiles` are those
/// after it.
///
/// # Errors
/// Names the place in the file as it would be.
pub(super) fn refuse_broken(profiles: &Profiles, name: &str, changes: &[Change]) -> Result<()> {
    let Some(profile) = profiles.profile(name)? else {
        return Ok(());
    };
    let sets = |key: &str| {
        changes
            .iter()
            .any(|(one, value)| one == key && value.is_some())
    };
    let has_role = profile.text(profiles::ROLE_ARN).is_some();
    if let Some(key) = OF_ROLES.into_iter().find(|key| sets(key) && !has_role) {
        let what = format!("{key}: profile `{name}` has no role for it");
        return Err(Failure::usage(what).hint("name one: --role ARN").into());
    }
    let plan = match planned(&profile, profiles) {
        Ok(plan) => plan,
        Err(_) if !rules::leads_somewhere(&profile) => return Ok(()),
        Err(error) => return Err(unwritten(error)),
    };
    let is_run = plan.hops.is_empty()
        && matches!(&plan.source, Source::Process { profile, .. } if profile == name);
    if sets(profiles::CREDENTIAL_PROCESS) && !is_run {
        let instead = if has_role {
            "its role_arn".to_owned()
        } else {
            plan.source.spoken()
        };
        let what = format!(
            "the credential_process of profile `{name}` would never be run: {instead} comes before it"
        );
        return Err(Failure::usage(what)
            .hint("give the profile another name, or remove that")
            .into());
    }
    Ok(())
}

/// What to say of a profile whose own keys are not used, since its role comes before them.
pub(in crate::cmd) fn idle_keys(profiles: &Profiles, name: &str) -> Result<Option<String>> {
    let profile = profiles.profile(name)?;
    let idle = profile.filter(|profile| {
        let source = profile.text(profiles::SOURCE_PROFILE);
        profile.text(profiles::ROLE_ARN).is_some()
            && profile.text(profiles::ACCESS_KEY_ID).is_some()
            && source.is_none_or(|source| source.value != name)
    });
    Ok(idle.map(|_| {
        format!(
            "profile `{name}` has both role_arn and keys: it stands for the role, and the keys count only \
             where another profile has source_profile = {name}"
        )
    }))
}

/// The plan of a program that uses the profile; services around it are taken for there.
fn planned(profile: &Profile, profiles: &Profiles) -> Result<Plan> {
    let env: Env = if ends_outside(profile, profiles)? {
        let there = [
            (env::ACCESS_KEY_ID, "there"),
            (env::SECRET_ACCESS_KEY, "there"),
            (env::CONTAINER_FULL_URI, "there"),
        ];
        there.into_iter().collect()
    } else {
        using(&profile.name)
    };
    let settings = Settings::settle(&RoleOptions::default(), &env)?;
    resolve::of_profile(&profile.name, &settings, profiles, &env)
}

/// Whether the source profiles lead to a `credential_source`.
fn ends_outside(profile: &Profile, profiles: &Profiles) -> Result<bool> {
    let mut next;
    let mut profile = profile;
    for _ in 0..LONGEST {
        if profile.text(profiles::CREDENTIAL_SOURCE).is_some() {
            return Ok(true);
        }
        let Some(source) = profile.text(profiles::SOURCE_PROFILE) else {
            break;
        };
        next = profiles.profile(&source.value)?;
        match &next {
            Some(next) => profile = next,
            None => break,
        }
    }
    Ok(false)
}

fn unwritten(mut error: Error) -> Error {
    if let Some(failure) = error.downcast_mut::<Failure>() {
        failure
            .details
            .push("the file would say this after the change; nothing was written".to_owned());
        if failure.hint.as_deref() == Some(rules::NO_SOURCE) {
            failure.hint =
                Some("add --source-profile PROFILE or --credential-source SOURCE".to_owned());
        }
    }
    error
}
