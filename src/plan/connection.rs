//! Where STS, IAM and the services of a source are asked: region, endpoint, trust store.
//!
//! The order is that of the SDKs: `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, the `services`
//! section, `endpoint_url` of the profile; unless `ignore_configured_endpoint_urls`:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::arn::{first_region, partition_of};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Settings, Sourced};

mod metadata;
pub(crate) mod proxy;

use metadata::Metadata;
use proxy::Proxies;

/// How often a call is tried, unless it is said: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
const ATTEMPTS: u32 = 3;

/// How many seconds the calls of one run may take together, unless it is said.
const PATIENCE: u32 = 45;

/// Regions that `sts_regional_endpoints = legacy` sends to sts.amazonaws.com:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html>
const LEGACY_REGIONS: [&str; 16] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "aws-global",
];

/// Where STS, IAM and the services of a source are asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    /// The region that flag, variables, profiles or settings give.
    pub(crate) region: Option<Sourced<String>>,
    /// The partition of the roles, for the region when none is given.
    pub(crate) partition: String,
    pub(crate) sts_url: Option<Sourced<String>>,
    pub(crate) iam_url: Option<Sourced<String>>,
    /// IAM Identity Center: the credentials of a role, and a new token for an old one.
    pub(crate) sso_url: Option<Sourced<String>>,
    pub(crate) sso_oidc_url: Option<Sourced<String>>,
    /// Where sessions of `aws login` are renewed.
    pub(crate) signin_url: Option<Sourced<String>>,
    pub(crate) metadata: Metadata,
    pub(crate) ca_bundle: Option<Sourced<PathBuf>>,
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    pub(crate) proxies: Proxies,
    /// How often a call is tried.
    pub(crate) attempts: u32,
    /// How long the calls of one run may take together.
    pub(crate) patience: Duration,
    legacy: bool,
}

impl Connection {
    /// Settles it; `visited` are the profiles of the plan, the target's first.
    ///
    /// # Errors
    /// A value that does not parse, with its place.
    pub(crate) fn settle(
        settings: &Settings,
        visited: &[Rc<Profile>],
        profiles: &Profiles,
        env: &Env,
    ) -> Result<Self> {
        let place = Place {
            profile: visited.first().map(AsRef::as_ref),
            profiles,
            env,
        };
        Ok(Self {
            region: region(settings, visited, env)?,
            partition: "aws".to_owned(),
            sts_url: place.endpoint(env::ENDPOINT_URL_STS, "sts")?,
            iam_url: place.endpoint(env::ENDPOINT_URL_IAM, "iam")?,
            sso_url: place.endpoint(env::ENDPOINT_URL_SSO, "sso")?,
            sso_oidc_url: place.endpoint(env::ENDPOINT_URL_SSO_OIDC, "sso_oidc")?,
            signin_url: place.endpoint(env::ENDPOINT_URL_SIGNIN, "signin")?,
            metadata: Metadata::settle(&place)?,
            ca_bundle: place
                .text(env::CA_BUNDLE, profiles::CA_BUNDLE)
                .map(|text| Sourced::new(PathBuf::from(text.value), text.origin)),
            fips: place.flag(env::USE_FIPS_ENDPOINT, profiles::USE_FIPS_ENDPOINT)?,
            dual_stack: place.flag(
                env::USE_DUALSTACK_ENDPOINT,
                profiles::USE_DUALSTACK_ENDPOINT,
            )?,
            proxies: Proxies::settle(env),
            attempts: place
                .count(env::MAX_ATTEMPTS, profiles::MAX_ATTEMPTS)?
                .unwrap_or(ATTEMPTS),
            patience: Duration::from_secs(settings.network_timeout.unwrap_or(PATIENCE).into()),
            legacy: place.legacy()?,
        })
    }

    /// The region that STS is asked in.
    pub(crate) fn sts_region(&self) -> &str {
        match &self.region {
            Some(region) => &region.value,
            None => first_region(&self.partition),
        }
    }

    /// The partition that the region tells.
    pub(crate) fn region_partition(&self) -> &'static str {
        self.region
            .as_ref()
            .map_or("aws", |region| partition_of(&region.value))
    }

    /// The endpoint of STS when it is not the regional one: configured, or the global one.
    pub(crate) fn sts_endpoint(&self) -> Option<&str> {
        match &self.sts_url {
            Some(url) => Some(&url.value),
            None if self.is_global() => Some("https://sts.amazonaws.com"),
            None => None,
        }
    }

    /// Whether the global endpoint of STS was asked for; its tokens do not work in opt-in regions.
    pub(crate) fn is_global(&self) -> bool {
        self.sts_url.is_none() && self.legacy && LEGACY_REGIONS.contains(&self.sts_region())
    }

    /// Whether every service is asked without TLS.
    pub(crate) fn is_plain(&self) -> bool {
        let others = [
            &self.iam_url,
            &self.sso_url,
            &self.sso_oidc_url,
            &self.signin_url,
        ];
        let others = others
            .into_iter()
            .map(|url| url.as_ref().map(|url| url.value.as_str()));
        others
            .chain([self.sts_endpoint()])
            .all(|url| url.is_some_and(|url| url.starts_with("http://")))
    }

    /// The endpoint as an error message names it.
    pub(crate) fn spoken(&self) -> String {
        self.sts_endpoint()
            .map_or_else(|| format!("STS in {}", self.sts_region()), without_password)
    }
}

