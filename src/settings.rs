//! What one run is asked for, settled once: flags, then `STSX_*`, then the settings file.
//!
//! Values of AWS's own variables and of profiles stand between the last two and are looked up by
//! `plan::resolve`; hence a `Wish` keeps the strong values (flag, variable) apart from the weak
//! ones (settings file). Every value knows where it comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::rc::Rc;

use anyhow::Result;

use crate::cli::{self, Document, RoleOptions};
use crate::credentials::Secret;
use crate::env::Env;
use crate::error::Failure;
use crate::output::shell::Shell;
use crate::plan::{Hop, Proof, Source, session_policy};

mod alias;
mod file;
mod overview;
mod table;

use file::SettingsFile;
pub(crate) use overview::{InForce, Overview};
use table::{Setting, Storage};

pub(crate) use file::path as settings_path;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File(Rc<Path>, usize),
    Flag(&'static str),
    Variable(&'static str),
    Target,
    /// From what AWS said in a run before.
    Learnt,
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
            Self::Learnt => f.write_str("learnt"),
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

impl<T: Clone> Wish<T> {
    /// The strong value, else the one given here, else the weak one.
    pub(crate) fn or(&self, between: Option<Sourced<T>>) -> Option<Sourced<T>> {
        self.strong
            .clone()
            .or(between)
            .or_else(|| self.weak.clone())
    }
}

/// Everything that the command line, the environment and the settings file say about one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) aliases: BTreeMap<String, Sourced<String>>,
    pub(crate) profile: Option<Sourced<String>>,
    pub(crate) web_identity_token: Option<Sourced<Proof>>,
    pub(crate) external_id: Option<Sourced<String>>,
    pub(crate) duration: Wish<u32>,
    pub(crate) session_name: Wish<String>,
    pub(crate) source_identity: Option<Sourced<String>>,
    pub(crate) policy: Option<Sourced<String>>,
    pub(crate) policy_arns: Option<Sourced<Vec<String>>>,
    pub(crate) read_only: bool,
    pub(crate) tags: Option<Sourced<BTreeMap<String, String>>>,
    pub(crate) transitive_tags: Option<Sourced<Vec<String>>>,
    pub(crate) mfa_serial: Option<Sourced<String>>,
    pub(crate) mfa_code: Option<Sourced<Secret>>,
    /// A device will be looked for where none is named.
    pub(crate) finds_device: bool,
    pub(crate) mfa_process: Wish<Secret>,
    pub(crate) mfa_max_age: Wish<u32>,
    pub(crate) mfa_session_duration: Wish<u32>,
    pub(crate) region: Wish<String>,
    pub(crate) min_ttl: Option<u32>,
    pub(crate) lock_timeout: Option<u32>,
    /// How long the calls of a run may take together, in seconds.
    pub(crate) network_timeout: Option<u32>,
    /// What says that nothing is kept.
    pub(crate) no_cache: Option<Origin>,
    pub(crate) shell: Option<Sourced<Shell>>,
    pub(crate) format: Option<Sourced<Document>>,
}

impl Settings {
    /// Settles a run of a command that takes role options.
    ///
    /// # Errors
    /// A value of a variable or of the settings file that does not parse, with its place.
    pub(crate) fn settle(options: &RoleOptions, env: &Env) -> Result<Self> {
        let places = Places {
            env,
            file: SettingsFile::read()?,
        };
        let mut settings = Self {
            profile: flag(options.run.profile.as_ref(), "--profile")
                .or(places.variable(&table::PROFILE)?),
            duration: places.wish(
                flag(options.duration.as_ref(), "--duration"),
                &table::DURATION,
            )?,
            session_name: places.wish(
                flag(options.session_name.as_ref(), "--session-name"),
                &table::SESSION_NAME,
            )?,
            region: places.wish(
                flag(options.run.region.as_ref(), "--region"),
                &table::REGION,
            )?,
            ..Self::default()
        };
        settings.settle_cache(options, &places)?;
        settings.settle_mfa(options, &places)?;
        settings.settle_scope(options)?;
        settings.aliases = places.file.aliases;
        Ok(settings)
    }

    /// Settles in which form credentials are handed over.
    ///
    /// # Errors
    /// The settings file cannot be read.
    pub(crate) fn of_output(env: &Env) -> Result<Self> {
        let places = Places {
            env,
            file: SettingsFile::read()?,
        };
        Ok(Self {
            shell: places.wish(None, &table::SHELL)?.or(None),
            format: places.wish(None, &table::FORMAT)?.or(None),
            ..Self::default()
        })
    }

    /// How cached credentials are used, and how long a run may wait.
    fn settle_cache(&mut self, options: &RoleOptions, places: &Places<'_>) -> Result<()> {
        let min_ttl = places.wish(
            flag(options.run.min_ttl.as_ref(), "--min-ttl"),
            &table::MIN_TTL,
        )?;
        self.min_ttl = min_ttl.or(None).map(|sourced| sourced.value);
        let lock_timeout = places.wish(
            flag(options.run.lock_timeout.as_ref(), "--lock-timeout"),
            &table::LOCK_TIMEOUT,
        )?;
        self.lock_timeout = lock_timeout.or(None).map(|sourced| sourced.value);
        let storage = places.wish(None, &table::CACHE)?.or(None);
        let off = storage.filter(|storage| storage.value == Storage::Off);
        self.no_cache = flag(Some(&()).filter(|()| options.run.no_cache), "--no-cache")
            .map(|flag| flag.origin)
            .or(off.map(|off| off.origin));
        let network_timeout = places.wish(None, &table::NETWORK_TIMEOUT)?;
        self.network_timeout = network_timeout.or(None).map(|sourced| sourced.value);
        Ok(())
    }

    fn settle_mfa(&mut self, options: &RoleOptions, places: &Places<'_>) -> Result<()> {
        self.finds_device = options.mfa.mfa;
        self.mfa_serial = flag(options.mfa.mfa_serial.as_ref(), "--mfa-serial");
        self.mfa_code = flag(options.mfa.mfa_code.as_ref(), "--mfa-code")
            .or(places.variable(&table::MFA_CODE)?);
        self.mfa_process = places.wish(None, &table::MFA_PROCESS)?;
        self.mfa_max_age = places.wish(
            flag(options.mfa.mfa_max_age.as_ref(), "--mfa-max-age"),
            &table::MFA_MAX_AGE,
        )?;
        self.mfa_session_duration = places.wish(
            flag(options.mfa.session_duration.as_ref(), "--session-duration"),
            &table::MFA_SESSION_DURATION,
        )?;
        Ok(())
    }

    /// What limits and marks the session of the wanted role.
    fn settle_scope(&mut self, options: &RoleOptions) -> Result<()> {
        self.external_id = flag(options.external_id.as_ref(), "--external-id");
        self.source_identity = flag(options.source_identity.as_ref(), "--source-identity");
        self.read_only = options.scope.read_only;
        if let Some(text) = &options.scope.policy {
            let policy = session_policy(text)
                .map_err(|reason| Failure::usage(format!("--policy: {reason}")))?;
            self.policy = Some(Sourced::new(policy, Origin::Flag("--policy")));
        }
        let arns = Some(&options.scope.policy_arn).filter(|arns| !arns.is_empty());
        self.policy_arns = flag(arns, "--policy-arn");
        if !options.scope.tag.is_empty() {
            let tags = cli::tag_set(options.scope.tag.iter().cloned())
                .map_err(|reason| Failure::usage(format!("--tag: {reason}")))?;
            self.tags = Some(Sourced::new(tags, Origin::Flag("--tag")));
        }
        let transitive = Some(&options.transitive_tag).filter(|keys| !keys.is_empty());
        self.transitive_tags = flag(transitive, "--transitive-tag");
        if let Some(place) = &options.web_identity_token_file {
            let token = proof_from(place, "--web-identity-token-file")?;
            self.web_identity_token = Some(Sourced::new(
                token,
                Origin::Flag("--web-identity-token-file"),
            ));
        }
        Ok(())
    }
}

/// A proof that a flag names: a file, or `-` for standard input.
///
/// # Errors
/// Standard input cannot be read, or is empty.
pub(crate) fn proof_from(place: &Path, flag: &str) -> Result<Proof> {
    if place != Path::new("-") {
        return Ok(Proof::File(place.to_owned()));
    }
    let text = Secret::read(std::io::stdin())
        .map_err(|error| Failure::usage(format!("{flag}: cannot read standard input: {error}")))?;
    if text.expose().is_empty() {
        return Err(Failure::usage(format!("{flag}: standard input is empty")).into());
    }
    Ok(Proof::Text { text, file: None })
}

fn flag<T: Clone>(value: Option<&T>, name: &'static str) -> Option<Sourced<T>> {
    value.map(|value| Sourced::new(value.clone(), Origin::Flag(name)))
}

/// Where values are looked up beside the command line.
struct Places<'a> {
    env: &'a Env,
    file: SettingsFile,
}

