//! All settings as they are in force, and all that is wrong with them: for `stsx settings`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;

use crate::env::Env;
use crate::error::Failure;
use crate::plan::RoleArn;
use crate::settings::table::{self, Words};
use crate::settings::{Origin, SettingsFile, Sourced, alias, file};

/// What the environment and the settings file say, before any flag and any profile.
#[derive(Debug)]
pub(crate) struct Overview {
    /// Where the settings file is, or would be.
    pub(crate) path: Option<PathBuf>,
    pub(crate) settings: Vec<InForce>,
    pub(crate) aliases: BTreeMap<String, Sourced<String>>,
}

/// A setting and its value.
#[derive(Debug)]
pub(crate) struct InForce {
    pub(crate) words: &'static Words,
    pub(crate) value: Option<Sourced<String>>,
}

impl Overview {
    /// Reads and checks everything; `is_profile` tells which names profiles have.
    ///
    /// # Errors
    /// Something is wrong: the first problem with its place and hint, the others as details.
    pub(crate) fn read(env: &Env, is_profile: impl Fn(&str) -> bool) -> Result<Self> {
        let (file, mut problems) = SettingsFile::inspect()?;
        let mut settings = Vec::new();
        for words in table::ALL {
            let mut value = None;
            for (prefix, said) in said(words, env, &file) {
                problems.extend(problem(words, &prefix, &said));
                value = value.or(Some(said));
            }
            settings.push(InForce { words, value });
        }
        problems.extend(
            file.aliases
                .iter()
                .filter_map(|(name, target)| wrong_alias(name, target)),
        );
        let lost = |name: &String| {
            alias::meant(&file.aliases, name, |name| Ok(is_profile(name)))
                .err()?
                .downcast::<Failure>()
                .ok()
        };
        problems.extend(file.aliases.keys().filter_map(lost));
        match in_one(problems) {
            None => Ok(Self {
                path: file::path(),
                settings,
                aliases: file.aliases,
            }),
            Some(failure) => Err(failure.into()),
        }
    }
}

/// The values that were given, the strongest first, each with what an error begins with.
fn said<'a>(
    words: &'static Words,
    env: &'a Env,
    file: &'a SettingsFile,
) -> impl Iterator<Item = (String, Sourced<String>)> + 'a {
    let variables = [words.variable]
        .into_iter()
        .chain(words.of_aws.iter().copied());
    let from_env = variables.filter_map(|name| {
        let value = Sourced::new(env.value(name)?.to_owned(), Origin::Variable(name));
        Some((value.origin.to_string(), value))
    });
    let from_file = file.text(words.name).cloned();
    from_env.chain(from_file.map(|value| (format!("{}: {}", value.origin, words.name), value)))
}

fn problem(words: &Words, prefix: &str, value: &Sourced<String>) -> Option<Failure> {
    let reason = (words.check)(&value.value).err()?;
    Some(Failure::usage(format!("{prefix}: {reason}")))
}

fn wrong_alias(name: &str, target: &Sourced<String>) -> Option<Failure> {
    let reason = match target.value.as_str() {
        "" => "no target is named".to_owned(),
        arn if arn.starts_with("arn:") => RoleArn::parse(arn).err()?,
        _ => return None,
    };
    Some(Failure::usage(format!(
        "{}: {name}: {reason}",
        target.origin
    )))
}

/// One failure for all problems, in the order of their lines.
fn in_one(problems: Vec<Failure>) -> Option<Failure> {
    let mut problems = problems.into_iter();
    let mut first = problems.next()?;
    first.details.extend(problems.map(|one| match one.hint {
        Some(hint) => format!("{} ({hint})", one.what),
        None => one.what,
    }));
    Some(first)
}
