//! What a profile, or the environment, offers as the source of a plan.
//!
//! Within one profile the order is botocore's: web identity (`plan::proof`), SSO, `aws login`, keys
//! of the credentials file, `credential_process`, keys of the config file. Without a profile it is
//! the AWS CLI's: keys of the environment, `AWS_PROFILE` or `default`, web identity, container,
//! instance.

use std::rc::Rc;

use anyhow::Result;

use crate::cli;
use crate::credentials::{self, Secret};
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::{Origins, Source};
use crate::platform;
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Sourced};

/// A source with the places of its values.
pub(super) type Found = (Source, Origins);

/// The keys of a profile, if it has any.
///
/// # Errors
/// One of the two is missing.
pub(super) fn keys(profile: &Profile) -> Result<Option<Found>> {
    let id = profile.text(profiles::ACCESS_KEY_ID);
    let secret = profile.text(profiles::SECRET_ACCESS_KEY);
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Ok(None),
        (Some(there), None) => {
            return Err(partial(
                profile,
                there,
                profiles::ACCESS_KEY_ID,
                profiles::SECRET_ACCESS_KEY,
            ));
        }
        (None, Some(there)) => {
            return Err(partial(
                profile,
                there,
                profiles::SECRET_ACCESS_KEY,
                profiles::ACCESS_KEY_ID,
            ));
        }
    };
    if are_swapped(&id.value, &secret.value) {
        let what = format!(
            "{}: profile `{}` has its access key id and its secret access key in each other's place",
            id.origin, profile.name
        );
        return Err(Failure::usage(what).hint(SWAP).into());
    }
    let token = profile
        .text(profiles::SESSION_TOKEN)
        .filter(|token| !token.value.is_empty());
    let mut origins = Origins::from([
        ("access_key_id", id.origin.clone()),
        ("secret_access_key", secret.origin.clone()),
    ]);
    origins.extend(token.map(|token| ("session_token", token.origin.clone())));
    let source = Source::Keys {
        profile: profile.name.clone(),
        access_key_id: id.value.clone(),
        secret_access_key: Secret::new(secret.value.as_str()),
        session_token: token.map(|token| Secret::new(token.value.as_str())),
    };
    Ok(Some((source, origins)))
}

const SWAP: &str = "swap the two values: an access key id has 20 capital letters and digits (AKIA…), a secret access key 40 characters";

/// Whether the two are in each other's place: signed with, the secret would be sent as a name.
fn are_swapped(id: &str, secret: &str) -> bool {
    let is_id = secret.len() == 20
        && secret
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_id && credentials::is_secret_key(id)
}

fn partial(profile: &Profile, there: &Sourced<String>, has: &str, lacks: &str) -> anyhow::Error {
    Failure::usage(format!(
        "{}: profile `{}` has {has} but no {lacks}",
        there.origin, profile.name
    ))
    .into()
}

/// The source that a profile without a role to assume is, if it is one.
///
/// # Errors
/// It is one, but not a whole one.
pub(super) fn of_profile(profile: &Profile, profiles: &Profiles) -> Result<Option<Found>> {
    if let Some(found) = sso(profile, profiles)? {
        return Ok(Some(found));
    }
    if let Some(session) = profile.text(profiles::LOGIN_SESSION) {
        let source = Source::Login {
            profile: profile.name.clone(),
            login_session: session.value.clone(),
        };
        return Ok(Some((
            source,
            Origins::from([("login_session", session.origin.clone())]),
        )));
    }
    let are_in_credentials = profile
        .text(profiles::ACCESS_KEY_ID)
        .is_some_and(|id| profiles.is_in_credentials(&id.origin));
    if are_in_credentials {
        return keys(profile);
    }
    if let Some(command) = profile.text(profiles::CREDENTIAL_PROCESS) {
        let source = Source::Process {
            profile: profile.name.clone(),
            command: Secret::new(command.value.as_str()),
        };
        return Ok(Some((
            source,
            Origins::from([("credential_process", command.origin.clone())]),
        )));
    }
    keys(profile)
}