impl Places<'_> {
    /// A value from a variable of ours.
    fn variable<T>(&self, setting: &Setting<T>) -> Result<Option<Sourced<T>>> {
        let name = setting.words.variable;
        let Some(text) = self.env.value(name) else {
            return Ok(None);
        };
        match (setting.parse)(text) {
            Ok(value) => Ok(Some(Sourced::new(value, Origin::Variable(name)))),
            Err(error) => Err(Failure::usage(format!("${name}: {error}")).into()),
        }
    }

    fn wish<T>(&self, flag: Option<Sourced<T>>, setting: &Setting<T>) -> Result<Wish<T>> {
        Ok(Wish {
            strong: flag.or(self.variable(setting)?),
            weak: self.file.value(setting.words.name, setting.parse)?,
        })
    }
}

impl Settings {
    /// Refuses flags that a plan has no use for: silence would look like consent.
    ///
    /// # Errors
    /// Names the flag, and why it is idle.
    pub(crate) fn refuse_idle_flags(&self, hops: &[Hop], source: &Source) -> Result<()> {
        let has_device = self.finds_device || hops.iter().any(|hop| hop.mfa_serial().is_some());
        let (from, for_roles) = (source.spoken(), self.for_roles());
        let is_bare = hops.iter().all(|hop| matches!(hop, Hop::Session(_)));
        if let Some(idle) = for_roles.filter(|_| is_bare) {
            let what = format!("{idle}: there is no role to assume, only {from}");
            return Err(Failure::usage(what).into());
        }
        if let Some(idle) = self.for_devices().filter(|_| !has_device) {
            let what = format!("{idle}: no MFA device is used on the way from {from}");
            return Err(Failure::usage(what)
                .hint("a device is named by --mfa-serial or mfa_serial, and belongs to an IAM user")
                .into());
        }
        Ok(())
    }

