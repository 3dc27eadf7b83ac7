//! The forms of values: what a duration, a name, a serial number or an account id looks like.
//!
//! The same for flags, variables, profiles and the settings file; each error says what is allowed.

use std::collections::BTreeMap;

use crate::credentials::Secret;
use crate::error::printable;
use crate::plan::{MAX_DURATION, MAX_USER_SESSION, MIN_DURATION, RoleArn};
use crate::platform;
use crate::profiles::parse::{NAME_RULE, is_identifier, is_name};
use crate::time;

/// DurationSeconds: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(crate) fn session_duration(text: &str) -> Result<u32, String> {
    let seconds = any_span(text)?;
    if (MIN_DURATION..=MAX_DURATION).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(format!(
            "`{text}` is out of range: STS takes 15m (900) to 12h (43200)"
        ))
    }
}

/// DurationSeconds of the sessions of IAM users and federated users:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>
pub(crate) fn user_session_duration(text: &str) -> Result<u32, String> {
    let seconds = any_span(text)?;
    if (MIN_DURATION..=MAX_USER_SESSION).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(format!(
            "`{text}` is out of range: STS takes 15m (900) to 36h (129600)"
        ))
    }
}

/// A span without bounds.
pub(crate) fn any_span(text: &str) -> Result<u32, String> {
    time::span_seconds(text).map_err(|error| error.to_string())
}

/// A span of a second at least.
pub(crate) fn some_span(text: &str) -> Result<u32, String> {
    match any_span(text)? {
        0 => Err("it is a second at least".to_owned()),
        seconds => Ok(seconds),
    }
}

/// `RoleSessionName`: 2 to 64 of `[\w+=,.@-]`.
pub(crate) fn session_name(text: &str) -> Result<String, String> {
    if (2..=64).contains(&text.len()) && text.bytes().all(is_session_name_byte) {
        Ok(text.to_owned())
    } else {
        Err("a session name has 2 to 64 letters, digits or any of _+=,.@-".to_owned())
    }
}

/// `Name` of `GetFederationToken`: 2 to 32 of `[\w+=,.@-]`.
pub(crate) fn federated_name(text: &str) -> Result<String, String> {
    match session_name(text) {
        Ok(name) if name.len() <= 32 => Ok(name),
        _ => {
            Err("a federated user's name has 2 to 32 letters, digits or any of _+=,.@-".to_owned())
        }
    }
}

/// Whether STS takes this byte in a session name.
pub(crate) fn is_session_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

/// `ExternalId`: 2 to 1224 of `[\w+=,.@:/-]`.
pub(crate) fn external_id(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| is_session_name_byte(byte) || byte == b':' || byte == b'/';
    if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("an external id has 2 to 1224 letters, digits or any of _+=,.@:/-".to_owned())
    }
}

/// SerialNumber: 9 to 256 of `[\w+=/:,.@-]`.
pub(crate) fn mfa_serial(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| is_session_name_byte(byte) || byte == b':' || byte == b'/';
    if (9..=256).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("a serial is the ARN of a virtual device (arn:aws:iam::ACCOUNT:mfa/NAME) or the number on a hardware one".to_owned())
    }
}

/// TokenCode: six digits.
pub(crate) fn mfa_code(text: &str) -> Result<Secret, String> {
    let code = text.trim();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Secret::new(code))
    } else {
        Err("an MFA code has six digits".to_owned())
    }
}

/// The ARN of a managed policy, of the user's or of AWS's making.
pub(crate) fn policy_arn(text: &str) -> Result<String, String> {
    let is_policy = text.len() <= 2048
        && text.starts_with("arn:aws")
        && text.split(':').nth(2) == Some("iam")
        && text.splitn(6, ':').nth(5).is_some_and(|resource| {
            resource.len() > "policy/".len() && resource.starts_with("policy/")
        });
    if is_policy {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is not the ARN of a policy: that is written arn:aws:iam::ACCOUNT:policy/NAME"
        ))
    }
}

/// The ARN of a SAML provider in IAM:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html>
pub(crate) fn saml_provider(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let is_provider = match parts[..] {
        ["arn", partition, "iam", "", owner, resource] => {
            let name = resource.strip_prefix("saml-provider/").unwrap_or_default();
            let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            partition.starts_with("aws")
                && account(owner).is_ok()
                && (1..=128).contains(&name.len())
                && name.bytes().all(is_name_byte)
        }
        _ => false,
    };
    if is_provider {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is not the ARN of a SAML provider: that is written arn:aws:iam::ACCOUNT:saml-provider/NAME"
        ))
    }
}

/// ARNs of managed policies, separated by commas or white space: ten at most.
pub(crate) fn policy_arns(text: &str) -> Result<Vec<String>, String> {
    let arns: Vec<String> = text
        .split([',', ' ', '\t', '\n'])
        .filter(|word| !word.is_empty())
        .map(policy_arn)
        .collect::<Result<_, _>>()?;
    match arns.len() {
        0 => Err("no policy is named".to_owned()),
        1..=10 => Ok(arns),
        count => Err(format!("{count} policies are too many: STS takes 10")),
    }
}

