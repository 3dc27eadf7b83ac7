//! The process environment, read once.
//!
//! The only reader of environment variables, with their names as constants. An empty value counts
//! as absent, as for the AWS CLI. What an earlier `stsx assume` exported is marked; `original`
//! gives the environment as it was before that, so that roles do not pile up unasked.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

mod restore;

pub(crate) use restore::Restore;

pub(crate) const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
pub(crate) const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
pub(crate) const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
pub(crate) const SECURITY_TOKEN: &str = "AWS_SECURITY_TOKEN";
pub(crate) const CREDENTIAL_EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";
pub(crate) const PROFILE: &str = "AWS_PROFILE";
pub(crate) const DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
pub(crate) const REGION: &str = "AWS_REGION";
pub(crate) const DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
pub(crate) const ROLE_SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";
pub(crate) const ROLE_ARN: &str = "AWS_ROLE_ARN";
pub(crate) const WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
pub(crate) const CONTAINER_RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
pub(crate) const CONTAINER_FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
pub(crate) const CONTAINER_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
pub(crate) const CONTAINER_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
pub(crate) const EC2_METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
pub(crate) const EC2_METADATA_ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
pub(crate) const EC2_METADATA_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
pub(crate) const METADATA_TIMEOUT: &str = "AWS_METADATA_SERVICE_TIMEOUT";
pub(crate) const METADATA_ATTEMPTS: &str = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";
pub(crate) const CONFIG_FILE: &str = "AWS_CONFIG_FILE";
pub(crate) const SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
pub(crate) const CA_BUNDLE: &str = "AWS_CA_BUNDLE";
pub(crate) const MAX_ATTEMPTS: &str = "AWS_MAX_ATTEMPTS";
pub(crate) const ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
pub(crate) const ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
pub(crate) const ENDPOINT_URL_IAM: &str = "AWS_ENDPOINT_URL_IAM";
pub(crate) const ENDPOINT_URL_SSO: &str = "AWS_ENDPOINT_URL_SSO";
pub(crate) const ENDPOINT_URL_SSO_OIDC: &str = "AWS_ENDPOINT_URL_SSO_OIDC";
pub(crate) const ENDPOINT_URL_SIGNIN: &str = "AWS_ENDPOINT_URL_SIGNIN";
pub(crate) const IGNORE_ENDPOINT_URLS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
pub(crate) const STS_REGIONAL_ENDPOINTS: &str = "AWS_STS_REGIONAL_ENDPOINTS";
pub(crate) const USE_FIPS_ENDPOINT: &str = "AWS_USE_FIPS_ENDPOINT";
pub(crate) const USE_DUALSTACK_ENDPOINT: &str = "AWS_USE_DUALSTACK_ENDPOINT";

/// What the terminal understands; `dumb` is next to nothing.
pub(crate) const TERM: &str = "TERM";

/// Where proxies may be named; the first one counts.
pub(crate) const HTTPS_PROXIES: [&str; 4] =
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
pub(crate) const HTTP_PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const NO_PROXIES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// No colours, whatever its value: <https://no-color.org>
pub(crate) const NO_COLOR: &str = "NO_COLOR";

pub(crate) const STSX_PROFILE: &str = "STSX_PROFILE";
pub(crate) const STSX_REGION: &str = "STSX_REGION";
pub(crate) const STSX_DURATION: &str = "STSX_DURATION";
pub(crate) const STSX_SESSION_NAME: &str = "STSX_SESSION_NAME";
pub(crate) const STSX_MFA_CODE: &str = "STSX_MFA_CODE";
pub(crate) const STSX_MFA_PROCESS: &str = "STSX_MFA_PROCESS";
pub(crate) const STSX_MFA_MAX_AGE: &str = "STSX_MFA_MAX_AGE";
pub(crate) const STSX_SESSION_DURATION: &str = "STSX_SESSION_DURATION";
pub(crate) const STSX_MIN_TTL: &str = "STSX_MIN_TTL";
pub(crate) const STSX_LOCK_TIMEOUT: &str = "STSX_LOCK_TIMEOUT";
pub(crate) const STSX_NETWORK_TIMEOUT: &str = "STSX_NETWORK_TIMEOUT";
pub(crate) const STSX_CACHE: &str = "STSX_CACHE";
pub(crate) const STSX_SHELL: &str = "STSX_SHELL";
pub(crate) const STSX_FORMAT: &str = "STSX_FORMAT";

