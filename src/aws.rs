//! The only door to the SDK.
//!
//! Blocking functions over a current-thread runtime, which starts with the first call. The SDK
//! gets everything from the plan: it reads no profile by itself.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::credentials::{Credentials, Secret};
use crate::error::Failure;
use crate::log::Log;
use crate::plan::Connection;
use crate::time::Timestamp;

mod decode;
mod denial;
mod failure;
mod hint;
mod iam;
mod instance;
mod login;
mod proof;
mod source;
mod sso;
mod sts;
mod user;

pub(crate) use denial::{Existence, Shown, Subject};
pub(crate) use failure::Refusal;
pub(crate) use proof::Signed;
pub(crate) use sts::{Taken, valid_session_name};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(45);
const ATTEMPTS: u32 = 3;

/// The SDK, started.
#[derive(Debug)]
pub(crate) struct Session {
    runtime: Runtime,
    config: SdkConfig,
    connection: Connection,
    sts_endpoint: Option<String>,
    iam_endpoint: Option<String>,
    /// The endpoint as an error message names it.
    place: String,
    log: Log,
}

/// Who somebody is, in the words of sts:GetCallerIdentity.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Identity {
    pub(crate) user_id: String,
    pub(crate) account: String,
    pub(crate) arn: String,
}

impl Identity {
    /// The partition that the identity lives in.
    pub(crate) fn partition(&self) -> &str {
        self.arn.split(':').nth(1).unwrap_or("aws")
    }
}

/// The name of an IAM user, by its ARN; other identities have none that suits a session.
pub(crate) fn user_name(arn: &str) -> Option<String> {
    let user = arn.split(':').nth(5)?.strip_prefix("user/")?;
    Some(valid_session_name(user.rsplit('/').next().unwrap_or(user)))
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

impl Session {
    /// Starts the runtime and makes the SDK's configuration; calls nothing yet.
    ///
    /// # Errors
    /// The certificate bundle cannot be read, or the system gives no runtime.
    pub(crate) fn start(connection: &Connection, log: Log) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        let endpoint = connection.sts_endpoint();
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
            .http_client(http_client(trust_store(connection, log)?, true))
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .time_source(aws_smithy_async::time::SystemTimeSource::new())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_attempt_timeout(CALL_TIMEOUT)
                    .operation_timeout(TOTAL_TIMEOUT)
                    .build(),
            )
            .build();
        Ok(Self {
            runtime,
            config,
            connection: connection.clone(),
            sts_endpoint: endpoint.map(str::to_owned),
            iam_endpoint: connection.iam_url.as_ref().map(|url| url.value.clone()),
            place: connection.spoken(),
            log,
        })
    }
}

/// The trusted roots: those of `ca_bundle` alone when it is given, else the system's. None are
/// read for plain HTTP.
fn trust_store(connection: &Connection, log: Log) -> Result<TrustStore> {
    if connection.is_plain() {
        return Ok(TrustStore::empty());
    }
    let Some(bundle) = &connection.ca_bundle else {
        return Ok(TrustStore::default());
    };
    let place = format!("{}: {}", bundle.origin, bundle.value.display());
    let pem = std::fs::read(&bundle.value).map_err(|error| {
        Failure::usage(format!("{place}: cannot read the certificates: {error}"))
    })?;
    // Comments between the certificates may be in any encoding.
    let pem = String::from_utf8_lossy(&pem);
    let (mut store, mut good, mut bad) = (TrustStore::empty(), 0, 0);
    for block in certificates(&pem) {
        // The SDK's TLS would panic on one that does not parse.
        let is_good = CertificateDer::from_pem_slice(block.as_bytes())
            .is_ok_and(|certificate| webpki::anchor_from_trusted_cert(&certificate).is_ok());
        if is_good {
            store = store.with_pem_certificate(block);
            good += 1;
        } else {
            bad += 1;
        }
    }
    if good == 0 {
        return Err(
            Failure::usage(format!("{place}: there is no valid PEM certificate in it")).into(),
        );
    }
    if bad > 0 {
        log.step(|| format!("{place}: {bad} certificates are not valid, and ignored"));
    }
    Ok(store)
}

/// The PEM blocks of certificates in a bundle.
fn certificates(pem: &str) -> impl Iterator<Item = &str> {
    const END: &str = "-----END CERTIFICATE-----";
    pem.split_inclusive(END)
        .filter_map(|part| {
            part.rfind("-----BEGIN CERTIFICATE-----")
                .map(|start| &part[start..])
        })
        .filter(|block| block.ends_with(END))
}

/// An HTTP client with TLS by ring. The proxy of the environment is for AWS's services, not for
/// the link-local ones of instances and containers.
fn http_client(trust_store: TrustStore, is_proxied: bool) -> SharedHttpClient {
    let context = TlsContext::builder()
        .with_trust_store(trust_store)
        .build()
        .expect("a trust store is all it takes");
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder();
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        if is_proxied {
            builder.set_proxy_config(Some(ProxyConfig::from_env()));
        }
        builder
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone())
            .build()
    })
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
