//! `stsx list`: the profiles and what each leads to.
//!
//! Parses and checks all of both files. Secrets are redacted by the name of their key. With `--roles` it is IAM
//! that is asked, for the roles of an account.

use std::path::Path;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::cli::{ListArgs, Report, RoleOptions};
use crate::cmd::table::Table;
use crate::cmd::{World, answer, answer_json};
use crate::credentials;
use crate::looks::Ink;
use crate::plan::command::Asked;
use crate::plan::connection::without_password;
use crate::plan::resolve::Wanted;
use crate::plan::{Hop, Plan, command, resolve, rules};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Settings, Sourced};

mod roles;
mod tree;
mod trust;

use tree::Tree;

pub(super) const REDACTED: &str = "(redacted)";

/// Runs the command.
///
/// # Errors
/// A file does not parse: file, line and reason. A profile that breaks a rule is listed with it. IAM does not tell
/// the roles.
pub(super) fn run(args: &ListArgs, world: &World<'_>) -> Result<()> {
    if args.roles {
        return roles::run(args, world);
    }
    let env = world.env.original();
    let settings = Settings::settle(&RoleOptions::default(), &env)?;
    // A source given for this run is no property of the profiles.
    let settings = Settings {
        profile: None,
        ..settings
    };
    let mut profiles = Profiles::open(&env)?;
    let (all, sso_sessions) = profiles.all()?;
    profiles.index(&all, &sso_sessions);
    // No plan is kept: a chain's plans together have the square of its length in hops.
    let plan = |profile: &Profile| resolve::of_profile(&profile.name, &settings, &profiles, &env);
    if args.format == Report::Json {
        let listed: Vec<Value> = all
            .iter()
            .map(|profile| document(profile, plan(profile).err().as_ref()))
            .collect();
        let sso: Vec<Value> = sso_sessions
            .iter()
            .map(|session| document(session, None))
            .collect();
        return answer_json(&json!({ "profiles": listed, "sso_sessions": sso }));
    }
    if all.is_empty() {
        let places = profiles.places();
        world
            .log
            .warn(&format!("there are no profiles in {places}"));
    }
    if args.tree {
        // Who asks stsx for a target is below that one.
        let follow = |asked: &Asked| {
            let settings = Settings {
                profile: asked
                    .start
                    .clone()
                    .map(|start| Sourced::new(start, Origin::Flag("--profile"))),
                ..settings.clone()
            };
            let wanted = Wanted::Target(&asked.target);
            resolve::resolve(wanted, &settings, &profiles, &env).ok()
        };
        let mut tree = Tree::default();
        for profile in &all {
            tree.add(profile, &plan(profile), &follow);
        }
        return answer(&tree.text());
    }
    let mut table = Table::default();
    for profile in &all {
        let (ink, words) = leads_to(profile, &plan(profile));
        table.inked([(Ink::Name, profile.name.as_str()), (ink, &words)]);
    }
    answer(&table.text())
}

fn leads_to(profile: &Profile, plan: &Result<Plan>) -> (Ink, String) {
    match plan {
        Ok(plan) => (Ink::Plain, way(plan)),
        Err(_) if !rules::leads_somewhere(profile) => (Ink::Faint, "settings only".to_owned()),
        Err(error) => (Ink::Bad, format!("error: {error:#}")),
    }
}

fn way(plan: &Plan) -> String {
    let Some(Hop::Role(role)) = plan.hops.last() else {
        return plan.source.shown();
    };
    let way: Vec<&str> = plan
        .hops
        .iter()
        .rev()
        .skip(1)
        .filter_map(Hop::profile)
        .collect();
    let mfa = if plan.needs_mfa() { ", with MFA" } else { "" };
    let by = if way.is_empty() {
        String::new()
    } else {
        format!(" by way of {}", way.join(", "))
    };
    format!("{}{by} from {}{mfa}", role.reference, plan.source.shown())
}

fn document(profile: &Profile, error: Option<&anyhow::Error>) -> Value {
    let settings: Map<String, Value> = profile
        .settings
        .iter()
        .map(|(key, entry)| {
            let mut row = Map::new();
            row.insert("value".into(), json!(shown(key, &entry.value)));
            if let Some(program) = command::program(&entry.value).filter(|_| is_command(key)) {
                row.insert("program".into(), json!(program));
            }
            if let Some((file, line)) = entry.origin.place() {
                row.insert("file".into(), json!(file.to_string_lossy()));
                row.insert("line".into(), json!(line));
            }
            (key.clone(), Value::Object(row))
        })
        .collect();
    let mut object = Map::new();
    object.insert("name".into(), json!(profile.name));
    object.insert("settings".into(), Value::Object(settings));
    if let Some(error) = error.filter(|_| rules::leads_somewhere(profile)) {
        object.insert("error".into(), json!(format!("{error:#}")));
    }
    Value::Object(object)
}

/// Whether the value of a key is a secret, or may hold one.
pub(super) fn is_secret(key: &str) -> bool {
    const WORDS: [&str; 6] = ["secret", "pass", "private", "seed", "_pin", "api_key"];
    key.ends_with("_token") || is_command(key) || WORDS.iter().any(|word| key.contains(word))
}

/// Whether the value of a key is a command.
fn is_command(key: &str) -> bool {
    key.ends_with("_process")
}

/// Whether a value is a command line of stsx itself, which holds no secret but for a code.
fn is_own_command(key: &str, value: &str) -> bool {
    let words = shlex::split(value).unwrap_or_default();
    let is_stsx = |program: &String| {
        Path::new(program)
            .file_name()
            .is_some_and(|name| name == "stsx")
    };
    let hands_on = |word: &String| ["credential-process", "process"].contains(&word.as_str());
    key == profiles::CREDENTIAL_PROCESS
        && words.first().is_some_and(is_stsx)
        && words.get(1).is_some_and(hands_on)
        && !value.contains("--mfa-code")
}

/// The value as it may be shown; sub-properties are secret by their own keys.
pub(super) fn shown(key: &str, value: &str) -> String {
    let is_misplaced = key == profiles::ACCESS_KEY_ID && credentials::is_secret_key(value);
    if (is_secret(key) && !is_own_command(key, value)) || is_misplaced {
        return REDACTED.to_owned();
    }
    if value.contains("://") && !value.contains('\n') {
        return without_password(value);
    }
    let lines = value.split('\n').map(|line| match line.split_once('=') {
        Some((key, _)) if is_secret(&key.trim().to_lowercase()) => format!("{key}= {REDACTED}"),
        Some((key, url)) if url.contains("://") => format!("{key}={}", without_password(url)),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
