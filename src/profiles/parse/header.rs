//! Section headers: what sort of section it is, and whose. A name that the SDKs take is read as they read
//! it; any other in a config file as the AWS CLI does, which splits it like a shell: `[profile "my prod"]`.

use super::{FileKind, SectionName, SyntaxError, WHITE, error, without_comment};

const DEFAULT: &str = "default";
/// What stands before the name in a config file.
const SORTS: [&str; 3] = ["profile", "sso-session", "services"];

const UNCLOSED: &str = "the section header does not end with `]`";
const UNBALANCED: &str =
    "the quotes in the section header are not balanced, or a backslash ends it";

/// What a header line says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Header {
    pub(super) name: SectionName,
    /// It reads `[default]` in a config file, where `[profile default]` takes its place.
    bare_default: bool,
}

impl Header {
    /// One of the two headers of the profile `default`.
    pub(super) fn of_default(bare_default: bool) -> Self {
        let name = SectionName::Profile(DEFAULT.to_owned());
        Self { name, bare_default }
    }

    /// Reads the header on `line`; `None` if it names no section that is known, or names it badly.
    pub(super) fn parse(
        text: &str,
        line: usize,
        kind: FileKind,
    ) -> Result<Option<Self>, SyntaxError> {
        let inner = without_comment(text, false)
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| error(line, UNCLOSED))?
            .trim_matches(WHITE);
        // Once cut, both halves lose white space of every kind, as in the SDK.
        let (sort, written) = match inner.split_once(WHITE) {
            Some((sort, name)) => (Some(sort.trim()), name.trim()),
            None => (None, inner.trim()),
        };
        let sort: fn(String) -> SectionName = match (kind, sort) {
            (FileKind::Credentials, Some(sort)) if SORTS.contains(&sort) => return Ok(None),
            (FileKind::Credentials, _) | (FileKind::Config, Some("profile")) => {
                SectionName::Profile
            }
            (FileKind::Config, None) if written == DEFAULT => {
                return Ok(Some(Self::of_default(true)));
            }
            (FileKind::Config, Some("sso-session")) => SectionName::SsoSession,
            (FileKind::Config, Some("services")) => SectionName::Services,
            (FileKind::Config, _) => return Ok(None),
        };
        let name = match kind {
            // There, quotes and blanks are part of the name.
            FileKind::Credentials => Some(inner.trim().to_owned()),
            FileKind::Config if is_identifier(written) => Some(written.to_owned()),
            FileKind::Config => only_word(written).map_err(|()| error(line, UNBALANCED))?,
        };
        let name = name.filter(|name| is_identifier(name) && name == written || is_name(name));
        let header = name.map(|name| Self {
            name: sort(name),
            bare_default: false,
        });
        Ok(header.filter(|header| mentions(text, header.name.as_str())))
    }
}

/// The name that `[profile …]` is followed by in a config file: in quotes where the AWS CLI needs them, and
/// in those that it writes.
pub(in super::super) fn written_name(name: &str) -> String {
    if only_word(name).is_ok_and(|word| word.as_deref() == Some(name)) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', r#"'"'"'"#))
}

/// The text as one word of a shell; none if it is several, or nothing.
fn only_word(text: &str) -> Result<Option<String>, ()> {
    let words = shlex::split(text).ok_or(())?;
    Ok(<[String; 1]>::try_from(words).ok().map(|[word]| word))
}

/// What of a name a header line has to have in one piece to name it: the longest part without quotes,
/// backslashes and blanks. (The AWS CLI would read `pr"od"` too, but nobody writes that, and a file can
/// be searched for this.)
pub(super) fn needle(name: &str) -> &str {
    let parts = name.split(['"', '\'', '\\', ' ', '\t']);
    match parts.max_by_key(|part| part.len()) {
        Some("") if !name.is_empty() => "[",
        part => part.unwrap_or_default(),
    }
}

/// Whether a line that may be a header may name `name`: it has its needle in it, a plain name as a word.
pub(super) fn mentions(line: &str, name: &str) -> bool {
    let mut words = line.split(|char| !is_identifier_part(char));
    line.starts_with('[')
        && if is_identifier(name) {
            words.any(|word| word == name)
        } else {
            line.contains(needle(name))
        }
}

/// The names that AWS's SDKs allow for sections and keys; they take the empty one for valid too.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.chars().all(is_identifier_part)
}

fn is_identifier_part(char: char) -> bool {
    matches!(char, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '/' | '.' | '%' | '@' | ':' | '+')
}

/// The names that stsx and the AWS CLI can read from a header: of any script, with blanks and quotes.
pub(crate) fn is_name(name: &str) -> bool {
    let is_unfit = |char: char| char.is_control() || "[]#;".contains(char);
    !name.is_empty() && name.trim() == name && !name.contains(is_unfit)
}
