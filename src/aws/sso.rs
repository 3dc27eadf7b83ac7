//! Roles of IAM Identity Center, by the token that `aws sso login` keeps.
//!
//! The SDK reads the token's file, and renews a token that can be renewed. The role's credentials
//! are asked for here: so the endpoint is the plan's, and what the service says is told apart.

use anyhow::Result;
use aws_config::SdkConfig;
use aws_config::sso::SsoTokenProvider;
use aws_credential_types::provider::error::TokenError;
use aws_credential_types::provider::token::ProvideToken;
use aws_sdk_sso::config::SharedInterceptor;
use aws_types::region::Region;

use crate::aws::Session;
use crate::aws::failure::garbage_of;
use crate::aws::source::{is_late, login_hint};
use crate::aws::unreached::{Late, root_cause};
use crate::credentials::{Credentials, Secret};
use crate::error::{Failure, Kind};
use crate::plan::Source;
use crate::plan::connection::without_password;
use crate::settings::Sourced;
use crate::time::Timestamp;

/// The login that a token belongs to.
#[derive(Debug)]
pub(super) struct Login<'a> {
    /// The `sso-session`; a profile without one goes by its start URL.
    pub(super) session: Option<&'a str>,
    pub(super) start_url: &'a str,
    pub(super) region: &'a str,
}

impl Session {
    /// The credentials of `role_name` in `account_id`.
    ///
    /// # Errors
    /// There is no login, or it has expired; the role is not this person's; the network.
    pub(super) fn sso(
        &self,
        source: &Source,
        login: &Login<'_>,
        account_id: &str,
        role_name: &str,
    ) -> Result<Credentials> {
        let token = self.sso_token(source, login)?;
        let url = self.connection.sso_url.as_ref();
        let place = url.map_or_else(
            || format!("the SSO portal in {}", login.region),
            |url| without_password(&url.value),
        );
        let mut config = aws_sdk_sso::config::Builder::from(&self.config_for(login.region, url));
        config.push_interceptor(SharedInterceptor::new(self.watch.clone()));
        let call = aws_sdk_sso::Client::from_conf(config.build())
            .get_role_credentials()
            .account_id(account_id)
            .role_name(role_name)
            .access_token(token.expose());
        let what = format!("{} gives no credentials", source.spoken());
        let answer = self.ask(&place, call.send()).map_err(|error| {
            let mut failure = self.refusal_of(&place, &error).failure(&what);
            failure.hint = failure.hint.or_else(|| match failure.kind {
                Kind::Source => login_hint(source),
                Kind::Denied => Some(format!(
                    "check sso_account_id ({account_id}) and sso_role_name ({role_name}): this login may not have them"
                )),
                _ => None,
            });
            failure
        })?;
        let given = answer.role_credentials.and_then(|given| {
            Some(Credentials {
                access_key_id: given.access_key_id?,
                secret_access_key: Secret::new(given.secret_access_key?),
                session_token: Some(Secret::new(given.session_token?)),
                expires_at: Some(Timestamp::from_seconds(given.expiration / 1000)),
                account_id: Some(account_id.to_owned()),
            })
        });
        let incomplete = "an answer without credentials";
        given.ok_or_else(|| garbage_of(&place, incomplete).failure(&what).into())
    }

    fn sso_token(&self, source: &Source, login: &Login<'_>) -> Result<Secret> {
        let config = self.config_for(login.region, self.connection.sso_oidc_url.as_ref());
        // The file's name is made from this name.
        let name = login.session.unwrap_or(login.start_url);
        let work = async {
            SsoTokenProvider::builder()
                .configure(&config)
                .region(Region::new(login.region.to_owned()))
                .start_url(login.start_url)
                .session_name(name)
                .build()
                .await
                .provide_token()
                .await
        };
        match self.within(
            "IAM Identity Center to renew the login",
            work,
            TokenError::provider_timed_out,
        ) {
            Ok(token) => Ok(Secret::new(token.token())),
            Err(error) => Err(self.no_token(source, login, &error).into()),
        }
    }

    /// A login whose token could not be renewed in time may be as good as ever; any other has ended.
    fn no_token(&self, source: &Source, login: &Login<'_>, error: &TokenError) -> Failure {
        if !is_late(error) {
            let cause = root_cause(error);
            let what = format!("{} gives no credentials: {cause}", source.spoken());
            let mut failure = Failure::new(Kind::Source, what);
            failure.hint = login_hint(source);
            return failure;
        }
        let url = self.connection.sso_oidc_url.as_ref();
        let place = url.map_or_else(
            || format!("SSO OIDC in {}", login.region),
            |url| without_password(&url.value),
        );
        let what = format!("{} cannot be renewed", source.spoken());
        self.network(&place, &Late).failure(&what)
    }

    fn config_for(&self, region: &str, url: Option<&Sourced<String>>) -> SdkConfig {
        let mut config = self
            .config
            .to_builder()
            .region(Region::new(region.to_owned()));
        config.set_endpoint_url(url.map(|url| url.value.clone()));
        config.build()
    }
}