/// Mark: the target that the exported credentials belong to.
pub(crate) const STSX_TARGET: &str = "STSX_TARGET";
/// Mark: where the exported role was assumed from (`profile:NAME`, `environment`, `default`).
pub(crate) const STSX_SOURCE: &str = "STSX_SOURCE";
/// For people and prompts: the account and the role (name without path) that the credentials belong to.
pub(crate) const STSX_ACCOUNT: &str = "STSX_ACCOUNT";
pub(crate) const STSX_ROLE: &str = "STSX_ROLE";
/// Mark: what `unset` and the next `assume` need to undo the export ([`Restore`]).
pub(crate) const STSX_RESTORE: &str = "STSX_RESTORE";
/// Names the profiles and devices whose commands are running, against recursion.
pub(crate) const STSX_RUNNING: &str = "STSX_RUNNING";

/// The variables of this process, without the empty ones. Some are secrets, so there is no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Env {
    variables: BTreeMap<String, String>,
    /// Only in an `original`: the profile that was named as the source of the exported role.
    started_from: Option<String>,
}

/// What an export sets besides the variables of `RESTORED`, and `unset` removes.
pub(crate) const EXPORTED: [&str; 10] = [
    ACCESS_KEY_ID,
    SECRET_ACCESS_KEY,
    SESSION_TOKEN,
    SECURITY_TOKEN,
    CREDENTIAL_EXPIRATION,
    STSX_TARGET,
    STSX_SOURCE,
    STSX_ACCOUNT,
    STSX_ROLE,
    STSX_RESTORE,
];

/// What an export replaces and `unset` brings back.
pub(crate) const RESTORED: [&str; 4] = [PROFILE, DEFAULT_PROFILE, REGION, DEFAULT_REGION];

