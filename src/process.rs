//! Commands that a profile names, for credentials, tokens, assertions and MFA codes.
//!
//! They are split into words as a shell would and run without one, as botocore does: their arguments are what the file
//! says, and nothing is added. Their environment is that of stsx but for a code in it, which was meant for stsx alone.
//! Their stderr is the user's; their stdout is a secret. A command that comes back to what it is asked for is refused
//! instead of being started again and again.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::credentials::{Credentials, Secret};
use crate::env;
use crate::error::{Failure, Kind};
use crate::platform;
use crate::profiles;
use crate::time::Timestamp;

/// The words of a command.
///
/// # Errors
/// It is empty, or its quotes are not balanced. The command itself is not shown: it may hold a
/// secret.
pub(crate) fn words(key: &str, command: &Secret) -> Result<Vec<String>> {
    platform::process_words(command.expose())
        .filter(|words| !words.is_empty())
        .ok_or_else(|| {
            Failure::usage(format!("{key} is empty, or its quotes are not balanced")).into()
        })
}

/// What a command prints; `running` is all that waits for it.
///
/// # Errors
/// It cannot be started, or it fails (which is of the given kind); only its first word is named.
pub(crate) fn output(
    key: &str,
    command: &Secret,
    failed: Kind,
    running: &str,
) -> Result<Zeroizing<String>> {
    let words = words(key, command)?;
    // Whoever wrote `PASSWORD=… tool` expected a shell; the password is not for the screen.
    let name = words[0].split('=').next().unwrap_or_default();
    let mut child = Command::new(&words[0]);
    child
        .args(&words[1..])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .env_remove(env::STSX_MFA_CODE)
        .env(env::STSX_RUNNING, running);
    let output = child
        .output()
        .with_context(|| Failure::usage(format!("{key}: `{name}` cannot be run")))?;
    if !output.status.success() {
        let what = format!("{key}: `{name}` failed ({})", output.status);
        return Err(Failure::new(failed, what).into());
    }
    let bytes = Zeroizing::new(output.stdout);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(failed, format!("{key}: what `{name}` printed is not UTF-8")))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// The document that a `credential_process` prints:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: u32,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expiration: Option<Timestamp>,
    account_id: Option<String>,
}

/// All that waits for a command: what waits for this run already, and `name`, a profile or a device.
pub(crate) fn joined(running: Option<&str>, name: &str) -> String {
    running.map_or_else(|| name.to_owned(), |names| format!("{names}\n{name}"))
}

/// Whether a command for this profile or device waits for this very run.
pub(crate) fn is_running(name: &str, running: Option<&str>) -> bool {
    running.is_some_and(|names| names.split('\n').any(|one| one == name))
}

/// Refuses to run the command of a profile that is `running` already: this very process was started by it.
///
/// # Errors
/// It is running; the way back to it is shown.
pub(crate) fn refuse_recursion(key: &str, profile: &str, running: Option<&str>) -> Result<()> {
    if !is_running(profile, running) {
        return Ok(());
    }
    let all = joined(running, profile);
    let way: Vec<&str> = all.split('\n').collect();
    Err(own_tail(None, key, &way).into())
}

/// The failure of a command that comes back to its own profile.
pub(crate) fn own_tail(place: Option<&str>, key: &str, way: &[&str]) -> Failure {
    let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
    let profile = way.last().copied().unwrap_or_default();
    let what = format!(
        "{place}the {key} of profile `{profile}` starts from that profile again: {}",
        way.join(" → ")
    );
    Failure::usage(what).hint(if key == profiles::CREDENTIAL_PROCESS {
        "name another profile to start from: stsx credential-process TARGET --profile SOURCE"
    } else {
        "let the command ask stsx for another profile, or not ask stsx at all"
    })
}

/// Runs the `credential_process` of a profile; `running` are the profiles that wait for it.
///
/// # Errors
/// It cannot be run, fails, or prints no valid document.
pub(crate) fn credentials(
    profile: &str,
    command: &Secret,
    running: Option<&str>,
    now: Timestamp,
) -> Result<Credentials> {
    let key = format!("the credential_process of profile `{profile}`");
    let text = output(&key, command, Kind::Source, &joined(running, profile))?;
    read(&key, &text, now)
}

/// Reads the document that a `credential_process` has printed; `key` names the command.
///
/// # Errors
/// It is none, or its credentials are of no use. What it says is not shown.
pub(crate) fn read(key: &str, text: &str, now: Timestamp) -> Result<Credentials> {
    let document: Document = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = format!(
            "{key}: what it printed is not a credentials document (line {line}, column {column})"
        );
        Failure::new(Kind::Source, what)
    })?;
    if document.access_key_id.is_empty() || document.secret_access_key.is_empty() {
        let what = format!("{key}: the credentials it printed have empty values");
        return Err(Failure::new(Kind::Source, what).into());
    }
    if document.version != 1 {
        return Err(Failure::new(
            Kind::Source,
            format!("{key}: Version is {}, not 1", document.version),
        )
        .into());
    }
    let credentials = Credentials {
        access_key_id: document.access_key_id,
        secret_access_key: Secret::new(document.secret_access_key.as_str()),
        session_token: document
            .session_token
            .filter(|token| !token.is_empty())
            .map(|token| Secret::new(token.as_str())),
        expires_at: document.expiration,
        account_id: document.account_id,
    };
    if credentials.outlives(now, 0) {
        Ok(credentials)
    } else {
        Err(Failure::new(
            Kind::Source,
            format!("{key}: the credentials it printed have expired"),
        )
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_profile_is_not_run_again() {
        let refuse = |profile, running| refuse_recursion("credential_process", profile, running);
        assert!(refuse("a", None).is_ok());
        assert!(refuse("a", Some("b\nc")).is_ok());
        let error = refuse("b", Some("b\nc")).unwrap_err().to_string();
        assert!(error.ends_with("again: b → c → b"), "{error}");
    }
}
