//! A plan made ready to be carried out: settings, profiles, the plan and the cache of one run.

use std::time::Duration;

use anyhow::{Error, Result};

use crate::assume::{self, Options};
use crate::aws::{Door, Identity, ListedRole};
use crate::cache::{Cache, Margin};
use crate::cli::RoleOptions;
use crate::cmd::{World, complete::regions};
use crate::credentials::Credentials;
use crate::env::{self, Env};
use crate::error::{Failure, Kind};
use crate::mfa::Mfa;
use crate::plan::arn::role_name;
use crate::plan::resolve::Wanted;
use crate::plan::{Hop, MIN_MAXIMUM, Plan, Role, Source, resolve};
use crate::process;
use crate::profiles::{Closed, Profiles};
use crate::settings::{Origin, Settings, Sourced};
use crate::time::Timestamp;

mod login_line;

use login_line::login_line;

/// A plan, and what is needed to carry it out.
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) cache: Option<Cache>,
    profiles: Closed,
    options: Options,
    /// What stands for the target, when it is nothing but a role's name.
    role_name: Option<String>,
    /// What a person is told whether AWS is asked or not.
    remarks: Vec<String>,
}

impl World<'_> {
    /// The plan for a target, starting from the identity before any export of this shell.
    pub(crate) fn ready(&self, target: &str, options: &RoleOptions, margin: i64) -> Result<Ready> {
        self.original(Wanted::Target(target), options, margin)
    }

    /// The plan for what is wanted, starting from the identity before any export of this shell.
    pub(crate) fn original(
        &self,
        wanted: Wanted<'_>,
        options: &RoleOptions,
        margin: i64,
    ) -> Result<Ready> {
        let env = self.start(options);
        let mut ready = self.prepare(wanted, options, &env, margin)?;
        let is_chain = matches!(ready.plan.source, Source::Environment { .. });
        if options.chain && !is_chain {
            let (target, start) = (&ready.plan.target, ready.plan.source.spoken());
            let note = format!("--chain is not used: `{target}` starts from {start}");
            ready.remarks.push(note);
        } else if !options.chain
            && is_chain
            && let Some(keys) = self.env.lost_keys()
        {
            ready.plan.notes.push(format!(
                "the keys {keys} that were in the environment are gone, so this starts from the \
                 role that the shell has (role chaining: 1h at most); --profile names another start"
            ));
        }
        Ok(ready)
    }

    /// The environment that a target is reached from: the one before any export of this shell, unless
    /// the role that is on is to be gone on from.
    pub(crate) fn start(&self, options: &RoleOptions) -> Env {
        if options.chain {
            self.env.chained()
        } else {
            self.env.original()
        }
    }

    /// The plan for what is wanted in a given environment.
    pub(crate) fn prepare(
        &self,
        wanted: Wanted<'_>,
        options: &RoleOptions,
        env: &Env,
        margin: i64,
    ) -> Result<Ready> {
        let mut settings = Settings::settle(options, env)?;
        let profiles = Profiles::open(env)?;
        let resolved = |settings: &Settings| {
            resolve::resolve(wanted, settings, &profiles, env)
                .map_err(|error| with_near_names(error, wanted, settings, &profiles))
        };
        let mut plan = resolved(&settings)?;
        if let Some((key, profile, _)) = plan.source.command() {
            process::refuse_recursion(key, profile, env.value(env::STSX_RUNNING))?;
        }
        let cache = self.cache(settings.no_cache.is_some());
        let door = Door::default();
        if options.mfa.mfa && !plan.needs_mfa() {
            let serial = assume::device(&plan, cache.as_ref(), &door, self.log)?;
            settings.mfa_serial = Some(Sourced::new(serial, Origin::Flag("--mfa")));
            plan = resolved(&settings)?;
        }
        // With --refresh, a role's maximum is found out anew: it may have been raised.
        if !options.run.refresh {
            keep_to_limits(&mut plan, cache.as_ref());
        }
        let remarks = doubts(options);
        let mut options = self.options(&plan, &settings, options, env, margin);
        options.door = door;
        Ok(Ready {
            role_name: named_alone(wanted, &plan, &settings, &profiles),
            plan,
            cache,
            profiles: profiles.close(),
            options,
            remarks,
        })
    }

    /// The cache, unless it is off or has no place.
    pub(super) fn cache(&self, is_off: bool) -> Option<Cache> {
        if is_off {
            return None;
        }
        match Cache::open(self.log) {
            Ok(cache) => Some(cache),
            Err(error) => {
                self.log.step(|| format!("cache: {error:#}"));
                None
            }
        }
    }

    fn options(
        &self,
        plan: &Plan,
        settings: &Settings,
        options: &RoleOptions,
        env: &Env,
        margin: i64,
    ) -> Options {
        // Only who may be asked for a code needs to know what to run first.
        let first = if plan.needs_mfa() {
            login_line(plan, settings, options)
        } else {
            String::new()
        };
        let run = &options.run;
        Options {
            mfa: self.mfa(settings, plan),
            margin: match settings.min_ttl {
                Some(seconds) => Margin::AtLeast(seconds.into()),
                None => Margin::Usual(margin),
            },
            insistent: run.refresh || run.min_ttl.is_some(),
            first,
            lock_timeout: settings
                .lock_timeout
                .map(|seconds| Duration::from_secs(seconds.into())),
            refresh: run.refresh,
            expect_account: run.expect_account.clone(),
            running: env.value(env::STSX_RUNNING).map(str::to_owned),
            door: Door::default(),
            log: self.log,
        }
    }

    fn mfa(&self, settings: &Settings, plan: &Plan) -> Mfa {
        match (&settings.mfa_code, &plan.mfa.process) {
            (Some(code), _) => {
                self.log.detail(|| format!("MFA code from {}", code.origin));
                Mfa::Code(code.value.clone())
            }
            (None, Some(command)) => Mfa::Command(command.value.clone()),
            (None, None) => Mfa::Ask,
        }
    }
}

