//! The only door to the SDK.
//!
//! Blocking functions over a current-thread runtime, which starts with the first call. The SDK
//! gets everything from the plan: it reads no profile by itself.

use std::cell::{Cell, OnceCell};
use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_types::retry::RetryConfig;
use tokio::runtime::Runtime;

use crate::credentials::{Credentials, Secret};
use crate::log::Log;
use crate::plan::Connection;
use crate::time::Timestamp;

mod call;
mod check_up;
mod clock;
mod decode;
mod denial;
mod failure;
mod hint;
mod iam;
mod identity;
mod instance;
mod login;
mod proof;
mod source;
mod sso;
mod sts;
mod transport;
mod unreached;
mod user;

pub(crate) use denial::{Existence, Shown, Subject};
pub(crate) use failure::Refusal;
pub(crate) use iam::ListedRole;
pub(crate) use identity::{Identity, account_of};
pub(crate) use proof::Signed;
pub(crate) use sts::{Taken, valid_session_name};

use clock::Watch;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// The SDK, started.
#[derive(Debug)]
pub(crate) struct Session {
    /// There until the session is dropped.
    runtime: Option<Runtime>,
    config: SdkConfig,
    connection: Connection,
    /// How much longer this run may wait for answers.
    left: Cell<Duration>,
    watch: Watch,
    log: Log,
}

/// The one session of a run, which the first call starts.
#[derive(Debug, Default)]
pub(crate) struct Door(OnceCell<Session>);

impl Door {
    /// The session; all of a run's plans have the same connection.
    ///
    /// # Errors
    /// As [`Session::start`].
    pub(crate) fn session(&self, connection: &Connection, log: Log) -> Result<&Session> {
        if let Some(session) = self.0.get() {
            return Ok(session);
        }
        let session = Session::start(connection, log)?;
        Ok(self.0.get_or_init(|| session))
    }
}

/// The name of an IAM user, by its ARN; other identities have none that suits a session.
pub(crate) fn user_name(arn: &str) -> Option<String> {
    let user = arn.split(':').nth(5)?.strip_prefix("user/")?;
    Some(valid_session_name(user.rsplit('/').next().unwrap_or(user)))
}

impl Session {
    /// Starts the runtime and makes the SDK's configuration; calls nothing yet.
    ///
    /// # Errors
    /// The certificate bundle cannot be read, a proxy's URL is none, or the system gives no runtime.
    fn start(connection: &Connection, log: Log) -> Result<Self> {
        connection.proxies.check(connection.is_plain())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        log.detail(|| format!("asking {}", connection.spoken()));
        let region = if connection.is_global() {
            "us-east-1"
        } else {
            connection.sts_region()
        };
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .use_fips(connection.fips)
            .use_dual_stack(connection.dual_stack)
            .http_client(transport::client(
                transport::trust_store(connection, log)?,
                true,
            ))
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .time_source(aws_smithy_async::time::SystemTimeSource::new())
            .retry_config(RetryConfig::standard().with_max_attempts(connection.attempts))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .build(),
            )
            .build();
        Ok(Self {
            runtime: Some(runtime),
            config,
            connection: connection.clone(),
            left: Cell::new(connection.patience),
            watch: Watch::default(),
            log,
        })
    }
}

/// For signing.
fn sdk_credentials(credentials: &Credentials) -> aws_credential_types::Credentials {
    aws_credential_types::Credentials::new(
        &credentials.access_key_id,
        credentials.secret_access_key.expose(),
        credentials
            .session_token
            .as_ref()
            .map(|token| token.expose().to_owned()),
        None,
        "stsx",
    )
}

/// From a provider of the SDK.
fn own_credentials(credentials: &aws_credential_types::Credentials) -> Credentials {
    Credentials {
        access_key_id: credentials.access_key_id().to_owned(),
        secret_access_key: Secret::new(credentials.secret_access_key()),
        session_token: credentials.session_token().map(Secret::new),
        expires_at: credentials
            .expiry()
            .map(|end| Timestamp::from_seconds(aws_smithy_types::DateTime::from(end).secs())),
        account_id: credentials
            .account_id()
            .map(|account| account.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_iam_users_have_a_user_name() {
        for (arn, name) in [
            ("arn:aws:iam::111122223333:user/team/james", Some("james")),
            ("arn:aws:iam::111122223333:root", None),
            ("arn:aws:sts::111122223333:assumed-role/hub/james", None),
        ] {
            assert_eq!(user_name(arn).as_deref(), name);
        }
    }
}
