//! The settings file, `<config dir>/stsx/config`: `[defaults]` and `[alias]`.
//!
//! Read by rust-ini, without quotes and escapes, line by line: each stands alone, and has its number. An unknown section
//! or key is an error, since a mistyped one would be missed in silence otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;
use ini::{Ini, ParseOption};

use crate::error::{Failure, printable};
use crate::near::nearest;
use crate::settings::{Origin, Sourced, table};

const SECTIONS: [&str; 2] = ["defaults", "alias"];

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

impl SettingsFile {
    /// Reads the file; a missing one is empty.
    ///
    /// # Errors
    /// It cannot be read, or a section or key is unknown: with file and line.
    pub(super) fn read() -> Result<Self> {
        let (file, problems) = Self::inspect()?;
        match problems.into_iter().next() {
            None => Ok(file),
            Some(problem) => Err(problem.into()),
        }
    }

    /// Reads the file as far as it can be understood, and tells all that is wrong with its sections
    /// and keys.
    ///
    /// # Errors
    /// It cannot be read, or a line is no line of such a file.
    pub(super) fn inspect() -> Result<(Self, Vec<Failure>)> {
        let Some(path) = path() else {
            return Ok(<(Self, Vec<Failure>)>::default());
        };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(<(Self, Vec<Failure>)>::default());
            }
            Err(error) => {
                let what = format!("cannot read the settings file {}: {error}", path.display());
                return Err(Failure::usage(what).into());
            }
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = memchr::memchr_iter(b'\n', &error.as_bytes()[..valid]).count() + 1;
            Failure::usage(format!(
                "{}:{line}: the settings file is not UTF-8 here",
                path.display()
            ))
        })?;
        Self::parse(text.trim_start_matches('\u{feff}'), &path)
    }

    fn parse(text: &str, path: &Path) -> Result<(Self, Vec<Failure>)> {
        let path: Rc<Path> = path.into();
        let (mut file, mut problems) = (Self::default(), Vec::new());
        let mut section = None;
        for (number, line) in (1..).zip(text.lines()) {
            let origin = Origin::File(path.clone(), number);
            let ini = Ini::load_from_str_opt(line, OPTION)
                .map_err(|_| Failure::usage(format!("{origin}: {}", malformed(line))))?;
            for (header, properties) in &ini {
                if let Some(header) = header {
                    if !SECTIONS.contains(&header) {
                        problems.push(unknown_section(header, &origin));
                    }
                    section = Some(header.to_owned());
                }
                for (key, value) in properties {
                    let list = match section.as_deref() {
                        // (INI readers end a key at a colon, too.)
                        Some("alias")
                            if line.split('=').next().unwrap_or_default().contains(':') =>
                        {
                            problems.push(colon(&origin));
                            continue;
                        }
                        Some("alias") => &mut file.aliases,
                        Some("defaults") if table::keys().any(|known| known == key) => {
                            &mut file.defaults
                        }
                        Some("defaults") => {
                            problems.push(unknown_key(key, &origin));
                            continue;
                        }
                        // It was told at the header.
                        Some(_) => continue,
                        None => {
                            problems.push(outside(key, &origin));
                            continue;
                        }
                    };
                    list.insert(
                        key.to_owned(),
                        Sourced::new(value.to_owned(), origin.clone()),
                    );
                }
            }
        }
        Ok((file, problems))
    }

    /// The text of a key of `[defaults]`.
    pub(super) fn text(&self, key: &str) -> Option<&Sourced<String>> {
        self.defaults.get(key)
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

/// What is wrong with a line that the INI reader does not take.
fn malformed(line: &str) -> &'static str {
    match line.trim_start() {
        line if line.starts_with('[') => "the section header does not end with `]`",
        line if line.starts_with(['=', ':']) => "expected `key = value`, but there is no key",
        _ => "expected `key = value`, but there is no `=`",
    }
}