impl Env {
    /// Reads the environment of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one lawful reader of the environment"
    )]
    pub(crate) fn read() -> Self {
        let known = |name: &str| {
            name.starts_with("AWS_")
                || name.starts_with("STSX_")
                || matches!(name, "SHELL" | "USER" | "LOGNAME" | "USERNAME")
                || HTTPS_PROXIES.contains(&name)
                || HTTP_PROXIES.contains(&name)
        };
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                known(&name).then(|| (name, value.to_string_lossy().into_owned()))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self {
            variables,
            started_from: None,
        }
    }

    /// What the environment says of proxies, which the SDK reads by itself.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one lawful reader of the environment"
    )]
    pub(crate) fn proxies() -> Vec<Option<OsString>> {
        let names = [&HTTPS_PROXIES[..], &HTTP_PROXIES, &NO_PROXIES].concat();
        names.into_iter().map(std::env::var_os).collect()
    }

    /// What the environment says of the terminal, where it is not empty. Asked for only by what a terminal shows.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one lawful reader of the environment"
    )]
    pub(crate) fn of_terminal(name: &str) -> Option<String> {
        let value = std::env::var_os(name)?.to_string_lossy().into_owned();
        (!value.is_empty()).then_some(value)
    }

    /// The directories that programs are looked for in. Rarely asked for, so not kept with the variables of every run.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one lawful reader of the environment"
    )]
    pub(crate) fn path() -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).collect()
    }

    /// The names of all variables that are set and not empty.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Whether a variable says `true`, in any case.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.value(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The name of the person at this machine, as the system knows it.
    pub(crate) fn user(&self) -> Option<&str> {
        ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| self.value(name))
    }

    /// The mark of an earlier export, unless other keys than the exported ones stand there now.
    pub(crate) fn mark(&self) -> Option<Restore> {
        self.value(STSX_TARGET)?;
        let restore = Restore::parse(self.value(STSX_RESTORE)?)?;
        self.value(ACCESS_KEY_ID)
            .is_none_or(|key| key == restore.key)
            .then_some(restore)
    }

    /// The keys that stood in the environment before an earlier export: their secret is gone.
    pub(crate) fn lost_keys(&self) -> Option<String> {
        self.mark()?.lost
    }

    /// The profile that was named as the source of an exported role; only an `original` knows it.
    pub(crate) fn started_from(&self) -> Option<&str> {
        self.started_from.as_deref()
    }

    /// The replaced variables as they were before an earlier export; what a person has set since
    /// then counts as theirs.
    pub(crate) fn before(&self) -> BTreeMap<&'static str, String> {
        let mark = self.mark();
        RESTORED
            .into_iter()
            .filter_map(|name| {
                let is_region = name == REGION || name == DEFAULT_REGION;
                let exported =
                    |restore: &Restore| is_region && self.value(name) == restore.region.as_deref();
                let own = self
                    .value(name)
                    .filter(|_| !mark.as_ref().is_some_and(exported));
                let saved = || mark.as_ref()?.before.get(name).map(String::as_str);
                Some((name, own.or_else(saved)?.to_owned()))
            })
            .collect()
    }

    /// The environment to go on from with the role that it has: its keys, but not the region that
    /// came with them.
    pub(crate) fn chained(&self) -> Self {
        let mut chained = self.clone();
        let before = self.before();
        for name in [REGION, DEFAULT_REGION] {
            match before.get(name) {
                Some(value) => chained.variables.insert(name.to_owned(), value.clone()),
                None => chained.variables.remove(name),
            };
        }
        chained
    }

    /// The environment as it was before an earlier export. Where that identity is gone, the
    /// environment as it is: then roles chain.
    pub(crate) fn original(&self) -> Self {
        let Some(mark) = self.mark().filter(|mark| mark.lost.is_none()) else {
            return self.chained();
        };
        let mut variables = self.variables.clone();
        for name in EXPORTED.iter().chain(&RESTORED) {
            variables.remove(*name);
        }
        variables.extend(
            self.before()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        let is_chosen = [PROFILE, DEFAULT_PROFILE]
            .iter()
            .any(|name| self.value(name).is_some());
        let started_from = mark.start.filter(|_| !is_chosen);
        Self {
            variables,
            started_from,
        }
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Env {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            variables,
            started_from: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_lies_behind_a_valid_mark() {
        let restore = "key=ASIA1,region=eu-west-1,AWS_PROFILE=d_2cev,AWS_REGION=us-west-2";
        let marked: Env = [
            (ACCESS_KEY_ID, "ASIA1"),
            (SECRET_ACCESS_KEY, "s"),
            (REGION, "eu-west-1"),
            (DEFAULT_REGION, "eu-west-1"),
            (STSX_TARGET, "prod"),
            (STSX_RESTORE, restore),
        ]
        .into_iter()
        .collect();
        let original = marked.original();
        assert_eq!(original.value(ACCESS_KEY_ID), None);
        assert_eq!(original.value(PROFILE), Some("d,ev"));
        assert_eq!(original.value(REGION), Some("us-west-2"));
        assert_eq!(original.value(DEFAULT_REGION), None);
    }

    #[test]
    fn what_the_person_changed_since_stays() {
        let restore = "key=ASIA1,region=eu-west-1,AWS_PROFILE=dev";
        let pairs = [
            (ACCESS_KEY_ID, "ASIA1"),
            (REGION, "ap-south-1"),
            (PROFILE, "mine"),
            (STSX_TARGET, "prod"),
            (STSX_RESTORE, restore),
        ];
        let original = pairs.into_iter().collect::<Env>().original();
        assert_eq!(original.value(PROFILE), Some("mine"));
        assert_eq!(original.value(REGION), Some("ap-south-1"));
        let other_keys: Env = pairs
            .into_iter()
            .chain([(ACCESS_KEY_ID, "AKIA2")])
            .collect();
        assert!(other_keys.mark().is_none());
        assert_eq!(other_keys.original().value(ACCESS_KEY_ID), Some("AKIA2"));
    }
}
