//! Variables of the environment that contradict each other, hide what is asked for, or lead nowhere.

use std::path::Path;

use super::finding::{Finding, Findings};
use super::fix;
use super::{regions, values};
use crate::env::{self, Env};
use crate::near::nearest;
use crate::output::shell::Shell;
use crate::plan::connection::proxy::Proxies;
use crate::plan::connection::without_password;
use crate::profiles::{self, Profiles};
use crate::time::Timestamp;

/// Variables that name a file.
const FILES: [&str; 5] = [
    env::CONFIG_FILE,
    env::SHARED_CREDENTIALS_FILE,
    env::CA_BUNDLE,
    env::WEB_IDENTITY_TOKEN_FILE,
    env::CONTAINER_TOKEN_FILE,
];

/// The form that the AWS CLI answers in.
const OUTPUT: &str = "AWS_DEFAULT_OUTPUT";

/// The variables of stsx that a person sets.
const OF_STSX: [&str; 14] = [
    env::STSX_PROFILE,
    env::STSX_REGION,
    env::STSX_DURATION,
    env::STSX_SESSION_NAME,
    env::STSX_MFA_CODE,
    env::STSX_MFA_PROCESS,
    env::STSX_MFA_MAX_AGE,
    env::STSX_SESSION_DURATION,
    env::STSX_MIN_TTL,
    env::STSX_LOCK_TIMEOUT,
    env::STSX_NETWORK_TIMEOUT,
    env::STSX_CACHE,
    env::STSX_SHELL,
    env::STSX_FORMAT,
];

/// The variables, and the shell that would change them.
pub(super) struct Variables<'a> {
    pub(super) env: &'a Env,
    pub(super) shell: Shell,
}

