//! The first role of a plan that starts from a token or an assertion of an identity provider. What can be seen of it is
//! checked before the call: that it is one, and that it is for now.

use std::fs::File;

use anyhow::{Context, Result};

use crate::assume::length::{self, Found};
use crate::assume::{Given, Run};
use crate::aws::{Refusal, Signed, Taken};
use crate::credentials::Secret;
use crate::error::{Failure, Kind};
use crate::plan::{Hop, Proof, Role, RoleArn, RoleReference, Source};
use crate::process;
use crate::profiles;
use crate::saml::Assertion;
use crate::settings::Origin;
use crate::time::Timestamp;
use crate::web_identity::Claims;

impl Run<'_> {
    /// Assumes the first role with the proof that the plan starts from.
    ///
    /// # Errors
    /// The proof cannot be read or is not good, or what STS or the network said.
    pub(super) fn role_by_proof(&mut self) -> Result<Given> {
        let plan = self.plan;
        let Some(Hop::Role(role)) = plan.hops.first() else {
            return Err(Failure::usage(format!(
                "there is no role to assume with {}",
                plan.source.spoken()
            ))
            .into());
        };
        let RoleReference::Arn(arn) = &role.reference else {
            return Err(Failure::usage(format!(
                "{}: the account of the role is not known",
                role.reference
            ))
            .hint("write ACCOUNT:ROLE or the role's ARN")
            .into());
        };
        if plan.hops.len() == 1 {
            self.options.expect(arn.account())?;
        }
        match &plan.source {
            Source::WebIdentity { token, .. } => self.role_by_token(role, arn, token),
            Source::Saml {
                assertion,
                provider,
                ..
            } => self.role_by_assertion(role, arn, assertion, provider.as_deref()),
            other => Err(Failure::usage(format!("{} is no proof", other.spoken())).into()),
        }
    }

    fn role_by_token(&mut self, role: &Role, arn: &RoleArn, token: &Proof) -> Result<Given> {
        let whose = self.plan.source.spoken();
        let token = self.text(token, profiles::WEB_IDENTITY_TOKEN_PROCESS, &whose)?;
        let claims = Claims::read(token.expose(), &whose, self.blame())?;
        claims
            .check(Timestamp::now(), &whose)
            .map_err(|failure| failure.hint(self.renewal()))?;
        let name = match &role.session_name {
            Some(name) => name.clone(),
            None => self.automatic_name()?,
        };
        self.options
            .log
            .step(|| format!("assuming {arn} as `{name}` with {whose}"));
        let sts = self.session()?;
        let take = |seconds| sts.take_with_token(role, arn, seconds, &name, &token);
        let answer = length::stepwise(role.duration_seconds, take);
        self.given_by(answer, arn, role, Signed::Token(&claims))
    }

    fn role_by_assertion(
        &mut self,
        role: &Role,
        arn: &RoleArn,
        assertion: &Proof,
        provider: Option<&str>,
    ) -> Result<Given> {
        let whose = self.plan.source.spoken();
        let text = self.text(assertion, profiles::SAML_ASSERTION_PROCESS, &whose)?;
        let assertion = Assertion::read(text.expose(), &whose, self.blame())?;
        let grant = assertion.grant(arn, provider, &whose)?;
        assertion.check(Timestamp::now(), &whose)?;
        let role = &self.limited(&as_long_as_signed(role, &assertion), arn);
        self.options
            .log
            .step(|| format!("assuming {arn} by {} with {whose}", grant.provider));
        let sts = self.session()?;
        let take = |seconds| sts.take_with_assertion(role, &grant, seconds, &assertion);
        let answer = length::stepwise(role.duration_seconds, take);
        self.given_by(answer, arn, role, Signed::Assertion(&assertion, &grant))
    }

    fn given_by(
        &mut self,
        answer: Result<(Taken, Option<Found>), Refusal>,
        arn: &RoleArn,
        role: &Role,
        signed: Signed<'_>,
    ) -> Result<Given> {
        let answer = answer.map_err(|refusal| refusal.of_proof(arn, &self.plan.source, signed));
        let (taken, found) = answer?;
        if let Some(found) = found {
            self.tell(role, arn, found);
        }
        self.learn(role, arn, found);
        Ok(taken.into())
    }

    /// The text of a proof.
    ///
    /// # Errors
    /// The file cannot be read, or the command fails, or there is nothing in it.
    fn text(&mut self, proof: &Proof, key: &str, whose: &str) -> Result<Secret> {
        let is_sign_in = self.plan.source.is_sign_in();
        let text = match proof {
            Proof::Text { text, .. } => return Ok(text.clone()),
            Proof::Command(command) => {
                let profile = self.plan.source.profile().unwrap_or_default();
                let running = process::joined(self.options.running.as_deref(), profile);
                let run = || process::output(key, command, Kind::Source, &running);
                let printed = if is_sign_in {
                    self.with_person(run)
                } else {
                    run()
                };
                Secret::new(printed?.trim())
            }
            Proof::File(path) => File::open(path)
                .and_then(Secret::read)
                .with_context(|| Failure::new(self.blame(), format!("cannot read {whose}")))?,
        };
        if text.expose().is_empty() {
            return Err(Failure::new(self.blame(), format!("{whose} is empty")).into());
        }
        Ok(text)
    }

    /// The kind of failure that a malformed proof is: wrong usage when it was given with the command, else the source
    /// is not good.
    fn blame(&self) -> Kind {
        let is_flag = |origin: &Origin| matches!(origin, Origin::Flag(_));
        if self.plan.source_origins.values().any(is_flag) {
            Kind::Usage
        } else {
            Kind::Source
        }
    }

    /// How a new token is had.
    fn renewal(&self) -> &'static str {
        match &self.plan.source {
            Source::WebIdentity {
                token: Proof::File(_),
                ..
            } => "whoever writes the file has to renew the token in it",
            Source::WebIdentity {
                token: Proof::Command(_),
                ..
            } => "web_identity_token_process has to print a new one",
            _ => "get a new one from the provider",
        }
    }
}

/// The role with the length that the provider wants, unless one was asked for.
fn as_long_as_signed(role: &Role, assertion: &Assertion) -> Role {
    let is_asked_for = role.origins.get("duration_seconds") != Some(&Origin::Default);
    let mut role = role.clone();
    if let Some(seconds) = assertion.session_seconds().filter(|_| !is_asked_for) {
        role.duration_seconds = seconds;
    }
    role
}
