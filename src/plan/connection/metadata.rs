//! Where the instance metadata service is, and how long it may take:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html> and
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ec2-instance-metadata.html>

use std::time::Duration;

use anyhow::Result;

use crate::env;
use crate::error::Failure;
use crate::plan::connection::{Place, checked};
use crate::profiles;
use crate::settings::Sourced;

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

/// The instance metadata service, as variables and profile describe it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    /// It may not be asked.
    pub(crate) is_disabled: bool,
    url: Option<Sourced<String>>,
    is_ipv6: bool,
    timeout_seconds: Option<u32>,
    attempts: Option<u32>,
}

impl Metadata {
    /// Settles it.
    ///
    /// # Errors
    /// A value that does not parse, with its place.
    pub(super) fn settle(place: &Place<'_>) -> Result<Self> {
        Ok(Self {
            is_disabled: place.env.is_true(env::EC2_METADATA_DISABLED),
            url: checked(place.text(env::EC2_METADATA_ENDPOINT, profiles::EC2_METADATA_ENDPOINT))?,
            is_ipv6: is_ipv6(place)?,
            timeout_seconds: place.count(env::METADATA_TIMEOUT, profiles::METADATA_TIMEOUT)?,
            attempts: place.count(env::METADATA_ATTEMPTS, profiles::METADATA_ATTEMPTS)?,
        })
    }

    /// Its address.
    pub(crate) fn endpoint(&self) -> &str {
        match &self.url {
            Some(url) => &url.value,
            None if self.is_ipv6 => IPV6,
            None => IPV4,
        }
    }

    /// How long a connection, and then an answer, may take: one second, since the service answers
    /// at once where it exists, and a laptop must not wait for it.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.unwrap_or(1).into())
    }

    /// How often it is asked.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.unwrap_or(1)
    }
}

fn is_ipv6(place: &Place<'_>) -> Result<bool> {
    let key = profiles::EC2_METADATA_MODE;
    let Some(text) = place.text(env::EC2_METADATA_MODE, key) else {
        return Ok(false);
    };
    match text.value.to_ascii_lowercase().as_str() {
        "ipv4" => Ok(false),
        "ipv6" => Ok(true),
        _ => Err(Failure::usage(format!("{}: {key} is neither IPv4 nor IPv6", text.origin)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Origin;

    #[test]
    fn an_address_goes_before_a_mode() {
        let mut metadata = Metadata::default();
        assert_eq!(metadata.endpoint(), IPV4);
        metadata.is_ipv6 = true;
        assert_eq!(metadata.endpoint(), IPV6);
        metadata.url = Some(Sourced::new("http://127.0.0.1".into(), Origin::Default));
        assert_eq!(metadata.endpoint(), "http://127.0.0.1");
    }
}
