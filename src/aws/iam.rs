//! iam:GetRole, asked only when STS refused the plain ARN of a role.

use aws_sdk_iam::Client;
use aws_sdk_iam::config::SharedCredentialsProvider;

use crate::aws::{Refusal, Session, sdk_credentials};
use crate::credentials::Credentials;
use crate::plan::RoleArn;

impl Session {
    /// The ARN, with its path, of a role in the account of `with`:
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
    ///
    /// # Errors
    /// What IAM or the network said.
    pub(crate) fn role_arn(&self, name: &str, with: &Credentials) -> Result<RoleArn, Refusal> {
        let mut config = aws_sdk_iam::config::Builder::from(&self.config);
        config.set_endpoint_url(self.iam_endpoint.clone());
        config
            .set_credentials_provider(Some(SharedCredentialsProvider::new(sdk_credentials(with))));
        let call = Client::from_conf(config.build()).get_role().role_name(name);
        let answer = self
            .runtime
            .block_on(call.send())
            .map_err(|error| self.refusal(&error))?;
        let arn = answer
            .role()
            .map(aws_sdk_iam::types::Role::arn)
            .unwrap_or_default();
        RoleArn::parse(arn).map_err(|reason| self.garbage(&reason))
    }
}
