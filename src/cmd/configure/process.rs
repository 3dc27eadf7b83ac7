//! `stsx configure --process TARGET`: a profile whose `credential_process` is stsx.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::{self, ConfigureArgs, RoleOptions, RunOptions};
use crate::cmd::World;
use crate::cmd::configure::set;
use crate::cmd::known::{UNKNOWN, Unknown};
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::resolve::{self, Wanted};
use crate::plan::{Hop, Plan};
use crate::platform;
use crate::profiles::edit::Change;
use crate::profiles::{self, Profiles};
use crate::settings::{Origin, Settings};

/// The name of the profile, and what is to stand in it.
///
/// # Errors
/// The target does not resolve, or no source can be named for it.
pub(super) fn wanted(
    target: &str,
    args: &ConfigureArgs,
    profiles: &Profiles,
    world: &World<'_>,
) -> Result<(String, Vec<Change>)> {
    let env = world.env.original();
    let start = match &args.profile {
        Some(profile) => Some(profile.clone()),
        None => start(target, profiles, &env)?,
    };
    let options = RoleOptions {
        run: RunOptions {
            profile: start.clone(),
            region: args.keys.region.clone(),
            ..RunOptions::default()
        },
        ..RoleOptions::default()
    };
    // Whoever runs the command has another environment than this shell.
    let env = Env::default();
    let settings = Settings::settle(&options, &env)?;
    let plan = resolve::resolve(Wanted::Target(target), &settings, profiles, &env)?;
    note_unknown(target, &plan, start.as_deref(), world);
    let program = program()?;
    let mut words = vec![program.as_str(), "credential-process", target];
    words.extend(start.iter().flat_map(|profile| ["--profile", profile]));
    let command: Vec<String> = words
        .into_iter()
        .map(platform::process_word)
        .collect::<Result<_, _>>()
        .map_err(Failure::usage)?;
    let mut changes = vec![set(profiles::CREDENTIAL_PROCESS, &command.join(" "))];
    if let Some(region) = &plan.connection.region
        && matches!(region.origin, Origin::File(..) | Origin::Flag(_))
    {
        changes.push(set(profiles::REGION, &region.value));
    }
    let name = match &args.name_as {
        Some(name) => name.clone(),
        None => name_for(target)?,
    };
    Ok((name, changes))
}

/// Says when a target is nothing but a word that can be a role's name: whoever uses the new profile would learn first
/// that there is no such role.
fn note_unknown(target: &str, plan: &Plan, start: Option<&str>, world: &World<'_>) {
    let role = plan.hops.last().and_then(Hop::role);
    let is_name = role.is_some_and(|role| role.profile.is_none());
    if !is_name || target.contains([':', '/']) {
        return;
    }
    if let Some(unknown) = Unknown::among_files(target, start, world) {
        let mut words = format!(
            "`{target}` is {UNKNOWN}, so it will be tried as a role name in the account of {}",
            plan.source.spoken()
        );
        if let Some(meant) = unknown.meant {
            words.push_str("; ");
            words.push_str(&meant);
        }
        world.log.warn(&words);
    }
}

/// The profile that a target starts from, unless it names its source itself. It has to be said: a program
/// that uses the new profile would start from that very one.
fn start(target: &str, profiles: &Profiles, env: &Env) -> Result<Option<String>> {
    let settings = Settings::settle(&RoleOptions::default(), env)?;
    let is_profile = |name: &str| Ok(profiles.profile(name)?.is_some());
    let meant = settings.meant(target, is_profile)?;
    if cli::profile_name(meant).is_ok() && is_profile(meant)? {
        return Ok(None);
    }
    let given = settings.profile.map(|profile| profile.value);
    let named = [env::PROFILE, env::DEFAULT_PROFILE]
        .into_iter()
        .find_map(|name| env.value(name).map(str::to_owned));
    let default = || {
        Ok(profiles
            .profile("default")?
            .map(|profile| profile.name.clone()))
    };
    match given
        .or(named)
        .map_or_else(default, |name| anyhow::Ok(Some(name)))?
    {
        Some(name) => Ok(Some(name)),
        None => Err(
            Failure::usage(format!("`{target}` names no profile to start from"))
                .hint("name it: --profile PROFILE")
                .into(),
        ),
    }
}

/// `prod` gives `prod-sdk`; of a role only its last name counts.
fn name_for(target: &str) -> Result<String> {
    let last = match cli::profile_name(target) {
        Ok(name) => name,
        Err(_) => target
            .rsplit(['/', ':'])
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    cli::profile_name(&format!("{last}-sdk")).map_err(|reason| {
        Failure::usage(reason)
            .hint("give it a name: --as NAME")
            .into()
    })
}

/// How this binary is called: plainly where the PATH leads to it, else by its whole path.
fn program() -> Result<String> {
    let own = std::env::current_exe().context("cannot tell where stsx is")?;
    let real = |path: &Path| dunce::canonicalize(path).ok();
    let name = format!("stsx{}", std::env::consts::EXE_SUFFIX);
    let found = Env::path()
        .into_iter()
        .map(|dir| dir.join(&name))
        .find(|file| file.is_file());
    if found.is_some_and(|file| real(&file) == real(&own)) {
        return Ok("stsx".to_owned());
    }
    let path = own.to_str().map(str::to_owned);
    path.with_context(|| Failure::usage(format!("{} is not UTF-8", own.display())))
}
