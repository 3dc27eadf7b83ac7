//! The hops that only a user's own keys can take: to a session, or to a federated user.

use anyhow::Result;

use crate::cli;
use crate::error::Failure;
use crate::plan::resolve::Wanted;
use crate::plan::{Federation, Hop, MfaTerms, Origins, Scope, Source, UserSession};
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Settings, Sourced};

const SESSION: &str = "sts:GetSessionToken";

/// The hop that is wanted from these credentials, which `hops` lead to, in this partition.
///
/// # Errors
/// They are no user's keys, as far as can be told, or a value of the profile does not parse.
pub(super) fn hop(
    wanted: Wanted<'_>,
    (source, profile): (&Source, Option<&Profile>),
    hops: &[Hop],
    settings: &Settings,
    mfa: &MfaTerms,
    partition: &str,
) -> Result<Option<Hop>> {
    // Keys that stand elsewhere are not those of the profile's user.
    let profile = profile.filter(|_| source.profile().is_some());
    match wanted {
        Wanted::Current | Wanted::Target(_) | Wanted::Saml(_) => Ok(None),
        Wanted::Session(exactly) => {
            refuse_others(SESSION, source, hops)?;
            let serial = serial(settings, profile)?;
            Ok(Some(Hop::Session(session(exactly, serial, mfa))))
        }
        Wanted::Federation(name, duration_seconds) => {
            refuse_others("sts:GetFederationToken", source, hops)?;
            let federation = federation(name, duration_seconds, settings, partition)?;
            Ok(Some(Hop::Federation(federation)))
        }
    }
}

/// The session that takes a code of this device for the sake of roles.
pub(super) fn session(
    exactly: Option<u32>,
    serial: Option<Sourced<String>>,
    mfa: &MfaTerms,
) -> UserSession {
    let duration = match exactly {
        Some(seconds) => Sourced::new(seconds, Origin::Flag("--duration")),
        None => mfa.session_duration.clone(),
    };
    let mut origins = Origins::from([("duration_seconds", duration.origin)]);
    let (mfa_serial, origin) = serial.map(|serial| (serial.value, serial.origin)).unzip();
    origins.extend(origin.map(|origin| ("mfa_serial", origin)));
    UserSession {
        mfa_serial,
        duration_seconds: duration.value,
        exactly,
        origins,
    }
}

fn federation(
    name: &str,
    duration_seconds: u32,
    settings: &Settings,
    partition: &str,
) -> Result<Federation> {
    let mut scope = Scope {
        policy: settings.policy.as_ref().map(|policy| policy.value.clone()),
        policy_arns: settings
            .policy_arns
            .as_ref()
            .map(|arns| arns.value.clone())
            .unwrap_or_default(),
        tags: settings
            .tags
            .as_ref()
            .map(|tags| tags.value.clone())
            .unwrap_or_default(),
    };
    scope.refuse_too_many("--policy-arn")?;
    if settings.read_only {
        scope.limit_to_reading(partition)?;
    }
    Ok(Federation {
        name: name.to_owned(),
        duration_seconds,
        scope,
        origins: Origins::from([("name", Origin::Target)]),
    })
}

/// The device of the source's user.
fn serial(settings: &Settings, profile: Option<&Profile>) -> Result<Option<Sourced<String>>> {
    match (&settings.mfa_serial, profile) {
        (Some(serial), _) => Ok(Some(serial.clone())),
        (None, Some(profile)) => profile.parsed(profiles::MFA_SERIAL, cli::mfa_serial),
        (None, None) => Ok(None),
    }
}

/// STS gives neither to temporary credentials:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>
fn refuse_others(operation: &str, source: &Source, hops: &[Hop]) -> Result<()> {
    let hint = match hops.last().and_then(Hop::profile) {
        Some(role) if operation == SESSION => format!("`stsx login {role}` gets the role"),
        _ => "name a profile with keys: stsx list".to_owned(),
    };
    let what = match (hops.last(), source.surely_is_session()) {
        (Some(hop), _) => format!("this is a session of {}", hop.spoken()),
        (None, true) => format!("this starts from {}, which is a session", source.spoken()),
        (None, false) => return Ok(()),
    };
    Err(Failure::usage(format!(
        "{operation} is for the long-term keys of an IAM user, and {what}"
    ))
    .hint(hint)
    .into())
}
