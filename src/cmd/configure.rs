//! `stsx configure`: adds a profile to ~/.aws/config or changes one, and keeps all else.
//!
//! What it should be is said by flags, asked on the terminal, or follows from a target (`--process`).
//! Nothing is written that stsx could not follow afterwards: the plan is made from the new text first.

use anyhow::Result;
use zeroize::Zeroizing;

use crate::cli::{ConfigureArgs, CredentialSource};
use crate::cmd::World;
use crate::cmd::complete::regions;
use crate::cmd::rewrite::Rewrite;
use crate::env::Env;
use crate::error::Failure;
use crate::profiles::edit::Change;
use crate::profiles::parse::FileKind;
use crate::profiles::store::Stored;
use crate::profiles::{self, Profiles};

mod ask;
mod check;
mod process;

pub(super) use check::idle_keys;

/// Runs the command.
///
/// # Errors
/// The profile would not work, a value would be overwritten unasked, or the file cannot be written.
pub(super) fn run(args: &ConfigureArgs, world: &World<'_>) -> Result<()> {
    let env = world.env.original();
    // Read before a person is asked: what changes meanwhile is noticed.
    let stored = Stored::read(&env, FileKind::Config)?;
    let profiles = Profiles::open(&env)?;
    if let Some(target) = &args.process {
        let (name, changes) = process::wanted(target, args, &profiles, world)?;
        return change(&name, changes, args, &stored, profiles, world);
    }
    let changes = changes(args)?;
    match &args.name {
        Some(name) if !changes.is_empty() => change(name, changes, args, &stored, profiles, world),
        None if !changes.is_empty() => Err(Failure::usage("no profile is named")
            .hint("name it: stsx configure PROFILE …")
            .into()),
        _ => ask(args, &stored, profiles, world),
    }
}

fn change(
    name: &str,
    mut changes: Vec<Change>,
    args: &ConfigureArgs,
    stored: &Stored,
    profiles: Profiles,
    world: &World<'_>,
) -> Result<()> {
    check::refuse_shadowed(&profiles, name, &mut changes)?;
    check::refuse_slips(&profiles, name, &changes)?;
    note_region(&changes, world);
    let rewrite = Rewrite::new(stored, FileKind::Config, name, &changes)?;
    if !rewrite.is_idle() {
        let profiles = profiles.with_text(FileKind::Config, rewrite.text());
        check::refuse_broken(&profiles, name, &changes)?;
        note_idle_keys(&profiles, name, world);
    }
    rewrite.finish(args.writing, world)
}

/// Asks for everything; a person who has seen the change needs no `--force`.
fn ask(args: &ConfigureArgs, stored: &Stored, profiles: Profiles, world: &World<'_>) -> Result<()> {
    let mut dialogue = ask::Dialogue::open()?;
    let name = match &args.name {
        Some(name) => name.clone(),
        None => dialogue.profile()?,
    };
    let mut changes = dialogue.changes(&name, &profiles)?;
    check::refuse_shadowed(&profiles, &name, &mut changes)?;
    note_region(&changes, world);
    let rewrite = Rewrite::new(stored, FileKind::Config, &name, &changes)?;
    if rewrite.is_idle() || args.writing.dry_run {
        return rewrite.finish(args.writing, world);
    }
    let profiles = profiles.with_text(FileKind::Config, rewrite.text());
    check::refuse_broken(&profiles, &name, &changes)?;
    note_idle_keys(&profiles, &name, world);
    dialogue.confirm(&rewrite.diff())?;
    rewrite.write(world)
}

/// Says when a region looks like a slip for another one.
fn note_region(changes: &[Change], world: &World<'_>) {
    let region = changes.iter().find(|(key, _)| key == profiles::REGION);
    let value = region.and_then(|(_, value)| value.as_ref());
    if let Some(doubt) = value.and_then(|value| regions::doubt(value)) {
        world.log.warn(&doubt);
    }
}

/// Says when a profile has keys that it does not use; `profiles` are those after the change. Of a file that
/// cannot be read nothing is known, and that is no reason not to write the other one.
pub(super) fn note_idle_keys(profiles: &Profiles, name: &str, world: &World<'_>) {
    if let Ok(Some(note)) = idle_keys(profiles, name) {
        world.log.warn(&note);
    }
}

/// What the flags ask for.
fn changes(args: &ConfigureArgs) -> Result<Vec<Change>> {
    let keys = &args.keys;
    let duration = keys.duration.map(|seconds| seconds.to_string());
    let source = keys.credential_source.map(spelled);
    let given = [
        (profiles::ROLE_ARN, keys.role.as_deref()),
        (profiles::SOURCE_PROFILE, keys.source_profile.as_deref()),
        (profiles::CREDENTIAL_SOURCE, source.as_deref()),
        (profiles::MFA_SERIAL, keys.mfa_serial.as_deref()),
        (profiles::EXTERNAL_ID, keys.external_id.as_deref()),
        (profiles::DURATION_SECONDS, duration.as_deref()),
        (profiles::ROLE_SESSION_NAME, keys.session_name.as_deref()),
        (
            profiles::CREDENTIAL_PROCESS,
            keys.credential_process.as_deref(),
        ),
        (profiles::REGION, keys.region.as_deref()),
    ];
    let mut changes: Vec<Change> = given
        .into_iter()
        .filter_map(|(key, value)| Some(set(key, value?)))
        .collect();
    for key in &args.remove {
        if changes
            .iter()
            .any(|(other, value)| other == key && value.is_some())
        {
            let what = format!("--remove {key}: a value for it is given too");
            return Err(Failure::usage(what).into());
        }
        changes.push((key.clone(), None));
    }
    // What goes makes room for what comes.
    changes.sort_by_key(|(_, value)| value.is_some());
    Ok(changes)
}

fn set(key: &str, value: &str) -> Change {
    (key.to_owned(), Some(Zeroizing::new(value.to_owned())))
}

/// The source as AWS spells it.
fn spelled(source: CredentialSource) -> String {
    let value = clap::ValueEnum::to_possible_value(&source);
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The environment in which a program uses a profile, and nothing else is said.
fn using(profile: &str) -> Env {
    [(crate::env::PROFILE, profile)].into_iter().collect()
}
