//! How one role is taken: by which ARN, under which session name, and what is tried and said when
//! STS denies it.

use anyhow::{Context, Result};

use crate::assume::length::{Found, Measure};
use crate::assume::{Given, Run, length, remember};
use crate::aws::{self, Existence, Identity, Refusal, Shown, Subject, Taken};
use crate::cache::Entry;
use crate::credentials::Credentials;
use crate::error::{Failure, Kind};
use crate::plan::{Hop, Role, RoleArn, RoleReference, Source};
use crate::settings::Origin;
use crate::time::{self, Timestamp};

impl Run<'_> {
    /// Assumes one role.
    ///
    /// # Errors
    /// What STS, the network or a person said, with the hop and as whom.
    pub(super) fn role(
        &mut self,
        role: &Role,
        with: &Credentials,
        old: Option<&Entry>,
        hop: Position,
    ) -> Result<Given> {
        let arn = self.arn(role, with, old)?;
        if hop.is_last {
            self.options.expect(arn.account())?;
        }
        let name = match &role.session_name {
            Some(name) => name.clone(),
            None => self
                .automatic_name()
                .with_context(|| format!("cannot assume {arn}"))?,
        };
        self.options
            .log
            .step(|| format!("assuming {arn} as `{name}`{}", hop.spoken()));
        let role = &self.limited(role, &arn);
        let tried = Tried {
            role,
            arn: &arn,
            name: &name,
            with,
        };
        let measure = Measure::new(role, &arn, &name, with);
        match self.measured(&measure, &tried)? {
            Ok(taken) => {
                if let Some(found) = measure.found() {
                    self.tell(role, &arn, found);
                }
                self.learn(role, &arn, measure.found());
                Ok(taken.into())
            }
            Err(refusal) => self.refused(refusal, &tried, measure.found(), hop),
        }
    }

    /// What is left to try after a refusal, else the error; `found` is the length that was tried last, when it is
    /// not the one that was wanted.
    fn refused(
        &mut self,
        refusal: Refusal,
        tried: &Tried<'_>,
        found: Option<Found>,
        hop: Position,
    ) -> Result<Given> {
        let mut existence = Existence::Unknown;
        // A code is good once: a second call needs another one, which nobody is asked for.
        if tried.role.mfa_serial.is_none() && refusal.kind == Kind::Denied {
            match self.second_try(tried, &refusal) {
                Ok(taken) => return Ok(taken.into()),
                Err(known) => existence = known,
            }
        }
        let spent = found.filter(|_| refusal.is_wrong_code());
        if spent.is_some() {
            self.learn(tried.role, tried.arn, spent);
        }
        let mut failure = self.explained(refusal, tried, existence, hop);
        if let Some(found) = spent {
            failure.hint = Some(format!(
                "STS refused the duration, and the MFA code is used up: run this again with the next code, for {}",
                time::spoken(found.seconds.into())
            ));
        }
        let error = anyhow::Error::new(failure);
        Err(match hop.of {
            1 => error,
            of => error.context(format!("hop {} of {of}", hop.number)),
        })
    }

    /// Makes the call, with a code if one is needed, until the session has a length that STS gives.
    fn measured(
        &mut self,
        measure: &Measure<'_>,
        tried: &Tried<'_>,
    ) -> Result<Result<Taken, Refusal>> {
        let (role, arn) = (tried.role, tried.arn);
        let Some(serial) = &role.mfa_serial else {
            return Ok(measure.take(self.session()?, None));
        };
        let home = self.account_of_source(tried.with);
        if length::asks_first(role, arn, home.as_deref(), self.maximum(arn).is_some()) {
            self.options.log.step(|| {
                format!(
                    "asking IAM how long a session of role {} may be",
                    arn.name()
                )
            });
            let maximum = measure.ask_first(self.session()?);
            let endpoint = self.plan.connection.sts_endpoint();
            if let (Some(maximum), Some(cache)) = (maximum, self.cache) {
                cache.put_limit(arn.as_str(), endpoint, maximum);
            }
        }
        // Asked for last: a code is good for seconds.
        self.with_code(serial, |sts, code| measure.take(sts, Some(code)))
    }

    /// A role that was given by its name may lie under a path: IAM can tell. Without success, whether there is
    /// such a role.
    fn second_try(&mut self, tried: &Tried<'_>, refusal: &Refusal) -> Result<Taken, Existence> {
        let Tried {
            role,
            arn,
            name,
            with,
        } = *tried;
        let caller = self.caller(refusal, with);
        let is_guessed = match &role.reference {
            // Its path may have changed since it was learnt.
            RoleReference::Name(_) => true,
            RoleReference::Arn(_) => {
                role.origins.get("arn") == Some(&Origin::Target)
                    && !arn.path_and_name().contains('/')
            }
        };
        let is_at_home = caller.is_some_and(|caller| aws::account_of(&caller) == arn.account());
        if !is_guessed || !is_at_home {
            return Err(Existence::Unknown);
        }
        let real = self.real_arn(arn, with)?;
        self.options
            .log
            .step(|| format!("assuming {real} as `{name}`"));
        let sts = self.session().map_err(|_| Existence::There)?;
        sts.take(role, &real, name, with, None)
            .map_err(|_| Existence::There)
    }

    /// The ARN of who made a denied call: STS names it in its message, most of the time.
    fn caller(&mut self, refusal: &Refusal, with: &Credentials) -> Option<String> {
        match refusal.caller() {
            Some(arn) => Some(arn.to_owned()),
            None => self.known(with).ok().map(|identity| identity.arn),
        }
    }

    /// The ARN with the role's path, from iam:GetRole, when it is another one.
    fn real_arn(&mut self, arn: &RoleArn, with: &Credentials) -> Result<RoleArn, Existence> {
        let log = self.options.log;
        log.step(|| format!("asking IAM for the path of role {}", arn.name()));
        let iam = self.session().map_err(|_| Existence::Unknown)?;
        match iam.role(arn.name(), with) {
            Ok((real, _)) if real != *arn => Ok(real),
            Ok(_) => Err(Existence::There),
            Err(refusal) => {
                log.step(|| format!("IAM does not tell: {refusal}"));
                Err(if refusal.is_unknown() {
                    Existence::Missing
                } else {
                    Existence::Unknown
                })
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

    /// The name of sessions that nobody has named: the IAM user's, else that of the person at this
    /// machine.
    ///
    /// # Errors
    /// STS cannot be reached: the next call would only wait as long again.
    pub(super) fn automatic_name(&mut self) -> Result<String> {
        let person = aws::valid_session_name(self.plan.person.as_deref().unwrap_or_default());
        let Some(keys) = self.plan.source.user_keys() else {
            return Ok(person);
        };
        match self.known(&keys) {
            Ok(identity) => Ok(aws::user_name(&identity.arn).unwrap_or(person)),
            Err(error) if self.is_unreachable => Err(error),
            Err(error) => {
                self.options
                    .log
                    .step(|| format!("the user's name is not known: {error:#}"));
                Ok(person)
            }
        }
    }

    /// Who the credentials are: remembered, or asked once.
    ///
    /// # Errors
    /// What STS or the network said.
    pub(super) fn known(&mut self, credentials: &Credentials) -> Result<Identity> {
        let key_id = &credentials.access_key_id;
        if let Some((_, identity)) = self.identities.iter().find(|(known, _)| known == key_id) {
            return Ok(identity.clone());
        }
        let plan = self.plan;
        let endpoint = plan.connection.sts_endpoint();
        let remembered = self
            .cache
            .and_then(|cache| cache.identity(key_id, endpoint));
        let identity = if let Some(identity) = remembered {
            identity
        } else {
            self.options
                .log
                .step(|| "asking STS who the source is (GetCallerIdentity)".to_owned());
            let answer = self.session()?.identity(credentials);
            let identity = answer.map_err(|refusal| {
                self.is_unreachable = refusal.is_unreachable;
                refusal.of_identity(&plan.source, true)
            })?;
            remember(plan, credentials, &identity, self.cache);
            identity
        };
        self.identities.push((key_id.clone(), identity.clone()));
        Ok(identity)
    }

    /// The error with what a person needs to find the cause: which hop, and as whom.
    fn explained(
        &mut self,
        refusal: Refusal,
        tried: &Tried<'_>,
        existence: Existence,
        hop: Position,
    ) -> Failure {
        let caller = match refusal.kind {
            Kind::Denied => self.caller(&refusal, tried.with),
            _ => None,
        };
        let before: Vec<&Role> = self.plan.roles().take(hop.number - 1).collect();
        let subject = Subject {
            role: tried.role,
            arn: tried.arn,
            session_name: tried.name,
            caller: caller.as_deref(),
            source: hop.is_first.then_some(&self.plan.source),
            before: &before,
            shown: self.shown(tried.role, hop),
            existence,
        };
        refusal.of_role(&subject)
    }

    /// What the call could show of an MFA device.
    fn shown(&self, role: &Role, hop: Position) -> Shown {
        if role.mfa_serial.is_some() {
            return Shown::Code;
        }
        let hops = &self.plan.hops;
        let roles = hops
            .iter()
            .enumerate()
            .filter(|(_, hop)| hop.role().is_some());
        let index = roles
            .map(|(index, _)| index)
            .nth(hop.number - 1)
            .unwrap_or(0);
        match hops[..index].last() {
            Some(Hop::Session(session)) if session.mfa_serial.is_some() => {
                let entry = self.cached(index);
                let age = |entry: Entry| Timestamp::now().seconds_since(entry.obtained_at);
                Shown::Session(entry.map_or(0, age))
            }
            Some(Hop::Session(_)) => Shown::Nothing,
            Some(_) => Shown::Role,
            None => match &self.plan.source {
                source if source.is_user() => Shown::Nothing,
                Source::Sso { .. } | Source::Ec2 { .. } | Source::Ecs { .. } => Shown::Role,
                _ => Shown::Unknown,
            },
        }
    }
}

/// How a role is tried.
#[derive(Clone, Copy)]
struct Tried<'a> {
    role: &'a Role,
    arn: &'a RoleArn,
    name: &'a str,
    with: &'a Credentials,
}

/// Which role of how many.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) number: usize,
    pub(super) of: usize,
    /// It is taken from the source's own credentials.
    pub(super) is_first: bool,
    /// It is what is wanted.
    pub(super) is_last: bool,
}

impl From<Taken> for Given {
    fn from(taken: Taken) -> Self {
        Self {
            credentials: taken.credentials,
            arn: Some(taken.arn),
            role_arn: Some(taken.role_arn),
        }
    }
}

impl Position {
    fn spoken(self) -> String {
        match self.of {
            1 => String::new(),
            of => format!(" (hop {} of {of})", self.number),
        }
    }
}
