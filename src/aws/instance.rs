//! The role of the EC2 instance that stsx runs on, from the metadata service (version 2 only):
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>

use anyhow::Result;
use aws_config::imds;
use aws_config::imds::client::error::ImdsError;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;

use crate::aws::source::{find, living, refused};
use crate::aws::{Session, own_credentials};
use crate::credentials::Credentials;
use crate::env;
use crate::error::{Failure, Kind};
use crate::plan::Source;
use crate::plan::arn::role_name;
use crate::plan::target::no_credentials;

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

impl Session {
    /// The credentials of the instance's role; when nobody named it as the source, its absence means
    /// that there is no source.
    ///
    /// # Errors
    /// There is no such service, or no role; it answers oddly.
    pub(super) fn instance(&self, source: &Source, is_assumed: bool) -> Result<Credentials> {
        let answer = self.instance_role(source);
        if is_assumed {
            return answer.map_err(|error| {
                self.log.step(|| format!("{error:#}"));
                no_credentials().into()
            });
        }
        answer
    }

    fn instance_role(&self, source: &Source) -> Result<Credentials> {
        let what = |cause: &str| format!("{} gives no credentials: {cause}", source.spoken());
        if self.connection.metadata.is_disabled {
            let cause = format!("{} is true", env::EC2_METADATA_DISABLED);
            return Err(Failure::new(Kind::Source, what(&cause)).into());
        }
        let client = self.metadata_client()?;
        let mut answer = self.instance_answer(&client);
        for _ in 1..self.connection.metadata.attempts() {
            answer = answer.or_else(|_| self.instance_answer(&client));
        }
        let error = match answer {
            Ok(credentials) => return living(source, own_credentials(&credentials)),
            Err(error) => error,
        };
        match find::<ImdsError>(&error) {
            Some(ImdsError::ErrorResponse(answer)) => {
                let cause = match answer.response().status().as_u16() {
                    404 => "no role is attached to it".to_owned(),
                    status => format!("its metadata service answers HTTP {status}"),
                };
                Err(Failure::new(Kind::Source, what(&cause)).into())
            }
            _ => Err(refused(source, &error)),
        }
    }

    fn instance_answer(
        &self,
        client: &imds::Client,
    ) -> Result<aws_credential_types::Credentials, CredentialsError> {
        let work = async {
            let role = client.get(ROLES).await;
            let role = role.map_err(CredentialsError::provider_error)?;
            // The SDK's provider panics on what cannot stand in a URL.
            let role = role_name(role.as_ref().trim())
                .map_err(|_| CredentialsError::unhandled("its metadata service names no role"))?;
            let provider = ImdsCredentialsProvider::builder()
                .configure(&self.provider_config(false))
                .imds_client(client.clone())
                .profile(role);
            provider.build().provide_credentials().await
        };
        self.within(
            "the instance for its credentials",
            work,
            CredentialsError::provider_timed_out,
        )
    }

    /// It makes one attempt: the SDK's count is for the token and for the question alike.
    fn metadata_client(&self) -> Result<imds::Client> {
        let metadata = &self.connection.metadata;
        let client = imds::Client::builder()
            .configure(&self.provider_config(false))
            .endpoint(metadata.endpoint())
            .map_err(|error| Failure::usage(format!("{}: {error}", metadata.endpoint())))?
            .max_attempts(1)
            .connect_timeout(metadata.timeout())
            .read_timeout(metadata.timeout());
        Ok(client.build())
    }
}
