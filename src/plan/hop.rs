//! Hops: the steps from credentials to other credentials, and what each one asks STS for.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Failure;
use crate::plan::{Origins, RoleArn};
use crate::settings::Sourced;

/// One step from credentials to other credentials.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Hop {
    /// sts:GetSessionToken
    Session(UserSession),
    /// sts:GetFederationToken
    Federation(Federation),
    /// sts:AssumeRole, or its forms for tokens and assertions when it is the first hop of those.
    Role(Role),
}

impl Hop {
    /// The role, if it is one.
    pub(crate) fn role(&self) -> Option<&Role> {
        match self {
            Self::Role(role) => Some(role),
            Self::Session(_) | Self::Federation(_) => None,
        }
    }

    /// The device whose code the hop needs.
    pub(crate) fn mfa_serial(&self) -> Option<&str> {
        match self {
            Self::Session(session) => session.mfa_serial.as_deref(),
            Self::Federation(_) => None,
            Self::Role(role) => role.mfa_serial.as_deref(),
        }
    }

    /// Where its values come from.
    pub(crate) fn origins(&self) -> &Origins {
        match self {
            Self::Session(session) => &session.origins,
            Self::Federation(federation) => &federation.origins,
            Self::Role(role) => &role.origins,
        }
    }

    /// The profile that described the hop.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.role()?.profile.as_deref()
    }

    /// For messages: the role's ARN, or what else it gives.
    pub(crate) fn spoken(&self) -> String {
        match self {
            Self::Session(_) => "a session of the user".to_owned(),
            Self::Federation(federation) => format!("the federated user `{}`", federation.name),
            Self::Role(role) => role.reference.to_string(),
        }
    }
}

/// A session of an IAM user, most often for the sake of MFA: one code serves every role after it.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
#[derive(Clone, Debug, Serialize)]
pub(crate) struct UserSession {
    pub(crate) mfa_serial: Option<String>,
    /// How long a new one is to live. Whoever shares it takes it as long as it is.
    #[serde(skip)]
    pub(crate) duration_seconds: u32,
    /// Set when its very length was asked for: such a session is not shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exactly: Option<u32>,
    #[serde(skip)]
    pub(crate) origins: Origins,
}

/// A federated user.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Federation {
    pub(crate) name: String,
    pub(crate) duration_seconds: u32,
    #[serde(flatten)]
    pub(crate) scope: Scope,
    #[serde(skip)]
    pub(crate) origins: Origins,
}

/// What a session is limited to, and what it is marked with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Scope {
    /// A session policy, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) policy_arns: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, String>,
}

impl Scope {
    /// Adds the managed policy that `--read-only` stands for.
    ///
    /// # Errors
    /// There are as many policies as STS takes already.
    pub(super) fn limit_to_reading(&mut self, partition: &str) -> Result<(), Failure> {
        let policy = format!("arn:{partition}:iam::aws:policy/ReadOnlyAccess");
        if !self.policy_arns.contains(&policy) {
            self.policy_arns.push(policy);
        }
        self.refuse_too_many("--read-only")
    }

    /// Transitive tags are some of the session's own. STS does not mind upper and lower case.
    ///
    /// # Errors
    /// One is not; the message names its place.
    pub(super) fn refuse_unknown(&self, keys: &Sourced<Vec<String>>) -> Result<(), Failure> {
        let is_tag = |key: &&String| {
            let same = |tag: &String| tag.to_lowercase() == key.to_lowercase();
            self.tags.keys().any(same)
        };
        match keys.value.iter().find(|key| !is_tag(key)) {
            None => Ok(()),
            Some(key) => Err(Failure::usage(format!(
                "{}: `{key}` is the key of no tag: a transitive tag is one of the session's tags",
                keys.origin
            ))),
        }
    }

    /// Ten managed policies are the most: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    ///
    /// # Errors
    /// There are more; `origin` is what named the last.
    pub(super) fn refuse_too_many(&self, origin: &str) -> Result<(), Failure> {
        match self.policy_arns.len() {
            0..=10 => Ok(()),
            count => Err(Failure::usage(format!(
                "{origin}: {count} managed policies are too many: STS takes 10"
            ))),
        }
    }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_identity: Option<String>,
    #[serde(flatten)]
    pub(crate) scope: Scope,
    /// Keys of tags that go on to the next role of the chain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) transitive_tags: Vec<String>,
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

    /// The role's name, without its path.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Arn(arn) => arn.name(),
            Self::Name(name) => name.rsplit('/').next().unwrap_or(name),
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
