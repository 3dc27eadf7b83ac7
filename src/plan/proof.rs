//! A proof of who somebody is: a token or an assertion that an identity provider has signed, and
//! where profiles and variables name one.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use crate::credentials::Secret;
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::sources::Found;
use crate::plan::{Origins, RoleArn, Source, hashed};
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Sourced};

/// Where a proof comes from. A plan has the place only; the proof is read when a call needs it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proof {
    /// A file, read anew for each call: whoever writes it renews it.
    File(PathBuf),
    /// A command that prints it, which may hold a secret.
    #[serde(serialize_with = "hashed")]
    Command(String),
    /// It was given, on standard input.
    #[serde(serialize_with = "digest")]
    Text(Secret),
}

impl fmt::Display for Proof {
    /// For messages, after the kind of proof: `in /var/run/token`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "in {}", path.display()),
            Self::Command(_) => f.write_str("that its command prints"),
            Self::Text(_) => f.write_str("on standard input"),
        }
    }
}

fn digest<S: serde::Serializer>(text: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    hashed(text.expose(), serializer)
}

/// The proof that a profile names for its role.
///
/// # Errors
/// It names two, or one without a role.
pub(super) fn of_profile(profile: &Profile) -> Result<Option<Found>> {
    let Some((key, entry)) = named(profile)? else {
        return Ok(None);
    };
    if profile.text(profiles::ROLE_ARN).is_none() {
        let what = format!(
            "{}: profile `{}` has {key} but no role_arn",
            entry.origin, profile.name
        );
        return Err(Failure::usage(what).into());
    }
    let proof = if key == profiles::WEB_IDENTITY_TOKEN_FILE {
        Proof::File(profiles::expanded(&entry.value))
    } else {
        Proof::Command(entry.value.clone())
    };
    let (profile, host) = (Some(profile.name.clone()), Env::host());
    let source = if key == profiles::SAML_ASSERTION_PROCESS {
        Source::Saml {
            profile,
            assertion: proof,
            host,
        }
    } else {
        Source::WebIdentity {
            profile,
            token: proof,
            host,
        }
    };
    Ok(Some((source, Origins::from([(key, entry.origin.clone())]))))
}

/// The key that names a proof, and its value.
fn named(profile: &Profile) -> Result<Option<(&'static str, &Sourced<String>)>> {
    let named: Vec<_> = [
        profiles::WEB_IDENTITY_TOKEN_FILE,
        profiles::WEB_IDENTITY_TOKEN_PROCESS,
        profiles::SAML_ASSERTION_PROCESS,
    ]
    .into_iter()
    .filter_map(|key| Some((key, profile.text(key)?)))
    .collect();
    match named[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        [(first, _), (second, entry), ..] => Err(Failure::usage(format!(
            "{}: profile `{}` has both {first} and {second}",
            entry.origin, profile.name
        ))
        .hint("keep the one that is meant")
        .into()),
    }
}

/// The token file and the role that the environment names, as in EKS.
///
/// # Errors
/// The role's ARN is malformed.
pub(super) fn of_environment(env: &Env) -> Result<Option<(Found, Sourced<RoleArn>)>> {
    let (Some(file), Some(role)) = (
        env.value(env::WEB_IDENTITY_TOKEN_FILE),
        env.value(env::ROLE_ARN),
    ) else {
        return Ok(None);
    };
    let role = RoleArn::parse(role)
        .map_err(|reason| Failure::usage(format!("${}: {reason}", env::ROLE_ARN)))?;
    let token = Sourced::new(
        Proof::File(PathBuf::from(file)),
        Origin::Variable(env::WEB_IDENTITY_TOKEN_FILE),
    );
    let role = Sourced::new(role, Origin::Variable(env::ROLE_ARN));
    Ok(Some((of_flag(&token), role)))
}

/// The source that a given token is.
pub(super) fn of_flag(token: &Sourced<Proof>) -> Found {
    let source = Source::WebIdentity {
        profile: None,
        token: token.value.clone(),
        host: Env::host(),
    };
    let origins = Origins::from([(profiles::WEB_IDENTITY_TOKEN_FILE, token.origin.clone())]);
    (source, origins)
}