/// SSO, with `sso_session` or with the region and start URL in the profile itself. A profile that
/// only names a session (for tokens) is no source of credentials.
fn sso(profile: &Profile, profiles: &Profiles) -> Result<Option<Found>> {
    let account = profile.text(profiles::SSO_ACCOUNT_ID);
    let role = profile.text(profiles::SSO_ROLE_NAME);
    if account.is_none() && role.is_none() {
        return Ok(None);
    }
    let session = profile.text(profiles::SSO_SESSION);
    let section = match session {
        None => None,
        Some(name) => Some(profiles.sso_session(&name.value)?.ok_or_else(|| {
            Failure::usage(format!(
                "{}: there is no [sso-session {}]",
                name.origin, name.value
            ))
        })?),
    };
    let place = section.as_deref().unwrap_or(profile);
    let needed = |profile: &Profile, entry: Option<&Sourced<String>>, key: &str| {
        entry.cloned().ok_or_else(|| {
            let kind = if session.is_some()
                && key != profiles::SSO_ACCOUNT_ID
                && key != profiles::SSO_ROLE_NAME
            {
                "sso-session"
            } else {
                "profile"
            };
            Failure::usage(format!(
                "{}: {kind} `{}` has no {key}, which SSO needs",
                profile.place, profile.name
            ))
        })
    };
    let account = needed(profile, account, profiles::SSO_ACCOUNT_ID)?;
    let role = needed(profile, role, profiles::SSO_ROLE_NAME)?;
    let region = needed(
        place,
        place.text(profiles::SSO_REGION),
        profiles::SSO_REGION,
    )?;
    let start_url = needed(
        place,
        place.text(profiles::SSO_START_URL),
        profiles::SSO_START_URL,
    )?;
    let origins = Origins::from([
        ("account_id", account.origin),
        ("role_name", role.origin),
        ("region", region.origin),
        ("start_url", start_url.origin),
    ]);
    let source = Source::Sso {
        profile: profile.name.clone(),
        session: session.map(|session| session.value.clone()),
        start_url: start_url.value,
        region: region.value,
        account_id: account.value,
        role_name: role.value,
    };
    Ok(Some((source, origins)))
}

/// The source that `credential_source` names.
///
/// # Errors
/// It names none, or one that is not there.
pub(super) fn named(name: &Sourced<String>, env: &Env) -> Result<Found> {
    let origins = Origins::from([("credential_source", name.origin.clone())]);
    match name.value.as_str() {
        "Environment" => match environment(env)? {
            Some((source, mut from_env)) => {
                from_env.extend(origins);
                Ok((source, from_env))
            }
            None => Err(Failure::usage(format!(
                "{}: credential_source is Environment, but {} and {} are not set",
                name.origin,
                env::ACCESS_KEY_ID,
                env::SECRET_ACCESS_KEY
            ))
            .into()),
        },
        "Ec2InstanceMetadata" => Ok((Source::Ec2 { host: platform::host() }, origins)),
        "EcsContainer" => match container(env) {
            Some((source, mut from_env)) => {
                from_env.extend(origins);
                Ok((source, from_env))
            }
            None => Err(Failure::usage(format!(
                "{}: credential_source is EcsContainer, but neither {} nor {} is set",
                name.origin,
                env::CONTAINER_RELATIVE_URI,
                env::CONTAINER_FULL_URI
            ))
            .into()),
        },
        other => Err(Failure::usage(format!(
            "{}: credential_source `{other}` is not one of Environment, Ec2InstanceMetadata, EcsContainer",
            name.origin
        ))
        .into()),
    }
}

