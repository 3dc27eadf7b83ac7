//! sts:AssumeRole and sts:GetCallerIdentity.

use aws_sdk_sts::Client;
use aws_sdk_sts::config::{SharedCredentialsProvider, SharedInterceptor};
use aws_sdk_sts::types::{self, PolicyDescriptorType, Tag};

use crate::aws::{Identity, Refusal, Session, sdk_credentials};
use crate::cli;
use crate::credentials::{Credentials, Secret};
use crate::plan::{Role, RoleArn, Scope};
use crate::time::Timestamp;

/// What assuming a role gives.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) credentials: Credentials,
    /// The session's ARN.
    pub(crate) arn: String,
    /// The ARN that the role was assumed by.
    pub(crate) role_arn: RoleArn,
}

impl Session {
    /// Assumes a role: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn take(
        &self,
        role: &Role,
        arn: &RoleArn,
        session_name: &str,
        with: &Credentials,
        code: Option<&str>,
    ) -> Result<Taken, Refusal> {
        let call = self
            .sts(Some(with))
            .assume_role()
            .role_arn(arn.as_str())
            .role_session_name(session_name)
            .duration_seconds(role.duration_seconds.cast_signed())
            .set_external_id(role.external_id.clone())
            .set_serial_number(role.mfa_serial.clone())
            .set_token_code(code.map(str::to_owned))
            .set_source_identity(role.source_identity.clone())
            .set_policy(role.scope.policy.clone())
            .set_policy_arns(policy_arns(&role.scope))
            .set_tags(tags(&role.scope))
            .set_transitive_tag_keys(some(role.transitive_tags.clone()));
        let answer = self
            .ask(format_args!("STS for {arn}"), call.send())
            .map_err(|error| self.refused(&error, with))?;
        #[expect(deprecated, reason = "servers still tell the older figure")]
        let packed = answer.packed_policy_size();
        self.utilization(answer.session_token_utilization().or(packed));
        let user = answer.assumed_role_user();
        Ok(Taken {
            credentials: self.credentials(answer.credentials(), Some(arn.account()))?,
            arn: user.map(|user| user.arn().to_owned()).unwrap_or_default(),
            role_arn: arn.clone(),
        })
    }

    /// Who the credentials are:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn identity(&self, credentials: &Credentials) -> Result<Identity, Refusal> {
        let call = self.sts(Some(credentials)).get_caller_identity();
        let answer = self
            .ask("STS who this is", call.send())
            .map_err(|error| self.refused(&error, credentials))?;
        match (answer.user_id(), answer.account(), answer.arn()) {
            (Some(user_id), Some(account), Some(arn))
                if cli::account(account).is_ok() && arn.starts_with("arn:aws") =>
            {
                Ok(Identity {
                    user_id: user_id.to_owned(),
                    account: account.to_owned(),
                    arn: arn.to_owned(),
                })
            }
            _ => Err(self.garbage("an answer without a valid Account, Arn and UserId")),
        }
    }

    /// Says how much of the room for policies and tags a session takes.
    pub(super) fn utilization(&self, percent: Option<i32>) {
        if let Some(percent) = percent {
            self.log
                .step(|| format!("policies and tags take {percent} % of the session's space"));
        }
    }

    pub(super) fn sts(&self, credentials: Option<&Credentials>) -> Client {
        let mut config = aws_sdk_sts::config::Builder::from(&self.config);
        config.set_endpoint_url(self.connection.sts_endpoint().map(str::to_owned));
        config.push_interceptor(SharedInterceptor::new(self.watch.clone()));
        config.set_time_source(Some(self.watch.time()));
        if let Some(credentials) = credentials {
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(sdk_credentials(
                credentials,
            ))));
        }
        Client::from_conf(config.build())
    }

    /// The credentials in an answer; `account` is the one they are of, when it is known.
    ///
    /// # Errors
    /// There are none, or they are not whole, or they have ended.
    pub(super) fn credentials(
        &self,
        given: Option<&types::Credentials>,
        account: Option<&str>,
    ) -> Result<Credentials, Refusal> {
        let given = given.ok_or_else(|| self.garbage("an answer without credentials"))?;
        let parts = [
            given.access_key_id(),
            given.secret_access_key(),
            given.session_token(),
        ];
        // The SDK takes an answer that was cut off for one with empty values.
        if parts.contains(&"") {
            return Err(self.garbage("an answer with incomplete credentials"));
        }
        let expires_at = Timestamp::from_seconds(given.expiration().secs());
        if expires_at <= Timestamp::now() {
            return Err(self.stillborn(expires_at));
        }
        Ok(Credentials {
            access_key_id: given.access_key_id().to_owned(),
            secret_access_key: Secret::new(given.secret_access_key()),
            session_token: Some(Secret::new(given.session_token())),
            expires_at: Some(expires_at),
            account_id: account.map(str::to_owned),
        })
    }
}

/// The policies of a scope, as the SDK has them.
pub(super) fn policy_arns(scope: &Scope) -> Option<Vec<PolicyDescriptorType>> {
    let described = |arn: &String| PolicyDescriptorType::builder().arn(arn).build();
    some(scope.policy_arns.iter().map(described).collect())
}

/// The tags of a scope, as the SDK has them.
pub(super) fn tags(scope: &Scope) -> Option<Vec<Tag>> {
    let tag = |(key, value): (&String, &String)| {
        let tag = Tag::builder().key(key).value(value).build();
        tag.expect("key and value are there")
    };
    some(scope.tags.iter().map(tag).collect())
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

/// A session name made of any name: characters that STS refuses become `-`.
pub(crate) fn valid_session_name(name: &str) -> String {
    let valid: String = name
        .chars()
        .take(64)
        .map(|char| match u8::try_from(char) {
            Ok(byte) if char.is_ascii() && cli::is_session_name_byte(byte) => char,
            _ => '-',
        })
        .collect();
    match valid.len() {
        0 => "stsx".to_owned(),
        1 => format!("stsx-{valid}"),
        _ => valid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_names_are_made_valid() {
        for (name, valid) in [
            ("james", "james"),
            ("James Bond", "James-Bond"),
            ("DOMAIN\\jürgen", "DOMAIN-j-rgen"),
            ("j", "stsx-j"),
            ("", "stsx"),
        ] {
            assert_eq!(valid_session_name(name), valid);
            assert!(
                cli::session_name(&valid_session_name(name)).is_ok(),
                "{name}"
            );
        }
        assert_eq!(valid_session_name(&"x".repeat(99)).len(), 64);
    }
}
