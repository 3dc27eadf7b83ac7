//! The settings file, `<config dir>/stsx/config`: `[defaults]` and `[alias]`.
//!
//! Read by rust-ini, without quotes and escapes, line by line: each stands alone, and has its number. An unknown section
//! or key is an error, since a mistyped one would be missed in silence otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;
use ini::{Ini, ParseOption};

use crate::error::{Failure, Kind, printable};
use crate::settings::{Origin, Sourced};

const OPTION: ParseOption = ParseOption {
    enabled_quote: false,
    enabled_escape: false,
    enabled_indented_mutiline_value: false,
    enabled_preserve_key_leading_whitespace: false,
};

/// `<config dir>/stsx/config`: `[defaults]` and `[alias]`.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    defaults: BTreeMap<String, Sourced<String>>,
    pub(super) aliases: BTreeMap<String, Sourced<String>>,
}

/// The keys of `[defaults]`.
const DEFAULTS: [&str; 10] = [
    "duration",
    "format",
    "mfa_max_age",
    "mfa_process",
    "mfa_session_duration",
    "min_ttl",
    "network_timeout",
    "region",
    "session_name",
    "shell",
];

impl SettingsFile {
    /// Reads the file; a missing one is empty.
    ///
    /// # Errors
    /// It cannot be read, or a key is unknown: with file and line.
    pub(super) fn read() -> Result<Self> {
        let Some(path) = path() else {
            return Ok(Self::default());
        };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let what = format!("cannot read the settings file {}: {error}", path.display());
                return Err(Failure::usage(what).into());
            }
        };
        let text = String::from_utf8(bytes).map_err(|_| {
            Failure::usage(format!(
                "{}: the settings file is not UTF-8",
                path.display()
            ))
        })?;
        Self::parse(&text, &path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self> {
        let path: Rc<Path> = path.into();
        let mut file = Self::default();
        let mut section = None;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in (1..).zip(text.lines()) {
            let ini = Ini::load_from_str_opt(line, OPTION).map_err(|_| {
                let what = if line.trim_start().starts_with('[') {
                    "the section header does not end with `]`"
                } else {
                    "expected `key = value`"
                };
                Failure::usage(format!("{}:{number}: {what}", path.display()))
            })?;
            for (header, properties) in &ini {
                section = header.map(str::to_owned).or(section);
                for (key, value) in properties {
                    let origin = Origin::File(path.clone(), number);
                    let list = match section.as_deref() {
                        Some("alias") => &mut file.aliases,
                        Some("defaults") if DEFAULTS.contains(&key) => &mut file.defaults,
                        section => return Err(unknown(section, key, &origin)),
                    };
                    list.insert(key.to_owned(), Sourced::new(value.to_owned(), origin));
                }
            }
        }
        Ok(file)
    }

    /// The value of a key of `[defaults]`, read by `parse`.
    ///
    /// # Errors
    /// It does not parse: file, line, key and reason.
    pub(super) fn value<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Sourced<T>>> {
        let Some(sourced) = self.defaults.get(key) else {
            return Ok(None);
        };
        match parse(&sourced.value) {
            Ok(value) => Ok(Some(Sourced::new(value, sourced.origin.clone()))),
            Err(error) => Err(Failure::usage(format!("{}: {key}: {error}", sourced.origin)).into()),
        }
    }
}

fn unknown(section: Option<&str>, key: &str, origin: &Origin) -> anyhow::Error {
    let what = match section {
        Some("defaults") => format!("{origin}: `{}` is no setting", printable(key)),
        Some(section) => format!(
            "{origin}: `[{}]` is no section of the settings file",
            printable(section)
        ),
        None => format!("{origin}: `{}` stands outside a section", printable(key)),
    };
    Failure::new(Kind::Usage, what)
        .hint(format!(
            "sections are [defaults] ({}) and [alias]",
            DEFAULTS.join(", ")
        ))
        .into()
}

/// Where the settings file lives.
pub(crate) fn path() -> Option<PathBuf> {
    dirs::config_dir().map(|dir| dir.join("stsx").join("config"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    fn parse(text: &str) -> Result<SettingsFile> {
        SettingsFile::parse(text, Path::new("/c"))
    }

    #[test]
    fn values_know_their_line() {
        let file =
            parse("# mine\n[defaults]\nduration = 2h\n\n[alias]\np = arn:aws:iam::1:role/x\n")
                .unwrap();
        let duration = file
            .value("duration", cli::session_duration)
            .unwrap()
            .unwrap();
        assert_eq!(
            (duration.value, duration.origin.to_string().as_str()),
            (7200, "/c:3")
        );
        assert_eq!(file.aliases["p"].value, "arn:aws:iam::1:role/x");
        assert_eq!(file.aliases["p"].origin.to_string(), "/c:6");
    }

    #[test]
    fn bad_settings_name_their_line() {
        for (text, message) in [
            (
                "[defaults]\nduratoin = 1h\n",
                "/c:2: `duratoin` is no setting",
            ),
            (
                "[default]\nduration = 1h\n",
                "/c:2: `[default]` is no section of the settings file",
            ),
            ("x = 1\n", "/c:1: `x` stands outside a section"),
            (
                "[alias]\n\n[defaults\nduration = 1h\n",
                "/c:3: the section header does not end with `]`",
            ),
            ("[alias]\nprod\np = x\n", "/c:2: expected `key = value`"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message);
        }
        let file = parse("[defaults]\nduration = soon\n").unwrap();
        let error = file
            .value("duration", cli::session_duration)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("/c:2: duration: `soon` is no duration"),
            "{error}"
        );
    }
}
