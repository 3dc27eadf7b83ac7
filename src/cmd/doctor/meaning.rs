//! What the profiles mean by themselves and beside each other: keys that do nothing, or contradict others.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;

use super::finding::{Finding, Findings};
use super::fix;
use super::pasted;
use super::regions::Regions;
use super::values::{self, Named};

use crate::cmd::configure;
use crate::env::{self, Env};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::Settings;

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

/// Keys that say where a role starts.
const STARTS: [&str; 5] = [
    profiles::SOURCE_PROFILE,
    profiles::CREDENTIAL_SOURCE,
    profiles::WEB_IDENTITY_TOKEN_FILE,
    profiles::WEB_IDENTITY_TOKEN_PROCESS,
    profiles::SAML_ASSERTION_PROCESS,
];

/// All profiles, and what they are planned with.
pub(super) struct Scene<'a> {
    pub(super) all: &'a [Rc<Profile>],
    pub(super) sso_sessions: &'a [Rc<Profile>],
    pub(super) named: &'a Named<'a>,
    /// Whether every line of the files could be read.
    pub(super) is_whole: bool,
    pub(super) profiles: &'a Profiles,
    pub(super) settings: &'a Settings,
    pub(super) env: &'a Env,
    pub(super) paths: &'a [PathBuf; 2],
}

impl Scene<'_> {
    /// Values that cannot be right, whatever the profile is for.
    pub(super) fn values(&self, findings: &mut Findings) {
        let mut regions = Regions::default();
        for section in self.all.iter().chain(self.sso_sessions) {
            if !self.is_elsewhere(section) {
                regions.check(section, findings);
            }
        }
        regions.say(findings);
        for profile in self.all {
            values::check(profile, findings);
            self.named.check(profile, findings);
            pasted::check(profile, !self.is_elsewhere(profile), findings);
        }
    }

    /// Whether the calls of a profile go to another service than AWS, which has regions and keys of its own.
    fn is_elsewhere(&self, profile: &Profile) -> bool {
        let keys = [profiles::ENDPOINT_URL, profiles::SERVICES];
        self.env.value(env::ENDPOINT_URL).is_some()
            || keys.iter().any(|key| profile.text(key).is_some())
    }

    /// Keys that have no effect in their profile, or that other keys of it contradict.
    pub(super) fn idle(&self, findings: &mut Findings) {
        let text =
            |profile: &Rc<Profile>| Some(profile.text(profiles::SOURCE_PROFILE)?.value.clone());
        let sources: BTreeSet<String> = self.all.iter().filter_map(text).collect();
        for profile in self.all {
            let is_source = sources.contains(&profile.name);
            if profile.text(profiles::ROLE_ARN).is_none() {
                self.idle_keys(profile, is_source, findings);
            } else if !is_source {
                findings.extend(self.unused_keys(profile));
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

    /// Keys of a user in the profile of a role that starts elsewhere.
    fn unused_keys(&self, profile: &Profile) -> Option<Finding> {
        const KEYS: [&str; 3] = [
            profiles::ACCESS_KEY_ID,
            profiles::SECRET_ACCESS_KEY,
            profiles::SESSION_TOKEN,
        ];
        // Without any start, these may be what it was to start from.
        STARTS.iter().find(|key| profile.text(key).is_some())?;
        let what = configure::idle_keys(self.profiles, &profile.name).ok()??;
        let id = profile.text(profiles::ACCESS_KEY_ID)?;
        let finding = Finding::note("unused-keys", what)
            .from(&id.origin)
            .why(
                "no profile has that, so these keys are of no use here, and still a secret to keep",
            )
            .fix(fix::removed(self.profiles, profile, &KEYS));
        Some(finding)
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
