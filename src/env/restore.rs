//! What an export leaves behind so that it can be undone: the text of `STSX_RESTORE`.

use std::collections::BTreeMap;
use std::fmt;

use crate::env::RESTORED;
use crate::plan::hex;

/// The mark of an export: whose credentials they are, and what stood there before.
///
/// As text it is `key=…,region=…,NAME=…`, the values with `_XX` for every byte that some shell would
/// not take in a plain word (cmd refuses `%`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restore {
    /// The access key id that was exported: the mark is void when another one stands there.
    pub(crate) key: String,
    /// The region that was exported, if one was.
    pub(crate) region: Option<String>,
    /// The profile that the command line named as the source: the next role starts from it too.
    pub(crate) start: Option<String>,
    /// The end of the access key id that stood in the environment: the export overwrote its keys.
    pub(crate) lost: Option<String>,
    /// The variables that the export replaced (never a secret).
    pub(crate) before: BTreeMap<&'static str, String>,
}

impl Restore {
    /// Reads a mark; one of another form is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut restore = Self::default();
        for pair in text.split(',') {
            let (name, value) = pair.split_once('=')?;
            let value = decoded(value)?;
            match name {
                "key" => restore.key = value,
                "region" => restore.region = Some(value),
                "start" => restore.start = Some(value),
                "lost" => restore.lost = Some(value),
                name => {
                    let name = RESTORED.into_iter().find(|known| *known == name)?;
                    restore.before.insert(name, value);
                }
            }
        }
        Some(restore)
    }
}

impl fmt::Display for Restore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key={}", encoded(&self.key))?;
        let members = [
            ("region", &self.region),
            ("start", &self.start),
            ("lost", &self.lost),
        ];
        for (name, value) in members {
            if let Some(value) = value {
                write!(f, ",{name}={}", encoded(value))?;
            }
        }
        for (name, value) in &self.before {
            write!(f, ",{name}={}", encoded(value))?;
        }
        Ok(())
    }
}

fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' {
            text.push(byte.into());
        } else {
            text.push('_');
            text.push_str(&hex(&[byte]));
        }
        text
    })
}

fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('_');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::PROFILE;

    #[test]
    fn a_mark_survives_its_text() {
        let mut restore = Restore {
            key: "ASIA1".into(),
            ..Restore::default()
        };
        assert_eq!(Restore::parse(&restore.to_string()), Some(restore.clone()));
        restore.region = Some("eu-west-1".into());
        restore.start = Some("hub, too".into());
        restore.lost = Some("AKIA1".into());
        restore.before.insert(PROFILE, "a_b c,c=d%é'\"".into());
        let text = restore.to_string();
        assert_eq!(Restore::parse(&text), Some(restore));
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.,=".contains(&byte)),
            "{text}"
        );
        assert_eq!(Restore::parse("key=a,PATH=b"), None);
    }
}