fn unknown_key(key: &str, origin: &Origin) -> Failure {
    let keys: Vec<&str> = table::keys().collect();
    let hint = near(key, &keys).unwrap_or_else(|| format!("settings are {}", keys.join(", ")));
    Failure::usage(format!("{origin}: `{}` is not a setting", printable(key))).hint(hint)
}

fn unknown_section(section: &str, origin: &Origin) -> Failure {
    let what = format!(
        "{origin}: `[{}]` is not a section of the settings file",
        printable(section)
    );
    let hint = near(section, &SECTIONS);
    Failure::usage(what)
        .hint(hint.unwrap_or_else(|| "sections are [defaults] and [alias]".to_owned()))
}

fn outside(key: &str, origin: &Origin) -> Failure {
    Failure::usage(format!(
        "{origin}: `{}` is outside a section",
        printable(key)
    ))
    .hint("settings go below [defaults], aliases below [alias]")
}

fn colon(origin: &Origin) -> Failure {
    Failure::usage(format!("{origin}: the name of an alias cannot have a `:`"))
        .hint("an alias is written NAME = TARGET")
}

/// Asks whether the nearest of these words was meant, if one is near.
fn near(word: &str, among: &[&str]) -> Option<String> {
    let known = nearest(word, among.iter().copied())?;
    Some(format!("did you mean `{known}`?"))
}

/// Where the settings file lives.
pub(crate) fn path() -> Option<PathBuf> {
    dirs::config_dir().map(|dir| dir.join("stsx").join("config"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    fn parse(text: &str) -> Result<(SettingsFile, Vec<Failure>)> {
        SettingsFile::parse(text, Path::new("/c"))
    }

    #[test]
    fn values_know_their_line() {
        for text in [
            "# mine\n[defaults]\nduration = 2h\n\n[alias]\np = arn:aws:iam::1:role/x\n",
            "; mine\r\n[ defaults ]\r\n\tduration\t=\t2h\r\n\r\n[alias]\r\np=arn:aws:iam::1:role/x",
        ] {
            let (file, problems) = parse(text).unwrap();
            assert!(problems.is_empty());
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
    }

    #[test]
    fn bad_settings_name_their_line_and_what_is_near() {
        for (text, message, hint) in [
            (
                "[defaults]\nduratoin = 1h\n",
                "/c:2: `duratoin` is not a setting",
                "did you mean `duration`?",
            ),
            (
                "[defaults]\nMin-TTL = 1h\n",
                "/c:2: `Min-TTL` is not a setting",
                "did you mean `min_ttl`?",
            ),
            (
                "[defaults]\nprofile = x\n",
                "/c:2: `profile` is not a setting",
                "settings are cache, duration, format, lock_timeout, mfa_max_age, mfa_process, \
                 mfa_session_duration, min_ttl, network_timeout, region, session_name, shell",
            ),
            (
                "\n[default]\nduration = 1h\n",
                "/c:2: `[default]` is not a section of the settings file",
                "did you mean `defaults`?",
            ),
            (
                "[defaults]\n[aws]\n",
                "/c:2: `[aws]` is not a section of the settings file",
                "sections are [defaults] and [alias]",
            ),
            (
                "x = 1\n",
                "/c:1: `x` is outside a section",
                "settings go below [defaults], aliases below [alias]",
            ),
            (
                "[alias]\n111122223333:r = prod\n",
                "/c:2: the name of an alias cannot have a `:`",
                "an alias is written NAME = TARGET",
            ),
        ] {
            let (_, problems) = parse(text).unwrap();
            assert_eq!(problems.len(), 1, "{text}");
            assert_eq!(problems[0].what, message);
            assert_eq!(problems[0].hint.as_deref(), Some(hint));
        }
        let (file, _) = parse("[defaults]\nduration = soon\n").unwrap();
        let error = file
            .value("duration", cli::session_duration)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("/c:2: duration: `soon` is not a duration"),
            "{error}"
        );
    }
}
