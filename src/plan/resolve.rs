//! From a target and the profiles to a plan, without I/O.
//!
//! The rules are botocore's and the Rust SDK's: at the top `role_arn` wins over keys of the same
//! profile; in a source profile its keys win over its `role_arn`; a profile may be its own source
//! only with keys. Nothing falls back to `default` because a name was not found.

use std::rc::Rc;

use anyhow::Result;

use crate::env::{self, Env};
use crate::error::Failure;
use crate::plan::arn::role_name;
use crate::plan::rules::{Next, leads_somewhere, next, self_reference};
use crate::plan::settle::{Draft, Reference};
use crate::plan::sources::{self, Found};
use crate::plan::target::{account_and_role, near_hint, no_credentials};
use crate::plan::{Handed, Origins, Plan, RoleArn, Source, proof};
use crate::platform;
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Settings, Sourced};

/// What a plan is to end in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// Who the AWS CLI would be.
    Current,
    /// What a word means: a profile, a role, an alias.
    Target(&'a str),
    /// A session of the user that the AWS CLI would be; of just this length, when one is said.
    Session(Option<u32>),
    /// A federated user, for so many seconds.
    Federation(&'a str, u32),
    /// A role that an assertion opens.
    Saml(&'a Handed),
}

/// Makes the plan for what is wanted.
///
/// # Errors
/// A name that leads nowhere, a profile that breaks a rule, or a value that does not parse; each
/// with its place.
pub(crate) fn resolve(
    wanted: Wanted<'_>,
    settings: &Settings,
    profiles: &Profiles,
    env: &Env,
) -> Result<Plan> {
    let mut walk = Walk::new(settings, profiles, env);
    let found = match wanted {
        Wanted::Target(word) => walk.meant(word)?,
        Wanted::Current | Wanted::Session(_) | Wanted::Federation(..) => walk.source()?,
        Wanted::Saml(handed) => walk.handed(handed)?,
    };
    walk.plan(wanted, found)
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
    let profile = profiles.profile(name)?.ok_or_else(|| {
        let walk = Walk::new(settings, profiles, env);
        walk.unknown(format!("there is no profile `{name}`"), name)
    })?;
    of(profile, settings, profiles, env)
}

/// Makes the plan for a profile as it is given, whatever the files say of it.
///
/// # Errors
/// As `resolve`.
pub(crate) fn of(
    profile: Rc<Profile>,
    settings: &Settings,
    profiles: &Profiles,
    env: &Env,
) -> Result<Plan> {
    let mut walk = Walk::new(settings, profiles, env);
    let name = profile.name.clone();
    let found = walk.chain(profile, true)?;
    walk.plan(Wanted::Target(&name), found)
}

mod assemble;

struct Walk<'a> {
    settings: &'a Settings,
    profiles: &'a Profiles,
    env: &'a Env,
    visited: Vec<Rc<Profile>>,
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
        let profiles = self.profiles;
        let settings = self.settings;
        let is_profile = |name: &str| Ok(profiles.profile(name)?.is_some());
        self.target(settings.meant(word, is_profile)?)
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

    /// Where another target would start, were it asked for with this profile to start from, or none.
    fn source_of(&self, target: &str, start: Option<&str>) -> Option<Source> {
        // What a variable says of the source holds for the command too, a flag does not.
        let profile = self.settings.profile.clone();
        let given = start.map(|name| Sourced::new(name.to_owned(), Origin::Flag("--profile")));
        let settings = Settings {
            aliases: self.settings.aliases.clone(),
            profile: given.or(profile.filter(|name| !matches!(name.origin, Origin::Flag(_)))),
            ..Settings::default()
        };
        let mut walk = Walk::new(&settings, self.profiles, self.env);
        walk.meant(target).ok().map(|(source, _)| source)
    }

    fn role(&mut self, reference: Reference) -> Result<Found> {
        self.role_alone(reference);
        self.source()
    }

    fn role_alone(&mut self, reference: Reference) {
        self.roles.push(Draft {
            reference,
            profile: None,
        });
    }

    /// A role that an assertion opens; region and endpoints are those of the profile around it.
    fn handed(&mut self, handed: &Handed) -> Result<Found> {
        let role = Sourced::new(handed.role.clone(), Origin::Flag("--assertion"));
        self.role_alone(Reference::Arn(role));
        let around = match self.profile_of_environment() {
            Some(name) => Some(self.existing(&name, None)?),
            None => self.profiles.profile("default")?,
        };
        self.visited.extend(around);
        Ok(handed.source())
    }

    /// Who the AWS CLI would be: `--profile`, else keys of the environment, `AWS_PROFILE` or
    /// `default`, web identity, container, instance.
    fn source(&mut self) -> Result<Found> {
        if let Some(token) = &self.settings.web_identity_token {
            return Ok(proof::of_flag(token));
        }
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

    fn surroundings(&mut self) -> Result<Found> {
        if let Some((found, role)) = proof::of_environment(self.env)? {
            self.role_alone(Reference::Arn(role));
            return Ok(found);
        }
        if let Some(found) = sources::container(self.env) {
            return Ok(found);
        }
        if self.env.is_true(env::EC2_METADATA_DISABLED) {
            return Err(no_credentials().into());
        }
        let source = Source::Ec2 {
            host: platform::host(),
        };
        Ok((source, Origins::from([("kind", Origin::Default)])))
    }

    /// Walks from a profile to its source; every role on the way joins `roles`.
    fn chain(&mut self, first: Rc<Profile>, is_target: bool) -> Result<Found> {
        let start = self.visited.len();
        let mut profile = first;
        loop {
            let is_first = self.visited.len() == start;
            self.visited.push(Rc::clone(&profile));
            if !is_first && sources::keys(&profile)?.is_some() {
                return self.end(&profile, false);
            }
            let proof = proof::of_profile(&profile)?;
            let Some(arn) = profile.parsed(profiles::ROLE_ARN, RoleArn::parse)? else {
                return self.end(&profile, is_first && is_target);
            };
            let next = match self.given_source().filter(|_| is_first && is_target) {
                Some(next) => next,
                None => match proof {
                    Some(found) => Next::Found(found),
                    None => next(&profile, &arn)?,
                },
            };
            self.roles.push(Draft {
                reference: Reference::Arn(arn),
                profile: Some(Rc::clone(&profile)),
            });
            profile = match next {
                Next::Found(found) => return Ok(found),
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

    /// A token, or `--profile`, which overrule what a profile says of its source; a variable does
    /// not.
    fn given_source(&self) -> Option<Next> {
        if let Some(token) = &self.settings.web_identity_token {
            return Some(Next::Found(proof::of_flag(token)));
        }
        let name = self.settings.profile.as_ref()?;
        matches!(name.origin, Origin::Flag(_)).then(|| Next::Profile(name.clone()))
    }

    /// The profile at the end of a chain must be a source itself.
    fn end(&self, profile: &Profile, is_target: bool) -> Result<Found> {
        let given = match self.given_source().filter(|_| is_target) {
            Some(Next::Profile(name)) => Some(name.origin),
            Some(Next::Found((_, origins))) => origins.into_values().next(),
            _ => None,
        };
        if let Some(origin) = given {
            let what = format!(
                "profile `{}` has no role_arn, so {origin} has nothing to assume",
                profile.name
            );
            return Err(Failure::usage(what).into());
        }
        sources::of_profile(profile, self.profiles)?.ok_or_else(|| {
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

    fn existing(&self, name: &Sourced<String>, named_by: Option<&Profile>) -> Result<Rc<Profile>> {
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
}

#[cfg(test)]
mod tests;
