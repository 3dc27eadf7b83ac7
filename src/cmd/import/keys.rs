//! The lists of access keys that the console gives as CSV files.
//!
//! Two sets of columns are about: `Access key ID,Secret access key`, and the older one with the user's
//! name, password and sign-in link around them. Columns are found by their names. Spreadsheets save
//! such files with other separators. (A byte order mark is left out by the CSV reader.)

use csv::{Position, ReaderBuilder, StringRecord, Trim};
use zeroize::Zeroizing;

const USER: &str = "user name";
const ID: &str = "access key id";
const SECRET: &str = "secret access key";

/// An access key, and whose it is, where the file tells.
pub(super) struct AccessKey {
    pub(super) user: Option<String>,
    pub(super) id: Zeroizing<String>,
    pub(super) secret: Zeroizing<String>,
}

impl AccessKey {
    /// For people: never the secret.
    pub(super) fn spoken(&self) -> String {
        let id = self.id.as_str();
        let user = self.user.as_ref();
        user.map_or_else(|| id.to_owned(), |user| format!("{user} ({id})"))
    }
}

/// Reads a list; lines without a key (a user who has only a password) are passed over.
///
/// # Errors
/// What is wrong, without a word of the file itself.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<AccessKey>, String> {
    const FORM: &str = "the first line must name the columns, as in the file that the console offers with a new \
                        access key: `Access key ID,Secret access key`";
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    for separator in [b',', b';', b'\t'] {
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .trim(Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| malformed(&error, text))?;
        let column = |name: &str| {
            headers
                .iter()
                .position(|one| one.eq_ignore_ascii_case(name))
        };
        let (Some(id), Some(secret)) = (column(ID), column(SECRET)) else {
            continue;
        };
        let columns = [column(USER).unwrap_or(usize::MAX), id, secret];
        let mut keys = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| malformed(&error, text))?;
            keys.extend(key(&record, columns, text)?);
        }
        return Ok(keys);
    }
    Err(FORM.to_owned())
}

fn key(
    record: &StringRecord,
    [user, id, secret]: [usize; 3],
    text: &str,
) -> Result<Option<AccessKey>, String> {
    let line = line_of(record.position(), text);
    let field = |place: usize| record.get(place).unwrap_or_default();
    let (id, secret) = (field(id), field(secret));
    if id.is_empty() && secret.is_empty() {
        return Ok(None);
    }
    let is_id = (16..=128).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_id {
        return Err(format!(
            "line {line}: there is no access key id in its column"
        ));
    }
    if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "line {line}: there is no secret access key in its column"
        ));
    }
    let user = Some(field(user)).filter(|user| !user.is_empty());
    Ok(Some(AccessKey {
        user: user.map(str::to_owned),
        id: Zeroizing::new(id.to_owned()),
        secret: Zeroizing::new(secret.to_owned()),
    }))
}

fn malformed(error: &csv::Error, text: &str) -> String {
    let line = line_of(error.position(), text);
    format!("line {line}: it is not written as CSV")
}

/// The line of a record. (The reader's own count is wrong where lines end with CR LF.)
fn line_of(position: Option<&Position>, text: &str) -> usize {
    let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let ends = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
    1 + (before.matches('\n').count() + ends.matches('\n').count())
}
