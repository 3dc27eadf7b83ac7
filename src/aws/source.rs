//! Sources that the SDK can fetch: SSO, `aws login`, web identity, container, instance.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_http_client::tls::TrustStore;
use aws_types::region::Region;

use crate::aws::failure::root_cause;
use crate::aws::{Session, http_client, own_credentials, valid_session_name};
use crate::credentials::{Credentials, Secret};
use crate::error::{Failure, Kind};
use crate::plan::Source;
use crate::plan::resolve::no_credentials;

/// The metadata service answers at once where it exists; a laptop must not wait for it.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

impl Session {
    /// The credentials of a source that is not at hand.
    ///
    /// # Errors
    /// The source has none, or its login has expired; the hint names the command to run.
    pub(crate) fn source(&self, source: &Source, is_assumed: bool) -> Result<Credentials> {
        match source {
            Source::Sso {
                session,
                start_url,
                region,
                account_id,
                role_name,
                ..
            } => {
                let mut provider = SsoCredentialsProvider::builder()
                    .configure(&self.provider_config(true))
                    .account_id(account_id)
                    .role_name(role_name)
                    .start_url(start_url)
                    .region(Region::new(region.clone()));
                provider.set_session_name(session.clone());
                self.provided(&provider.build(), source)
            }
            Source::Login { login_session, .. } => {
                let provider = LoginCredentialsProvider::builder(login_session)
                    .configure(&self.provider_config(true));
                self.provided(&provider.build(), source)
            }
            Source::WebIdentity {
                role_arn,
                token_file,
                session_name,
                duration_seconds,
                ..
            } => {
                let token = std::fs::read_to_string(token_file)
                    .map(Secret::new)
                    .with_context(|| {
                        Failure::new(
                            Kind::Source,
                            format!(
                                "cannot read the web identity token in {}",
                                token_file.display()
                            ),
                        )
                    })?;
                let name = session_name
                    .clone()
                    .unwrap_or_else(|| valid_session_name("stsx-web-identity"));
                let token = Secret::new(token.expose().trim());
                self.take_with_token(role_arn, &name, *duration_seconds, &token)
                    .map_err(|refusal| {
                        refusal
                            .failure(&format!(
                                "cannot assume {role_arn} with the web identity token"
                            ))
                            .into()
                    })
            }
            Source::Ecs { .. } => {
                let provider =
                    EcsCredentialsProvider::builder().configure(&self.provider_config(false));
                self.provided(&provider.build(), source)
            }
            Source::Ec2 { .. } => self.instance(source, is_assumed),
            Source::Keys { .. } | Source::Environment { .. } | Source::Process { .. } => {
                source.held().context("this source is not the SDK's")
            }
        }
    }

    /// The role of the instance; when nobody named it, its absence means that there is no source.
    fn instance(&self, source: &Source, is_assumed: bool) -> Result<Credentials> {
        let config = self.provider_config(false);
        let client = imds::Client::builder()
            .configure(&config)
            .max_attempts(1)
            .connect_timeout(METADATA_TIMEOUT)
            .read_timeout(METADATA_TIMEOUT)
            .build();
        let provider = ImdsCredentialsProvider::builder()
            .configure(&config)
            .imds_client(client)
            .build();
        let answer = self.provided(&provider, source);
        if is_assumed {
            return answer.map_err(|error| {
                self.log.step(|| format!("{error:#}"));
                no_credentials().into()
            });
        }
        answer
    }

    fn provided(&self, provider: &impl ProvideCredentials, source: &Source) -> Result<Credentials> {
        match self.runtime.block_on(provider.provide_credentials()) {
            Ok(credentials) => Ok(own_credentials(&credentials)),
            Err(error) => Err(refused(source, &error)),
        }
    }

    fn provider_config(&self, is_remote: bool) -> ProviderConfig {
        let client = if is_remote {
            self.config.http_client().expect("start sets it")
        } else {
            http_client(TrustStore::default(), false)
        };
        ProviderConfig::empty()
            .with_region(self.config.region().cloned())
            .with_http_client(client)
            .with_sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .with_timeout_config(
                self.config
                    .timeout_config()
                    .cloned()
                    .unwrap_or_else(TimeoutConfig::disabled),
            )
    }
}

fn refused(source: &Source, error: &CredentialsError) -> anyhow::Error {
    let cause = root_cause(error);
    let kind = match error {
        CredentialsError::ProviderTimedOut(_) => Kind::Failed,
        _ => Kind::Source,
    };
    let failure = Failure::new(
        kind,
        format!("{} gives no credentials: {cause}", source.spoken()),
    );
    match source {
        Source::Sso { profile, .. } => failure
            .hint(format!("run `aws sso login --profile {profile}`"))
            .into(),
        Source::Login { profile, .. } => failure
            .hint(format!("run `aws login --profile {profile}`"))
            .into(),
        _ => failure.into(),
    }
}
