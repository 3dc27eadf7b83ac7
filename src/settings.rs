//! What one run is asked for, settled once: flags, then `STSX_*`, then the settings file.
//!
//! Values of AWS's own variables and of profiles stand between the last two and are looked up by
//! `plan::resolve`; hence a `Wish` keeps the strong values (flag, variable) apart from the weak
//! ones (settings file). Every value knows where it comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result};

use crate::cli::{self, RoleOptions};
use crate::env::{self, Env};
use crate::error::{Failure, printable};
use crate::plan::{Hop, Source};

mod file;

use file::SettingsFile;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File(Rc<Path>, usize),
    Flag(&'static str),
    Variable(&'static str),
    Target,
    Default,
}

impl Origin {
    /// File and line, when it is a file.
    pub(crate) fn place(&self) -> Option<(&Path, usize)> {
        match self {
            Self::File(path, line) => Some((path, *line)),
            _ => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Target => f.write_str("TARGET"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Sourced<T> {
    /// Pairs the two.
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// A value that was given strongly (flag, `STSX_*`) or weakly (settings file).
#[derive(Clone, Debug)]
pub(crate) struct Wish<T> {
    pub(crate) strong: Option<Sourced<T>>,
    pub(crate) weak: Option<Sourced<T>>,
}

impl<T> Default for Wish<T> {
    fn default() -> Self {
        Self {
            strong: None,
            weak: None,
        }
    }
}

/// Everything that the command line, the environment and the settings file say about one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) aliases: BTreeMap<String, Sourced<String>>,
    pub(crate) profile: Option<Sourced<String>>,
    pub(crate) external_id: Option<Sourced<String>>,
    pub(crate) duration: Wish<u32>,
    pub(crate) session_name: Wish<String>,
    pub(crate) mfa_serial: Option<Sourced<String>>,
    pub(crate) mfa_code: Option<Sourced<String>>,
    pub(crate) mfa_process: Wish<String>,
    pub(crate) region: Wish<String>,
    pub(crate) min_ttl: Option<u32>,
    pub(crate) lock_timeout: Option<u32>,
    pub(crate) shell: Option<Sourced<String>>,
    pub(crate) format: Option<Sourced<String>>,
}

impl Settings {
    /// Settles a run of a command that takes role options.
    ///
    /// # Errors
    /// A value of a variable or of the settings file that does not parse, with its place.
    pub(crate) fn settle(options: &RoleOptions, env: &Env) -> Result<Self> {
        let file = SettingsFile::read()?;
        let flag = |value: &Option<String>, name| {
            value
                .clone()
                .map(|value| Sourced::new(value, Origin::Flag(name)))
        };
        Ok(Self {
            profile: flag(&options.profile, "--profile").or(variable(
                env,
                env::STSX_PROFILE,
                |text| Ok(text.to_owned()),
            )?),
            external_id: flag(&options.external_id, "--external-id"),
            duration: Wish {
                strong: options
                    .duration
                    .map(|value| Sourced::new(value, Origin::Flag("--duration")))
                    .or(variable(env, env::STSX_DURATION, cli::session_duration)?),
                weak: file.value("duration", cli::session_duration)?,
            },
            session_name: Wish {
                strong: flag(&options.session_name, "--session-name").or(variable(
                    env,
                    env::STSX_SESSION_NAME,
                    cli::session_name,
                )?),
                weak: file.value("session_name", cli::session_name)?,
            },
            mfa_serial: flag(&options.mfa_serial, "--mfa-serial"),
            mfa_code: flag(&options.mfa_code, "--mfa-code").or(variable(
                env,
                env::STSX_MFA_CODE,
                cli::mfa_code,
            )?),
            mfa_process: Wish {
                strong: variable(env, env::STSX_MFA_PROCESS, |text| Ok(text.to_owned()))?,
                weak: file.value("mfa_process", |text| Ok(text.to_owned()))?,
            },
            region: Wish {
                strong: flag(&options.region, "--region").or(variable(
                    env,
                    env::STSX_REGION,
                    cli::region,
                )?),
                weak: file.value("region", cli::region)?,
            },
            min_ttl: options
                .min_ttl
                .map(|value| Sourced::new(value, Origin::Flag("--min-ttl")))
                .or(variable(env, env::STSX_MIN_TTL, cli::any_span)?)
                .or(file.value("min_ttl", cli::any_span)?)
                .map(|sourced| sourced.value),
            lock_timeout: options.lock_timeout.or(variable(
                env,
                env::STSX_LOCK_TIMEOUT,
                cli::any_span,
            )?
            .map(|sourced| sourced.value)),
            shell: variable(env, env::STSX_SHELL, |text| Ok(text.to_owned()))?
                .or(file.value("shell", |text| Ok(text.to_owned()))?),
            format: variable(env, env::STSX_FORMAT, |text| Ok(text.to_owned()))?
                .or(file.value("format", |text| Ok(text.to_owned()))?),
            aliases: file.aliases,
        })
    }
}

impl Settings {
    /// Refuses flags that a plan has no use for: silence would look like consent.
    ///
    /// # Errors
    /// Names the flag, and why it is idle.
    pub(crate) fn refuse_idle_flags(&self, hops: &[Hop], source: &Source) -> Result<()> {
        let flag = |origin: Option<&Origin>| match origin {
            Some(Origin::Flag(flag)) => Some(*flag),
            _ => None,
        };
        let for_roles = [
            self.duration.strong.as_ref().map(|value| &value.origin),
            self.session_name.strong.as_ref().map(|value| &value.origin),
            self.external_id.as_ref().map(|value| &value.origin),
        ];
        let for_devices = [
            self.mfa_serial.as_ref().map(|value| &value.origin),
            self.mfa_code.as_ref().map(|value| &value.origin),
        ];
        if let Some(idle) = for_roles
            .into_iter()
            .find_map(flag)
            .filter(|_| hops.is_empty())
        {
            let what = format!(
                "{idle}: there is no role to assume, only {}",
                source.spoken()
            );
            return Err(Failure::usage(what).into());
        }
        let has_device = hops.iter().any(|Hop::Role(role)| role.mfa_serial.is_some());
        if let Some(idle) = for_devices
            .into_iter()
            .find_map(flag)
            .filter(|_| !has_device)
        {
            let what = format!(
                "{idle}: no MFA device is used on the way from {}",
                source.spoken()
            );
            return Err(Failure::usage(what)
                .hint("a device is named by --mfa-serial or mfa_serial, and belongs to an IAM user")
                .into());
        }
        Ok(())
    }
}

/// A value from a variable of ours.
fn variable<T>(
    env: &Env,
    name: &'static str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<Sourced<T>>> {
    let Some(text) = env.value(name) else {
        return Ok(None);
    };
    match parse(text) {
        Ok(value) => Ok(Some(Sourced::new(value, Origin::Variable(name)))),
        Err(error) => Err(Failure::usage(format!("${name}: {error}")).into()),
    }
}

/// What was asked for with a word that one of `choices` should be: a variable's or the file's.
///
/// # Errors
/// The word is none of them; the message names its place.
pub(crate) fn choice<T: clap::ValueEnum>(word: &Sourced<String>) -> Result<T> {
    T::from_str(&word.value, true)
        .map_err(|_| {
            let names: Vec<String> = T::value_variants()
                .iter()
                .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
                .collect();
            Failure::usage(format!(
                "{}: `{}` is none of {}",
                word.origin,
                printable(&word.value),
                names.join(", ")
            ))
        })
        .context("settings")
}
