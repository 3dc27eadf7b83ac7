//! Sources that the SDK can fetch: SSO, `aws login`, web identity, container, instance.

use std::error::Error;

use anyhow::{Context, Result};
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_http_client::tls::TrustStore;
use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::aws::sso::Login;
use crate::aws::unreached::{Late, root_cause};
use crate::aws::{Session, own_credentials, transport};
use crate::credentials::Credentials;
use crate::env;
use crate::error::{Failure, Kind};
use crate::plan::Source;
use crate::time::Timestamp;

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
                let login = Login {
                    session: session.as_deref(),
                    start_url,
                    region,
                };
                let credentials = self.sso(source, &login, account_id, role_name)?;
                living(source, credentials)
            }
            Source::Login { login_session, .. } => self.login(source, login_session),
            Source::Ecs { .. } => {
                let provider =
                    EcsCredentialsProvider::builder().configure(&self.provider_config(false));
                self.provided(&provider.build(), source)
            }
            Source::Ec2 { .. } => self.instance(source, is_assumed),
            Source::Keys { .. }
            | Source::Environment { .. }
            | Source::Process { .. }
            | Source::WebIdentity { .. }
            | Source::Saml { .. } => source.held().context("this source is not the SDK's"),
        }
    }

    fn provided(&self, provider: &impl ProvideCredentials, source: &Source) -> Result<Credentials> {
        let answer = self.within(
            format_args!("for {}", source.spoken()),
            provider.provide_credentials(),
            CredentialsError::provider_timed_out,
        );
        match answer {
            Ok(credentials) => living(source, own_credentials(&credentials)),
            Err(error) => Err(refused(source, &error)),
        }
    }

    pub(super) fn provider_config(&self, is_remote: bool) -> ProviderConfig {
        let client = if is_remote {
            self.config.http_client().expect("start sets it")
        } else {
            transport::client(TrustStore::default(), false)
        };
        ProviderConfig::empty()
            .with_use_fips(Some(self.connection.fips))
            .with_use_dual_stack(Some(self.connection.dual_stack))
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

/// The credentials, unless they had expired when they came.
pub(super) fn living(source: &Source, credentials: Credentials) -> Result<Credentials> {
    match credentials.expires_at {
        Some(end) if !credentials.outlives(Timestamp::now(), 0) => {
            let what = format!("{} gave credentials that expired at {end}", source.spoken());
            let mut failure = Failure::new(Kind::Source, what);
            failure.hint = login_hint(source);
            Err(failure.into())
        }
        _ => Ok(credentials),
    }
}

/// What a provider of the SDK failed with.
pub(super) fn refused(source: &Source, error: &CredentialsError) -> anyhow::Error {
    let what = |cause: &str| format!("{} gives no credentials: {cause}", source.spoken());
    let mut failure = if is_about_network(error) {
        Failure::new(Kind::Failed, what(&silence(error)))
    } else {
        Failure::new(Kind::Source, what(&told(error)))
    };
    failure.hint = match source {
        Source::Ecs { .. } => {
            Some("check the AWS_CONTAINER_ variables of this environment".to_owned())
        }
        _ => login_hint(source),
    };
    failure.into()
}

/// What the provider itself said, and what made it say so.
fn told(error: &(dyn Error + 'static)) -> String {
    let outer = error.to_string();
    match error.source() {
        Some(inner) if error.is::<CredentialsError>() => told(inner),
        // The one file that a provider reads without saying so.
        None if error.is::<std::io::Error>() => {
            format!(
                "cannot read the file of {}: {outer}",
                env::CONTAINER_TOKEN_FILE
            )
        }
        None => outer,
        Some(_) => {
            let root = root_cause(error);
            if outer.contains(&root) || root.contains(&outer) {
                outer
            } else {
                format!("{outer}: {root}")
            }
        }
    }
}

/// The error of this type among the causes of another.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    error.downcast_ref::<T>().or_else(|| find(error.source()?))
}

/// Whether there was no answer at all.
pub(super) fn is_about_network(error: &(dyn Error + 'static)) -> bool {
    is_late(error) || find::<ConnectorError>(error).is_some()
}

/// Why there was no answer.
fn silence(error: &(dyn Error + 'static)) -> String {
    if is_late(error) {
        Late.to_string()
    } else {
        root_cause(error)
    }
}

/// Whether the time was over before an answer came.
pub(super) fn is_late(error: &(dyn Error + 'static)) -> bool {
    matches!(
        find::<CredentialsError>(error),
        Some(CredentialsError::ProviderTimedOut(_))
    ) || matches!(
        find::<TokenError>(error),
        Some(TokenError::ProviderTimedOut(_))
    )
}

/// What a person runs who has to log in again.
pub(super) fn login_hint(source: &Source) -> Option<String> {
    let (command, name) = match source {
        Source::Sso {
            session: Some(session),
            ..
        } => ("aws sso login --sso-session", session),
        Source::Sso { profile, .. } => ("aws sso login --profile", profile),
        Source::Login { profile, .. } => ("aws login --profile", profile),
        _ => return None,
    };
    // A name that AWS allows is a plain word for every shell.
    Some(format!("run `{command} {name}`"))
}
