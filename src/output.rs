//! Credentials as a shell, a program or a file takes them.
//!
//! stdout is sacred: what is written here is the whole answer. Shell code sets the same variables
//! that `exec` gives its command.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::env::{self, Env, Restore};
use crate::error::Failure;
use crate::plan::{Hop, Plan, Source};

mod json;
pub(crate) mod shell;

use shell::{Change, Shell};

/// What to say where standard output takes no more, before what the system says.
pub(crate) const UNWRITTEN: &str = "cannot write the answer";

/// What credentials are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Shell(Shell),
    Json,
    Env,
    Ini,
    Process,
}

/// Changes of environment variables: a value sets, none removes. They hold secrets, so there is no `Debug`.
#[derive(Default)]
pub(crate) struct Changes(Vec<(&'static str, Option<Zeroizing<String>>)>);

impl Changes {
    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.push((name, Some(Zeroizing::new(value.into()))));
    }

    fn remove(&mut self, name: &'static str) {
        self.0.push((name, None));
    }

    fn put(&mut self, name: &'static str, value: Option<String>) {
        self.0.push((name, value.map(Zeroizing::new)));
    }

    /// Every change, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        self.0
            .iter()
            .map(|(name, value)| (*name, value.as_ref().map(|value| value.as_str())))
    }

    /// The code that a shell evaluates: a new secret comes last in it.
    ///
    /// # Errors
    /// The shell cannot express a value.
    pub(crate) fn code(&self, shell: Shell) -> Result<Zeroizing<String>> {
        let mut changes: Vec<Change<'_>> = self
            .iter()
            .map(|(name, value)| Change { name, value })
            .collect();
        // Where a shell refuses a variable before it, the new id has no secret that fits.
        changes
            .sort_by_key(|change| change.name == env::SECRET_ACCESS_KEY && change.value.is_some());
        let code = shell.code(&changes).map_err(|error| {
            Failure::usage(format!(
                "{} cannot be written for this shell: {}",
                error.name, error.reason
            ))
            .hint("use `stsx exec`, or another --shell or --format")
        })?;
        Ok(Zeroizing::new(code))
    }
}

/// What makes an environment the role: `env` is the one that will be changed.
pub(crate) fn export(credentials: &Credentials, plan: &Plan, env: &Env) -> Changes {
    let mut changes = Changes::default();
    let token = || {
        credentials
            .session_token
            .as_ref()
            .map(|token| token.expose().to_owned())
    };
    changes.set(env::ACCESS_KEY_ID, credentials.access_key_id.as_str());
    changes.set(
        env::SECRET_ACCESS_KEY,
        credentials.secret_access_key.expose(),
    );
    changes.put(env::SESSION_TOKEN, token());
    changes.put(env::SECURITY_TOKEN, token());
    changes.put(
        env::CREDENTIAL_EXPIRATION,
        credentials.expires_at.map(|end| end.to_string()),
    );
    let before = env.before();
    let region = plan
        .connection
        .region
        .as_ref()
        .map(|region| region.value.clone());
    match &region {
        Some(region) => {
            changes.set(env::REGION, region.as_str());
            changes.set(env::DEFAULT_REGION, region.as_str());
        }
        None => {
            for name in [env::REGION, env::DEFAULT_REGION] {
                if env.value(name).is_some() {
                    changes.put(name, before.get(name).cloned());
                }
            }
        }
    }
    changes.set(env::STSX_TARGET, plan.target.as_str());
    changes.set(env::STSX_SOURCE, started_from(&plan.source, env));
    let account = plan.account().or(credentials.account_id.as_deref());
    let role = plan.hops.last().and_then(Hop::role);
    for (name, value) in [
        (env::STSX_ACCOUNT, account),
        (env::STSX_ROLE, role.map(|role| role.reference.name())),
    ] {
        match value {
            Some(value) => changes.set(name, value),
            None if env.value(name).is_some() => changes.remove(name),
            None => {}
        }
    }
    let restore = Restore {
        key: credentials.access_key_id.clone(),
        region,
        start: plan.start.clone().or_else(|| chained_start(plan, env)),
        lost: overwritten(env),
        before,
    };
    changes.set(env::STSX_RESTORE, restore.to_string());
    changes.remove(env::PROFILE);
    changes.remove(env::DEFAULT_PROFILE);
    changes
}

/// The keys of the environment that an export overwrites, by the end of their id as the AWS CLI
/// shows it.
pub(crate) fn overwritten(env: &Env) -> Option<String> {
    match env.mark() {
        Some(mark) => mark.lost,
        None => env.value(env::ACCESS_KEY_ID).map(|id| {
            let end = id.char_indices().rev().nth(3).map_or(0, |(index, _)| index);
            format!("****{}", &id[end..])
        }),
    }
}

/// A chain keeps the start of the role that it goes on from.
fn chained_start(plan: &Plan, env: &Env) -> Option<String> {
    match plan.source {
        Source::Environment { .. } => env.mark()?.start,
        _ => None,
    }
}

