//! One hop: from the credentials before it, and once more when those are taken no more.

use anyhow::Result;

use crate::assume::Run;
use crate::assume::role::Position;
use crate::cache::{Entry, Margin};
use crate::credentials::Credentials;
use crate::error::{Failure, Kind, kind};
use crate::plan::{Hop, RoleArn};
use crate::time::{self, Timestamp};

impl Run<'_> {
    /// Takes hop number `hops` from the credentials before it. Cached ones that STS does not take
    /// any more are made anew, once.
    pub(super) fn step(&mut self, hops: usize, old: Option<&Entry>) -> Result<Entry> {
        let taken = if hops == 1 && self.plan.source.is_proof() {
            self.role_by_proof()?
        } else {
            let before = self.before(hops)?;
            match self.take(hops, &before.credentials, old) {
                Err(error) if before.is_cached && self.is_stale(&error, hops - 1) => {
                    self.anew(hops, before.credentials, old, error)?
                }
                taken => taken?,
            }
        };
        let entry = Entry {
            target: self.asked_for(hops),
            credentials: taken.credentials,
            obtained_at: Timestamp::now(),
            arn: taken.arn,
            role_arn: taken.role_arn.map(|arn| arn.to_string()),
        };
        if let Margin::AtLeast(seconds) = self.options.margin
            && hops == self.plan.hops.len()
            && entry.life(entry.obtained_at) < seconds
        {
            self.options.log.warn(&format!(
                "the new session lasts {}, less than --min-ttl asks for",
                time::spoken(entry.life(entry.obtained_at))
            ));
        }
        Ok(entry)
    }

    /// Takes hop number `hops` once more, from other credentials than those that were refused.
    fn anew(
        &mut self,
        hops: usize,
        refused: Credentials,
        old: Option<&Entry>,
        error: anyhow::Error,
    ) -> Result<Given> {
        self.options
            .log
            .step(|| format!("{error:#}: the credentials that it came from are renewed"));
        self.refused.push(refused.access_key_id);
        match self.obtain(hops - 1) {
            Ok(entry) => self.take(hops, &entry.credentials, old),
            Err(other) if kind(&error) == Kind::Denied => {
                // Where others could make them anew, they may be let in.
                self.is_own_fault |= self.shared(&other).is_none();
                Err(error)
            }
            Err(other) => Err(other),
        }
    }

    /// Whether STS does not take the credentials after `hops` hops any more. A role's session may
    /// also have been revoked, by an explicit deny on older ones; whether that is so of a user's
    /// session would cost a code to find out, for each role that is denied for good.
    fn is_stale(&self, error: &anyhow::Error, hops: usize) -> bool {
        let is_role = self.plan.hops[hops - 1].role().is_some();
        match error.downcast_ref::<Failure>() {
            Some(failure) if failure.kind == Kind::Denied => failure.is_stale && is_role,
            Some(failure) => failure.is_stale,
            None => false,
        }
    }

    /// What an entry was asked for: a session of the user belongs to no role.
    fn asked_for(&self, hops: usize) -> String {
        match self.plan.hops[hops - 1] {
            Hop::Session(_) => self.plan.source.profile().unwrap_or_default().to_owned(),
            Hop::Federation(_) | Hop::Role(_) => self.plan.target.clone(),
        }
    }

    /// The credentials that hop number `hops` starts from.
    fn before(&mut self, hops: usize) -> Result<Before> {
        if hops == 1 {
            return Ok(Before {
                credentials: self.source()?,
                is_cached: false,
            });
        }
        if let Some(entry) = self.cached(hops - 1)
            && self.is_fresh(&entry, hops - 1)
        {
            return Ok(Before {
                credentials: entry.credentials,
                is_cached: true,
            });
        }
        Ok(Before {
            credentials: self.obtain(hops - 1)?.credentials,
            is_cached: false,
        })
    }

    fn take(&mut self, hops: usize, with: &Credentials, old: Option<&Entry>) -> Result<Given> {
        let plan = self.plan;
        match &plan.hops[hops - 1] {
            Hop::Session(session) => self.user_session(session, with),
            Hop::Federation(federation) => self.federated_user(federation, with),
            Hop::Role(role) => {
                let position = Position {
                    number: plan.hops[..hops].iter().filter_map(Hop::role).count(),
                    of: plan.roles().count(),
                    is_first: hops == 1,
                    is_last: hops == plan.hops.len(),
                };
                self.role(role, with, old, position)
            }
        }
    }
}

/// The credentials before a hop.
struct Before {
    credentials: Credentials,
    is_cached: bool,
}

/// What a hop gave.
pub(super) struct Given {
    pub(super) credentials: Credentials,
    /// The ARN of who that is, when the answer tells it.
    pub(super) arn: Option<String>,
    /// The ARN that the role was assumed by.
    pub(super) role_arn: Option<RoleArn>,
}