    /// The first flag given that a role is needed for.
    fn for_roles(&self) -> Option<&'static str> {
        flag_of(self.duration.strong.as_ref())
            .or_else(|| flag_of(self.session_name.strong.as_ref()))
            .or_else(|| flag_of(self.external_id.as_ref()))
            .or_else(|| flag_of(self.source_identity.as_ref()))
            .or_else(|| flag_of(self.policy.as_ref()))
            .or_else(|| flag_of(self.policy_arns.as_ref()))
            .or_else(|| self.read_only.then_some("--read-only"))
            .or_else(|| flag_of(self.tags.as_ref()))
            .or_else(|| flag_of(self.transitive_tags.as_ref()))
    }

    /// The first flag given that a device is needed for.
    fn for_devices(&self) -> Option<&'static str> {
        flag_of(self.mfa_serial.as_ref())
            .or_else(|| flag_of(self.mfa_code.as_ref()))
            .or_else(|| flag_of(self.mfa_max_age.strong.as_ref()))
            .or_else(|| flag_of(self.mfa_session_duration.strong.as_ref()))
    }
}

/// The flag that a value was given by.
fn flag_of<T>(value: Option<&Sourced<T>>) -> Option<&'static str> {
    match value?.origin {
        Origin::Flag(flag) => Some(flag),
        _ => None,
    }
}
