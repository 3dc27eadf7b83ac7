//! What STS gives for the long-term keys of a user: sessions and federated users.

use crate::aws::sts::{policy_arns, tags};
use crate::aws::{Refusal, Session};
use crate::credentials::Credentials;
use crate::plan::{Federation, UserSession};

impl Session {
    /// A session of the user:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn user_session(
        &self,
        session: &UserSession,
        with: &Credentials,
        code: Option<&str>,
    ) -> Result<Credentials, Refusal> {
        let call = self
            .sts(Some(with))
            .get_session_token()
            .duration_seconds(session.duration_seconds.cast_signed())
            .set_serial_number(session.mfa_serial.clone())
            .set_token_code(code.map(str::to_owned));
        let answer = self
            .ask("STS for a session of the user", call.send())
            .map_err(|error| self.refused(&error, with))?;
        self.credentials(answer.credentials(), with.account_id.as_deref())
    }

    /// A federated user, with their ARN:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn federated_user(
        &self,
        federation: &Federation,
        with: &Credentials,
    ) -> Result<(Credentials, String), Refusal> {
        let scope = &federation.scope;
        let call = self
            .sts(Some(with))
            .get_federation_token()
            .name(&federation.name)
            .duration_seconds(federation.duration_seconds.cast_signed())
            .set_policy(scope.policy.clone())
            .set_policy_arns(policy_arns(scope))
            .set_tags(tags(scope));
        let answer = self
            .ask(
                format_args!("STS for the federated user {}", federation.name),
                call.send(),
            )
            .map_err(|error| self.refused(&error, with))?;
        #[expect(deprecated, reason = "servers still tell the older figure")]
        let packed = answer.packed_policy_size();
        self.utilization(answer.session_token_utilization().or(packed));
        let arn = answer.federated_user().map(|user| user.arn().to_owned());
        let arn = arn.unwrap_or_default();
        let account = super::account_of(&arn);
        let credentials = self.credentials(answer.credentials(), Some(account))?;
        Ok((credentials, arn))
    }
}
