//! A plan: where credentials start, and the hops from there to the role that is wanted.
//!
//! A plan is immutable and made without I/O (`plan::resolve`). Every prefix of it has a `Key`,
//! which is the plan itself, serialised: a new field joins the key without anyone remembering to
//! add it. What is skipped cannot change the result (names, origins) or must not be written
//! (secrets).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::credentials::{Credentials, Secret};
use crate::settings::{Origin, Sourced};

pub(crate) mod arn;
pub(crate) mod connection;
mod recursion;
pub(crate) mod resolve;
pub(crate) mod rules;
mod settle;
mod sources;

pub(crate) use arn::RoleArn;
pub(crate) use connection::Connection;

/// Bounds of DurationSeconds and of a chained role, in seconds:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(crate) const MIN_DURATION: u32 = 900;
pub(crate) const MAX_DURATION: u32 = 43_200;
pub(crate) const CHAINED_DURATION: u32 = 3_600;
pub(crate) const DEFAULT_DURATION: u32 = 3_600;

/// Where each value of a hop or source comes from.
pub(crate) type Origins = BTreeMap<&'static str, Origin>;

/// A source and the hops from it to the target.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// What was asked for, as it was written.
    pub(crate) target: String,
    pub(crate) connection: Connection,
    pub(crate) source: Source,
    pub(crate) source_origins: Origins,
    /// The account of the source, when a file or variable tells it.
    pub(crate) source_account: Option<String>,
    pub(crate) hops: Vec<Hop>,
    /// The profile that the command line named to start from, now or when this shell got its role.
    pub(crate) start: Option<String>,
    /// How an MFA code is made, when a profile says so.
    pub(crate) mfa_process: Option<Sourced<String>>,
    /// The name of the person at this machine, for sessions of an unknown user.
    pub(crate) person: Option<String>,
    /// What a person should know before a call is made: clamped durations, shadowed profiles.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    /// The key of the credentials after the first `hops` hops.
    pub(crate) fn key(&self, hops: usize) -> Key {
        #[derive(Serialize)]
        struct Prefix<'a> {
            version: u8,
            sts_endpoint: Option<&'a str>,
            source: &'a Source,
            hops: &'a [Hop],
        }
        let prefix = Prefix {
            version: 1,
            sts_endpoint: self.connection.sts_endpoint(),
            source: &self.source,
            hops: &self.hops[..hops],
        };
        let text = serde_json::to_string(&prefix).expect("strings and numbers always serialise");
        Key {
            hash: hex(&Sha256::digest(&text)),
            text,
        }
    }

    /// The account that the plan ends in, when that can be told without a call.
    pub(crate) fn account(&self) -> Option<&str> {
        match self.hops.last() {
            Some(Hop::Role(role)) => role.reference.account(),
            None => self.source_account.as_deref(),
        }
    }

    /// Whether a code of an MFA device is needed on the way.
    pub(crate) fn needs_mfa(&self) -> bool {
        self.hops
            .iter()
            .any(|Hop::Role(role)| role.mfa_serial.is_some())
    }
}

/// The name of cached credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// The plan's prefix as JSON, without secrets.
    pub(crate) text: String,
    /// SHA-256 of the text, in hex.
    pub(crate) hash: String,
}

/// What the first credentials are, or who gives them.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Source {
    /// Keys of a profile.
    Keys {
        #[serde(skip)]
        profile: String,
        access_key_id: String,
        #[serde(skip)]
        secret_access_key: Secret,
        #[serde(skip)]
        session_token: Option<Secret>,
    },
    /// Keys of the environment.
    Environment {
        access_key_id: String,
        #[serde(skip)]
        secret_access_key: Secret,
        #[serde(skip)]
        session_token: Option<Secret>,
    },
    /// A role for a token in a file (AssumeRoleWithWebIdentity). The file, like the addresses below,
    /// means another identity on another host.
    WebIdentity {
        #[serde(skip)]
        profile: Option<String>,
        role_arn: RoleArn,
        token_file: PathBuf,
        session_name: Option<String>,
        duration_seconds: Option<u32>,
        host: String,
    },
    /// A command that prints credentials. It may hold a secret: the key has its hash only.
    Process {
        profile: String,
        #[serde(serialize_with = "hashed")]
        command: String,
    },
    /// A role of IAM Identity Center, by the token that `aws sso login` keeps.
    Sso {
        #[serde(skip)]
        profile: String,
        session: Option<String>,
        start_url: String,
        region: String,
        account_id: String,
        role_name: String,
    },
    /// The session of `aws login`.
    Login {
        #[serde(skip)]
        profile: String,
        login_session: String,
    },
    /// The role of this EC2 instance.
    Ec2 { host: String },
    /// The role of this container; a token that is given with the address tells pods apart.
    Ecs {
        uri: String,
        #[serde(serialize_with = "hashed")]
        token: String,
        host: String,
    },
}