/// Shortens sessions to what their roles were found to allow.
pub(super) fn keep_to_limits(plan: &mut Plan, cache: Option<&Cache>) {
    let Some(cache) = cache else { return };
    let endpoint = plan.connection.sts_endpoint();
    let is_long = |role: &&Role| role.duration_seconds > MIN_MAXIMUM;
    let limit = |role: &Role| {
        let arn = role.reference.arn()?.as_str();
        Some((arn.to_owned(), cache.limit(arn, endpoint)?))
    };
    let limits: Vec<(String, u32)> = plan.roles().filter(is_long).filter_map(limit).collect();
    for (arn, seconds) in limits {
        plan.limit(&arn, seconds);
    }
}

impl Ready {
    /// Obtains the credentials; the error says which profile led there.
    pub(crate) fn credentials(&self) -> Result<Credentials> {
        for words in self.remarks.iter().chain(&self.kept_shorter()) {
            self.options.log.warn(words);
        }
        assume::credentials(&self.plan, self.cache.as_ref(), &self.options).map_err(|error| {
            let error = match self.plan.hops.last().and_then(Hop::profile) {
                Some(profile) => error.context(format!("profile `{profile}`")),
                None => error,
            };
            match self.taken_for_role_name() {
                Some(name) => near_detail(error, name, || self.profiles.meant(name)),
                None => error,
            }
        })
    }

    /// Who these credentials are.
    pub(crate) fn identity(&self, credentials: &Credentials) -> Result<Identity> {
        assume::identity(&self.plan, credentials, self.cache.as_ref(), &self.options)
    }

    /// The roles in the account of these credentials.
    pub(crate) fn roles(&self, credentials: &Credentials) -> Result<Vec<ListedRole>> {
        assume::roles(&self.plan, credentials, &self.options)
    }

