//! The profiles of ~/.aws/config and ~/.aws/credentials, looked up by name.
//!
//! A look-up parses only the section it needs, in both files; the credentials file wins key by
//! key, as for the AWS CLI. Typed getters refuse a value that does not parse with file, line and
//! key. Nothing here decides what a profile means: that is `plan::resolve`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;

use crate::env::{self, Env};
use crate::error::Failure;
use crate::settings::{Origin, Sourced};

pub(crate) mod edit;
mod near;
pub(crate) mod parse;
pub(crate) mod store;

pub(crate) use near::{Closed, did_you_mean, nearest};
use parse::{FileKind, Section, SectionName};

pub(crate) const ROLE_ARN: &str = "role_arn";
pub(crate) const SOURCE_PROFILE: &str = "source_profile";
pub(crate) const CREDENTIAL_SOURCE: &str = "credential_source";
pub(crate) const ROLE_SESSION_NAME: &str = "role_session_name";
pub(crate) const EXTERNAL_ID: &str = "external_id";
pub(crate) const DURATION_SECONDS: &str = "duration_seconds";
pub(crate) const MFA_SERIAL: &str = "mfa_serial";
pub(crate) const MFA_PROCESS: &str = "mfa_process";
pub(crate) const WEB_IDENTITY_TOKEN_FILE: &str = "web_identity_token_file";
pub(crate) const WEB_IDENTITY_TOKEN_PROCESS: &str = "web_identity_token_process";
pub(crate) const SAML_ASSERTION_PROCESS: &str = "saml_assertion_process";
pub(crate) const SAML_PROVIDER_ARN: &str = "saml_provider_arn";
pub(crate) const MFA_MAX_AGE: &str = "mfa_max_age";
pub(crate) const MFA_SESSION_DURATION: &str = "mfa_session_duration";
pub(crate) const POLICY: &str = "policy";
pub(crate) const POLICY_ARNS: &str = "policy_arns";
pub(crate) const SESSION_TAGS: &str = "session_tags";
pub(crate) const TRANSITIVE_SESSION_TAGS: &str = "transitive_session_tags";
pub(crate) const SOURCE_IDENTITY: &str = "source_identity";
pub(crate) const CREDENTIAL_PROCESS: &str = "credential_process";
pub(crate) const LOGIN_SESSION: &str = "login_session";
pub(crate) const SSO_SESSION: &str = "sso_session";
pub(crate) const SSO_ACCOUNT_ID: &str = "sso_account_id";
pub(crate) const SSO_ROLE_NAME: &str = "sso_role_name";
pub(crate) const SSO_REGION: &str = "sso_region";
pub(crate) const SSO_START_URL: &str = "sso_start_url";
pub(crate) const ACCESS_KEY_ID: &str = "aws_access_key_id";
pub(crate) const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
pub(crate) const SESSION_TOKEN: &str = "aws_session_token";
pub(crate) const ACCOUNT_ID: &str = "aws_account_id";
pub(crate) const REGION: &str = "region";
pub(crate) const ENDPOINT_URL: &str = "endpoint_url";
pub(crate) const SERVICES: &str = "services";
pub(crate) const IGNORE_ENDPOINT_URLS: &str = "ignore_configured_endpoint_urls";
pub(crate) const STS_REGIONAL_ENDPOINTS: &str = "sts_regional_endpoints";
pub(crate) const USE_FIPS_ENDPOINT: &str = "use_fips_endpoint";
pub(crate) const USE_DUALSTACK_ENDPOINT: &str = "use_dualstack_endpoint";
pub(crate) const CA_BUNDLE: &str = "ca_bundle";
pub(crate) const MAX_ATTEMPTS: &str = "max_attempts";
pub(crate) const EC2_METADATA_ENDPOINT: &str = "ec2_metadata_service_endpoint";
pub(crate) const EC2_METADATA_MODE: &str = "ec2_metadata_service_endpoint_mode";
pub(crate) const METADATA_TIMEOUT: &str = "metadata_service_timeout";
pub(crate) const METADATA_ATTEMPTS: &str = "metadata_service_num_attempts";

/// One profile, or one `[sso-session]`: its settings in lower case, each with its place. Some are secrets, so there is no
/// `Debug`.
#[derive(Clone)]
pub(crate) struct Profile {
    pub(crate) name: String,
    /// Its first header.
    pub(crate) place: Origin,
    pub(crate) settings: BTreeMap<String, Sourced<String>>,
}

impl Profile {
    fn empty(name: &str, file: &File, line: usize) -> Self {
        Self {
            name: name.to_owned(),
            place: Origin::File(file.path.clone(), line),
            settings: BTreeMap::new(),
        }
    }