/// One session tag, `KEY=VALUE`:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_know>
pub(crate) fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is not a tag: that is written KEY=VALUE"))?;
    let key = tag_key(key)?;
    if value.chars().count() > 256 {
        return Err(format!(
            "the value of tag `{key}` is longer than 256 characters"
        ));
    }
    match value.chars().find(|char| !is_tag_char(*char)) {
        None => Ok((key, value.to_owned())),
        Some(char) => Err(format!(
            "the value of tag `{key}` has {char:?}, but may have letters, digits, spaces and any of _.:/=+-@"
        )),
    }
}

/// The key of a session tag.
pub(crate) fn tag_key(text: &str) -> Result<String, String> {
    if !(1..=128).contains(&text.chars().count()) {
        return Err("the key of a tag has 1 to 128 characters".to_owned());
    }
    if text.to_lowercase().starts_with("aws:") {
        return Err(format!(
            "tag `{text}`: keys that begin with aws: are AWS's own"
        ));
    }
    match text.chars().find(|char| !is_tag_char(*char)) {
        None => Ok(text.to_owned()),
        Some(char) => Err(format!(
            "the key of tag `{text}` has {char:?}, but may have letters, digits, spaces and any of _.:/=+-@"
        )),
    }
}

fn is_tag_char(char: char) -> bool {
    char.is_alphanumeric()
        || "_.:/=+-@".contains(char)
        || (char.is_whitespace() && !char.is_control())
}

/// Tags as a set: fifty at most, whose keys differ in more than case.
pub(crate) fn tag_set(
    tags: impl Iterator<Item = (String, String)>,
) -> Result<BTreeMap<String, String>, String> {
    let mut set: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in tags {
        let same = |known: &&String| known.to_lowercase() == key.to_lowercase();
        if let Some(known) = set.keys().find(same) {
            return Err(if *known == key {
                format!("tag `{key}` is given twice")
            } else {
                format!("tags `{known}` and `{key}` differ in case only, which STS refuses")
            });
        }
        set.insert(key, value);
    }
    match set.len() {
        0..=50 => Ok(set),
        count => Err(format!("{count} tags are too many: STS takes 50")),
    }
}

/// `KEY=VALUE, KEY=VALUE`, as profiles have it.
pub(crate) fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    let trimmed = |word: &str| match word.split_once('=') {
        Some((key, value)) => tag(&format!("{}={}", key.trim(), value.trim())),
        None => tag(word),
    };
    let tags: Vec<(String, String)> = listed(text).map(trimmed).collect::<Result<_, _>>()?;
    tag_set(tags.into_iter())
}

/// `KEY, KEY`, as profiles have it.
pub(crate) fn tag_keys(text: &str) -> Result<Vec<String>, String> {
    listed(text).map(tag_key).collect()
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// `SourceIdentity`: 2 to 64 of `[\w+=,.@-]`.
pub(crate) fn source_identity(text: &str) -> Result<String, String> {
    session_name(text)
        .map_err(|_| "a source identity has 2 to 64 letters, digits or any of _+=,.@-".to_owned())
}

/// A profile's name, as the grammar of the AWS files has it, without marks that turn the writing.
pub(crate) fn profile_name(text: &str) -> Result<String, String> {
    if !is_name(text) || printable(text) != text {
        return Err(format!("a profile's name is not empty, {NAME_RULE}"));
    }
    let is_account = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(':') {
        Some((before, _)) if before == "arn" || is_account(before) => Err(format!(
            "`{text}` is read as a role wherever a profile may be named"
        )),
        _ => Ok(text.to_owned()),
    }
}

/// A key of a profile.
pub(crate) fn profile_key(text: &str) -> Result<String, String> {
    if text.is_empty() || !is_identifier(text) {
        return Err("a key is written like role_arn".to_owned());
    }
    Ok(text.to_ascii_lowercase())
}

/// The ARN of a role.
pub(crate) fn role_arn(text: &str) -> Result<String, String> {
    RoleArn::parse(text).map(|arn| arn.as_str().to_owned())
}

/// A command that is run without a shell.
pub(crate) fn command(text: &str) -> Result<String, String> {
    match platform::process_words(text) {
        Some(words) if !words.is_empty() => Ok(text.trim().to_owned()),
        _ => Err("the command is empty, or its quotes are not balanced".to_owned()),
    }
}

/// A region's name, such as eu-central-1.
pub(crate) fn region(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
    {
        Ok(text.to_owned())
    } else {
        Err("a region is written like eu-central-1".to_owned())
    }
}

/// An account id: twelve digits.
pub(crate) fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has twelve digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_checked() {
        assert!(session_duration("15m").is_ok() && session_duration("12h").is_ok());
        assert!(session_duration("899").is_err() && session_duration("12h1s").is_err());
        assert!(user_session_duration("36h").is_ok() && user_session_duration("36h1s").is_err());
        assert!(
            session_name("a").is_err()
                && session_name("ab c").is_err()
                && session_name("james@x").is_ok()
        );
        assert!(
            external_id("a:/b").is_ok() && external_id("a b").is_err() && external_id("x").is_err()
        );
        assert!(
            mfa_code("123456").is_ok() && mfa_code("12345").is_err() && mfa_code("12345x").is_err()
        );
        assert!(account("111122223333").is_ok() && account("1111-2222-3333").is_err());
        assert!(region("eu-west-1").is_ok() && region("eu west").is_err() && region("EU").is_err());
        assert!(mfa_serial("GAHT12345678").is_ok() && mfa_serial("mfa").is_err());
    }
}
