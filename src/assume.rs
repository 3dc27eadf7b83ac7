//! From a plan to credentials: cache, then lock, then the longest cached prefix, then the hops
//! that remain.
//!
//! The cache is asked before anything of the SDK exists. A miss takes the lock of the wanted
//! credentials and asks the cache again, so that of many callers one makes the call and the others
//! read its result (`assume::flight`); the same holds for every hop before. How one role is taken:
//! `assume::role`.

use std::time::Duration;

use anyhow::Result;

use crate::aws::{self, Door, Identity, ListedRole, Session};
use crate::cache::{Cache, Entry, Lock, Margin};
use crate::credentials::Credentials;
use crate::error::{Failure, Kind, kind};
use crate::log::Log;
use crate::mfa::Mfa;
use crate::plan::{Hop, Key, Plan, Source};
use crate::process;
use crate::settings::Origin;
use crate::time::{self, Timestamp};

mod code;
mod device;
mod flight;
mod length;
mod proof;
mod role;
mod step;
mod user;

pub(crate) use device::{device, remembered_device};
pub(crate) use length::asks_first;
use step::Given;

/// What credentials on the way must still live: only the wanted ones have to last.
const PASSING_MARGIN: Margin = Margin::Usual(60);

/// Whether a failure says nothing about the credentials themselves: the network, a service that is
/// down, nobody there to type an MFA code.
fn is_passing(kind: Kind) -> bool {
    matches!(kind, Kind::Failed | Kind::Person)
}

/// How one run obtains credentials.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) mfa: Mfa,
    pub(crate) margin: Margin,
    /// How long to wait for other processes at most, where that was said.
    pub(crate) lock_timeout: Option<Duration>,
    /// Get new credentials for the last hop whatever the cache says.
    pub(crate) refresh: bool,
    pub(crate) expect_account: Option<String>,
    /// Whether credentials that live shorter than wanted are none: it was said for this very run.
    pub(crate) insistent: bool,
    /// The command that a person has to run first, where there is no terminal.
    pub(crate) first: String,
    /// The profiles whose `credential_process` is this very run.
    pub(crate) running: Option<String>,
    pub(crate) door: Door,
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
    if let Some(account) = plan.account().filter(|_| !plan.hops.is_empty()) {
        options.expect(account)?;
    }
    let mut run = Run {
        plan,
        cache,
        options,
        seen: None,
        identities: Vec::new(),
        is_unreachable: false,
        found: Vec::new(),
        refused: Vec::new(),
        source: None,
        locks: Vec::new(),
        is_own_fault: false,
    };
    if plan.hops.is_empty() {
        return run.source_alone();
    }
    let entry = run.cached(plan.hops.len());
    if let Some(entry) = entry.as_ref().filter(|_| !options.refresh)
        && run.is_fresh(entry, plan.hops.len())
    {
        match &entry.arn {
            Some(arn) => options.expect(aws::account_of(arn))?,
            None => run.expect_source()?,
        }
        return Ok(entry.credentials.clone());
    }
    run.seen = entry.map(|entry| entry.credentials.access_key_id);
    for note in &plan.notes {
        options.log.warn(note);
    }
    if options.running.is_some() {
        run.refuse_own_code()?;
    }
    let entry = match run.obtain(plan.hops.len()) {
        Err(error) if error.is::<SourceIsSession>() => run.by_role()?,
        entry => entry?,
    };
    if let Some(cache) = cache {
        cache.sweep(Timestamp::now());
    }
    Ok(entry.credentials)
}

/// A command gave a session, where the route wanted the keys of a user.
#[derive(Debug)]
struct SourceIsSession;

impl std::fmt::Display for SourceIsSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the source gives a session, not the keys of a user")
    }
}

impl std::error::Error for SourceIsSession {}

/// Whether cached credentials after `hops` hops will do; `margin` is for the wanted ones, which are
/// those after the last hop.
pub(crate) fn serves(
    plan: &Plan,
    entry: &Entry,
    hops: usize,
    margin: Margin,
    now: Timestamp,
) -> bool {
    let margin = if hops == plan.hops.len() {
        margin
    } else {
        PASSING_MARGIN
    };
    entry.is_fresh(now, margin) && !is_too_old(plan, entry, hops, now)
}

/// Whether a cached session is older than it may be: its code was typed longer ago than the plan
/// allows, or it has ended whatever its end says, which looks far away by a clock that is behind.
fn is_too_old(plan: &Plan, entry: &Entry, hops: usize, now: Timestamp) -> bool {
    let age = now.seconds_since(entry.obtained_at);
    match &plan.hops[hops - 1] {
        Hop::Session(_) => plan.mfa.max_age.is_some_and(|most| age > most.into()),
        Hop::Role(role) => age >= role.duration_seconds.into(),
        Hop::Federation(federation) => age >= federation.duration_seconds.into(),
    }
}

/// Who the credentials are, asked from AWS; what belongs to long-lived keys is remembered.
///
/// # Errors
/// As `credentials`, and what AWS says to the question.
pub(crate) fn identity(
    plan: &Plan,
    credentials: &Credentials,
    cache: Option<&Cache>,
    options: &Options,
) -> Result<Identity> {
    let session = options.door.session(&plan.connection, options.log)?;
    let identity = session
        .identity(credentials)
        .map_err(|refusal| refusal.of_identity(&plan.source, plan.hops.is_empty()))?;
    remember(plan, credentials, &identity, cache);
    Ok(identity)
}