impl Variables<'_> {
    /// Runs all checks. Without `profiles` (they cannot be read) names of profiles are not checked.
    pub(super) fn check(&self, profiles: &Profiles, findings: &mut Findings) {
        self.keys(findings);
        self.marks(findings);
        self.names(profiles, findings);
        self.regions_and_output(findings);
        self.files(findings);
        self.endpoints(findings);
        self.mistyped(findings);
    }

    fn unset(&self, names: &[&str]) -> String {
        fix::unset(self.shell, names)
    }

    fn eval(&self, words: &[&str]) -> String {
        self.shell.eval_line(words)
    }

    fn keys(&self, findings: &mut Findings) {
        let is_set = |name: &str| self.env.value(name).is_some();
        let pair = (is_set(env::ACCESS_KEY_ID), is_set(env::SECRET_ACCESS_KEY));
        let half = match pair {
            (true, false) => Some((env::ACCESS_KEY_ID, env::SECRET_ACCESS_KEY)),
            (false, true) => Some((env::SECRET_ACCESS_KEY, env::ACCESS_KEY_ID)),
            _ => None,
        };
        if let Some((has, lacks)) = half {
            let finding =
                Finding::problem("half-keys", format!("{has} is set, but {lacks} is not"))
                    .variable(has)
                    .why("the AWS CLI and the SDKs stop here, whatever the profiles say")
                    .fix(self.unset(&[has]));
            findings.add(finding);
        }
        let token = [env::SESSION_TOKEN, env::SECURITY_TOKEN]
            .into_iter()
            .find(|name| is_set(name));
        if let (Some(token), (false, false)) = (token, pair) {
            let finding =
                Finding::note("token-without-keys", format!("{token} is set without keys"))
                    .variable(token)
                    .why("it belonged to keys that were replaced, and is of no use without them")
                    .fix(self.unset(&[token]));
            findings.add(finding);
        }
        let profile = [env::PROFILE, env::DEFAULT_PROFILE]
            .into_iter()
            .find(|name| is_set(name));
        if let (Some(profile), (true, true)) = (profile, pair) {
            let what = format!("keys are set in the environment, and {profile} too");
            let finding = Finding::problem("shadowed-profile", what)
                .variable(profile)
                .why("the AWS CLI and stsx take the keys, some SDKs the profile: tools act as different identities")
                .fix(self.unset(&[profile]));
            findings.add(finding);
        }
    }

    /// What an earlier export left.
    fn marks(&self, findings: &mut Findings) {
        let has_keys = self.env.value(env::ACCESS_KEY_ID).is_some();
        let target = self.env.value(env::STSX_TARGET);
        if target.is_some() && (self.env.mark().is_none() || !has_keys) {
            let finding = Finding::note(
                "stale-mark",
                "the keys that stsx exported into this shell are gone or others",
            )
            .variable(env::STSX_TARGET)
            .why("a prompt may show a role that the shell does not have")
            .fix(self.unset(&[env::STSX_TARGET, env::STSX_SOURCE, env::STSX_RESTORE]));
            findings.add(finding);
        }
        let end = self.env.value(env::CREDENTIAL_EXPIRATION);
        let end = end.and_then(|end| end.parse::<Timestamp>().ok());
        let is_over = |end: &Timestamp| end.seconds_since(Timestamp::now()) <= 0;
        let Some(end) = end.filter(is_over).filter(|_| has_keys) else {
            return;
        };
        let fix = match target.filter(|_| self.env.mark().is_some()) {
            Some(target) => self.eval(&["stsx", "assume", target]),
            None => self.unset(&[
                env::ACCESS_KEY_ID,
                env::SECRET_ACCESS_KEY,
                env::SESSION_TOKEN,
                env::CREDENTIAL_EXPIRATION,
            ]),
        };
        let finding = Finding::problem(
            "ended-keys",
            format!("the keys in the environment expired at {end}"),
        )
        .variable(env::CREDENTIAL_EXPIRATION)
        .why("every call with them is refused (ExpiredToken), and they hide the profiles")
        .fix(fix);
        findings.add(finding);
    }

    /// Profiles that variables name must be there.
    fn names(&self, profiles: &Profiles, findings: &mut Findings) {
        for name in [env::PROFILE, env::DEFAULT_PROFILE, env::STSX_PROFILE] {
            let Some(profile) = self.env.value(name) else {
                continue;
            };
            if !matches!(profiles.profile(profile), Ok(None)) {
                continue;
            }
            let near = profiles.near(profile);
            let meant = near.first().map(|near| format!("; `{near}` is"));
            let what = format!(
                "there is no profile `{profile}`{}",
                meant.unwrap_or_default()
            );
            let finding = Finding::problem("no-such-profile", what)
                .variable(name)
                .why("every command that names no other profile stops here")
                .fix(self.unset(&[name]));
            findings.add(finding);
        }
        let both = (
            self.env.value(env::PROFILE),
            self.env.value(env::DEFAULT_PROFILE),
        );
        if let (Some(one), Some(other)) = both
            && one != other
        {
            let what = format!(
                "{} and {} name different profiles",
                env::PROFILE,
                env::DEFAULT_PROFILE
            );
            let finding = Finding::problem("two-profiles", what)
                .variable(env::DEFAULT_PROFILE)
                .why("which of them counts differs between tools")
                .fix(self.unset(&[env::DEFAULT_PROFILE]));
            findings.add(finding);
        }
    }

    fn regions_and_output(&self, findings: &mut Findings) {
        let names = [env::REGION, env::DEFAULT_REGION];
        let [one, other] = names.map(|name| self.env.value(name));
        for (name, region) in names.into_iter().zip([one, other]) {
            if let Some((finding, _)) = region.and_then(regions::judged) {
                findings.add(finding.variable(name).fix(self.unset(&[name])));
            }
        }
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            let what = format!("{} is {one}, and {} is {other}", names[0], names[1]);
            let finding = Finding::problem("two-regions", what)
                .variable(names[1])
                .why("the SDKs and stsx take the one, boto3 and version 1 of the AWS CLI the other")
                .fix(self.unset(&[names[1]]));
            findings.add(finding);
        }
        if let Some((finding, _)) = self.env.value(OUTPUT).and_then(values::output) {
            findings.add(finding.variable(OUTPUT).fix(self.unset(&[OUTPUT])));
        }
    }

    fn files(&self, findings: &mut Findings) {
        for name in FILES {
            let Some(value) = self.env.value(name) else {
                continue;
            };
            if !profiles::expanded(value).exists() {
                let finding =
                    Finding::problem("missing-file", format!("the file is not there: {value}"))
                        .variable(name)
                        .why("what the variable is for does not work")
                        .fix(self.unset(&[name]));
                findings.add(finding);
            } else if name == env::CA_BUNDLE && !has_certificate(Path::new(value)) {
                let finding = Finding::problem(
                    "no-certificates",
                    format!("there is no PEM certificate in {value}"),
                )
                .variable(name)
                .why("no TLS connection can be made")
                .fix(self.unset(&[name]));
                findings.add(finding);
            }
        }
        let has_token = self.env.value(env::WEB_IDENTITY_TOKEN_FILE).is_some();
        if let (true, None) = (has_token, self.env.value(env::ROLE_ARN)) {
            let what = format!(
                "{} is set without {}",
                env::WEB_IDENTITY_TOKEN_FILE,
                env::ROLE_ARN
            );
            let finding = Finding::problem("token-without-role", what)
                .variable(env::WEB_IDENTITY_TOKEN_FILE)
                .why("the token opens a role, and none is named")
                .fix(self.unset(&[env::WEB_IDENTITY_TOKEN_FILE]));
            findings.add(finding);
        }
    }

    /// Where calls go instead of AWS, and through what.
    fn endpoints(&self, findings: &mut Findings) {
        for name in [env::ENDPOINT_URL, env::ENDPOINT_URL_STS] {
            if let Some(url) = self.env.value(name) {
                let what = format!("calls go to {} instead of AWS", without_password(url));
                let finding = Finding::note("endpoint", what)
                    .variable(name)
                    .why("meant for tests and private endpoints; AWS's own credentials do not work elsewhere")
                    .fix(self.unset(&[name]));
                findings.add(finding);
            }
        }
        let proxies = Proxies::settle(self.env);
        for is_plain in [false, true] {
            let Err(error) = proxies.check(is_plain) else {
                continue;
            };
            let text = error.to_string();
            let (name, what) = text.split_once(": ").unwrap_or_default();
            let name = name.trim_start_matches('$');
            let finding = Finding::problem("no-proxy", what)
                .variable(name)
                .why("the call that needs the proxy is refused before it is made")
                .fix(self.unset(&[name]));
            findings.add(finding);
        }
    }

    /// A variable of ours that nobody reads.
    fn mistyped(&self, findings: &mut Findings) {
        let marks = [
            env::STSX_TARGET,
            env::STSX_SOURCE,
            env::STSX_ACCOUNT,
            env::STSX_ROLE,
            env::STSX_RESTORE,
            env::STSX_RUNNING,
        ];
        let ours = self.env.names().filter(|name| name.starts_with("STSX_"));
        for name in ours.filter(|name| !marks.contains(name) && !OF_STSX.contains(name)) {
            if let Some(meant) = nearest(name, OF_STSX) {
                let what = format!("stsx reads no variable of this name, but {meant}");
                let finding = Finding::problem("mistyped-variable", what)
                    .variable(name)
                    .why("it has no effect")
                    .fix(self.unset(&[name]));
                findings.add(finding);
            }
        }
    }
}

fn has_certificate(path: &Path) -> bool {
    let bytes = super::reading::contents(path, 16 << 20, &mut Findings::default());
    bytes
        .is_some_and(|bytes| memchr::memmem::find(&bytes, b"-----BEGIN CERTIFICATE-----").is_some())
}
