//! From a target and the profiles to a plan, without I/O.
//!
//! The rules are botocore's and the Rust SDK's: at the top `role_arn` wins over keys of the same
//! profile; in a source profile its keys win over its `role_arn`; a profile may be its own source
//! only with keys. Nothing falls back to `default` because a name was not found.

use anyhow::Result;

use crate::cli;
use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::arn::role_name;
use crate::plan::recursion;
use crate::plan::rules::{Next, leads_somewhere, next, role_of, self_reference};
use crate::plan::settle::{Draft, Reference, Settler};
use crate::plan::sources::{self, Found};
use crate::plan::{Connection, Hop, Origins, Plan, Role, RoleArn, RoleReference, Source};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Settings, Sourced};

/// Makes the plan for `target`; without one, for whom the AWS CLI would be.
///
/// # Errors
/// A name that leads nowhere, a profile that breaks a rule, or a value that does not parse; each
/// with its place.
pub(crate) fn resolve(
    target: Option<&str>,
    settings: &Settings,
    profiles: &Profiles,
    env: &Env,
) -> Result<Plan> {
    let mut walk = Walk::new(settings, profiles, env);
    let found = match target {
        None => walk.source()?,
        Some(word) => walk.meant(word)?,
    };
    walk.plan(target, found)
}

/// Makes the plan for a profile, whatever the aliases say.
///
/// # Errors
/// As `resolve`.
pub(crate) fn of_profile(
    name: &str,
    settings: &Settings,
    profiles: &Profiles,
    env: &Env,
) -> Result<Plan> {
    let mut walk = Walk::new(settings, profiles, env);
    let profile = profiles
        .profile(name)?
        .ok_or_else(|| walk.unknown(format!("there is no profile `{name}`"), name))?;
    let found = walk.chain(profile, true)?;
    walk.plan(Some(name), found)
}