/// The roles of the account that the credentials are of, asked from IAM.
///
/// # Errors
/// What IAM or the network said.
pub(crate) fn roles(
    plan: &Plan,
    credentials: &Credentials,
    options: &Options,
) -> Result<Vec<ListedRole>> {
    let session = options.door.session(&plan.connection, options.log)?;
    let caller = plan.hops.last().map(Hop::spoken);
    let answer = session.roles(credentials);
    Ok(answer.map_err(|refusal| refusal.of_list(&plan.source, caller))?)
}

fn remember(plan: &Plan, credentials: &Credentials, identity: &Identity, cache: Option<&Cache>) {
    let endpoint = plan.connection.sts_endpoint();
    if credentials.session_token.is_none()
        && let Some(cache) = cache
    {
        cache.put_identity(&credentials.access_key_id, endpoint, identity);
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

/// One run: the plan, and what it may use.
struct Run<'a> {
    plan: &'a Plan,
    cache: Option<&'a Cache>,
    options: &'a Options,
    /// The access key id that the cache held first and that was not good enough: another one is
    /// another process's answer to the same question.
    seen: Option<String>,
    /// Who was asked for already, by access key id.
    identities: Vec<(String, Identity)>,
    /// The network gave no answer at all.
    is_unreachable: bool,
    /// Longest sessions of roles that were learnt in this run, in seconds.
    found: Vec<(String, u32)>,
    /// Access key ids of cached credentials that STS takes no more.
    refused: Vec<String>,
    /// What the source gave.
    source: Option<Credentials>,
    /// The locks that are held, from the last hop down.
    locks: Vec<Lock>,
    /// What failed is the fault of this very run, and says nothing about others.
    is_own_fault: bool,
}

impl Run<'_> {
    fn session(&self) -> Result<&'_ Session> {
        let options = self.options;
        options.door.session(&self.plan.connection, options.log)
    }

    /// The credentials of the source, without any role.
    fn source_alone(&mut self) -> Result<Credentials> {
        for note in &self.plan.notes {
            self.options.log.warn(note);
        }
        let credentials = self.source()?;
        if self.options.expect_account.is_some() {
            // What a file says of its keys' account may be wrong.
            let account = self.known(&credentials)?.account;
            self.options.expect(&account)?;
        }
        Ok(credentials)
    }

    /// The last credentials by the route without a session of the user. They are kept as the answer
    /// to the first question, too.
    fn by_role(self) -> Result<Entry> {
        self.options
            .log
            .step(|| format!("{SourceIsSession}: the role takes the code itself"));
        let plan = self.plan.without_session();
        let mut run = Run {
            plan: &plan,
            ..self
        };
        let entry = run.obtain(plan.hops.len())?;
        run.put(&self.plan.key(self.plan.hops.len()), &entry);
        Ok(entry)
    }

    /// The credentials of the source; a command is run once.
    fn source(&mut self) -> Result<Credentials> {
        if let Some(credentials) = &self.source {
            return Ok(credentials.clone());
        }
        let credentials = self.fetched()?;
        self.source = Some(credentials.clone());
        Ok(credentials)
    }

    fn fetched(&mut self) -> Result<Credentials> {
        let plan = self.plan;
        if let Some(credentials) = plan.source.held() {
            return Ok(credentials);
        }
        self.options
            .log
            .step(|| format!("asking {}", plan.source.spoken()));
        if let Source::Process { profile, command } = &plan.source {
            let running = self.options.running.as_deref();
            return process::credentials(profile, command, running, Timestamp::now());
        }
        let is_assumed = plan.source_origins.get("kind") == Some(&Origin::Default);
        self.session()?.source(&plan.source, is_assumed)
    }

    fn cached(&self, hops: usize) -> Option<Entry> {
        let entry = self.cache?.find(&self.plan.key(hops))?;
        let id = &entry.credentials.access_key_id;
        (!self.refused.contains(id)).then_some(entry)
    }

    /// Whether cached credentials after `hops` hops will do.
    fn is_fresh(&self, entry: &Entry, hops: usize) -> bool {
        let now = Timestamp::now();
        let is_fresh = serves(self.plan, entry, hops, self.options.margin, now);
        self.options.log.step(|| {
            let left = time::spoken(entry.life(now));
            let verdict = if is_fresh { "used" } else { "to be renewed" };
            format!("cache: credentials after hop {hops} live {left}: {verdict}")
        });
        is_fresh
    }

    fn put(&self, key: &Key, entry: &Entry) {
        if let Some(cache) = self.cache
            && let Err(error) = cache.put(key, entry)
        {
            self.options
                .log
                .warn(&format!("the credentials are not cached: {error:#}"));
        }
    }

    /// Credentials that still live are better than none, unless AWS said that they may not be had.
    fn fall_back(&self, error: anyhow::Error, old: Option<Entry>, hops: usize) -> Result<Entry> {
        let now = Timestamp::now();
        let is_usable = |entry: &Entry| {
            entry.credentials.outlives(now, 0) && !is_too_old(self.plan, entry, hops, now)
        };
        match old.filter(is_usable) {
            Some(entry) if is_passing(kind(&error)) && !self.options.insistent => {
                self.options.log.warn(&format!(
                    "cannot renew, so the cached credentials are used; they last {} more: {error:#}",
                    time::spoken(entry.life(now))
                ));
                Ok(entry)
            }
            _ => Err(error),
        }
    }
}
