//! The parser and the loader of the AWS SDK for Rust read the same random texts and must agree: on every
//! profile, key, value and sub-property, and on what is a syntax error, and on which line.
//! `PROPTEST_CASES=50000` runs more of them than usual.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::{Env, Fs};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::facts;
use super::parse::FileKind::{self, Config, Credentials};
use super::parse::{self, Section, SectionName, SyntaxError};
use super::texts::{self, NAMES};

#[test]
fn agrees_with_the_sdk() {
    let texts = (texts::realistic(Config), texts::realistic(Credentials));
    let (accepted, rejected) = (Cell::new(0), Cell::new(0));
    run(1500, &texts, |(config, credentials)| {
        let agreed = compare(&config, &credentials)?;
        let outcome = if agreed { &accepted } else { &rejected };
        outcome.set(outcome.get() + 1);
        check_find(&config, Config)?;
        check_find(&credentials, Credentials)
    });
    let (accepted, rejected) = (accepted.get(), rejected.get());
    assert!(
        accepted > rejected / 2 && rejected > accepted / 20,
        "the texts prove little: {accepted} accepted, {rejected} rejected"
    );
}

#[test]
fn agrees_with_the_sdk_on_noise() {
    run(
        3000,
        &(texts::noise(), texts::noise()),
        |(config, credentials)| {
            compare_errors(
                our_error(&config, &credentials),
                sdk(&config, &credentials).err(),
                [&config, &credentials],
            )?;
            check_find(&config, Config)?;
            check_find(&credentials, Credentials)
        },
    );
}

/// Runs at least `cases` cases; nothing is left in the tree when one fails.
pub(super) fn run<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let mut config = ProptestConfig::default();
    config.cases = config.cases.max(cases);
    config.failure_persistence = None;
    if let Err(error) = TestRunner::new(config).run(strategy, test) {
        panic!("{error}");
    }
}

/// What the SDK loads from the two texts, or the line it stumbles over. No environment, no HOME, no disk.
pub(super) fn sdk(config: &str, credentials: &str) -> Result<ProfileSet, usize> {
    let files = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, config)
        .with_contents(EnvConfigFileKind::Credentials, credentials)
        .build();
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers")
        .block_on(aws_config::profile::load(&fs, &env, &files, None))
        .map_err(|error| {
            let source = std::error::Error::source(&error)
                .expect("the syntax error")
                .to_string();
            let (_, rest) = source.split_once(" on line ").expect("a line");
            let (line, _) = rest.split_once(':').expect("its end");
            line.parse().expect("a number")
        })
}

/// The error that the SDK should report: it reads the config file first.
fn our_error(config: &str, credentials: &str) -> Option<SyntaxError> {
    let errors = [
        parse::all(config, Config).err(),
        parse::all(credentials, Credentials).err(),
    ];
    errors.into_iter().flatten().next()
}

type Merged = BTreeMap<SectionName, BTreeMap<String, String>>;

/// Both files as one, as the SDK has them: the credentials file wins key by key.
fn merged(config: &str, credentials: &str) -> Result<Merged, SyntaxError> {
    let mut merged = Merged::new();
    let config = parse::all(config, Config)?;
    for section in config
        .into_iter()
        .chain(parse::all(credentials, Credentials)?)
    {
        let pairs = section
            .properties
            .into_iter()
            .map(|property| (property.key, property.value));
        merged.entry(section.name).or_default().extend(pairs);
    }
    Ok(merged)
}

/// Whether both accept the two texts; fails where they differ.
fn compare(config: &str, credentials: &str) -> Result<bool, TestCaseError> {
    let ours = merged(config, credentials);
    let theirs = sdk(config, credentials);
    compare_errors(
        ours.as_ref().err().cloned(),
        theirs.as_ref().err().copied(),
        [config, credentials],
    )?;
    let (Ok(ours), Ok(theirs)) = (ours, theirs) else {
        return Ok(false);
    };
    let profiles = theirs
        .profiles()
        .map(|name| SectionName::Profile(name.to_owned()));
    let sessions = theirs
        .sso_sessions()
        .map(|name| SectionName::SsoSession(name.to_owned()));
    // Names that the SDK passes over are for `against_cli`.
    let ours: Merged = ours
        .into_iter()
        .filter(|(name, _)| parse::is_identifier(name.as_str()))
        .collect();
    let services = ours
        .keys()
        .filter(|name| matches!(name, SectionName::Services(_)));
    let names: BTreeSet<_> = profiles.chain(sessions).chain(services.cloned()).collect();
    prop_assert_eq!(ours.keys().cloned().collect::<BTreeSet<_>>(), names);

    // Anything that may be a key to the SDK stands before some `=`.
    let lines = config.lines().chain(credentials.lines());
    let keys = lines.filter_map(|line| Some(trimmed(line.split_once('=')?.0)));
    let keys: BTreeSet<_> = keys.collect();
    for (name, properties) in &ours {
        for key in &keys {
            let lower = key.to_ascii_lowercase();
            let ours = properties.get(&lower).map(String::as_str);
            let theirs = match name {
                SectionName::Profile(name) => theirs.get_profile(name).and_then(|it| it.get(key)),
                SectionName::SsoSession(name) => {
                    theirs.sso_session(name).and_then(|it| it.get(key))
                }
                SectionName::Services(name) => {
                    compare_services(&theirs, [name, &lower], ours.unwrap_or_default(), &keys)?;
                    continue;
                }
            };
            prop_assert_eq!(ours, theirs, "{} of {:?}", key, name);
        }
        let known = |ours: &String| keys.iter().any(|key| key.eq_ignore_ascii_case(ours));
        prop_assert!(
            properties.keys().all(known),
            "keys from nowhere in {:?}",
            name
        );
    }
    Ok(true)
}

