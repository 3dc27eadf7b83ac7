//! A proof of who somebody is: a token or an assertion that an identity provider has signed, and
//! where profiles and variables name one.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use crate::cli;
use crate::credentials::Secret;
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::sources::Found;
use crate::plan::{Origins, RoleArn, Source, hashed};
use crate::platform;
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
    Command(Secret),
    /// It was given with the command: another text is another proof, wherever it stood.
    Text {
        #[serde(serialize_with = "hashed")]
        text: Secret,
        /// The file that it was read from; else it came on standard input.
        #[serde(skip)]
        file: Option<PathBuf>,
    },
}

impl fmt::Display for Proof {
    /// For messages, after the kind of proof: `in /var/run/token`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path)
            | Self::Text {
                file: Some(path), ..
            } => write!(f, "in {}", path.display()),
            Self::Command(_) => f.write_str("that its command prints"),
            Self::Text { file: None, .. } => f.write_str("on standard input"),
        }
    }
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
        Proof::Command(Secret::new(entry.value.as_str()))
    };
    let mut origins = Origins::from([(key, entry.origin.clone())]);
    let (name, host) = (Some(profile.name.clone()), platform::host());
    let source = if key == profiles::SAML_ASSERTION_PROCESS {
        let provider = profile.parsed(profiles::SAML_PROVIDER_ARN, cli::saml_provider)?;
        let (provider, origin) = provider.map(|found| (found.value, found.origin)).unzip();
        origins.extend(origin.map(|origin| ("provider", origin)));
        Source::Saml {
            profile: name,
            assertion: proof,
            provider,
            host,
        }
    } else {
        Source::WebIdentity {
            profile: name,
            token: proof,
            host,
        }
    };
    Ok(Some((source, origins)))
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
        .hint("remove one of them")
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
        host: platform::host(),
    };
    let origins = Origins::from([(profiles::WEB_IDENTITY_TOKEN_FILE, token.origin.clone())]);
    (source, origins)
}

/// An assertion that was handed over, and which of its roles is wanted.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(crate) assertion: Proof,
    pub(crate) role: RoleArn,
    pub(crate) provider: String,
}

impl Handed {
    /// The source that it is.
    pub(super) fn source(&self) -> Found {
        let source = Source::Saml {
            profile: None,
            assertion: self.assertion.clone(),
            provider: Some(self.provider.clone()),
            host: platform::host(),
        };
        let origins = Origins::from([("assertion", Origin::Flag("--assertion"))]);
        (source, origins)
    }
}
