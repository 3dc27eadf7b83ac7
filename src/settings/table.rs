//! Every setting: where it can be given, in which form, and what it means.
//!
//! The one list of them. Runs settle their values by it, the settings file takes its keys, `stsx
//! settings` shows it, and the README's table is made of that.

use clap::ValueEnum;

use crate::cli::{self, Document};
use crate::credentials::Secret;
use crate::env;
use crate::output::shell::Shell;
use crate::process;

/// A setting, and how its text is read.
pub(super) struct Setting<T> {
    pub(super) words: Words,
    pub(super) parse: fn(&str) -> Result<T, String>,
}

/// What there is to say of a setting.
#[derive(Debug)]
pub(crate) struct Words {
    /// Its key in `[defaults]`, where it can stand there.
    pub(crate) name: &'static str,
    pub(crate) is_key: bool,
    /// The variable that wins over the file.
    pub(crate) variable: &'static str,
    /// AWS's own variables, which stand between the two.
    pub(crate) of_aws: &'static [&'static str],
    pub(crate) form: &'static str,
    /// What counts when nothing is said, where that is one value.
    pub(crate) default: Option<&'static str>,
    /// The value is a secret, or may hold one.
    pub(crate) is_secret: bool,
    pub(crate) meaning: &'static str,
    /// Whether a text is a value of it.
    pub(crate) check: fn(&str) -> Result<(), String>,
}

/// Where credentials are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Storage {
    File,
    Off,
}

/// A setting with its name, its variable, its form and its meaning; what differs from the rest stands behind.
macro_rules! setting {
    ($setting:ident: $type:ty = $parse:path, $name:literal, $variable:path, $form:literal, $meaning:literal
        $(, $field:ident: $value:expr)*) => {
        pub(super) static $setting: Setting<$type> = Setting {
            parse: $parse,
            words: Words {
                check: |text| ($setting.parse)(text).map(drop),
                $($field: $value,)*
                ..Words::new($name, $variable, $form, $meaning)
            },
        };
    };
}

setting!(CACHE: Storage = choice, "cache", env::STSX_CACHE, "file, off",
    "where credentials are kept; `off` is `--no-cache`", default: Some("file"));
setting!(DURATION: u32 = cli::session_duration, "duration", env::STSX_DURATION, "15m to 12h",
    "as `--duration`", default: Some("1h"));
setting!(FORMAT: Document = choice, "format", env::STSX_FORMAT, "json, env, ini, process",
    "the document that `stsx assume` writes, instead of shell code");
setting!(LOCK_TIMEOUT: u32 = cli::any_span, "lock_timeout", env::STSX_LOCK_TIMEOUT, "duration",
    "as `--lock-timeout`", default: Some("60s"));
setting!(MFA_CODE: Secret = cli::mfa_code, "mfa_code", env::STSX_MFA_CODE, "six digits",
    "as `--mfa-code`", is_key: false, is_secret: true);
setting!(MFA_MAX_AGE: u32 = cli::any_span, "mfa_max_age", env::STSX_MFA_MAX_AGE, "duration",
    "as `--mfa-max-age`");
setting!(MFA_PROCESS: Secret = command, "mfa_process", env::STSX_MFA_PROCESS, "command",
    "prints an MFA code", is_secret: true);
setting!(MFA_SESSION_DURATION: u32 = cli::user_session_duration, "mfa_session_duration",
    env::STSX_SESSION_DURATION, "15m to 36h", "as `--session-duration`", default: Some("12h"));
setting!(MIN_TTL: u32 = cli::any_span, "min_ttl", env::STSX_MIN_TTL, "duration", "as `--min-ttl`");
setting!(NETWORK_TIMEOUT: u32 = cli::some_span, "network_timeout", env::STSX_NETWORK_TIMEOUT,
    "duration", "how long all calls of a run may take together",
    default: Some("45s"));
setting!(PROFILE: String = any, "profile", env::STSX_PROFILE, "profile",
    "as `--profile`, for targets that name no source of their own", is_key: false);
setting!(REGION: String = cli::region, "region", env::STSX_REGION, "region", "as `--region`",
    of_aws: &[env::REGION, env::DEFAULT_REGION]);
setting!(SESSION_NAME: String = cli::session_name, "session_name", env::STSX_SESSION_NAME,
    "2 to 64 characters", "as `--session-name`", of_aws: &[env::ROLE_SESSION_NAME]);
setting!(SHELL: Shell = choice, "shell", env::STSX_SHELL, 
    "sh, fish, tcsh, powershell, cmd, nushell, elvish, xonsh",
    "the shell to write for, if it is not the one that runs stsx");

/// All settings, in the order of their names.
pub(crate) static ALL: [&Words; 14] = [
    &CACHE.words,
    &DURATION.words,
    &FORMAT.words,
    &LOCK_TIMEOUT.words,
    &MFA_CODE.words,
    &MFA_MAX_AGE.words,
    &MFA_PROCESS.words,
    &MFA_SESSION_DURATION.words,
    &MIN_TTL.words,
    &NETWORK_TIMEOUT.words,
    &PROFILE.words,
    &REGION.words,
    &SESSION_NAME.words,
    &SHELL.words,
];

/// The keys of `[defaults]`.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    ALL.iter()
        .filter(|words| words.is_key)
        .map(|words| words.name)
}

impl Words {
    const fn new(
        name: &'static str,
        variable: &'static str,
        form: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self {
            name,
            is_key: true,
            variable,
            of_aws: &[],
            form,
            default: None,
            is_secret: false,
            meaning,
            check: |_| Ok(()),
        }
    }
}

/// One of several words.
fn choice<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, true).map_err(|_| {
        let names: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
            .collect();
        format!("`{text}` is not one of {}", names.join(", "))
    })
}

/// A command; it is not shown, since it may hold a secret.
fn command(text: &str) -> Result<Secret, String> {
    let command = Secret::new(text);
    match process::words("it", &command) {
        Ok(_) => Ok(command),
        Err(error) => Err(error.to_string()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "read like all the others")]
fn any(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_once_and_in_order() {
        assert!(ALL.is_sorted_by(|one, next| one.name < next.name));
        assert!(ALL.iter().all(|words| words.variable.starts_with("STSX_")));
    }

    #[test]
    fn defaults_are_values() {
        for words in ALL {
            if let Some(value) = words.default {
                assert_eq!((words.check)(value), Ok(()), "{}", words.name);
            }
        }
    }
}
