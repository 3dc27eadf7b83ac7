//! What a profile says of the role it stands for, and of where that role starts.

use anyhow::Result;

use crate::error::Failure;
use crate::plan::RoleArn;
use crate::plan::sources::Found;
use crate::profiles::{self, Profile};
use crate::settings::Sourced;

/// Where a role starts from.
pub(super) enum Next {
    Profile(Sourced<String>),
    Source(Sourced<String>),
    Found(Found),
}

/// What to do about a role without a source.
pub(crate) const NO_SOURCE: &str = "add source_profile = PROFILE to it, or use --profile PROFILE";

/// Where a role's profile says that its source is.
///
/// # Errors
/// It says both kinds of source, or none.
pub(super) fn next(profile: &Profile, arn: &Sourced<RoleArn>) -> Result<Next> {
    match (
        profile.text(profiles::SOURCE_PROFILE),
        profile.text(profiles::CREDENTIAL_SOURCE),
    ) {
        (Some(source), None) => Ok(Next::Profile(source.clone())),
        (None, Some(source)) => Ok(Next::Source(source.clone())),
        (Some(_), Some(source)) => Err(Failure::usage(format!(
            "{}: profile `{}` has both source_profile and credential_source",
            source.origin, profile.name
        ))
        .hint("remove one of them")
        .into()),
        (None, None) => Err(Failure::usage(format!(
            "{}: profile `{}` has role_arn but neither source_profile nor credential_source",
            arn.origin, profile.name
        ))
        .hint(NO_SOURCE)
        .into()),
    }
}

/// Whether a profile says anything about credentials (`region` alone does not).
pub(crate) fn leads_somewhere(profile: &Profile) -> bool {
    const KEYS: [&str; 10] = [
        profiles::ROLE_ARN,
        profiles::WEB_IDENTITY_TOKEN_FILE,
        profiles::WEB_IDENTITY_TOKEN_PROCESS,
        profiles::SAML_ASSERTION_PROCESS,
        profiles::SSO_ACCOUNT_ID,
        profiles::SSO_ROLE_NAME,
        profiles::LOGIN_SESSION,
        profiles::CREDENTIAL_PROCESS,
        profiles::ACCESS_KEY_ID,
        profiles::SECRET_ACCESS_KEY,
    ];
    KEYS.iter().any(|key| profile.text(key).is_some())
}

/// A profile that is its own source without having keys.
pub(super) fn self_reference(name: &Sourced<String>) -> anyhow::Error {
    Failure::usage(format!(
        "{}: profile `{}` is its own source_profile but has no keys",
        name.origin, name.value
    ))
    .into()
}
