//! The session that `aws login` keeps, renewed at AWS Sign-In when that is due:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html>

use anyhow::Result;
use aws_config::login::LoginCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_signin::operation::create_o_auth2_token::CreateOAuth2TokenError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::region::Region;

use crate::aws::failure::garbage_of;
use crate::aws::source::{find, is_about_network, is_late, living, refused};
use crate::aws::unreached::Late;
use crate::aws::{Session, own_credentials};
use crate::credentials::Credentials;
use crate::plan::Source;
use crate::plan::connection::without_password;

impl Session {
    /// The credentials of a session of `aws login`.
    ///
    /// # Errors
    /// There is none, or it has ended; AWS Sign-In or the network.
    pub(super) fn login(&self, source: &Source, login_session: &str) -> Result<Credentials> {
        let region = Region::new(self.connection.sts_region().to_owned());
        let config = self.provider_config(true).with_region(Some(region));
        let url = self.connection.signin_url.as_ref();
        let work = async {
            let Some(url) = url else {
                let provider = LoginCredentialsProvider::builder(login_session).configure(&config);
                return provider.build().provide_credentials().await;
            };
            // The provider takes no endpoint, but finds one in a profile: so it gets a profile with
            // what the plan says in it, and nothing else.
            let profile = format!(
                "[default]\nlogin_session = {login_session}\nendpoint_url = {}\n",
                url.value
            );
            let file = EnvConfigFiles::builder()
                .with_contents(EnvConfigFileKind::Config, profile)
                .build();
            let provider = ProfileFileCredentialsProvider::builder()
                .configure(&config)
                .profile_files(file)
                .profile_name("default")
                .build();
            provider.provide_credentials().await
        };
        let error = match self.within(
            "AWS Sign-In for credentials",
            work,
            CredentialsError::provider_timed_out,
        ) {
            Ok(credentials) => return living(source, own_credentials(&credentials)),
            Err(error) => error,
        };
        let place = url.map_or_else(
            || "AWS Sign-In".to_owned(),
            |url| without_password(&url.value),
        );
        let refusal = if is_late(&error) {
            self.network(&place, &Late)
        } else if is_about_network(&error) {
            self.network(&place, &error)
        } else if is_no_answer_of_aws(&error) {
            garbage_of(&place, "no error that it knows")
        } else {
            return Err(refused(source, &error));
        };
        let what = format!("{} cannot be renewed", source.spoken());
        Err(refusal.failure(&what).into())
    }
}

/// Whether something answered that is not AWS Sign-In: the session may be as good as ever.
fn is_no_answer_of_aws(error: &CredentialsError) -> bool {
    find::<CreateOAuth2TokenError>(error).is_some_and(|answer| answer.code().is_none())
}
