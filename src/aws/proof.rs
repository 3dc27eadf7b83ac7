//! Roles for what an identity provider has signed: no keys are needed. What STS says no with, and what to check then.

use aws_sdk_sts::types::{self, AssumedRoleUser};

use crate::aws::denial::Advice;
use crate::aws::sts::policy_arns;
use crate::aws::{Refusal, Session, Taken};
use crate::credentials::Secret;
use crate::plan::{Role, RoleArn};
use crate::saml::{Assertion, Grant};
use crate::web_identity::Claims;

const BY_TOKEN: &str = "sts:AssumeRoleWithWebIdentity";
const BY_ASSERTION: &str = "sts:AssumeRoleWithSAML";

impl Session {
    /// Assumes a role with a token of an OIDC provider, for so many seconds:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn take_with_token(
        &self,
        role: &Role,
        arn: &RoleArn,
        seconds: u32,
        session_name: &str,
        token: &Secret,
    ) -> Result<Taken, Refusal> {
        let call = self
            .sts(None)
            .assume_role_with_web_identity()
            .role_arn(arn.as_str())
            .role_session_name(session_name)
            .duration_seconds(seconds.cast_signed())
            .set_policy(role.scope.policy.clone())
            .set_policy_arns(policy_arns(&role.scope))
            .web_identity_token(token.expose());
        let answer = self
            .ask(format_args!("STS for {arn}"), call.send())
            .map_err(|error| self.refusal(&error))?;
        #[expect(deprecated, reason = "servers still tell the older figure")]
        let packed = answer.packed_policy_size();
        self.utilization(answer.session_token_utilization().or(packed));
        self.taken(arn, answer.credentials(), answer.assumed_role_user())
    }

    /// Assumes a role with a response of a SAML provider, for so many seconds:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn take_with_assertion(
        &self,
        role: &Role,
        grant: &Grant,
        seconds: u32,
        assertion: &Assertion,
    ) -> Result<Taken, Refusal> {
        let call = self
            .sts(None)
            .assume_role_with_saml()
            .role_arn(grant.role.as_str())
            .principal_arn(&grant.provider)
            .duration_seconds(seconds.cast_signed())
            .set_policy(role.scope.policy.clone())
            .set_policy_arns(policy_arns(&role.scope))
            .saml_assertion(assertion.response.expose());
        let answer = self
            .ask(format_args!("STS for {}", grant.role), call.send())
            .map_err(|error| self.refusal(&error))?;
        #[expect(deprecated, reason = "servers still tell the older figure")]
        let packed = answer.packed_policy_size();
        self.utilization(answer.session_token_utilization().or(packed));
        self.taken(
            &grant.role,
            answer.credentials(),
            answer.assumed_role_user(),
        )
    }

    fn taken(
        &self,
        arn: &RoleArn,
        given: Option<&types::Credentials>,
        user: Option<&AssumedRoleUser>,
    ) -> Result<Taken, Refusal> {
        Ok(Taken {
            credentials: self.credentials(given, Some(arn.account()))?,
            arn: user.map(|user| user.arn().to_owned()).unwrap_or_default(),
            role_arn: arn.clone(),
        })
    }
}

/// What an identity provider has signed, as far as it can be read.
#[derive(Clone, Copy)]
pub(crate) enum Signed<'a> {
    Token(&'a Claims),
    Assertion(&'a Assertion, &'a Grant),
}

impl Signed<'_> {
    /// What to check after STS has refused it with this code and message.
    pub(super) fn advice(self, arn: &RoleArn, code: &str, message: &str) -> Advice {
        let issuer = self.issuer().unwrap_or("its issuer");
        let hint = match code {
            "AccessDenied" => return self.trust(arn, message),
            "ExpiredTokenException" => match self {
                Self::Token(_) => format!("get a new token from {issuer}"),
                Self::Assertion(..) => format!(
                    "sign in again with {issuer}, and use the new assertion at once: STS takes it for five minutes"
                ),
            },
            "IDPRejectedClaim" => format!(
                "{issuer} has revoked it, or did not let its user in: sign in again, and ask whoever runs the provider"
            ),
            "IDPCommunicationError" => format!(
                "STS could not ask {issuer} in time, though it was tried again: it must be reachable from the internet; try later"
            ),
            "InvalidIdentityToken" => self.validity(arn, issuer, message),
            _ => return Advice::default(),
        };
        Advice::hint(hint)
    }

    fn issuer(&self) -> Option<&str> {
        match self {
            Self::Token(claims) => claims.issuer(),
            Self::Assertion(assertion, _) => assertion.issuer(),
        }
    }

    /// STS does not say which part of the trust policy it misses, nor whether there is such a role.
    fn trust(self, arn: &RoleArn, message: &str) -> Advice {
        let (action, principal, conditions) = match self {
            Self::Token(claims) => (BY_TOKEN, oidc_principal(claims, arn), keys_of(claims)),
            Self::Assertion(assertion, grant) => (
                BY_ASSERTION,
                grant.provider.clone(),
                assertion.condition_keys(),
            ),
        };
        let name = arn.name();
        let denied = message.rsplit(' ').next().unwrap_or_default();
        if denied.starts_with("sts:") && denied != action {
            return Advice::hint(format!(
                "allow {denied} beside {action} in the trust policy of {name}: the provider sends session tags or a source identity"
            ));
        }
        let mut checks = vec![
            format!("there must be a role {name}: AWS denies it the same way if there is none"),
            format!(
                "the trust policy of {name} must have the principal \"Federated\": \"{principal}\""
            ),
            format!("it must have the action {action}"),
        ];
        for (key, value) in conditions {
            checks.push(format!("its conditions must allow {key} = {value}"));
        }
        Advice {
            checks,
            hint: Some(format!("look at the trust policy of {name}")),
        }
    }

    fn validity(self, arn: &RoleArn, issuer: &str, message: &str) -> String {
        let account = arn.account();
        match self {
            Self::Token(claims) if message.contains("audience") => format!(
                "the IAM OIDC provider for {issuer} in account {account} must list the audience {}",
                claims.audience().unwrap_or("of the token")
            ),
            Self::Token(_) if message.contains("provider found") => {
                format!("account {account} needs an IAM OIDC provider for {issuer}")
            }
            Self::Token(_) => format!(
                "STS checks the signature with the keys that {issuer}/.well-known/openid-configuration leads to, which it must reach; the token must be an ID token of that issuer"
            ),
            Self::Assertion(_, grant) => format!(
                "{} must have the present metadata of {issuer}, with the certificate that signs",
                grant.provider
            ),
        }
    }
}

/// The principal that stands for an issuer: the provider in IAM, but for those that AWS knows by name.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity>
fn oidc_principal(claims: &Claims, arn: &RoleArn) -> String {
    const BY_NAME: [&str; 2] = ["accounts.google.com", "cognito-identity.amazonaws.com"];
    let host = host(claims);
    if BY_NAME.contains(&host) {
        return host.to_owned();
    }
    let (partition, account) = (arn.partition(), arn.account());
    format!("arn:{partition}:iam::{account}:oidc-provider/{host}")
}

fn host(claims: &Claims) -> &str {
    let issuer = claims.issuer().unwrap_or("ISSUER");
    issuer.strip_prefix("https://").unwrap_or(issuer)
}

fn keys_of(claims: &Claims) -> Vec<(String, String)> {
    let host = host(claims);
    [("aud", claims.audience()), ("sub", claims.subject())]
        .into_iter()
        .filter_map(|(key, value)| Some((format!("{host}:{key}"), value?.to_owned())))
        .collect()
}