/// Whether a text has the form of an endpoint: a scheme of HTTP and a host.
fn is_url(text: &str) -> bool {
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let host = rest
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    let balanced = host.contains('[') == host.contains(']');
    !host.is_empty() && balanced && !host.contains(char::is_whitespace)
}

/// An endpoint that has the form of one.
fn checked(url: Option<Sourced<String>>) -> Result<Option<Sourced<String>>> {
    if let Some(url) = &url
        && !is_url(&url.value)
    {
        let what = format!(
            "{}: the endpoint URL is not like https://HOST:PORT",
            url.origin
        );
        return Err(Failure::usage(what).into());
    }
    Ok(url)
}

/// A URL as it may be shown: without the user and password that it may hold.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "a URL without a scheme".to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{}", &rest[end..])
}

fn region(
    settings: &Settings,
    visited: &[Rc<Profile>],
    env: &Env,
) -> Result<Option<Sourced<String>>> {
    if let Some(region) = &settings.region.strong {
        return Ok(Some(region.clone()));
    }
    for name in [env::REGION, env::DEFAULT_REGION] {
        if let Some(text) = env.value(name) {
            let value = crate::cli::region(text)
                .map_err(|reason| Failure::usage(format!("${name}: {reason}")))?;
            return Ok(Some(Sourced::new(value, Origin::Variable(name))));
        }
    }
    for profile in visited {
        if let Some(region) = profile.parsed(profiles::REGION, crate::cli::region)? {
            return Ok(Some(region));
        }
    }
    Ok(settings.region.weak.clone())
}

/// The variables and the profile that settings of the connection are looked up in.
struct Place<'a> {
    profile: Option<&'a Profile>,
    profiles: &'a Profiles,
    env: &'a Env,
}

impl Place<'_> {
    fn text(&self, variable: &'static str, key: &str) -> Option<Sourced<String>> {
        match self.env.value(variable) {
            Some(value) => Some(Sourced::new(value.to_owned(), Origin::Variable(variable))),
            None => self.profile?.text(key).cloned(),
        }
    }

    fn flag(&self, variable: &'static str, key: &str) -> Result<bool> {
        let Some(text) = self.text(variable, key) else {
            return Ok(false);
        };
        match text.value.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(
                Failure::usage(format!("{}: {key} is neither true nor false", text.origin)).into(),
            ),
        }
    }

    fn count(&self, variable: &'static str, key: &str) -> Result<Option<u32>> {
        let Some(text) = self.text(variable, key) else {
            return Ok(None);
        };
        match text.value.trim().parse() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(
                Failure::usage(format!("{}: {key} is not a positive number", text.origin)).into(),
            ),
        }
    }

    fn legacy(&self) -> Result<bool> {
        let key = profiles::STS_REGIONAL_ENDPOINTS;
        let Some(text) = self.text(env::STS_REGIONAL_ENDPOINTS, key) else {
            return Ok(false);
        };
        match text.value.to_ascii_lowercase().as_str() {
            "legacy" => Ok(true),
            "regional" => Ok(false),
            _ => Err(Failure::usage(format!(
                "{}: {key} is neither legacy nor regional",
                text.origin
            ))
            .into()),
        }
    }

    fn endpoint(&self, variable: &'static str, service: &str) -> Result<Option<Sourced<String>>> {
        if self.flag(env::IGNORE_ENDPOINT_URLS, profiles::IGNORE_ENDPOINT_URLS)? {
            return Ok(None);
        }
        let from_env = [variable, env::ENDPOINT_URL].into_iter().find_map(|name| {
            let value = self.env.value(name)?;
            Some(Sourced::new(value.to_owned(), Origin::Variable(name)))
        });
        let url = match from_env {
            Some(url) => Some(url),
            None => match self.service_endpoint(service)? {
                Some(url) => Some(url),
                None => self
                    .profile
                    .and_then(|profile| profile.text(profiles::ENDPOINT_URL).cloned()),
            },
        };
        checked(url)
    }

    /// `endpoint_url` below `sts =` in the `[services]` section that the profile names.
    fn service_endpoint(&self, service: &str) -> Result<Option<Sourced<String>>> {
        let Some(name) = self
            .profile
            .and_then(|profile| profile.text(profiles::SERVICES))
        else {
            return Ok(None);
        };
        self.profiles
            .service_setting(name, service, profiles::ENDPOINT_URL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_without_tls_anywhere_is_it_plain() {
        let url = |text: &str| Some(Sourced::new(text.to_owned(), Origin::Default));
        let mut connection = Connection {
            sts_url: url("http://127.0.0.1"),
            iam_url: url("http://127.0.0.1"),
            sso_url: url("http://127.0.0.1"),
            sso_oidc_url: url("http://127.0.0.1"),
            signin_url: url("http://127.0.0.1"),
            ..Connection::default()
        };
        assert!(connection.is_plain());
        connection.sso_url = url("https://127.0.0.1");
        assert!(!connection.is_plain());
        connection.sso_url = None;
        assert!(!connection.is_plain());
    }
}
