//! From a plan to credentials: cache, then lock, then the longest cached prefix, then the hops
//! that remain.
//!
//! The cache is asked before anything of the SDK exists. A miss takes the lock of the wanted
//! credentials and asks the cache again, so that of many callers one makes the call and the others
//! read its result; the same holds for every hop before.

use std::time::Duration;

use anyhow::Result;

use crate::aws::{self, Identity, Refusal, Session, Subject, Taken};
use crate::cache::{Cache, Entry, Margin};
use crate::credentials::Credentials;
use crate::error::{Failure, Kind, kind};
use crate::log::Log;
use crate::mfa::Mfa;
use crate::plan::{Hop, Plan, Role, RoleArn, RoleReference, Source};
use crate::process;
use crate::settings::Origin;
use crate::time::{self, Timestamp};

/// What credentials on the way must still live: only the wanted ones have to last.
pub(crate) const PASSING_MARGIN: Margin = Margin::Usual(60);

/// How one run obtains credentials.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) mfa: Mfa,
    pub(crate) margin: Margin,
    pub(crate) lock_timeout: Duration,
    /// Get new credentials for the last hop whatever the cache says.
    pub(crate) refresh: bool,
    pub(crate) expect_account: Option<String>,
    /// The profiles whose `credential_process` is this very run.
    pub(crate) running: Option<String>,
    pub(crate) log: Log,
}

/// Obtains the credentials that a plan ends in. Without `cache`, nothing is read or stored.
///
/// # Errors
/// What AWS, the network, a person or the lock said; the plan ends in another account than expected.
pub(crate) fn credentials(
    plan: &Plan,
    cache: Option<&Cache>,
    options: &Options,
) -> Result<Credentials> {
    if let Some(account) = plan.account() {
        options.expect(account)?;
    }
    let mut run = Run {
        plan,
        cache,
        options,
        session: None,
        started: Timestamp::now(),
        is_unknown: false,
    };
    if plan.hops.is_empty() {
        return run.source_alone();
    }
    if !options.refresh
        && let Some(entry) = run.fresh(plan.hops.len())
    {
        if let Some(arn) = &entry.arn {
            options.expect(aws::account_of(arn))?;
        }
        return Ok(entry.credentials);
    }
    for note in &plan.notes {
        options.log.warn(note);
    }
    run.obtain(plan.hops.len()).map(|entry| entry.credentials)
}

/// Who the credentials are, asked from AWS; what belongs to long-lived keys is remembered.
///
/// # Errors
/// As `credentials`, and what AWS says to the question.
pub(crate) fn identity(
    plan: &Plan,
    credentials: &Credentials,
    cache: Option<&Cache>,
    log: Log,
) -> Result<Identity> {
    let session = Session::start(&plan.connection, log)?;
    let identity = session
        .identity(credentials)
        .map_err(|refusal| refusal.of_identity(&plan.source, plan.hops.is_empty()))?;
    remember(plan, credentials, &identity, cache, log);
    Ok(identity)
}

fn remember(
    plan: &Plan,
    credentials: &Credentials,
    identity: &Identity,
    cache: Option<&Cache>,
    log: Log,
) {
    let endpoint = plan.connection.sts_endpoint();
    if credentials.session_token.is_none()
        && let Some(cache) = cache
        && let Err(error) = cache.put_identity(&credentials.access_key_id, endpoint, identity)
    {
        log.step(|| format!("cache: {error:#}"));
    }
}

impl Options {
    fn expect(&self, account: &str) -> Result<()> {
        match &self.expect_account {
            Some(expected) if expected != account => Err(Failure::usage(format!(
                "this leads to account {account}, not to {expected} as --expect-account says"
            ))
            .hint("`stsx explain` shows where each value comes from")
            .into()),
            _ => Ok(()),
        }
    }
}

/// One run: the plan, what it may use, and the SDK once it is needed.
struct Run<'a> {
    plan: &'a Plan,
    cache: Option<&'a Cache>,
    options: &'a Options,
    session: Option<Session>,
    started: Timestamp,
    /// IAM said that there is no such role.
    is_unknown: bool,
}