/// The mark that says where a role was assumed from. A chain keeps where it began.
fn started_from(source: &Source, env: &Env) -> String {
    match (source, source.profile()) {
        (Source::Environment { .. }, _) if env.mark().is_some() => {
            env.value(env::STSX_SOURCE).unwrap_or("default").to_owned()
        }
        (Source::Environment { .. }, _) => "environment".to_owned(),
        (_, Some(profile)) => format!("profile:{profile}"),
        (_, None) => "default".to_owned(),
    }
}

/// What makes an environment again what it was before `export`.
pub(crate) fn undo(env: &Env) -> Changes {
    let mut changes = Changes::default();
    if env.mark().is_none() {
        // Other keys stand there now: they are not ours to remove.
        let marks = env::EXPORTED.iter();
        for name in marks.filter(|name| name.starts_with("STSX_")) {
            changes.remove(name);
        }
        // But these are left over, when the person has replaced or removed the token.
        if env.value(env::SESSION_TOKEN) != env.value(env::SECURITY_TOKEN) {
            changes.remove(env::SECURITY_TOKEN);
            changes.remove(env::CREDENTIAL_EXPIRATION);
        }
        return changes;
    }
    for name in env::EXPORTED {
        changes.remove(name);
    }
    let before: BTreeMap<&str, String> = env.before();
    for name in env::RESTORED {
        match before.get(name) {
            Some(value) => changes.set(name, value.as_str()),
            None => changes.remove(name),
        }
    }
    changes
}

/// Writes credentials.
///
/// # Errors
/// The shell cannot express a value, or the writer fails.
pub(crate) fn write(
    format: Format,
    credentials: &Credentials,
    plan: &Plan,
    env: &Env,
    out: &mut impl Write,
) -> Result<()> {
    let text = match format {
        Format::Shell(shell) => export(credentials, plan, env).code(shell)?,
        Format::Json => json::variables(&export(credentials, plan, env)),
        Format::Process => json::process(credentials),
        Format::Env => dotenv(&export(credentials, plan, env)),
        Format::Ini => ini(credentials, plan)?,
    };
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context(UNWRITTEN)
}

/// `NAME=value` lines without the marks, which mean something to shells only. Values are quoted
/// only where they must be: `docker --env-file` takes quotes as part of the value.
fn dotenv(changes: &Changes) -> Zeroizing<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=.:,@".contains(&byte);
    let mut text = Zeroizing::new(String::new());
    for (name, value) in changes
        .iter()
        .filter(|(name, _)| !name.starts_with("STSX_"))
    {
        let Some(value) = value else { continue };
        text.push_str(name);
        text.push('=');
        if value.bytes().all(plain) {
            text.push_str(value);
        } else {
            text.push('"');
            for char in value.chars() {
                match char {
                    '"' | '\\' | '$' | '`' => text.extend(['\\', char]),
                    '\n' => text.push_str("\\n"),
                    char => text.push(char),
                }
            }
            text.push('"');
        }
        text.push('\n');
    }
    text
}

/// A section for ~/.aws/credentials, named as the target.
fn ini(credentials: &Credentials, plan: &Plan) -> Result<Zeroizing<String>> {
    let target = plan.target.as_str();
    let name = target.rsplit(['/', ':']).next().unwrap_or(target);
    let name = if target.contains(':') { name } else { target };
    let mut lines = vec![
        ("aws_access_key_id", credentials.access_key_id.as_str()),
        (
            "aws_secret_access_key",
            credentials.secret_access_key.expose(),
        ),
    ];
    lines.extend(
        credentials
            .session_token
            .as_ref()
            .map(|token| ("aws_session_token", token.expose())),
    );
    lines.extend(
        plan.connection
            .region
            .as_ref()
            .map(|region| ("region", region.value.as_str())),
    );
    if name.contains(['[', ']', '#', ';', '\n', '\r']) {
        let what = format!("`{target}` cannot name a section of ~/.aws/credentials");
        return Err(Failure::usage(what).into());
    }
    let mut text = Zeroizing::new(format!("[{name}]\n"));
    for (key, value) in lines {
        if !stays_whole(value) {
            return Err(Failure::usage(format!(
                "{key} cannot be written as a section of ~/.aws/credentials"
            ))
            .into());
        }
        for part in [key, " = ", value, "\n"] {
            text.push_str(part);
        }
    }
    Ok(text)
}

/// Whether a value of ~/.aws/credentials is read as it is written: white space around it, line breaks and what begins
/// a comment have no form there.
fn stays_whole(value: &str) -> bool {
    let is_bare = |before: &str| before.is_empty() || before.ends_with(char::is_whitespace);
    value.trim_matches([' ', '\t']) == value
        && !value.contains(['\n', '\r'])
        && !value
            .match_indices(['#', ';'])
            .any(|(at, _)| is_bare(&value[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_what_they_can_say() {
        for value in ["", "a/b+c==", "a b", "a#b;c", "a\u{a0}"] {
            assert!(stays_whole(value), "{value:?}");
        }
        for value in [" a", "a\t", "a\nb", "a\r", "#a", "a ;b", "a\u{a0}# b"] {
            assert!(!stays_whole(value), "{value:?}");
        }
    }
}
