//! `stsx login`: the MFA session, and roles, obtained now, so that programs without a terminal find
//! them.

use anyhow::Result;

use crate::cli::{LoginArgs, RoleOptions, RunOptions};
use crate::cmd::table::Table;
use crate::cmd::{Ready, USUAL_MARGIN, World, answer};
use crate::error::{Failure, Kind};
use crate::plan::resolve::Wanted;
use crate::plan::{Hop, Source};
use crate::settings::Settings;
use crate::time::{self, Timestamp};

/// Runs the command.
///
/// # Errors
/// As obtaining credentials; there is nothing to log in to, or it is not kept.
pub(super) fn run(args: &LoginArgs, world: &World<'_>) -> Result<()> {
    let settings = Settings::settle(&args.options, world.env)?;
    if let Some(origin) = settings.no_cache {
        let what = format!("{origin}: a login without the cache is of no use");
        return Err(Failure::usage(what)
            .hint("`stsx session --no-cache` prints a session that is not kept")
            .into());
    }
    let mut table = Table::default();
    let result = if args.targets.is_empty() {
        log_in(&current(args, world)?, &mut table)
    } else {
        let mut targets = args.targets.iter();
        targets.try_for_each(|target| log_in(&ready(target, args, world)?, &mut table))
    };
    // What was obtained before a failure is there all the same.
    answer(&table.text())?;
    result
}

/// Who the AWS CLI would be: a profile with a role is a target like others, keys of a user stand
/// for the user's session.
fn current(args: &LoginArgs, world: &World<'_>) -> Result<Ready> {
    let bare = world.original(Wanted::Current, &bare(&args.options), USUAL_MARGIN);
    let role = bare
        .ok()
        .and_then(|ready| Some(ready.plan.hops.last()?.profile()?.to_owned()));
    let mut options = args.options.clone();
    if let Some(profile) = role {
        options.run.profile = None;
        return world.ready(&profile, &options, USUAL_MARGIN);
    }
    world.original(Wanted::Session(None), &options, USUAL_MARGIN)
}

/// A profile with the keys of a user stands for the user's session.
fn ready(target: &str, args: &LoginArgs, world: &World<'_>) -> Result<Ready> {
    match user(target, &args.options, world) {
        Some(profile) => {
            let mut options = args.options.clone();
            options.run.profile = Some(profile);
            world.original(Wanted::Session(None), &options, USUAL_MARGIN)
        }
        None => world.ready(target, &args.options, USUAL_MARGIN),
    }
}

/// The profile with a user's keys that a target is. Flags are left out: keys alone have no use for
/// them.
fn user(target: &str, options: &RoleOptions, world: &World<'_>) -> Option<String> {
    let plan = world.ready(target, &bare(options), USUAL_MARGIN).ok()?.plan;
    let is_user = plan.hops.is_empty() && plan.source.may_be_user();
    let profile = plan.source.profile().filter(|_| is_user);
    profile.map(str::to_owned)
}

/// The options that say where a run starts.
fn bare(options: &RoleOptions) -> RoleOptions {
    RoleOptions {
        run: RunOptions {
            profile: options.run.profile.clone(),
            ..RunOptions::default()
        },
        chain: options.chain,
        ..RoleOptions::default()
    }
}

fn log_in(ready: &Ready, table: &mut Table) -> Result<()> {
    refuse_idle(&ready.plan.hops, &ready.plan.source)?;
    let credentials = ready.credentials()?;
    if !ready.keeps(&credentials) {
        let what = "the credentials are not cached, so no other program finds them";
        return Err(Failure::new(Kind::Failed, what).into());
    }
    let what = ready.plan.hops.last().map(Hop::spoken);
    let end = credentials.expires_at.map(|end| {
        let left = time::spoken(end.seconds_since(Timestamp::now()));
        format!("until {end} (in {left})")
    });
    table.row([
        ready.plan.target.as_str(),
        &what.unwrap_or_default(),
        &end.unwrap_or_default(),
    ]);
    Ok(())
}

/// There must be a role or a code to show: a session without either is what `stsx session` prints.
fn refuse_idle(hops: &[Hop], source: &Source) -> Result<()> {
    match hops {
        [] => {
            let source = source.spoken();
            let what = format!("there is nothing to log in to: {source} needs no role and no code");
            Err(Failure::usage(what).into())
        }
        [Hop::Session(session)] if session.mfa_serial.is_none() => {
            let what = format!("no MFA device is named for {}", source.spoken());
            Err(Failure::usage(what)
                .hint("name it as mfa_serial in the profile or with --mfa-serial, or let --mfa find it")
                .into())
        }
        _ => Ok(()),
    }
}