/// The keys of the environment, if there are any.
///
/// # Errors
/// One of the two is missing.
pub(super) fn environment(env: &Env) -> Result<Option<Found>> {
    let (id, secret) = match (
        env.value(env::ACCESS_KEY_ID),
        env.value(env::SECRET_ACCESS_KEY),
    ) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(half(env::ACCESS_KEY_ID, env::SECRET_ACCESS_KEY)),
        (None, Some(_)) => return Err(half(env::SECRET_ACCESS_KEY, env::ACCESS_KEY_ID)),
    };
    if are_swapped(id, secret) {
        let (one, other) = (env::ACCESS_KEY_ID, env::SECRET_ACCESS_KEY);
        let what = format!("${one} and ${other} have each other's value");
        return Err(Failure::usage(what).hint(SWAP).into());
    }
    // Beside the mark of stsx, a security token alone is a leftover of keys that were replaced.
    let names: &[&'static str] = match env.value(env::STSX_TARGET) {
        Some(_) => &[env::SESSION_TOKEN],
        None => &[env::SESSION_TOKEN, env::SECURITY_TOKEN],
    };
    let token = names
        .iter()
        .find_map(|name| env.value(name).map(|token| (*name, token)));
    let mut origins = Origins::from([
        ("access_key_id", Origin::Variable(env::ACCESS_KEY_ID)),
        (
            "secret_access_key",
            Origin::Variable(env::SECRET_ACCESS_KEY),
        ),
    ]);
    origins.extend(token.map(|(name, _)| ("session_token", Origin::Variable(name))));
    let source = Source::Environment {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret),
        session_token: token.map(|(_, token)| Secret::new(token)),
    };
    Ok(Some((source, origins)))
}

fn half(has: &str, lacks: &str) -> anyhow::Error {
    Failure::usage(format!("${has} is set but ${lacks} is not")).into()
}

/// The session name of the environment, if it has one.
///
/// # Errors
/// STS would refuse it.
pub(super) fn environment_session_name(env: &Env) -> Result<Option<Sourced<String>>> {
    let Some(text) = env.value(env::ROLE_SESSION_NAME) else {
        return Ok(None);
    };
    match cli::session_name(text) {
        Ok(name) => Ok(Some(Sourced::new(
            name,
            Origin::Variable(env::ROLE_SESSION_NAME),
        ))),
        Err(reason) => Err(Failure::usage(format!("${}: {reason}", env::ROLE_SESSION_NAME)).into()),
    }
}

/// The container's credentials (ECS, EKS pod identity), where the environment names their address.
pub(super) fn container(env: &Env) -> Option<Found> {
    [env::CONTAINER_RELATIVE_URI, env::CONTAINER_FULL_URI]
        .into_iter()
        .find_map(|name| {
            let uri = env.value(name)?.to_owned();
            let origins = Origins::from([("uri", Origin::Variable(name))]);
            // The file counts before the variable, as for the SDKs.
            let token = [env::CONTAINER_TOKEN_FILE, env::CONTAINER_TOKEN]
                .into_iter()
                .find_map(|name| env.value(name))
                .unwrap_or_default();
            let token = Secret::new(token);
            let host = platform::host();
            Some((Source::Ecs { uri, token, host }, origins))
        })
}

/// The account that a file or variable tells.
pub(super) fn account_of(source: &Source, visited: &[Rc<Profile>], env: &Env) -> Option<String> {
    let from_file = || Some(visited.last()?.text(profiles::ACCOUNT_ID)?.value.clone());
    match source {
        Source::Sso { account_id, .. } => Some(account_id.clone()),
        Source::Login { login_session, .. } => login_session.split(':').nth(4).map(str::to_owned),
        Source::Keys { .. } | Source::Process { .. } => from_file(),
        Source::Environment { .. } => env.value("AWS_ACCOUNT_ID").map(str::to_owned),
        Source::WebIdentity { .. }
        | Source::Saml { .. }
        | Source::Ec2 { .. }
        | Source::Ecs { .. } => None,
    }
    .filter(|account| cli::account(account).is_ok())
}
