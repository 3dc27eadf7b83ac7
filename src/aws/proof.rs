//! Roles for what an identity provider has signed: no keys are needed.

use crate::aws::sts::policy_arns;
use crate::aws::{Refusal, Session, Taken};
use crate::credentials::Secret;
use crate::plan::{Role, RoleArn};

impl Session {
    /// Assumes a role with a token of an OIDC provider:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
    ///
    /// # Errors
    /// What STS or the network said.
    pub(crate) fn take_with_token(
        &self,
        role: &Role,
        arn: &RoleArn,
        session_name: &str,
        token: &Secret,
    ) -> Result<Taken, Refusal> {
        let call = self
            .sts(None)
            .assume_role_with_web_identity()
            .role_arn(arn.as_str())
            .role_session_name(session_name)
            .duration_seconds(role.duration_seconds.cast_signed())
            .set_policy(role.scope.policy.clone())
            .set_policy_arns(policy_arns(&role.scope))
            .web_identity_token(token.expose());
        let answer = self
            .runtime
            .block_on(call.send())
            .map_err(|error| self.refusal(&error))?;
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
}