    /// The value of a key as it stands there; an empty one counts as absent.
    pub(crate) fn text(&self, key: &str) -> Option<&Sourced<String>> {
        self.settings
            .get(key)
            .filter(|entry| !entry.value.is_empty())
    }

    /// The value of a key, read by `parse`.
    ///
    /// # Errors
    /// It does not parse: file, line, key and reason.
    pub(crate) fn parsed<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Sourced<T>>> {
        let Some(entry) = self.text(key) else {
            return Ok(None);
        };
        match parse(&entry.value) {
            Ok(value) => Ok(Some(Sourced::new(value, entry.origin.clone()))),
            Err(reason) => Err(Failure::usage(format!("{}: {key}: {reason}", entry.origin)).into()),
        }
    }
}

/// A file that was read, not yet parsed.
struct File {
    path: Rc<Path>,
    text: String,
    kind: FileKind,
}

/// Profiles, or `[sso-session]`s, by name.
pub(crate) type Sorted = Vec<Rc<Profile>>;

/// Both files of one person.
pub(crate) struct Profiles {
    paths: [PathBuf; 2],
    files: Vec<File>,
    /// Sections that were parsed already, when all of them are wanted.
    index: Option<BTreeMap<SectionName, Rc<Profile>>>,
}

impl Profiles {
    /// Reads the two files; a missing one is empty.
    ///
    /// # Errors
    /// A file exists but cannot be read, or is not UTF-8 (with the line).
    pub(crate) fn open(env: &Env) -> Result<Self> {
        let [config, credentials] = locations(env);
        let mut files = Vec::with_capacity(2);
        files.extend(read(&config, FileKind::Config)?);
        files.extend(read(&credentials, FileKind::Credentials)?);
        Ok(Self {
            paths: [config, credentials],
            files,
            index: None,
        })
    }

    /// Lets go of the texts.
    pub(crate) fn close(self) -> Closed {
        Closed { paths: self.paths }
    }

    /// The profile called `name`, merged from both files.
    ///
    /// # Errors
    /// Its section is not written in the grammar: file and line.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<Rc<Profile>>> {
        self.section(&SectionName::Profile(name.to_owned()), name)
    }

    /// The `[sso-session]` called `name`.
    ///
    /// # Errors
    /// As for `profile`.
    pub(crate) fn sso_session(&self, name: &str) -> Result<Option<Rc<Profile>>> {
        self.section(&SectionName::SsoSession(name.to_owned()), name)
    }

    /// A setting of one service in the `[services]` section called `name`, such as the
    /// `endpoint_url` of `sts`.
    ///
    /// # Errors
    /// As for `profile`, and if there is no such section.
    pub(crate) fn service_setting(
        &self,
        name: &Sourced<String>,
        service: &str,
        key: &str,
    ) -> Result<Option<Sourced<String>>> {
        let wanted = SectionName::Services(name.value.clone());
        for file in &self.files {
            let section = parse::find(&file.text, file.kind, &wanted)
                .map_err(|error| syntax_error(file, &error))?;
            let Some(section) = section else { continue };
            let properties = &section.properties;
            let property = properties.iter().find(|property| property.key == service);
            return Ok(property.and_then(|property| {
                let (_, value, offset) = parse::sub_properties(&property.value)
                    .into_iter()
                    .find(|(found, _, _)| found == key)?;
                let origin = Origin::File(file.path.clone(), property.line_at(offset));
                Some(Sourced::new(value, origin))
            }));
        }
        Err(Failure::usage(format!(
            "{}: there is no [services {}]",
            name.origin, name.value
        ))
        .into())
    }

    fn section(&self, section: &SectionName, name: &str) -> Result<Option<Rc<Profile>>> {
        if let Some(index) = &self.index {
            return Ok(index.get(section).cloned());
        }
        let mut found: Option<Profile> = None;
        for file in &self.files {
            let part = parse::find(&file.text, file.kind, section)
                .map_err(|error| syntax_error(file, &error))?;
            if let Some(part) = part {
                let profile = found.get_or_insert_with(|| Profile::empty(name, file, part.line));
                profile.settings.extend(settings(file, part));
            }
        }
        Ok(found.map(Rc::new))
    }

    /// Every profile and every `[sso-session]`, each list sorted by name.
    ///
    /// # Errors
    /// A file is not written in the grammar: file and line.
    pub(crate) fn all(&self) -> Result<(Sorted, Sorted)> {
        let mut profiles = BTreeMap::new();
        let mut sso_sessions = BTreeMap::new();
        for file in &self.files {
            let sections =
                parse::all(&file.text, file.kind).map_err(|error| syntax_error(file, &error))?;
            for section in sections {
                let (list, name) = match &section.name {
                    SectionName::Profile(name) => (&mut profiles, name.clone()),
                    SectionName::SsoSession(name) => (&mut sso_sessions, name.clone()),
                    SectionName::Services(_) => continue,
                };
                let profile = list
                    .entry(name.clone())
                    .or_insert_with(|| Profile::empty(&name, file, section.line));
                profile.settings.extend(settings(file, section));
            }
        }
        Ok((
            profiles.into_values().map(Rc::new).collect(),
            sso_sessions.into_values().map(Rc::new).collect(),
        ))
    }

    /// Whether a value stands in the credentials file.
    pub(crate) fn is_in_credentials(&self, origin: &Origin) -> bool {
        origin
            .place()
            .is_some_and(|(path, _)| path == self.paths[1].as_path())
    }

    /// Answers look-ups from what `all` gave, so that planning every profile parses once.
    pub(crate) fn index(&mut self, profiles: &[Rc<Profile>], sso_sessions: &[Rc<Profile>]) {
        let entry = |section: fn(String) -> SectionName| {
            move |profile: &Rc<Profile>| (section(profile.name.clone()), Rc::clone(profile))
        };
        let profiles = profiles.iter().map(entry(SectionName::Profile));
        let sessions = sso_sessions.iter().map(entry(SectionName::SsoSession));
        self.index = Some(profiles.chain(sessions).collect());
    }

    /// The names of all profiles as they stand in the headers, also of files with syntax errors.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        let files = self.files.iter();
        files.flat_map(|file| parse::profile_names(&file.text, file.kind))
    }

    /// The two files, for messages: `~/.aws/config and ~/.aws/credentials`.
    pub(crate) fn places(&self) -> String {
        format!(
            "{} and {}",
            self.paths[0].display(),
            self.paths[1].display()
        )
    }

    /// Both files from texts that were read elsewhere: config first.
    pub(crate) fn of_texts(paths: [PathBuf; 2], texts: [String; 2]) -> Self {
        let kinds = [FileKind::Config, FileKind::Credentials];
        let files = paths.iter().zip(texts).zip(kinds);
        let files = files.map(|((path, text), kind)| File {
            path: path.as_path().into(),
            text,
            kind,
        });
        Self {
            files: files.collect(),
            paths,
            index: None,
        }
    }

    /// Both files from texts, for the tables of tests.
    #[cfg(test)]
    pub(crate) fn of(config: &str, credentials: &str) -> Self {
        Self::of_texts(
            ["config".into(), "credentials".into()],
            [config.to_owned(), credentials.to_owned()],
        )
    }
}

