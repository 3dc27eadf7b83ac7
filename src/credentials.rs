//! Secrets, and the credentials made of them.
//!
//! A `Secret` cannot be printed: its `Debug` is redacted, it has no `Display` and no
//! `Serialize`; `expose` is the one way out, so that a search for the word shows every place
//! where a secret leaves. It is wiped from memory when dropped.

use std::fmt;
use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::time::Timestamp;

/// More than any token or assertion that STS takes, in bytes, and what nearly all of them need.
const MOST: u64 = 1 << 20;
const ROOM: usize = 1 << 17;

/// A text that must not be shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text in.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Reads a text of reasonable size, without the white space around it.
    ///
    /// # Errors
    /// It cannot be read, is too big, or is no text.
    pub(crate) fn read(from: impl Read) -> io::Result<Self> {
        // With room enough from the start, no copy stays behind.
        let mut text = Zeroizing::new(String::with_capacity(ROOM));
        from.take(MOST + 1).read_to_string(&mut text)?;
        if text.len() as u64 > MOST {
            let what = format!("it has more than {MOST} bytes");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(Self::new(text.trim()))
    }

    /// The text itself: for signing, for the cache file, for the answer that was asked for.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Keys that sign AWS requests; with a session token they are temporary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Option<Secret>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) account_id: Option<String>,
}

impl Credentials {
    /// Whether they still work `margin` seconds after `now`; keys without an end always do.
    pub(crate) fn outlives(&self, now: Timestamp, margin: i64) -> bool {
        self.expires_at
            .is_none_or(|end| end.seconds_since(now) > margin)
    }
}

/// Whether a value is written like a secret access key of AWS.
pub(crate) fn is_secret_key(value: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    value.len() == 40 && value.bytes().all(is_base64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mfa::Mfa;
    use crate::plan::{Proof, Source};

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            access_key_id: "AKIA1".into(),
            secret_access_key: Secret::new("wJalr"),
            session_token: Some(Secret::new("FwoG")),
            expires_at: None,
            account_id: None,
        };
        let shown = format!("{credentials:?}");
        assert!(shown.contains("AKIA1"));
        assert!(
            !shown.contains("wJalr") && !shown.contains("FwoG"),
            "{shown}"
        );
    }

    #[test]
    fn debug_shows_no_command_and_no_code() {
        let secret = || Secret::new("hunter2");
        let (profile, host) = (String::new(), String::new());
        let shown = [
            format!("{:?}", Mfa::Code(secret())),
            format!("{:?}", Mfa::Command(secret())),
            format!("{:?}", Proof::Command(secret())),
            format!(
                "{:?}",
                Source::Process {
                    profile,
                    command: secret()
                }
            ),
            format!(
                "{:?}",
                Source::Ecs {
                    uri: String::new(),
                    token: secret(),
                    host
                }
            ),
        ];
        for text in shown {
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn expiry_counts_the_margin() {
        let now = Timestamp::from_seconds(1_000);
        let mut credentials = Credentials {
            access_key_id: String::new(),
            secret_access_key: Secret::new(""),
            session_token: None,
            expires_at: None,
            account_id: None,
        };
        assert!(credentials.outlives(now, 1 << 40));
        credentials.expires_at = Some(Timestamp::from_seconds(1_300));
        assert!(credentials.outlives(now, 299));
        assert!(!credentials.outlives(now, 300));
    }
}