impl Source {
    /// The profile that the source stands in.
    pub(crate) fn profile(&self) -> Option<&str> {
        match self {
            Self::Keys { profile, .. }
            | Self::Process { profile, .. }
            | Self::Sso { profile, .. }
            | Self::Login { profile, .. } => Some(profile),
            Self::WebIdentity { profile, .. } => profile.as_deref(),
            Self::Environment { .. } | Self::Ec2 { .. } | Self::Ecs { .. } => None,
        }
    }

    /// For messages: ``the keys of profile `james` ``.
    pub(crate) fn spoken(&self) -> String {
        match self {
            Self::Keys { profile, .. } => format!("the keys of profile `{profile}`"),
            Self::Environment { .. } => "the keys in the environment".to_owned(),
            Self::WebIdentity { token_file, .. } => {
                format!("the web identity token in {}", token_file.display())
            }
            Self::Process { profile, .. } => {
                format!("the credential_process of profile `{profile}`")
            }
            Self::Sso { profile, .. } => format!("the SSO login of profile `{profile}`"),
            Self::Login { profile, .. } => format!("the login session of profile `{profile}`"),
            Self::Ec2 { .. } => "the role of this EC2 instance".to_owned(),
            Self::Ecs { .. } => "the role of this container".to_owned(),
        }
    }

    /// The credentials that the source already holds.
    pub(crate) fn held(&self) -> Option<Credentials> {
        let (Self::Keys {
            access_key_id,
            secret_access_key,
            session_token,
            ..
        }
        | Self::Environment {
            access_key_id,
            secret_access_key,
            session_token,
        }) = self
        else {
            return None;
        };
        Some(Credentials {
            access_key_id: access_key_id.clone(),
            secret_access_key: secret_access_key.clone(),
            session_token: session_token.clone(),
            expires_at: None,
            account_id: None,
        })
    }

    /// Whether its credentials surely are a session, so that a role from them is role chaining:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
    fn is_session(&self) -> bool {
        match self {
            Self::Keys { session_token, .. } | Self::Environment { session_token, .. } => {
                session_token.is_some()
            }
            Self::WebIdentity { .. } | Self::Sso { .. } | Self::Ec2 { .. } | Self::Ecs { .. } => {
                true
            }
            Self::Process { .. } | Self::Login { .. } => false,
        }
    }
}

fn hashed<S: Serializer>(command: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(&Sha256::digest(command)))
}

/// One step from credentials to other credentials. (An MFA session will be another kind.)
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Hop {
    Role(Role),
}

/// A role to assume, and how.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Role {
    #[serde(flatten)]
    pub(crate) reference: RoleReference,
    pub(crate) duration_seconds: u32,
    /// Absent: the name of the IAM user, else of the person at this machine.
    pub(crate) session_name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) mfa_serial: Option<String>,
    #[serde(skip)]
    pub(crate) origins: Origins,
    /// The profile that described the role.
    #[serde(skip)]
    pub(crate) profile: Option<String>,
}

/// A role by its ARN, or by name while the account of the source is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum RoleReference {
    #[serde(rename = "arn")]
    Arn(RoleArn),
    #[serde(rename = "role_name")]
    Name(String),
}

impl RoleReference {
    /// The ARN, when it is known.
    pub(crate) fn arn(&self) -> Option<&RoleArn> {
        match self {
            Self::Arn(arn) => Some(arn),
            Self::Name(_) => None,
        }
    }

    /// The account, when it is known.
    pub(crate) fn account(&self) -> Option<&str> {
        self.arn().map(RoleArn::account)
    }
}

impl std::fmt::Display for RoleReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Arn(arn) => arn.fmt(f),
            Self::Name(name) => write!(f, "role/{name}"),
        }
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(nibble.into(), 16).expect("a nibble is a hex digit"));
            }
            text
        })
}
