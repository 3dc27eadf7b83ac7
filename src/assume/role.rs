//! How one role is taken: by which ARN, under which session name, and what is tried and said when
//! STS denies it.

use anyhow::{Context, Result};

use crate::assume::{Run, remember};
use crate::aws::{self, Identity, Refusal, Subject, Taken};
use crate::cache::Entry;
use crate::credentials::Credentials;
use crate::error::Kind;
use crate::plan::{Role, RoleArn, RoleReference};
use crate::settings::Origin;

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
    ) -> Result<Taken> {
        let arn = self.arn(role, with, old)?;
        if hop.number == hop.of {
            self.options.expect(arn.account())?;
        }
        let name = match &role.session_name {
            Some(name) => name.clone(),
            None => self
                .automatic_name()
                .with_context(|| format!("cannot assume {arn}"))?,
        };
        // Asked for last: a code is good for seconds.
        let code = match &role.mfa_serial {
            Some(serial) => Some(self.options.mfa.code(
                serial,
                &self.plan.target,
                &self.options.first,
            )?),
            None => None,
        };
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
            && let Some(taken) = self.second_try(role, &arn, &name, with, &refusal)
        {
            return Ok(taken);
        }
        Err(self.explained(refusal, role, &arn, with, hop))
    }

    /// A role that was given by its name may lie under a path: IAM can tell.
    fn second_try(
        &mut self,
        role: &Role,
        arn: &RoleArn,
        name: &str,
        with: &Credentials,
        refusal: &Refusal,
    ) -> Option<Taken> {
        let caller = self.caller(refusal, with)?;
        let is_guessed = match &role.reference {
            // Its path may have changed since it was learnt.
            RoleReference::Name(_) => true,
            RoleReference::Arn(_) => {
                role.origins.get("arn") == Some(&Origin::Target)
                    && !arn.path_and_name().contains('/')
            }
        };
        if !is_guessed || aws::account_of(&caller) != arn.account() {
            return None;
        }
        let real = self.real_arn(arn, with)?;
        self.options
            .log
            .step(|| format!("assuming {real} as `{name}`"));
        self.session()
            .ok()?
            .take(role, &real, name, with, None)
            .ok()
    }

    /// The ARN of who made a denied call: STS names it in its message, most of the time.
    fn caller(&mut self, refusal: &Refusal, with: &Credentials) -> Option<String> {
        match refusal.caller() {
            Some(arn) => Some(arn.to_owned()),
            None => self.known(with).ok().map(|identity| identity.arn),
        }
    }

    /// The ARN with the role's path, from iam:GetRole.
    fn real_arn(&mut self, arn: &RoleArn, with: &Credentials) -> Option<RoleArn> {
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

    /// The name of sessions that nobody has named: the IAM user's, else that of the person at this
    /// machine.
    ///
    /// # Errors
    /// STS cannot be reached: the next call would only wait as long again.
    fn automatic_name(&mut self) -> Result<String> {
        let person = aws::valid_session_name(self.plan.person.as_deref().unwrap_or_default());
        let Some(keys) = self.plan.source.held() else {
            return Ok(person);
        };
        if keys.session_token.is_some() {
            return Ok(person);
        }
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
            remember(plan, credentials, &identity, self.cache, self.options.log);
            identity
        };
        self.identities.push((key_id.clone(), identity.clone()));
        Ok(identity)
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
            Kind::Denied => self.caller(&refusal, with),
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
pub(super) struct Position {
    pub(super) number: usize,
    pub(super) of: usize,
}

impl Position {
    fn spoken(self) -> String {
        match self.of {
            1 => String::new(),
            of => format!(" (hop {} of {of})", self.number),
        }
    }
}
