//! What other tools left behind, and what a profile names that is not there: ended sessions, keys that do
//! not belong together, commands and files that are missing.

use std::path::Path;

use super::finding::{Finding, Findings};
use super::fix;
use super::own;
use super::reading::ProfileFile;
use super::sections::Written;
use crate::mfa;
use crate::platform::{self, command_line};
use crate::profiles::{self, Profile, Profiles};
use crate::settings::Sourced;
use crate::time::Timestamp;

/// Keys that tools write the end of a session into (saml2aws, aws-mfa, and their kin).
const ENDS: [&str; 5] = [
    "x_security_token_expires",
    "aws_expiration",
    "expiration",
    "aws_session_expiration",
    "aws_credential_expiration",
];

/// Keys that name a command.
const COMMANDS: [&str; 4] = [
    profiles::CREDENTIAL_PROCESS,
    profiles::MFA_PROCESS,
    profiles::WEB_IDENTITY_TOKEN_PROCESS,
    profiles::SAML_ASSERTION_PROCESS,
];

/// Keys that name a file.
const FILES: [&str; 2] = [profiles::WEB_IDENTITY_TOKEN_FILE, profiles::CA_BUNDLE];

/// Checks one profile; `files` are those it stands in.
pub(super) fn check(
    profile: &Profile,
    all: &Profiles,
    files: &[(&ProfileFile, &[Written<'_>])],
    findings: &mut Findings,
) {
    findings.extend(ended(profile, files));
    findings.extend(mismatched(profile, all));
    findings.extend(empty(profile, all));
    findings.extend(device(profile));
    for key in COMMANDS {
        findings.extend(
            profile
                .text(key)
                .and_then(|entry| command(profile, all, key, entry)),
        );
    }
    for key in FILES {
        findings.extend(
            profile
                .text(key)
                .and_then(|entry| file(profile, all, key, entry)),
        );
    }
    if let Some(entry) = profile.text("aws_saml_url") {
        let finding = Finding::note(
            "retired-tool",
            format!("profile `{}` was made for aws-okta", profile.name),
        )
        .from(&entry.origin)
        .why("aws-okta is no longer maintained, and nobody else reads this")
        .fix(fix::removed(all, profile, &["aws_saml_url"]));
        findings.add(finding);
    }
}

/// A session whose end a tool has written down, and which is over.
fn ended(profile: &Profile, files: &[(&ProfileFile, &[Written<'_>])]) -> Option<Finding> {
    let token = profile.text(profiles::SESSION_TOKEN)?;
    let end = ENDS.iter().find_map(|key| profile.text(key))?;
    let time = moment(&end.value)?;
    if time.seconds_since(Timestamp::now()) > 0 {
        return None;
    }
    let is_saml = profile.text("x_security_token_expires").is_some();
    let fix = if is_saml && own::is_installed("saml2aws") {
        command_line(&["saml2aws", "login", "--profile", &profile.name])
    } else {
        removed(token, files)?
    };
    let what = format!(
        "the session in profile `{}` expired at {time}",
        profile.name
    );
    let finding = Finding::problem("ended-session", what)
        .from(&token.origin)
        .why("every call with it is refused (ExpiredToken), and it hides other sources of the profile")
        .fix(fix);
    Some(finding)
}

/// Removes the section that a value stands in.
fn removed(value: &Sourced<String>, files: &[(&ProfileFile, &[Written<'_>])]) -> Option<String> {
    let (path, line) = value.origin.place()?;
    let (file, sections) = files.iter().find(|(file, _)| file.path == path)?;
    let holds = |section: &&Written<'_>| section.line <= line && line <= section.last;
    let section = sections.iter().find(holds)?;
    Some(fix::sed(
        &file.path,
        &format!("{},{}d", section.line, section.last),
    ))
}

/// A point in time as tools write it: RFC 3339, or the same with a space, in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let text = text.strip_suffix("UTC").unwrap_or(&text);
    let in_utc = || format!("{text}Z").parse().ok();
    text.parse().ok().or_else(in_utc)
}

/// Keys of a session without its token, and keys of a user with one:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes>
fn mismatched(profile: &Profile, all: &Profiles) -> Option<Finding> {
    let id = profile.text(profiles::ACCESS_KEY_ID)?;
    let token = profile.text(profiles::SESSION_TOKEN);
    let name = &profile.name;
    let (what, fix) = match token {
        None if id.value.starts_with("ASIA") => (
            format!("profile `{name}` has the keys of a session, but no aws_session_token"),
            fix::removed(
                all,
                profile,
                &[profiles::ACCESS_KEY_ID, profiles::SECRET_ACCESS_KEY],
            ),
        ),
        Some(_) if id.value.starts_with("AKIA") => (
            format!("profile `{name}` has an aws_session_token beside the keys of a user"),
            fix::removed(all, profile, &[profiles::SESSION_TOKEN]),
        ),
        _ => return None,
    };
    let finding = Finding::problem("mismatched-keys", what)
        .from(&id.origin)
        .why("AWS refuses every call with them (InvalidClientTokenId)")
        .fix(fix);
    Some(finding)
}

/// Keys without a value, as a script leaves them that had nothing to write.
fn empty(profile: &Profile, all: &Profiles) -> Option<Finding> {
    const KEYS: [&str; 2] = [profiles::ACCESS_KEY_ID, profiles::SECRET_ACCESS_KEY];
    let (key, origin) = KEYS.into_iter().find_map(|key| {
        let entry = profile.settings.get(key)?;
        entry.value.is_empty().then_some((key, &entry.origin))
    })?;
    let what = format!("profile `{}` has {key} without a value", profile.name);
    let finding = Finding::problem("empty-key", what)
        .from(origin)
        .why("stsx goes on as if it were not there; other tools stop here, or sign with it")
        .fix(fix::removed(all, profile, &KEYS));
    Some(finding)
}

/// An MFA device whose codes STS does not take.
fn device(profile: &Profile) -> Option<Finding> {
    let serial = profile.text(profiles::MFA_SERIAL)?;
    let (what, why) = if mfa::is_security_key(&serial.value) {
        (
            "mfa_serial is a security key, which STS cannot use",
            "the role is denied until the user has a virtual MFA device (TOTP), and it is named here",
        )
    } else if serial.value.starts_with("arn:") && !serial.value.contains(":mfa/") {
        (
            "mfa_serial is not the ARN of an MFA device",
            "AWS refuses every code; the ARN is written arn:aws:iam::ACCOUNT:mfa/NAME",
        )
    } else {
        return None;
    };
    let finding = Finding::problem("wrong-device", what)
        .from(&serial.origin)
        .why(why)
        .fix(fix::configure(
            &profile.name,
            &["--mfa-serial", "SERIAL", "--force"],
        ));
    Some(finding)
}

/// A command that is not there, or that needs a shell.
fn command(
    profile: &Profile,
    all: &Profiles,
    key: &str,
    entry: &Sourced<String>,
) -> Option<Finding> {
    let words = platform::process_words(&entry.value)?;
    // Whoever wrote `PASSWORD=… tool` expected a shell; the password is not for the screen.
    let program = words.first()?.split('=').next().unwrap_or_default();
    let what = if program.starts_with('~') || program.contains('$') {
        format!("the command of {key} starts with {program}, which no shell expands here")
    } else if words[0].contains('=') && !Path::new(&words[0]).exists() {
        format!("the command of {key} sets {program}, which only a shell could do")
    } else if own::is_installed(program) {
        return None;
    } else {
        format!("the command of {key}, {program}, is not there")
    };
    let finding = Finding::problem("missing-program", what)
        .from(&entry.origin)
        .why(format!("profile `{}` gets nothing from it", profile.name))
        .fix(fix::removed(all, profile, &[key]));
    Some(finding)
}

/// A file that is not there.
fn file(profile: &Profile, all: &Profiles, key: &str, entry: &Sourced<String>) -> Option<Finding> {
    if Path::new(&entry.value).exists() {
        return None;
    }
    let what = format!("the file of {key} is not there: {}", entry.value);
    let finding = Finding::problem("missing-file", what)
        .from(&entry.origin)
        .why(format!(
            "profile `{}` does not work without it",
            profile.name
        ))
        .fix(fix::removed(all, profile, &[key]));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read_as_tools_write_them() {
        let end = Timestamp::from_seconds(1_700_000_000);
        for text in [
            "2023-11-14T22:13:20Z",
            "2023-11-14T23:13:20+01:00",
            "2023-11-14 22:13:20",
            "2023-11-14T22:13:20UTC",
        ] {
            assert_eq!(moment(text), Some(end), "{text}");
        }
        assert_eq!(moment("soon"), None);
    }
}
