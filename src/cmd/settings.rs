//! `stsx settings`: what is in force, and where each value comes from.
//!
//! All of the settings file and all variables are checked, also those that a run would not need.
//! Values that may hold secrets are redacted.

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::{Report, SettingsArgs};
use crate::cmd::list::REDACTED;
use crate::cmd::table::Table;
use crate::cmd::{World, answer, answer_json};
use crate::profiles::Profiles;
use crate::settings::{InForce, Overview};

const DEFAULT: &str = "default";

/// Runs the command.
///
/// # Errors
/// The settings file or a variable is wrong: every problem with its place.
pub(super) fn run(args: &SettingsArgs, world: &World<'_>) -> Result<()> {
    let env = world.env.original();
    // (A file of profiles that cannot be read is no matter of the settings.)
    let profiles = Profiles::open(&env).ok();
    let overview = Overview::read(&env, |name| {
        let profile = profiles.as_ref().map(|profiles| profiles.profile(name));
        matches!(profile, Some(Ok(Some(_))))
    })?;
    match args.format {
        Report::Text => answer(&text(&overview)),
        Report::Json => answer_json(&document(&overview)),
    }
}

fn text(overview: &Overview) -> String {
    let mut table = Table::default();
    for setting in &overview.settings {
        let (value, origin) = shown(setting);
        let value = value.unwrap_or_else(|| "(none)".to_owned());
        table.row([setting.words.name, &value, &origin]);
    }
    for (name, target) in &overview.aliases {
        let (name, origin) = (format!("alias {name}"), target.origin.to_string());
        table.row([name.as_str(), &target.value, &origin]);
    }
    if let Some(path) = &overview.path {
        let state = if path.exists() { "" } else { "(not there)" };
        table.row(["settings file", &path.to_string_lossy(), state]);
    }
    table.text()
}

fn document(overview: &Overview) -> Value {
    let settings = overview.settings.iter().map(|setting| {
        let (value, origin) = shown(setting);
        let words = setting.words;
        json!({
            "name": words.name,
            "in_file": words.is_key,
            "variable": words.variable,
            "form": words.form,
            "default": words.default,
            "meaning": words.meaning,
            "value": value,
            "origin": origin,
        })
    });
    let aliases = overview.aliases.iter().map(|(name, target)| {
        json!({ "name": name, "target": target.value, "origin": target.origin.to_string() })
    });
    json!({
        "file": overview.path.as_ref().map(|path| path.to_string_lossy()),
        "settings": settings.collect::<Vec<_>>(),
        "aliases": aliases.collect::<Vec<_>>(),
    })
}

/// The value as it may be shown, and where it comes from.
fn shown(setting: &InForce) -> (Option<String>, String) {
    match &setting.value {
        Some(given) if setting.words.is_secret => {
            (Some(REDACTED.to_owned()), given.origin.to_string())
        }
        Some(given) => (Some(given.value.clone()), given.origin.to_string()),
        None => (setting.words.default.map(str::to_owned), DEFAULT.to_owned()),
    }
}
