//! `stsx doctor`: what is wrong with the files, variables and logins that stsx and AWS's tools read, and
//! what mends it.
//!
//! Nothing is changed, run or asked for; without `--online` nobody is called. A file that cannot be read
//! ends its own checks only. No finding holds a secret.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;

use crate::cache::Cache;
use crate::cli::{DoctorArgs, Report, RoleOptions};
use crate::cmd::{World, answer, answer_json, hand_over};
use crate::error::{Failure, Kind};
use crate::output::shell::Shell;
use crate::plan::Plan;
use crate::plan::resolve::{Wanted, resolve};
use crate::profiles::parse::FileKind;
use crate::profiles::{self, Profile, Profiles, Sorted};
use crate::settings::{Settings, settings_path};
use crate::terminal;

mod copies;
mod dialect;
mod files;
mod finding;
mod fix;
mod keys;
pub(super) mod known;
mod leftovers;
mod logins;
mod meaning;
mod online;
mod own;
mod pasted;
mod plans;
mod reading;
mod regions;
mod report;
mod sections;
mod values;
mod variables;

use finding::{Finding, Findings};
use meaning::Scene;
use online::Sources;
use reading::ProfileFile;
use report::Facts;
use sections::Written;
use values::Named;
use variables::Variables;

/// A settings file is smaller.
const MAX_SETTINGS: u64 = 1 << 20;

/// Runs the command.
///
/// # Errors
/// Problems were found (exit status 1): their number.
pub(super) fn run(args: &DoctorArgs, world: &World<'_>) -> Result<()> {
    let mut findings = Findings::default();
    let paths = profiles::locations(world.env);
    let [config, credentials] = paths.clone();
    let config = ProfileFile::read(config, FileKind::Config, &mut findings);
    let credentials = ProfileFile::read(credentials, FileKind::Credentials, &mut findings);
    let is_whole = findings.count() == (0, 0);
    let read = [
        (&config, sections::written(&config)),
        (&credentials, sections::written(&credentials)),
    ];
    let written = read
        .each_ref()
        .map(|(file, sections)| (*file, sections.as_slice()));
    as_written(&written, &mut findings);

    let (profiles, [all, sso_sessions]) = profiles_of(&config, &credentials);
    let named = Named::of(written.iter().flat_map(|(_, sections)| *sections));
    let settings = settled(world, &mut findings);
    let env = world.env.original();
    let scene = Scene {
        all: &all,
        sso_sessions: &sso_sessions,
        is_whole,
        named: &named,
        profiles: &profiles,
        settings: &settings,
        env: &env,
        paths: &paths,
    };
    let sources = as_meant(&scene, world, &written, &mut findings);
    let shell = hand_over::detect(world.env);
    let env = world.env;
    Variables { env, shell }.check(&profiles, &mut findings);
    own::twins(&mut findings);
    if let Ok(cache) = Cache::open(world.log) {
        own::cache(&cache, &mut findings);
    }
    let mut facts = facts(&paths, shell, world);
    if args.online {
        facts.sources = Some(sources.ask(&all, world.log, &mut findings));
    }
    told(args, &facts, &findings)
}

/// Both files as they mean something, and all profiles and `[sso-session]`s of theirs.
fn profiles_of(config: &ProfileFile, credentials: &ProfileFile) -> (Profiles, [Sorted; 2]) {
    let files = [config, credentials];
    let paths = files.map(|file| file.path.clone());
    let mut profiles = Profiles::of_texts(paths, files.map(|file| file.text.to_string()));
    // (What is no grammar was taken out.)
    let (all, sso_sessions) = profiles.all().unwrap_or_default();
    profiles.index(&all, &sso_sessions);
    (profiles, [all, sso_sessions])
}

/// Writes the report.
///
/// # Errors
/// There are problems.
fn told(args: &DoctorArgs, facts: &Facts, findings: &Findings) -> Result<()> {
    match args.format {
        Report::Json => answer_json(&report::json(facts, findings))?,
        Report::Text => answer(&report::text(facts, findings))?,
    }
    let what = match findings.count().0 {
        0 => return Ok(()),
        1 => "1 problem was found".to_owned(),
        count => format!("{count} problems were found"),
    };
    Err(Failure::new(Kind::Failed, what).into())
}