impl Run<'_> {
    fn session(&mut self) -> Result<&Session> {
        if self.session.is_none() {
            self.session = Some(Session::start(&self.plan.connection, self.options.log)?);
        }
        Ok(self.session.as_ref().expect("it was started above"))
    }

    /// The credentials of the source, without any role.
    fn source_alone(&mut self) -> Result<Credentials> {
        for note in &self.plan.notes {
            self.options.log.warn(note);
        }
        let credentials = self.source()?;
        if self.options.expect_account.is_some() && self.plan.account().is_none() {
            let account = match &credentials.account_id {
                Some(account) => account.clone(),
                None => self.known(&credentials)?.account,
            };
            self.options.expect(&account)?;
        }
        Ok(credentials)
    }

    fn source(&mut self) -> Result<Credentials> {
        match self.plan.source.held() {
            Some(credentials) => Ok(credentials),
            None => {
                let plan = self.plan;
                self.options
                    .log
                    .step(|| format!("asking {}", plan.source.spoken()));
                if let Source::Process { profile, command } = &plan.source {
                    let running = self.options.running.as_deref();
                    return process::credentials(profile, command, running, self.started);
                }
                let is_assumed = plan.source_origins.get("kind") == Some(&Origin::Default);
                self.session()?.source(&plan.source, is_assumed)
            }
        }
    }

    fn fresh(&self, hops: usize) -> Option<Entry> {
        let entry = self.cache?.find(&self.plan.key(hops))?;
        let now = self.started;
        let margin = if hops == self.plan.hops.len() {
            self.options.margin
        } else {
            PASSING_MARGIN
        };
        let fresh = entry.is_fresh(now, margin);
        self.options.log.step(|| {
            let left = entry
                .credentials
                .expires_at
                .map_or(0, |end| end.seconds_since(now));
            let verdict = if fresh { "used" } else { "to be renewed" };
            format!(
                "cache: credentials after hop {hops} live {}: {verdict}",
                time::spoken(left)
            )
        });
        fresh.then_some(entry)
    }

    /// The credentials after `hops` hops: from the cache if another process was faster, else by
    /// taking the last of these hops.
    fn obtain(&mut self, hops: usize) -> Result<Entry> {
        let key = self.plan.key(hops);
        let cache = self.cache;
        let lock = match cache {
            Some(cache) => cache.lock(&key, self.patience())?,
            None => None,
        };
        let is_target = hops == self.plan.hops.len();
        let other = self.fresh(hops).filter(|entry| {
            !(self.options.refresh && is_target) || entry.obtained_at >= self.started
        });
        if lock.is_some()
            && let Some(entry) = other
        {
            return Ok(entry);
        }
        let old = cache.and_then(|cache| cache.find(&key));
        match self.step(hops, old.as_ref()) {
            Ok(entry) => {
                if let Some(cache) = cache
                    && let Err(error) = cache.put(&key, &entry)
                {
                    self.options
                        .log
                        .warn(&format!("the credentials are not cached: {error:#}"));
                }
                Ok(entry)
            }
            Err(error) => self.fall_back(error, old),
        }
    }

    /// Waiting for a person takes longer than waiting for a call.
    fn patience(&self) -> Duration {
        const PERSON: Duration = Duration::from_secs(180);
        if self.plan.needs_mfa() && matches!(self.options.mfa, Mfa::Ask) {
            self.options.lock_timeout.max(PERSON)
        } else {
            self.options.lock_timeout
        }
    }

    /// Credentials that still live are better than none, unless AWS said that they may not be had.
    fn fall_back(&self, error: anyhow::Error, old: Option<Entry>) -> Result<Entry> {
        let now = Timestamp::now();
        match old.filter(|entry| entry.credentials.outlives(now, 0)) {
            Some(entry) if kind(&error) == Kind::Failed => {
                let left = entry
                    .credentials
                    .expires_at
                    .map_or(0, |end| end.seconds_since(now));
                self.options.log.warn(&format!(
                    "cannot renew, so the cached credentials are used; they live {} more: {error:#}",
                    time::spoken(left)
                ));
                Ok(entry)
            }
            _ => Err(error),
        }
    }

    /// Takes hop number `hops` from the credentials before it.
    fn step(&mut self, hops: usize, old: Option<&Entry>) -> Result<Entry> {
        let with = if hops == 1 {
            self.source()?
        } else if let Some(entry) = self.fresh(hops - 1) {
            entry.credentials
        } else {
            self.obtain(hops - 1)?.credentials
        };
        let Hop::Role(role) = &self.plan.hops[hops - 1];
        let hop = Position {
            number: hops,
            of: self.plan.hops.len(),
        };
        let taken = self.role(role, &with, old, hop)?;
        let entry = Entry {
            target: self.plan.target.clone(),
            credentials: taken.credentials,
            obtained_at: Timestamp::now(),
            arn: Some(taken.arn),
            role_arn: Some(taken.role_arn.to_string()),
        };
        Ok(entry)
    }

    fn role(
        &mut self,
        role: &Role,
        with: &Credentials,
        old: Option<&Entry>,
        hop: Position,
    ) -> Result<Taken> {
        let arn = self.arn(role, with, old)?;
        if hop.number == hop.of {
            self.options.expect(arn.account())?;
        }
        let code = match &role.mfa_serial {
            Some(serial) => Some(self.options.mfa.code(serial, &self.plan.target)?),
            None => None,
        };
        let name = self.session_name(role, with);
        self.options
            .log
            .step(|| format!("assuming {arn} as `{name}`{}", hop.spoken()));
        let refusal = match self
            .session()?
            .take(role, &arn, &name, with, code.as_deref())
        {
            Ok(taken) => return Ok(taken),
            Err(refusal) => refusal,
        };
        // A code is good once: a second call needs another one, which nobody is asked for.
        if code.is_none()
            && refusal.kind == Kind::Denied
            && let Some(taken) = self.second_try(role, &arn, &name, with)
        {
            return Ok(taken);
        }
        Err(self.explained(refusal, role, &arn, with, hop))
    }

    /// A denied call may have used a name that is not the role's (its path is missing) or not the
    /// one that the trust policy wants (the IAM user's). Both can be asked for.
    fn second_try(
        &mut self,
        role: &Role,
        arn: &RoleArn,
        name: &str,
        with: &Credentials,
    ) -> Option<Taken> {
        let real = match &role.reference {
            RoleReference::Name(_) => self.real_arn(arn, with),
            RoleReference::Arn(_)
                if role.profile.is_none() && !arn.path_and_name().contains('/') =>
            {
                self.real_arn(arn, with)
            }
            RoleReference::Arn(_) => None,
        };
        let user = match role.session_name {
            None => self
                .known(with)
                .ok()
                .and_then(|identity| identity.user_name())
                .filter(|user| user != name),
            Some(_) => None,
        };
        if real.is_none() && user.is_none() {
            return None;
        }
        let arn = real.as_ref().unwrap_or(arn);
        let name = user.as_deref().unwrap_or(name);
        self.options
            .log
            .step(|| format!("assuming {arn} as `{name}`"));
        self.session().ok()?.take(role, arn, name, with, None).ok()
    }

    /// The ARN with the role's path, from iam:GetRole; only of a role in the caller's own account.
    fn real_arn(&mut self, arn: &RoleArn, with: &Credentials) -> Option<RoleArn> {
        if self.known(with).ok()?.account != arn.account() {
            return None;
        }
        self.options
            .log
            .step(|| format!("asking IAM for the path of role {}", arn.name()));
        match self.session().ok()?.role_arn(arn.name(), with) {
            Ok(real) if real != *arn => Some(real),
            Ok(_) => None,
            Err(refusal) => {
                self.options
                    .log
                    .step(|| format!("IAM does not tell: {refusal}"));
                self.is_unknown = refusal.is_unknown();
                None
            }
        }
    }

    /// The role's ARN: from the plan, from the last time, or in the account of the caller.
    fn arn(&mut self, role: &Role, with: &Credentials, old: Option<&Entry>) -> Result<RoleArn> {
        let name = match &role.reference {
            RoleReference::Arn(arn) => return Ok(arn.clone()),
            RoleReference::Name(name) => name,
        };
        let before = old
            .and_then(|entry| entry.role_arn.as_deref())
            .and_then(|arn| RoleArn::parse(arn).ok());
        if let Some(arn) = before {
            return Ok(arn);
        }
        let identity = self.known(with)?;
        Ok(RoleArn::new(identity.partition(), &identity.account, name))
    }

    /// Who the credentials are: remembered, or asked once.
    fn known(&mut self, credentials: &Credentials) -> Result<Identity> {
        if let Some(identity) = self.remembered(credentials) {
            return Ok(identity);
        }
        let plan = self.plan;
        self.options
            .log
            .step(|| "asking STS who the source is (GetCallerIdentity)".to_owned());
        let identity = self
            .session()?
            .identity(credentials)
            .map_err(|refusal| refusal.of_identity(&plan.source, true))?;
        remember(
            self.plan,
            credentials,
            &identity,
            self.cache,
            self.options.log,
        );
        Ok(identity)
    }

    fn remembered(&self, credentials: &Credentials) -> Option<Identity> {
        let endpoint = self.plan.connection.sts_endpoint();
        self.cache?.identity(&credentials.access_key_id, endpoint)
    }

    /// The configured name, else the IAM user's when it is known, else the person's.
    fn session_name(&self, role: &Role, with: &Credentials) -> String {
        let user = || {
            self.remembered(with)
                .and_then(|identity| identity.user_name())
        };
        role.session_name.clone().or_else(user).unwrap_or_else(|| {
            aws::valid_session_name(self.plan.person.as_deref().unwrap_or_default())
        })
    }

    /// The error with what a person needs to find the cause: which hop, and as whom.
    fn explained(
        &mut self,
        refusal: Refusal,
        role: &Role,
        arn: &RoleArn,
        with: &Credentials,
        hop: Position,
    ) -> anyhow::Error {
        let caller = match refusal.kind {
            Kind::Denied => self.known(with).ok().map(|identity| identity.arn),
            _ => None,
        };
        let subject = Subject {
            role,
            arn,
            caller: caller.as_deref(),
            source: (hop.number == 1).then_some(&self.plan.source),
            is_unknown: self.is_unknown,
        };
        let error = anyhow::Error::new(refusal.of_role(&subject));
        match hop.of {
            1 => error,
            of => error.context(format!("hop {} of {of}", hop.number)),
        }
    }
}

/// Which hop of how many.
#[derive(Clone, Copy)]
struct Position {
    number: usize,
    of: usize,
}

impl Position {
    fn spoken(self) -> String {
        match self.of {
            1 => String::new(),
            of => format!(" (hop {} of {of})", self.number),
        }
    }
}