    /// What to say when a session is wanted for longer than the one that is kept, and used, lives.
    fn kept_shorter(&self) -> Option<String> {
        const SKEW: i64 = 60;
        let wanted = &self.plan.mfa.session_duration;
        let is_flag = matches!(wanted.origin, Origin::Flag(_));
        let session = match self.plan.hops.first() {
            Some(Hop::Session(session)) if is_flag && session.exactly.is_none() => session,
            _ => return None,
        };
        let is_last = self.plan.hops.len() == 1;
        if is_last && self.options.refresh {
            return None;
        }
        let now = Timestamp::now();
        let entry = self.cache.as_ref()?.find(&self.plan.key(1))?;
        let is_used = assume::serves(&self.plan, &entry, 1, self.margin(), now);
        let is_short = entry.life(entry.obtained_at) + SKEW < i64::from(session.duration_seconds);
        let end = entry
            .credentials
            .expires_at
            .filter(|_| is_used && is_short)?;
        let how = match self.plan.source.profile() {
            Some(profile) if !is_last => format!("`stsx login --profile {profile} --refresh`"),
            None if !is_last => "`stsx login --refresh`".to_owned(),
            _ => "--refresh".to_owned(),
        };
        Some(format!(
            "the session of the user is kept until {end}; {how} opens a new one"
        ))
    }

    /// Whether the cache has these credentials of the plan's last hop, or newer ones.
    pub(crate) fn keeps(&self, credentials: &Credentials) -> bool {
        let key = self.plan.key(self.plan.hops.len());
        let entry = self.cache.as_ref().and_then(|cache| cache.find(&key));
        entry.is_some_and(|entry| entry.credentials.expires_at >= credentials.expires_at)
    }

    /// Whether a person will be asked for an MFA code, should a call be needed.
    pub(crate) fn asks(&self) -> bool {
        matches!(self.options.mfa, Mfa::Ask)
    }

    /// The margin that cached credentials must have.
    pub(crate) fn margin(&self) -> Margin {
        self.options.margin
    }

    /// What stands for the target, when it was no profile and hence taken for a role's name.
    pub(super) fn taken_for_role_name(&self) -> Option<&str> {
        self.role_name.as_deref()
    }

    /// What a person is told whether AWS is asked or not.
    pub(super) fn remarks(&self) -> &[String] {
        &self.remarks
    }
}

/// What a person may have mistyped, though it could be right.
fn doubts(options: &RoleOptions) -> Vec<String> {
    let region = options.run.region.as_deref();
    region.and_then(regions::doubt).into_iter().collect()
}

/// The word that stands for the target, when it is nothing but a role's name. (A plan that ends in a role which the
/// target itself names was made from no profile.)
fn named_alone(
    wanted: Wanted<'_>,
    plan: &Plan,
    settings: &Settings,
    profiles: &Profiles,
) -> Option<String> {
    let role = plan.hops.last()?.role()?;
    let is_named = ["role_name", "arn"]
        .iter()
        .any(|key| role.origins.get(key) == Some(&Origin::Target));
    match wanted {
        Wanted::Target(target) if is_named => bare(target, settings, profiles),
        _ => None,
    }
}

/// The word that stands for a target, unless it is a whole name of a role: an ARN or ACCOUNT:ROLE.
fn bare(target: &str, settings: &Settings, profiles: &Profiles) -> Option<String> {
    let is_profile = |name: &str| Ok(profiles.profile(name)?.is_some());
    let word = settings.meant(target, is_profile).ok()?;
    (!word.contains(':')).then(|| word.to_owned())
}

/// An unknown name that could not even be tried: perhaps a profile was meant.
fn with_near_names(
    error: Error,
    wanted: Wanted<'_>,
    settings: &Settings,
    profiles: &Profiles,
) -> Error {
    let word = match wanted {
        Wanted::Target(target) => bare(target, settings, profiles),
        _ => None,
    };
    match word.filter(|word| matches!(profiles.profile(word), Ok(None))) {
        Some(word) => near_detail(error, &word, || profiles.meant(&word)),
        None => error,
    }
}

fn near_detail(mut error: Error, name: &str, meant: impl FnOnce() -> Option<String>) -> Error {
    if role_name(name).is_err() {
        return error;
    }
    if let Some(failure) = error.downcast_mut::<Failure>()
        && matches!(
            failure.kind,
            Kind::Denied | Kind::Usage | Kind::Failed | Kind::Source
        )
        && !failure
            .hint
            .as_ref()
            .is_some_and(|hint| hint.starts_with("did you mean"))
    {
        failure.details.push(format!(
            "`{name}` is not a profile, so it was taken for a role name"
        ));
        if let Some(meant) = meant() {
            failure.hint = Some(meant);
        }
    }
    error
}
