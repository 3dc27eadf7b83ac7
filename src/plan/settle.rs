//! The values of one role: from flags, variables, its profile and the settings file, each with its
//! place.

use std::rc::Rc;

use anyhow::Result;

use crate::cli;
use crate::env::Env;
use crate::error::Failure;
use crate::plan::sources::environment_session_name;
use crate::plan::{
    CHAINED_DURATION, Connection, DEFAULT_DURATION, Origins, Role, RoleArn, RoleReference, Scope,
    Source, session_policy,
};
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Settings, Sourced};
use crate::time;

/// A role on the way, before its values are settled; the target's first.
pub(super) struct Draft {
    pub(super) reference: Reference,
    pub(super) profile: Option<Rc<Profile>>,
}

/// A role as it was named.
pub(super) enum Reference {
    Arn(Sourced<RoleArn>),
    Account(String, String),
    Name(String),
}

/// Settles the values of one role.
pub(super) struct Settler<'a> {
    pub(super) settings: &'a Settings,
    pub(super) env: &'a Env,
    pub(super) draft: &'a Draft,
    pub(super) is_first: bool,
    pub(super) is_target: bool,
    pub(super) source: &'a Source,
    pub(super) source_profile: Option<&'a Profile>,
}

impl Settler<'_> {
    /// The role with every value settled; `previous` is the partition and account it is assumed
    /// from, where they are known.
    ///
    /// # Errors
    /// A value that does not parse, with its place.
    pub(super) fn role(
        &self,
        previous: Option<(&str, &str)>,
        connection: &Connection,
        notes: &mut Vec<String>,
    ) -> Result<Role> {
        let mut origins = Origins::new();
        let reference = self.reference(previous, connection, &mut origins);
        let duration = self.duration(&reference, notes)?;
        origins.insert("duration_seconds", duration.origin);
        origins.insert("session_name", Origin::Default);
        let session_name = noted("session_name", self.session_name()?, &mut origins);
        let id = self.settings.external_id.as_ref();
        let id = self.own_or(id, profiles::EXTERNAL_ID, cli::external_id)?;
        let mfa_serial = self.mfa_serial(&reference, notes)?;
        let identity = self.settings.source_identity.as_ref();
        let identity = self.own_or(identity, profiles::SOURCE_IDENTITY, cli::source_identity)?;
        let partition = match reference.arn() {
            Some(arn) => arn.partition(),
            None => connection.region_partition(),
        };
        let (scope, transitive_tags) = self.scope(partition, &mut origins)?;
        let profile = self.draft.profile.as_ref();
        let role = Role {
            duration_seconds: duration.value,
            session_name,
            external_id: noted("external_id", id, &mut origins),
            mfa_serial: noted("mfa_serial", mfa_serial, &mut origins),
            source_identity: noted("source_identity", identity, &mut origins),
            scope,
            transitive_tags,
            origins,
            profile: profile.map(|profile| profile.name.clone()),
            reference,
        };
        if self.is_first && self.source.is_proof() {
            self.refuse_what_proofs_bring(&role)?;
        }
        Ok(role)
    }

    /// Session policies and tags, and which tags go on.
    fn scope(&self, partition: &str, origins: &mut Origins) -> Result<(Scope, Vec<String>)> {
        let settings = self.settings;
        let policy = self.own_or(settings.policy.as_ref(), profiles::POLICY, session_policy)?;
        let arns = settings.policy_arns.as_ref();
        let arns = self.own_or(arns, profiles::POLICY_ARNS, cli::policy_arns)?;
        let tags = self.own_or(settings.tags.as_ref(), profiles::SESSION_TAGS, cli::tags)?;
        let keys = settings.transitive_tags.as_ref();
        let keys = self.own_or(keys, profiles::TRANSITIVE_SESSION_TAGS, cli::tag_keys)?;
        let mut scope = Scope {
            policy: noted("policy", policy, origins),
            policy_arns: noted("policy_arns", arns, origins).unwrap_or_default(),
            tags: noted("tags", tags, origins).unwrap_or_default(),
        };
        if let Some(keys) = &keys {
            scope.refuse_unknown(keys)?;
        }
        if let Some(origin) = origins.get("policy_arns") {
            scope.refuse_too_many(&origin.to_string())?;
        }
        if settings.read_only && self.is_target {
            scope.limit_to_reading(partition)?;
            origins.insert("policy_arns", Origin::Flag("--read-only"));
        }
        let transitive_tags = noted("transitive_tags", keys, origins);
        Ok((scope, transitive_tags.unwrap_or_default()))
    }

    /// For a token or an assertion, its issuer says the tags and the source identity.
    fn refuse_what_proofs_bring(&self, role: &Role) -> Result<()> {
        let keys = ["tags", "transitive_tags", "source_identity", "external_id"];
        match keys
            .iter()
            .find_map(|key| Some((key, role.origins.get(key)?)))
        {
            None => Ok(()),
            Some((key, origin)) => Err(Failure::usage(format!(
                "{origin}: {} cannot be sent with {}",
                key.replace('_', " "),
                self.source.spoken()
            ))
            .hint("its issuer puts session tags and the source identity into it")
            .into()),
        }
    }

    /// What a flag says of the target, else what the role's own profile says.
    fn own_or<T: Clone>(
        &self,
        given: Option<&Sourced<T>>,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Sourced<T>>> {
        match given {
            Some(value) if self.is_target => Ok(Some(value.clone())),
            _ => self.profile_value(key, parse),
        }
    }

    fn reference(
        &self,
        previous: Option<(&str, &str)>,
        connection: &Connection,
        origins: &mut Origins,
    ) -> RoleReference {
        let arn = match (&self.draft.reference, previous) {
            (Reference::Arn(arn), _) => {
                origins.insert("arn", arn.origin.clone());
                return RoleReference::Arn(arn.value.clone());
            }
            (Reference::Account(account, name), previous) => {
                let partition = match previous {
                    Some((partition, _)) => partition,
                    None => connection.region_partition(),
                };
                RoleArn::new(partition, account, name)
            }
            (Reference::Name(name), Some((partition, account))) => {
                RoleArn::new(partition, account, name)
            }
            (Reference::Name(name), None) => {
                origins.insert("role_name", Origin::Target);
                return RoleReference::Name(name.clone());
            }
        };
        origins.insert("arn", Origin::Target);
        RoleReference::Arn(arn)
    }

    fn profile_value<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Sourced<T>>> {
        match &self.draft.profile {
            Some(profile) => profile.parsed(key, parse),
            None => Ok(None),
        }
    }

    fn duration(&self, reference: &RoleReference, notes: &mut Vec<String>) -> Result<Sourced<u32>> {
        let own = self.profile_value(profiles::DURATION_SECONDS, cli::session_duration)?;
        let wish = &self.settings.duration;
        let wanted = if self.is_target { wish.or(own) } else { own };
        let wanted = wanted.unwrap_or(Sourced::new(DEFAULT_DURATION, Origin::Default));
        let chained = !self.is_first || self.source.surely_is_session();
        if chained && wanted.value > CHAINED_DURATION {
            notes.push(format!(
                "{reference}: the session is shortened from {} ({}) to 1h, the most that role chaining gets",
                time::spoken(wanted.value.into()),
                wanted.origin
            ));
            return Ok(Sourced::new(CHAINED_DURATION, wanted.origin));
        }
        Ok(wanted)
    }

    fn session_name(&self) -> Result<Option<Sourced<String>>> {
        if self.is_first && matches!(self.source, Source::Saml { .. }) {
            return self.refuse_session_name().map(|()| None);
        }
        let wish = &self.settings.session_name;
        if let Some(name) = wish.strong.as_ref().filter(|_| self.is_target) {
            return Ok(Some(name.clone()));
        }
        if let Some(name) = self.profile_value(profiles::ROLE_SESSION_NAME, cli::session_name)? {
            return Ok(Some(name));
        }
        Ok(environment_session_name(self.env)?.or_else(|| wish.weak.clone()))
    }

    /// An assertion says what its session is called.
    fn refuse_session_name(&self) -> Result<()> {
        let flag = self.settings.session_name.strong.as_ref();
        let flag = flag.filter(|name| self.is_target && matches!(name.origin, Origin::Flag(_)));
        let profile = self.draft.profile.as_ref();
        let own = profile.and_then(|profile| profile.text(profiles::ROLE_SESSION_NAME));
        match flag.or(own) {
            None => Ok(()),
            Some(name) => Err(Failure::usage(format!(
                "{}: a session name cannot be sent with {}",
                name.origin,
                self.source.spoken()
            ))
            .hint("its issuer puts the name into it, as RoleSessionName")
            .into()),
        }
    }

    /// Only the first hop can show an MFA code: a role's session has no device.
    fn mfa_serial(
        &self,
        reference: &RoleReference,
        notes: &mut Vec<String>,
    ) -> Result<Option<Sourced<String>>> {
        let own = self.profile_value(profiles::MFA_SERIAL, cli::mfa_serial)?;
        let has_user = !matches!(
            self.source,
            Source::WebIdentity { .. }
                | Source::Saml { .. }
                | Source::Sso { .. }
                | Source::Ec2 { .. }
                | Source::Ecs { .. }
        );
        if self.is_first && has_user {
            if let Some(serial) = &self.settings.mfa_serial {
                return Ok(Some(serial.clone()));
            }
            if own.is_some() {
                return Ok(own);
            }
            return match self
                .source_profile
                .filter(|_| self.source.profile().is_some())
            {
                Some(profile) => profile.parsed(profiles::MFA_SERIAL, cli::mfa_serial),
                None => Ok(None),
            };
        }
        if let Some(serial) = own {
            notes.push(format!(
                "{reference}: mfa_serial ({}) is not used: the session of a role has no MFA device",
                serial.origin
            ));
        }
        Ok(None)
    }
}

/// The value; its place is written down.
fn noted<T>(key: &'static str, value: Option<Sourced<T>>, origins: &mut Origins) -> Option<T> {
    let value = value?;
    origins.insert(key, value.origin);
    Some(value.value)
}
