//! What the profiles mean together: every one is planned as a run would plan it, and keys are held
//! against each other. The rules are those of `plan`; here they get the command that mends them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;

use super::finding::{Finding, Findings, Place};
use super::fix;
use crate::env::Env;
use crate::error::Failure;
use crate::plan::{Plan, RoleArn, resolve, rules};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::{Origin, Settings};

/// What a loop of sources is told with, before its profiles.
const LOOP: &str = "form a loop: ";
/// So many profiles may be wrong before the others are not planned: each costs a search for near names.
const MOST_WRONG: usize = 30;

/// Keys that say how a role is assumed, and nothing without one.
const OF_ROLES: [&str; 11] = [
    profiles::SOURCE_PROFILE,
    profiles::CREDENTIAL_SOURCE,
    profiles::ROLE_SESSION_NAME,
    profiles::EXTERNAL_ID,
    profiles::DURATION_SECONDS,
    profiles::SOURCE_IDENTITY,
    profiles::POLICY,
    profiles::POLICY_ARNS,
    profiles::SESSION_TAGS,
    profiles::TRANSITIVE_SESSION_TAGS,
    profiles::SAML_PROVIDER_ARN,
];

/// All profiles, and what they are planned with.
pub(super) struct Scene<'a> {
    pub(super) all: &'a [Rc<Profile>],
    pub(super) profiles: &'a Profiles,
    pub(super) settings: &'a Settings,
    pub(super) env: &'a Env,
    pub(super) paths: &'a [PathBuf; 2],
}

