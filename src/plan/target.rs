//! What a TARGET can be besides a profile, and what to say when it is nothing.

use anyhow::Result;

use crate::cli;
use crate::error::Failure;
use crate::plan::arn::role_name;
use crate::profiles::Profiles;

/// What to say after a name that was not found.
pub(super) fn near_hint(profiles: &Profiles, name: &str) -> String {
    profiles.meant(name).unwrap_or_else(|| {
        format!(
            "profiles are read from {}; `stsx list` shows them",
            profiles.places()
        )
    })
}

/// `ACCOUNT:ROLE` or `ACCOUNT:role/path/ROLE`; digits before a colon are never a profile.
///
/// # Errors
/// The account or the name is malformed.
pub(super) fn account_and_role(target: &str) -> Result<Option<(String, String)>> {
    let Some((account, role)) = target.split_once(':') else {
        return Ok(None);
    };
    if account.is_empty()
        || !account
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
    {
        return Ok(None);
    }
    let place = |reason: String| Failure::usage(format!("`{target}`: {reason}"));
    let account = cli::account(account).map_err(place)?;
    let role = role_name(role.strip_prefix("role/").unwrap_or(role)).map_err(place)?;
    Ok(Some((account, role.to_owned())))
}

/// No source anywhere.
pub(crate) fn no_credentials() -> Failure {
    Failure::usage("no credentials to start from were found")
        .detail("looked in the environment, the profile files, and at the container and instance services")
        .hint("name a profile with --profile or AWS_PROFILE (`stsx list` shows them), or set one up with `aws configure`")
}