fn settings(file: &File, section: Section) -> impl Iterator<Item = (String, Sourced<String>)> + '_ {
    section.properties.into_iter().map(|property| {
        let origin = Origin::File(file.path.clone(), property.line);
        (property.key, Sourced::new(property.value, origin))
    })
}

fn syntax_error(file: &File, error: &parse::SyntaxError) -> anyhow::Error {
    Failure::usage(format!(
        "{}:{}: {}",
        file.path.display(),
        error.line,
        error.what
    ))
    .into()
}

/// Where the two files are: config first.
pub(crate) fn locations(env: &Env) -> [PathBuf; 2] {
    [
        location(env.value(env::CONFIG_FILE), "config"),
        location(env.value(env::SHARED_CREDENTIALS_FILE), "credentials"),
    ]
}

/// The file a variable names, else `~/.aws/NAME`.
fn location(variable: Option<&str>, name: &str) -> PathBuf {
    match variable {
        None => home().join(".aws").join(name),
        Some(path) => expanded(path),
    }
}

/// A path with `~` for the home directory.
pub(crate) fn expanded(path: &str) -> PathBuf {
    match path.strip_prefix("~/") {
        _ if path == "~" => home(),
        Some(rest) => home().join(rest),
        None => PathBuf::from(path),
    }
}

fn home() -> PathBuf {
    dirs::home_dir().unwrap_or_default()
}

fn read(path: &Path, kind: FileKind) -> Result<Option<File>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let what = format!("cannot read {}: {error}", path.display());
            return Err(Failure::usage(what).into());
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(File {
            path: path.into(),
            text,
            kind,
        })),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            Err(store::not_utf8(path, &error.as_bytes()[..valid]).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_file_wins_key_by_key() {
        let profiles = Profiles::of(
            "[profile a]\nregion = eu-west-1\naws_access_key_id = C\n",
            "[a]\naws_access_key_id = K\n",
        );
        let profile = profiles.profile("a").unwrap().unwrap();
        assert_eq!(profile.text(ACCESS_KEY_ID).unwrap().value, "K");
        assert_eq!(
            profile.text(ACCESS_KEY_ID).unwrap().origin.to_string(),
            "credentials:2"
        );
        assert_eq!(profile.text(REGION).unwrap().origin.to_string(), "config:2");
        assert!(profiles.profile("b").unwrap().is_none());
    }
}
