//! The values of one role: from flags, variables, its profile and the settings file, each with its
//! place.

use anyhow::Result;

use crate::cli;
use crate::env::Env;
use crate::plan::sources::environment_session_name;
use crate::plan::{
    CHAINED_DURATION, Connection, DEFAULT_DURATION, Origins, Role, RoleArn, RoleReference, Source,
};
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Settings, Sourced};
use crate::time;

/// A role on the way, before its values are settled; the target's first.
pub(super) struct Draft {
    pub(super) reference: Reference,
    pub(super) profile: Option<Profile>,
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
        let session_name = self.session_name()?;
        origins.insert(
            "session_name",
            session_name
                .as_ref()
                .map_or(Origin::Default, |name| name.origin.clone()),
        );
        let external_id = self.external_id()?;
        origins.extend(
            external_id
                .iter()
                .map(|id| ("external_id", id.origin.clone())),
        );
        let mfa_serial = self.mfa_serial(&reference, notes)?;
        origins.extend(
            mfa_serial
                .iter()
                .map(|serial| ("mfa_serial", serial.origin.clone())),
        );
        Ok(Role {
            reference,
            duration_seconds: duration.value,
            session_name: session_name.map(|name| name.value),
            external_id: external_id.map(|id| id.value),
            mfa_serial: mfa_serial.map(|serial| serial.value),
            origins,
            profile: self
                .draft
                .profile
                .as_ref()
                .map(|profile| profile.name.clone()),
        })
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
        let wanted = if self.is_target {
            wish.strong.clone().or(own).or_else(|| wish.weak.clone())
        } else {
            own
        };
        let wanted = wanted.unwrap_or(Sourced::new(DEFAULT_DURATION, Origin::Default));
        let chained = !self.is_first || self.source.is_session();
        if chained && wanted.value > CHAINED_DURATION {
            notes.push(format!(
                "{reference}: the session is cut from {} ({}) to 1h, the most that role chaining gets",
                time::spoken(wanted.value.into()),
                wanted.origin
            ));
            return Ok(Sourced::new(CHAINED_DURATION, wanted.origin));
        }
        Ok(wanted)
    }

    fn session_name(&self) -> Result<Option<Sourced<String>>> {
        let wish = &self.settings.session_name;
        if let Some(name) = wish.strong.as_ref().filter(|_| self.is_target) {
            return Ok(Some(name.clone()));
        }
        if let Some(name) = self.profile_value(profiles::ROLE_SESSION_NAME, cli::session_name)? {
            return Ok(Some(name));
        }
        Ok(environment_session_name(self.env)?.or_else(|| wish.weak.clone()))
    }

    fn external_id(&self) -> Result<Option<Sourced<String>>> {
        match &self.settings.external_id {
            Some(id) if self.is_target => Ok(Some(id.clone())),
            _ => self.profile_value(profiles::EXTERNAL_ID, cli::external_id),
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