/// Both report an error on the same line; but an indented line that no key takes in stops the SDK alone.
fn compare_errors(
    ours: Option<SyntaxError>,
    theirs: Option<usize>,
    [config, credentials]: [&str; 2],
) -> Result<(), TestCaseError> {
    let ours = ours.map(|error| error.line);
    if let Some(theirs) = theirs
        && ours != Some(theirs)
    {
        let is_in_config = sdk(config, "").is_err();
        let text = if is_in_config { config } else { credentials };
        let above: Vec<&str> = text.lines().take(theirs).collect();
        let (line, above) = above.split_last().expect("a line of the text");
        let mut above = above.iter().rev().take_while(|line| !line.starts_with('['));
        let is_skipped =
            |line: &&str| trimmed(line).is_empty() || trimmed(line).starts_with(['#', ';']);
        prop_assert!(
            line.starts_with([' ', '\t']) && above.all(is_skipped),
            "{line:?} in {text:?}"
        );
        let kind = if is_in_config { Config } else { Credentials };
        let next = parse::all(text, kind).err().map(|error| error.line);
        prop_assert!(
            next.is_none_or(|next| next > theirs),
            "{next:?} {theirs} in {text:?}"
        );
        return Ok(());
    }
    prop_assert_eq!(ours, theirs, "lines of the error, ours and the SDK's");
    Ok(())
}

/// Of `[services x]` the SDK shows only sub-properties, under keys in the file's own case.
fn compare_services(
    theirs: &ProfileSet,
    [section, key]: [&str; 2],
    value: &str,
    sub_keys: &BTreeSet<&str>,
) -> Result<(), TestCaseError> {
    let as_written = value
        .split('\n')
        .filter_map(|line| Some(trimmed(line.split_once('=')?.0)));
    let as_written: Vec<_> = as_written.collect();
    let ours = parse::sub_properties(value);
    let lower: Vec<_> = as_written
        .iter()
        .map(|key| key.to_ascii_lowercase())
        .collect();
    prop_assert_eq!(
        lower,
        ours.iter()
            .map(|(key, ..)| key.as_str())
            .collect::<Vec<_>>()
    );
    for sub_key in sub_keys {
        let place = PropertiesKey::builder()
            .section_key("services")
            .section_name(section)
            .property_name(key)
            .sub_property_name(*sub_key)
            .build()
            .expect("all four parts are there");
        let last = as_written.iter().rposition(|key| key == sub_key);
        let ours = last.map(|last| &ours[last].1);
        let theirs = theirs.other_sections().get(&place);
        prop_assert_eq!(ours, theirs, "{} of {} of {}", sub_key, key, section);
    }
    Ok(())
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// `find` and `profile_names` see what `all` sees, and every line is the line it says.
fn check_find(text: &str, kind: FileKind) -> Result<(), TestCaseError> {
    let all = parse::all(text, kind);
    for name in NAMES {
        for sort in [
            SectionName::Profile,
            SectionName::SsoSession,
            SectionName::Services,
        ] {
            let name = sort(name.to_owned());
            let found = parse::find(text, kind, &name);
            let Ok(all) = &all else {
                continue;
            };
            let found = found.expect("what `all` accepts, so does `find`");
            let expected = all.iter().find(|section| section.name == name);
            prop_assert_eq!(found.as_ref().map(place), expected.map(place));
        }
    }
    let all = all.unwrap_or_default();
    for section in &all {
        let found = parse::find(text, kind, &section.name).expect("what `all` accepts");
        let found = found.expect("what `all` has");
        prop_assert_eq!(
            (place(&found), facts(&found)),
            (place(section), facts(section))
        );
        check_lines(text, section)?;
    }
    let names = all.iter().filter_map(|section| match &section.name {
        SectionName::Profile(name) => Some(name.clone()),
        SectionName::SsoSession(_) | SectionName::Services(_) => None,
    });
    let names: Vec<_> = names.collect();
    prop_assert!(names.is_empty() || names == parse::profile_names(text, kind));
    Ok(())
}

fn place(section: &Section) -> (&SectionName, usize) {
    (&section.name, section.line)
}

fn check_lines(text: &str, section: &Section) -> Result<(), TestCaseError> {
    let lines: Vec<_> = text.lines().collect();
    let header = lines[section.line - 1];
    let name = section.name.as_str();
    let is_there = header.contains(name) || header.contains(['"', '\'', '\\']);
    let named = header.starts_with('[') && is_there;
    prop_assert!(named, "{:?} at {:?}", section, header);
    for property in &section.properties {
        let line = lines[property.line - 1].to_ascii_lowercase();
        prop_assert!(
            trimmed(&line).starts_with(&property.key),
            "{:?} at {:?}",
            property,
            line
        );
        for (offset, part) in property.value.split('\n').enumerate() {
            let line = lines[property.line_at(offset) - 1];
            prop_assert!(line.contains(part), "{:?} at {:?}", part, line);
            prop_assert!(
                offset == 0 || trimmed(line) == part,
                "{:?} at {:?}",
                part,
                line
            );
        }
    }
    Ok(())
}
