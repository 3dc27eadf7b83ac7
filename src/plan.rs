//! A plan: where credentials start, and the hops from there to the role that is wanted.
//!
//! A plan is immutable and made without I/O (`plan::resolve`). Every prefix of it has a `Key`,
//! which is the plan itself, serialised: a new field joins the key without anyone remembering to
//! add it. What is skipped cannot change the result (names, origins) or must not be written
//! (secrets).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::credentials::{Credentials, Secret};
use crate::profiles;
use crate::settings::{Origin, Sourced};

pub(crate) mod arn;
pub(crate) mod command;
pub(crate) mod connection;
mod hop;
mod policy;
mod proof;
mod recursion;
pub(crate) mod resolve;
mod route;
pub(crate) mod rules;
mod settle;
mod sources;
pub(crate) mod target;
mod user;

pub(crate) use arn::RoleArn;
pub(crate) use connection::Connection;
pub(crate) use hop::{Federation, Hop, Role, RoleReference, Scope, UserSession};
pub(crate) use policy::session_policy;
pub(crate) use proof::{Handed, Proof};
pub(crate) use route::Route;

/// Bounds of DurationSeconds and of a chained role, in seconds:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(crate) const MIN_DURATION: u32 = 900;
pub(crate) const MAX_DURATION: u32 = 43_200;
pub(crate) const CHAINED_DURATION: u32 = 3_600;
pub(crate) const DEFAULT_DURATION: u32 = 3_600;
/// The least that a role's MaxSessionDuration can be:
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
pub(crate) const MIN_MAXIMUM: u32 = 3_600;
/// The longest session of an IAM user or a federated user, and the usual one:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
pub(crate) const MAX_USER_SESSION: u32 = 129_600;
pub(crate) const DEFAULT_USER_SESSION: u32 = 43_200;

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
    /// How codes of MFA devices are had, and how long they count.
    pub(crate) mfa: MfaTerms,
    /// Where a code is spent.
    pub(crate) route: Route,
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
            _ => self.source_account.as_deref(),
        }
    }

    /// Whether a code of an MFA device is needed on the way.
    pub(crate) fn needs_mfa(&self) -> bool {
        self.hops.iter().any(|hop| hop.mfa_serial().is_some())
    }

    /// The roles on the way.
    pub(crate) fn roles(&self) -> impl DoubleEndedIterator<Item = &Role> {
        self.hops.iter().filter_map(Hop::role)
    }
}

/// How codes of MFA devices are had, and how long they count.
#[derive(Clone, Debug)]
pub(crate) struct MfaTerms {
    /// The command that prints a code.
    pub(crate) process: Option<Sourced<Secret>>,
    /// The age in seconds from which on a session's code counts no more.
    pub(crate) max_age: Option<u32>,
    /// How long a new session lives.
    pub(crate) session_duration: Sourced<u32>,
}

/// The name of cached credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// The plan's prefix as JSON, without secrets.
    pub(crate) text: String,
    /// SHA-256 of the text, in hex.
    pub(crate) hash: String,
}

impl Key {
    /// Whether the credentials of another key, given as its text, were obtained from those of this
    /// one, or are these: then its hops begin with the same. A key without hops leads to all that
    /// its source has given.
    pub(crate) fn leads_to(&self, text: &str) -> bool {
        const END: &str = "]}";
        let hops = self.text.strip_suffix(END).unwrap_or(&self.text);
        let is_source = hops.ends_with('[');
        text.strip_prefix(hops)
            .is_some_and(|rest| is_source || rest == END || rest.starts_with(','))
    }
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
    /// A token of an OIDC provider, with which the first role is assumed. Its file means
    /// another identity on another host, as the addresses below do.
    WebIdentity {
        #[serde(skip)]
        profile: Option<String>,
        token: Proof,
        host: String,
    },
    /// An assertion of a SAML provider, with which the first role is assumed.
    Saml {
        #[serde(skip)]
        profile: Option<String>,
        assertion: Proof,
        /// The ARN of the provider in IAM; unsaid, the assertion tells it.
        #[serde(skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        host: String,
    },
    /// A command that prints credentials. It may hold a secret: the key has its hash only.
    Process {
        profile: String,
        #[serde(serialize_with = "hashed")]
        command: Secret,
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
        token: Secret,
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
            Self::WebIdentity { profile, .. } | Self::Saml { profile, .. } => profile.as_deref(),
            Self::Environment { .. } | Self::Ec2 { .. } | Self::Ecs { .. } => None,
        }
    }

    /// For messages: ``the keys of profile `james` ``.
    pub(crate) fn spoken(&self) -> String {
        match self {
            Self::Keys { profile, .. } => format!("the keys of profile `{profile}`"),
            Self::Environment { .. } => "the keys in the environment".to_owned(),
            Self::WebIdentity { token, .. } => format!("the web identity token {token}"),
            Self::Saml { assertion, .. } => format!("the SAML assertion {assertion}"),
            Self::Process { profile, .. } => {
                format!("the credential_process of profile `{profile}`")
            }
            Self::Sso { profile, .. } => format!("the SSO login of profile `{profile}`"),
            Self::Login { profile, .. } => format!("the login session of profile `{profile}`"),
            Self::Ec2 { .. } => "the role of this EC2 instance".to_owned(),
            Self::Ecs { .. } => "the role of this container".to_owned(),
        }
    }

    /// The operation of STS that assumes the first role from it.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::WebIdentity { .. } => "AssumeRoleWithWebIdentity",
            Self::Saml { .. } => "AssumeRoleWithSAML",
            _ => "AssumeRole",
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
    fn surely_is_session(&self) -> bool {
        match self {
            Self::Keys { session_token, .. } | Self::Environment { session_token, .. } => {
                session_token.is_some()
            }
            Self::Sso { .. } | Self::Ec2 { .. } | Self::Ecs { .. } => true,
            // From a token or an assertion, the first role is no chaining.
            Self::WebIdentity { .. }
            | Self::Saml { .. }
            | Self::Process { .. }
            | Self::Login { .. } => false,
        }
    }

    /// The command of a profile that gives it: the key that names it, the profile, the command.
    pub(crate) fn command(&self) -> Option<(&'static str, &str, &Secret)> {
        match self {
            Self::Process { profile, command } => {
                Some((profiles::CREDENTIAL_PROCESS, profile, command))
            }
            Self::WebIdentity {
                profile: Some(profile),
                token: Proof::Command(command),
                ..
            } => Some((profiles::WEB_IDENTITY_TOKEN_PROCESS, profile, command)),
            Self::Saml {
                profile: Some(profile),
                assertion: Proof::Command(command),
                ..
            } => Some((profiles::SAML_ASSERTION_PROCESS, profile, command)),
            _ => None,
        }
    }

    /// Whether a command is run that lets a person sign in.
    pub(crate) fn is_sign_in(&self) -> bool {
        let command = |proof: &Proof| matches!(proof, Proof::Command(_));
        matches!(self, Self::Saml { assertion, .. } if command(assertion))
    }

    /// Whether the first role is assumed with a proof of an identity provider instead of keys.
    pub(crate) fn is_proof(&self) -> bool {
        matches!(self, Self::WebIdentity { .. } | Self::Saml { .. })
    }
}

fn hashed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(&Sha256::digest(secret.expose())))
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