struct Walk<'a> {
    settings: &'a Settings,
    profiles: &'a Profiles,
    env: &'a Env,
    visited: Vec<Profile>,
    roles: Vec<Draft>,
    notes: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(settings: &'a Settings, profiles: &'a Profiles, env: &'a Env) -> Self {
        Self {
            settings,
            profiles,
            env,
            visited: Vec::new(),
            roles: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The target that a word means: an alias stands for another one.
    fn meant(&mut self, word: &str) -> Result<Found> {
        let alias = self.settings.aliases.get(word);
        self.target(alias.map_or(word, |alias| alias.value.as_str()))
    }

    fn target(&mut self, target: &str) -> Result<Found> {
        if target.starts_with("arn:") {
            let arn = RoleArn::parse(target).map_err(Failure::usage)?;
            return self.role(Reference::Arn(Sourced::new(arn, Origin::Target)));
        }
        if let Some((account, name)) = account_and_role(target)? {
            return self.role(Reference::Account(account, name));
        }
        if let Some(profile) = self.profiles.profile(target)? {
            return self.chain(profile, true);
        }
        let name = target.strip_prefix("role/").unwrap_or(target);
        match role_name(name) {
            Ok(name) => self.role(Reference::Name(name.to_owned())),
            Err(_) => Err(self.unknown(
                format!("`{target}` is neither a profile nor a role name"),
                target,
            )),
        }
    }

    /// Where another target would start, were it asked for without options.
    fn source_of(&self, target: &str) -> Option<Source> {
        // What a variable says of the source holds for the command too, a flag does not.
        let profile = self.settings.profile.clone();
        let settings = Settings {
            aliases: self.settings.aliases.clone(),
            profile: profile.filter(|name| !matches!(name.origin, Origin::Flag(_))),
            ..Settings::default()
        };
        let mut walk = Walk::new(&settings, self.profiles, self.env);
        walk.meant(target).ok().map(|(source, _)| source)
    }

    fn role(&mut self, reference: Reference) -> Result<Found> {
        self.roles.push(Draft {
            reference,
            profile: None,
        });
        self.source()
    }

    /// Who the AWS CLI would be: `--profile`, else keys of the environment, `AWS_PROFILE` or
    /// `default`, web identity, container, instance.
    fn source(&mut self) -> Result<Found> {
        if let Some(name) = &self.settings.profile {
            let profile = self.existing(name, None)?;
            return self.chain(profile, false);
        }
        if let Some(name) = self.env.started_from() {
            let name = Sourced::new(name.to_owned(), Origin::Variable(env::STSX_RESTORE));
            let profile = self.existing(&name, None)?;
            return self.chain(profile, false);
        }
        let name = self.profile_of_environment();
        let profile = match &name {
            Some(name) => Some(self.existing(name, None)?),
            None => self.profiles.profile("default")?,
        };
        if let Some(found) = sources::environment(self.env)? {
            if let Some(name) = name {
                self.notes.push(format!(
                    "the keys in ${} are used; {} = {} is not (as for the AWS CLI)",
                    env::ACCESS_KEY_ID,
                    name.origin,
                    name.value
                ));
            }
            self.visited.extend(profile);
            return Ok(found);
        }
        if let Some(profile) = profile {
            if leads_somewhere(&profile) {
                return self.chain(profile, false);
            }
            self.visited.push(profile);
        }
        self.surroundings()
    }

    fn profile_of_environment(&self) -> Option<Sourced<String>> {
        [env::PROFILE, env::DEFAULT_PROFILE]
            .into_iter()
            .find_map(|name| {
                let value = self.env.value(name)?.to_owned();
                Some(Sourced::new(value, Origin::Variable(name)))
            })
    }

    fn surroundings(&self) -> Result<Found> {
        if let Some(found) = sources::environment_web_identity(self.env)? {
            return Ok(found);
        }
        if let Some(found) = sources::container(self.env) {
            return Ok(found);
        }
        if self.env.is_true(env::EC2_METADATA_DISABLED) {
            return Err(no_credentials().into());
        }
        let source = Source::Ec2 { host: Env::host() };
        Ok((source, Origins::from([("kind", Origin::Default)])))
    }

    /// Walks from a profile to its source; every role on the way joins `roles`.
    fn chain(&mut self, first: Profile, is_target: bool) -> Result<Found> {
        let start = self.visited.len();
        let mut profile = first;
        loop {
            let is_first = self.visited.len() == start;
            self.visited.push(profile.clone());
            if !is_first && sources::keys(&profile)?.is_some() {
                return self.end(&profile, false);
            }
            let Some(arn) = role_of(&profile)? else {
                return self.end(&profile, is_first && is_target);
            };
            let given = self.given_source().filter(|_| is_first && is_target);
            let next = match given {
                Some(name) => Next::Profile(name.clone()),
                None => next(&profile, &arn)?,
            };
            self.roles.push(Draft {
                reference: Reference::Arn(arn),
                profile: Some(profile.clone()),
            });
            profile = match next {
                Next::Source(name) => return sources::named(&name, self.env),
                Next::Profile(name) if name.value == profile.name => {
                    return sources::keys(&profile)?.ok_or_else(|| self_reference(&name));
                }
                Next::Profile(name) => {
                    self.refuse_loop(start, &name)?;
                    self.existing(&name, Some(&profile))?
                }
            };
        }
    }

    /// `--profile`, which overrules what a profile says of its source; a variable does not.
    fn given_source(&self) -> Option<&Sourced<String>> {
        let is_flag = |name: &&Sourced<String>| matches!(name.origin, Origin::Flag(_));
        self.settings.profile.as_ref().filter(is_flag)
    }

    /// The profile at the end of a chain must be a source itself.
    fn end(&self, profile: &Profile, is_target: bool) -> Result<Found> {
        if let Some(name) = self.given_source().filter(|_| is_target) {
            let what = format!(
                "profile `{}` has no role_arn, so {} has nothing to assume",
                profile.name, name.origin
            );
            return Err(Failure::usage(what).into());
        }
        sources::of_profile(profile, self.profiles, self.env)?.ok_or_else(|| {
            Failure::usage(format!(
                "{}: profile `{}` has neither a role nor credentials",
                profile.place, profile.name
            ))
            .hint(
                "give it role_arn and source_profile, keys, SSO settings, or a credential_process",
            )
            .into()
        })
    }

    fn refuse_loop(&self, start: usize, next: &Sourced<String>) -> Result<()> {
        let names: Vec<&str> = self.visited[start..]
            .iter()
            .map(|profile| profile.name.as_str())
            .collect();
        if let Some(position) = names.iter().position(|name| *name == next.value) {
            let looped = names[position..].join(" → ");
            return Err(Failure::usage(format!(
                "{}: the source profiles form a loop: {looped} → {}",
                next.origin, next.value
            ))
            .into());
        }
        Ok(())
    }

    fn existing(&self, name: &Sourced<String>, named_by: Option<&Profile>) -> Result<Profile> {
        if let Some(profile) = self.profiles.profile(&name.value)? {
            return Ok(profile);
        }
        let what = match named_by {
            Some(by) => format!(
                "{}: the source_profile `{}` of profile `{}` does not exist",
                name.origin, name.value, by.name
            ),
            None => format!("{}: there is no profile `{}`", name.origin, name.value),
        };
        Err(self.unknown(what, &name.value))
    }

    fn unknown(&self, what: String, name: &str) -> anyhow::Error {
        Failure::usage(what)
            .hint(near_hint(self.profiles, name))
            .into()
    }

    fn plan(self, target: Option<&str>, (source, source_origins): Found) -> Result<Plan> {
        recursion::refuse(&source, &source_origins, |target| self.source_of(target))?;
        let mut connection =
            Connection::settle(self.settings, &self.visited, self.profiles, self.env)?;
        let source_account = sources::account_of(&source, &self.visited, self.env);
        let started_from = self.env.started_from().map(str::to_owned);
        let start = self
            .settings
            .profile
            .as_ref()
            .map(|name| name.value.clone())
            .or(started_from);
        let mut notes = self.notes;
        let mut hops: Vec<Hop> = Vec::with_capacity(self.roles.len());
        let last = self.roles.len();
        for (index, draft) in self.roles.into_iter().rev().enumerate() {
            let previous = match hops.last() {
                Some(Hop::Role(role)) => role
                    .reference
                    .arn()
                    .map(|arn| (arn.partition(), arn.account())),
                None => source_account
                    .as_deref()
                    .map(|account| (connection.region_partition(), account)),
            };
            let settler = Settler {
                settings: self.settings,
                env: self.env,
                draft: &draft,
                is_first: index == 0,
                is_target: index + 1 == last,
                source: &source,
                source_profile: self.visited.last(),
            };
            let role = settler.role(previous, &connection, &mut notes)?;
            hops.push(Hop::Role(role));
        }
        if let Some(Hop::Role(Role {
            reference: RoleReference::Arn(arn),
            ..
        })) = hops.first()
        {
            arn.partition().clone_into(&mut connection.partition);
        }
        self.settings.refuse_idle_flags(&hops, &source)?;
        let name = self.visited.first().map(|profile| profile.name.as_str());
        Ok(Plan {
            target: target.or(name).unwrap_or_default().to_owned(),
            start,
            mfa_process: self
                .settings
                .mfa_process
                .strong
                .clone()
                .or_else(|| {
                    self.visited
                        .iter()
                        .find_map(|profile| profile.text(profiles::MFA_PROCESS).cloned())
                })
                .or_else(|| self.settings.mfa_process.weak.clone()),
            connection,
            source,
            source_origins,
            source_account,
            hops,
            person: self.env.user().map(str::to_owned),
            notes,
        })
    }
}

/// No source anywhere.
pub(crate) fn no_credentials() -> Failure {
    Failure::usage("no credentials to start from were found")
        .detail("looked in the environment, the profile files, and at the container and instance services")
        .hint("name a profile with --profile or AWS_PROFILE, or set one up with `aws configure`")
}

/// What to say after a name that was not found.
pub(crate) fn near_hint(profiles: &Profiles, name: &str) -> String {
    match profiles.near(name).as_slice() {
        [] => format!(
            "profiles are read from {}; `stsx list` shows them",
            profiles.places()
        ),
        near => format!(
            "did you mean {}?",
            near.iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    }
}

/// `ACCOUNT:ROLE` or `ACCOUNT:role/path/ROLE`; digits before a colon are never a profile.
fn account_and_role(target: &str) -> Result<Option<(String, String)>> {
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

#[cfg(test)]
mod tests;
