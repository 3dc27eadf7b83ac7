//! Keys that were cut or pasted wrongly. No part of them is told but how long they are.

use super::finding::{Finding, Findings};
use super::fix;
use crate::credentials::is_secret_key;
use crate::profiles::{self, Profile};
use crate::settings::Sourced;

/// So many characters have an access key id and a secret access key of AWS.
const ID_LENGTH: usize = 20;
const SECRET_LENGTH: usize = 40;

/// What the ids of keys begin with, those of users and those of sessions:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes>
const PREFIXES: [&str; 2] = ["AKIA", "ASIA"];

/// What is wrong with a key.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// It is right but for what is around or in it: blanks, quotes.
    Soiled,
    /// It has so many characters.
    Length(usize),
    /// It is the other key of the pair.
    Other,
    /// It has characters that no such key has, or begins otherwise.
    Form,
    /// Keys were like that long ago.
    Old,
}

/// Checks the keys of a profile; those of other services than AWS have forms of their own.
pub(super) fn check(profile: &Profile, is_of_aws: bool, findings: &mut Findings) {
    let keys = [profiles::ACCESS_KEY_ID, profiles::SECRET_ACCESS_KEY];
    let [id, secret] = keys.map(|key| profile.text(key));
    let is_swapped = id.is_some_and(|id| is_secret_key(&id.value))
        && secret.is_some_and(|secret| is_id(&secret.value));
    // The plan of the profile tells that.
    if !is_of_aws || is_swapped {
        return;
    }
    let faults = [
        id.and_then(|id| of_id(&id.value)),
        secret.and_then(|secret| of_secret(&secret.value)),
    ];
    for ((key, entry), fault) in keys.into_iter().zip([id, secret]).zip(faults) {
        if let (Some(entry), Some(fault)) = (entry, fault) {
            findings.extend(told(key, entry, &fault));
        }
    }
}

fn told(key: &'static str, entry: &Sourced<String>, fault: &Fault) -> Option<Finding> {
    const DENIED: &str =
        "AWS denies every call with it (InvalidClientTokenId, SignatureDoesNotMatch)";
    let length = if key == profiles::ACCESS_KEY_ID {
        ID_LENGTH
    } else {
        SECRET_LENGTH
    };
    let what = match fault {
        Fault::Soiled => format!("{key} has blanks or quotes in it"),
        Fault::Length(1) => format!("{key} has 1 character, not {length}"),
        Fault::Length(found) => format!("{key} has {found} characters, not {length}"),
        Fault::Other => format!("{key} has the other key of a pair as its value"),
        Fault::Form => format!("{key} is not written like any of AWS"),
        Fault::Old => format!("{key} does not begin with AKIA or ASIA, as those of AWS do"),
    };
    let finding = match fault {
        Fault::Old => Finding::note("malformed-key", what)
            .why("only keys that are very old, or of another service, begin otherwise"),
        _ => Finding::problem("malformed-key", what).why(DENIED),
    };
    let (path, line) = entry.origin.place()?;
    let fix = match fault {
        Fault::Soiled => fix::sed(path, &format!("{line}s/[[:space:]\"']//g")),
        _ => fix::open_at(path, line),
    };
    Some(finding.at(path, line).fix(fix))
}

fn of_id(id: &str) -> Option<Fault> {
    // The section's lines tell of quotes around it.
    if is_id(id) || id.starts_with(['"', '\'']) {
        None
    } else if is_id(&bare(id)) {
        Some(Fault::Soiled)
    } else if is_secret_key(id) {
        Some(Fault::Other)
    } else if id.len() != ID_LENGTH && is_begun(id) && id.bytes().all(is_of_id) {
        Some(Fault::Length(id.len()))
    } else if id.len() == ID_LENGTH && id.bytes().all(is_of_id) && !is_of_another(id) {
        Some(Fault::Old)
    } else {
        Some(Fault::Form)
    }
}

fn of_secret(secret: &str) -> Option<Fault> {
    let length = secret.chars().count();
    if is_secret_key(secret) || secret.starts_with(['"', '\'']) {
        None
    } else if is_secret_key(&bare(secret)) {
        Some(Fault::Soiled)
    } else if is_id(secret) {
        Some(Fault::Other)
    } else if length != SECRET_LENGTH {
        Some(Fault::Length(length))
    } else {
        Some(Fault::Form)
    }
}

fn is_id(id: &str) -> bool {
    id.len() == ID_LENGTH && is_begun(id) && id.bytes().all(is_of_id)
}

fn is_begun(id: &str) -> bool {
    PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Whether it is the unique id of a user, a role or the like, which the console shows, too.
fn is_of_another(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes[0] == b'A' && bytes[3] == b'A' && bytes[..4].iter().all(u8::is_ascii_uppercase)
}

/// The value without blanks and quotes.
fn bare(value: &str) -> zeroize::Zeroizing<String> {
    let is_kept = |char: &char| !char.is_whitespace() && !"\"'".contains(*char);
    zeroize::Zeroizing::new(value.chars().filter(is_kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_pasting_are_told_apart() {
        const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        for (id, fault) in [
            ("AKIAIOSFODNN7EXAMPLE", None),
            ("ASIAIOSFODNN7EXAMPLE", None),
            ("AKIAIOSFODNN7EXAMPL", Some(Fault::Length(19))),
            ("AKIAIOSFODNN7EXAMPLEE", Some(Fault::Length(21))),
            ("KIAIOSFODNN7EXAMPLE", Some(Fault::Form)),
            ("akiaiosfodnn7example", Some(Fault::Form)),
            ("AIDAIOSFODNN7EXAMPLE", Some(Fault::Form)),
            ("022QF06E7MXBSH9DHM02", Some(Fault::Old)),
            ("AKIA IOSFODNN7EXAMPLE", Some(Fault::Soiled)),
            ("AKIAIOSFODNN7EXAMPLE\"", Some(Fault::Soiled)),
            ("\u{feff}AKIAIOSFODNN7EXAMPLE", Some(Fault::Form)),
            (SECRET, Some(Fault::Other)),
        ] {
            assert_eq!(of_id(id), fault, "{id}");
        }
        for (secret, fault) in [
            (SECRET, None),
            (&SECRET[1..], Some(Fault::Length(39))),
            (
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCY EXAMPLEKEY",
                Some(Fault::Soiled),
            ),
            (
                "wJalrXUtnFEMI/K7MDENG-bPxRfiCYEXAMPLEKEY",
                Some(Fault::Form),
            ),
            ("AKIAIOSFODNN7EXAMPLE", Some(Fault::Other)),
        ] {
            assert_eq!(of_secret(secret), fault, "{secret}");
        }
    }
}