/// The files and their lines, whatever they mean.
fn as_written(files: &[(&ProfileFile, &[Written<'_>])], findings: &mut Findings) {
    let mut strange = keys::Strange::new();
    for (file, sections) in files {
        files::check(file, sections, findings);
        sections::check(file, sections, findings);
        keys::check(file, sections, &mut strange, findings);
    }
    keys::say(strange, findings);
    files::directories(findings);
}

/// What the profiles mean; the answer is where they start from.
fn as_meant(
    scene: &Scene<'_>,
    world: &World<'_>,
    files: &[(&ProfileFile, &[Written<'_>])],
    findings: &mut Findings,
) -> Sources {
    let mut sources = Sources::default();
    scene.values(findings);
    scene.plan(findings, |plan| sources.add(plan));
    scene.idle(findings);
    for profile in scene.all {
        leftovers::check(profile, scene.profiles, files, findings);
    }
    let id = |profile: &Rc<Profile>| Some(profile.text(profiles::ACCESS_KEY_ID)?.value.clone());
    let ids: Vec<String> = scene.all.iter().filter_map(id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    files::downloads(&ids, findings);
    copies::check(scene.paths, scene.is_whole.then_some(&ids), findings);
    // Who the AWS CLI would be; what is wrong with that is told where it stands.
    let current = resolve(Wanted::Current, scene.settings, scene.profiles, world.env);
    let is_said = |plan: &Plan| !plan.source_origins.contains_key("kind");
    current
        .into_iter()
        .filter(is_said)
        .for_each(|plan| sources.add(plan));
    sources.logins(findings);
    sources
}

/// The settings; what is wrong with them is found, and then they are as if there were none.
fn settled(world: &World<'_>, findings: &mut Findings) -> Settings {
    let path = settings_path();
    let mut unreadable = Findings::default();
    if let Some(path) = &path {
        files::settings(path, findings);
        reading::contents(path, MAX_SETTINGS, &mut unreadable);
    }
    if unreadable.count().0 > 0 {
        findings.extend(unreadable.sorted().into_iter().cloned());
        return Settings::default();
    }
    let env = world.env.original();
    let settled = Settings::settle(&RoleOptions::default(), &env);
    let output = Settings::of_output(&env).err();
    let (settings, error) = match settled {
        Ok(settings) => (settings, output),
        Err(error) => (Settings::default(), Some(error)),
    };
    if let Some(error) = error {
        findings.add(unsettled(
            &error,
            path.as_deref(),
            hand_over::detect(world.env),
        ));
    }
    Settings {
        profile: None,
        ..settings
    }
}

/// A setting that is wrong: its place stands at the start of the error.
fn unsettled(error: &anyhow::Error, path: Option<&Path>, shell: Shell) -> Finding {
    let text = format!("{error:#}");
    let hint = error
        .downcast_ref::<Failure>()
        .and_then(|failure| failure.hint.clone());
    let why = hint
        .unwrap_or_else(|| "no command that gets credentials works until this is fixed".to_owned());
    let finding = |what: &str| Finding::problem("setting", what).why(why);
    if let Some((name, what)) = text
        .strip_prefix('$')
        .and_then(|rest| rest.split_once(": "))
    {
        return finding(what).variable(name).fix(fix::unset(shell, &[name]));
    }
    let Some(path) = path else {
        return finding(&text);
    };
    let rest = text.strip_prefix(&format!("{}:", path.display()));
    let placed = rest.and_then(|rest| rest.split_once(": "));
    match placed.map(|(line, what)| (line.parse(), what)) {
        Some((Ok(line), what)) => finding(what).at(path, line).fix(fix::open_at(path, line)),
        _ => finding(&text).of(path).fix(fix::open_at(path, 1)),
    }
}

fn facts(paths: &[PathBuf; 2], shell: Shell, world: &World<'_>) -> Facts {
    let executable = std::env::current_exe().unwrap_or_default();
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let cache = Cache::open(world.log)
        .map(|cache| cache.dir().to_owned())
        .ok();
    let places = [
        ("config", Some(paths[0].clone())),
        ("credentials", Some(paths[1].clone())),
        ("settings", settings_path()),
        ("cache", cache),
    ];
    let place = |(name, path): (&'static str, Option<PathBuf>)| {
        let path = path?;
        let state = if path.exists() { "there" } else { "not there" };
        Some((name, shown(&path), state.to_owned()))
    };
    let shell = clap::ValueEnum::to_possible_value(&shell).map(|value| value.get_name().to_owned());
    Facts {
        executable: shown(&executable),
        places: places.into_iter().filter_map(place).collect(),
        shell: shell.unwrap_or_default(),
        has_terminal: terminal::open().is_ok(),
        sources: None,
    }
}
