//! Logins that the AWS CLI keeps: `aws sso login` and `aws login`. Their files are only looked at; a
//! token that is due is not renewed here, since that would write it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::finding::Findings;
use super::reading;
use crate::plan::{Source, hex};
use crate::profiles;
use crate::time::Timestamp;

/// So many files of tokens are looked at.
const MOST: usize = 200;
const MAX_BYTES: u64 = 1 << 18;
/// The SDK renews a token that ends sooner than this, in seconds.
const DUE: i64 = 300;

/// How a login stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// There is none.
    Absent,
    /// It is over, and a person has to log in again.
    Ended(Timestamp),
    /// It can be renewed, and will be with its next use.
    Due,
    Living,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    start_url: Option<String>,
    expires_at: Option<String>,
    #[serde(rename = "refreshToken")]
    renewal: Option<IgnoredAny>,
    #[serde(rename = "accessToken")]
    held: Option<Held>,
}

/// A token as such, or what `aws login` keeps in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum Held {
    Session {
        #[serde(rename = "expiresAt")]
        expires_at: String,
    },
    Other(IgnoredAny),
}

/// The login that a source needs; `None` for sources without one.
pub(super) fn of(source: &Source, now: Timestamp) -> Option<Login> {
    match source {
        Source::Sso { start_url, .. } => {
            let is_of = |token: &Token| {
                let bare = |url: &str| url.trim_end_matches(['#', '/']).to_owned();
                token.start_url.as_deref().map(bare) == Some(bare(start_url))
            };
            let dir = profiles::expanded("~/.aws/sso/cache");
            let tokens = all(&dir).into_iter().filter_map(|path| read(&path));
            let states = tokens.filter(is_of).map(|token| token.state(now));
            Some(
                states
                    .max_by_key(|state| rank(*state))
                    .unwrap_or(Login::Absent),
            )
        }
        Source::Login { login_session, .. } => {
            let name = format!("{}.json", hex(&Sha256::digest(login_session.trim())));
            let path = profiles::expanded("~/.aws/login/cache").join(name);
            Some(read(&path).map_or(Login::Absent, |token| token.state(now)))
        }
        _ => None,
    }
}

fn rank(state: Login) -> u8 {
    match state {
        Login::Absent => 0,
        Login::Ended(_) => 1,
        Login::Due => 2,
        Login::Living => 3,
    }
}

impl Token {
    fn state(&self, now: Timestamp) -> Login {
        let held = match &self.held {
            Some(Held::Session { expires_at }) => Some(expires_at),
            _ => None,
        };
        let Some(end) = self.expires_at.as_ref().or(held) else {
            return Login::Absent;
        };
        let end = end.replace("UTC", "Z");
        match (end.parse::<Timestamp>(), &self.renewal) {
            (Ok(end), _) if end.seconds_since(now) > DUE => Login::Living,
            (Ok(_), Some(_)) => Login::Due,
            (Ok(end), None) if end.seconds_since(now) > 0 => Login::Living,
            (Ok(end), None) => Login::Ended(end),
            (Err(_), _) => Login::Absent,
        }
    }
}

fn all(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    paths.filter(is_json).take(MOST).collect()
}

fn read(path: &Path) -> Option<Token> {
    let bytes = reading::contents(path, MAX_BYTES, &mut Findings::default())?;
    serde_json::from_slice(&bytes).ok()
}