impl Scene<'_> {
    /// Plans every profile; `each` gets the plans.
    pub(super) fn plan(&self, findings: &mut Findings, mut each: impl FnMut(Plan)) {
        let mut wrong = 0;
        let mut loops = BTreeSet::new();
        for (done, profile) in self.all.iter().enumerate() {
            if !rules::leads_somewhere(profile) {
                continue;
            }
            let plan = resolve::of_profile(&profile.name, self.settings, self.profiles, self.env);
            match plan {
                Ok(plan) => each(plan),
                Err(error) => {
                    wrong += 1;
                    // A loop is one, wherever it is entered.
                    if looped(&error).is_none_or(|names| loops.insert(names)) {
                        findings.add(self.refused(profile, &error));
                    }
                }
            }
            if wrong == MOST_WRONG {
                let left = self.all.len() - done - 1;
                let what =
                    format!("{MOST_WRONG} profiles are wrong; {left} others were not looked at");
                let finding = Finding::note("unplanned", what)
                    .of(&self.paths[0])
                    .why("what is wrong with them, if anything, shows when these are fixed")
                    .fix("stsx list");
                findings.add(finding);
                return;
            }
        }
    }

    /// What a rule said of a profile: the place stands at its start.
    fn refused(&self, profile: &Profile, error: &anyhow::Error) -> Finding {
        let text = format!("{error:#}");
        let (place, what) = self.placed(&text);
        let hint = error
            .downcast_ref::<Failure>()
            .and_then(|failure| failure.hint.clone());
        let why =
            hint.unwrap_or_else(|| "no command can use the profile until this is fixed".to_owned());
        let place = match place {
            Place::Nowhere => match profile.place.place() {
                Some((path, line)) => Place::File(path.to_owned(), Some(line)),
                None => Place::Nowhere,
            },
            place => place,
        };
        let source = profile.text(profiles::CREDENTIAL_SOURCE);
        // Such a profile is made for a machine that has one of these; on another it rests.
        let is_elsewhere = source.is_some_and(|source| {
            ["Environment", "EcsContainer"].contains(&source.value.as_str())
                && text.starts_with(&format!("{}: credential_source is ", source.origin))
        });
        let mut finding = if is_elsewhere {
            Finding::note("absent-source", what)
        } else {
            Finding::problem("profile", what)
        };
        finding.fix = self.mended(&place);
        finding.place = place;
        finding.why(why)
    }

    fn placed<'t>(&self, text: &'t str) -> (Place, &'t str) {
        for path in self.paths {
            let rest = text.strip_prefix(&*path.to_string_lossy());
            let rest = rest.and_then(|rest| rest.strip_prefix(':')?.split_once(": "));
            if let Some((line, what)) = rest
                && let Ok(line) = line.parse()
            {
                return (Place::File(path.clone(), Some(line)), what);
            }
        }
        match text
            .strip_prefix('$')
            .and_then(|rest| rest.split_once(": "))
        {
            Some((name, what)) => (Place::Variable(name.to_owned()), what),
            None => (Place::Nowhere, text),
        }
    }

    /// The command that mends what stands in a place.
    fn mended(&self, place: &Place) -> Option<String> {
        let Place::File(path, Some(line)) = place else {
            return None;
        };
        let stands_there = |origin: &Origin| origin.place() == Some((path.as_path(), *line));
        let found = self.all.iter().find_map(|profile| {
            let mut settings = profile.settings.iter();
            let (key, value) = settings.find(|(_, value)| stands_there(&value.origin))?;
            Some((profile, key.as_str(), &value.value))
        });
        let name = |profile: &Profile| profile.name.clone();
        Some(match found {
            Some((profile, profiles::CREDENTIAL_SOURCE, _))
                if profile.text(profiles::SOURCE_PROFILE).is_some() =>
            {
                fix::removed(self.profiles, profile, &[profiles::CREDENTIAL_SOURCE])
            }
            // It goes over several lines, which is told of on its own.
            Some((_, _, value)) if value.contains('\n') => fix::open_at(path, *line),
            Some((profile, profiles::SOURCE_PROFILE, source)) => {
                let near = self.profiles.near(source);
                let other = near
                    .iter()
                    .find(|near| *near != source && **near != profile.name);
                let other = other.map_or("NAME", String::as_str);
                fix::configure(&name(profile), &["--source-profile", other, "--force"])
            }
            Some((profile, profiles::ROLE_ARN, _)) if has_no_start(profile) => {
                fix::configure(&name(profile), &["--source-profile", "NAME", "--force"])
            }
            Some((profile, profiles::CREDENTIAL_PROCESS, _)) => {
                fix::removed(self.profiles, profile, &[profiles::CREDENTIAL_PROCESS])
            }
            _ => fix::open_at(path, *line),
        })
    }

    /// Keys that have no effect in their profile, or that other keys of it contradict.
    pub(super) fn idle(&self, findings: &mut Findings) {
        let text =
            |profile: &Rc<Profile>| Some(profile.text(profiles::SOURCE_PROFILE)?.value.clone());
        let sources: BTreeSet<String> = self.all.iter().filter_map(text).collect();
        for profile in self.all {
            if profile.text(profiles::ROLE_ARN).is_none() {
                let is_source = sources.contains(&profile.name);
                self.idle_keys(profile, is_source, findings);
            }
            self.two_logins(profile, findings);
            self.two_sources(profile, findings);
        }
    }

    /// Keys of a profile without a role that say something about one.
    fn idle_keys(&self, profile: &Profile, is_source: bool, findings: &mut Findings) {
        let is_user = is_source
            || profile.text(profiles::ACCESS_KEY_ID).is_some()
            || profile.text(profiles::CREDENTIAL_PROCESS).is_some();
        let serial = (!is_user).then_some(profiles::MFA_SERIAL);
        for key in OF_ROLES.into_iter().chain(serial) {
            let Some(entry) = profile.text(key) else {
                continue;
            };
            let what = format!(
                "{key} does nothing here: profile `{}` has no role_arn",
                profile.name
            );
            let finding = Finding::problem("idle-key", what)
                .from(&entry.origin)
                .why(match key {
                    profiles::MFA_SERIAL => {
                        "a device belongs to a profile with a role, or to one with the keys of a user"
                    }
                    _ => "it says how a role is assumed, and there is none",
                })
                .fix(fix::removed(self.profiles, profile, &[key]));
            findings.add(finding);
        }
    }

    /// A profile that has credentials of several kinds: which ones count differs between tools.
    fn two_sources(&self, profile: &Profile, findings: &mut Findings) {
        let kinds = [
            profiles::ACCESS_KEY_ID,
            profiles::CREDENTIAL_PROCESS,
            profiles::SSO_ROLE_NAME,
            profiles::LOGIN_SESSION,
        ];
        let there: Vec<&str> = kinds
            .into_iter()
            .filter(|key| profile.text(key).is_some())
            .collect();
        if let [_, .., last] = there.as_slice() {
            let what = format!(
                "profile `{}` has credentials of several kinds: {}",
                profile.name,
                there.join(", ")
            );
            let entry = profile.text(last).expect("it was found above");
            let finding = Finding::note("two-sources", what)
                .from(&entry.origin)
                .why(
                    "which of them counts differs between the AWS CLI, the SDKs and their versions",
                )
                .fix(fix::removed(self.profiles, profile, &[last]));
            findings.add(finding);
        }
    }

    /// What SSO is told in the profile and in the session must agree, for the AWS CLI.
    fn two_logins(&self, profile: &Profile, findings: &mut Findings) {
        let session = profile.text(profiles::SSO_SESSION);
        let session = session.and_then(|name| self.profiles.sso_session(&name.value).ok()?);
        let Some(session) = session else { return };
        for key in [profiles::SSO_REGION, profiles::SSO_START_URL] {
            let (Some(own), Some(its)) = (profile.text(key), session.text(key)) else {
                continue;
            };
            if own.value != its.value {
                let what = format!("{key} differs from that of [sso-session {}]", session.name);
                let finding = Finding::problem("two-logins", what)
                    .from(&own.origin)
                    .why(format!(
                        "the AWS CLI and boto3 refuse the profile; stsx takes that of {}",
                        its.origin
                    ))
                    .fix(fix::removed(self.profiles, profile, &[key]));
                findings.add(finding);
            }
        }
    }
}

/// The profiles of a loop, if it is one.
fn looped(error: &anyhow::Error) -> Option<BTreeSet<String>> {
    let text = error.to_string();
    let (_, names) = text.split_once(LOOP)?;
    Some(names.split(" → ").map(str::to_owned).collect())
}

fn has_no_start(profile: &Profile) -> bool {
    let is_role = profile.parsed(profiles::ROLE_ARN, RoleArn::parse).is_ok();
    let keys = [profiles::SOURCE_PROFILE, profiles::CREDENTIAL_SOURCE];
    is_role && keys.iter().all(|key| profile.text(key).is_none())
}
