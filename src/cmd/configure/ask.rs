//! The questions of `stsx configure`, on the terminal device.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result};

use crate::cli::{self, CredentialSource};
use crate::cmd::configure::{check, set, spelled};
use crate::cmd::list::shown;
use crate::error::{Failure, Kind, printable};
use crate::profiles::edit::Change;
use crate::profiles::{self, Profile, Profiles};
use crate::terminal;

/// So often a question is asked until its answer has the right form.
const TRIES: usize = 3;

/// A person at a terminal.
pub(super) struct Dialogue {
    input: BufReader<File>,
    output: File,
}

/// The words of a question, the key it is about, and how the text of an answer becomes a value.
type Question = (
    &'static str,
    &'static str,
    fn(&str) -> Result<String, String>,
);

const ROLE: Question = ("Role to assume (ARN)", profiles::ROLE_ARN, cli::role_arn);
const MFA_SERIAL: Question = (
    "MFA device (serial or ARN)",
    profiles::MFA_SERIAL,
    cli::mfa_serial,
);
const EXTERNAL_ID: Question = ("External id", profiles::EXTERNAL_ID, cli::external_id);
const COMMAND: Question = (
    "Command that prints credentials",
    profiles::CREDENTIAL_PROCESS,
    cli::command,
);
const REGION: Question = ("Region", profiles::REGION, cli::region);

impl Dialogue {
    /// Opens the terminal.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn open() -> Result<Self> {
        let (input, output) = terminal::open().map_err(|_| {
            Failure::new(
                Kind::Person,
                "no change is given, and there is no terminal to ask on",
            )
            .hint("give one: stsx configure PROFILE --role ARN --source-profile PROFILE")
        })?;
        Ok(Self { input, output })
    }

    /// Asks which profile is meant.
    ///
    /// # Errors
    /// No answer.
    pub(super) fn profile(&mut self) -> Result<String> {
        self.asked("Profile", None, cli::profile_name)?
            .ok_or_else(|| unanswered().into())
    }

    /// Asks for the keys of a profile; the answer is what is to change.
    ///
    /// # Errors
    /// No answer, or the profile cannot be read.
    pub(super) fn changes(&mut self, name: &str, profiles: &Profiles) -> Result<Vec<Change>> {
        let profile = profiles.profile(name)?;
        let profile = profile.as_deref();
        let is_new = if profile.is_some() { "" } else { ", a new one" };
        let intro =
            format!("Profile `{name}`{is_new}. Enter keeps what is in brackets, - leaves it out.");
        writeln!(self.output, "{intro}").context("terminal")?;
        let mut changes = Vec::new();
        if self.key(&ROLE, profile, &mut changes)?.is_some() {
            self.source(profile, profiles, &mut changes)?;
            self.key(&MFA_SERIAL, profile, &mut changes)?;
            self.key(&EXTERNAL_ID, profile, &mut changes)?;
        } else {
            if value(profile, profiles::ROLE_ARN).is_some() {
                // What was for the role goes with it.
                for key in check::OF_ROLES {
                    put(key, value(profile, key), None, &mut changes);
                }
            }
            self.key(&COMMAND, profile, &mut changes)?;
        }
        self.key(&REGION, profile, &mut changes)?;
        changes.sort_by_key(|(_, value)| value.is_some());
        Ok(changes)
    }

    /// Shows the change and asks whether it is to be written.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn confirm(&mut self, diff: &str) -> Result<()> {
        const YES: &str = "yes";
        let form = |text: &str| match text.to_lowercase().as_str() {
            "y" | YES => Ok(YES.to_owned()),
            "n" | "no" => Ok(String::new()),
            _ => Err("y or n".to_owned()),
        };
        write!(self.output, "{diff}").context("terminal")?;
        match self.asked("Write this?", Some(YES), form)?.as_deref() {
            Some(YES) => Ok(()),
            _ => Err(Failure::new(Kind::Person, "nothing was written").into()),
        }
    }

    /// Asks for one key; the answer is the value that it will have.
    fn key(
        &mut self,
        (words, key, form): &Question,
        profile: Option<&Profile>,
        changes: &mut Vec<Change>,
    ) -> Result<Option<String>> {
        let now = value(profile, key);
        let bracket = now.map(|now| shown(key, now));
        let answer = self.asked(words, bracket.as_deref(), form)?;
        // What was shown redacted is not the value.
        let answer = if answer == bracket {
            now.map(str::to_owned)
        } else {
            answer
        };
        put(key, now, answer.as_deref(), changes);
        Ok(answer)
    }

    /// Asks where the role starts: one key or the other.
    fn source(
        &mut self,
        profile: Option<&Profile>,
        profiles: &Profiles,
        changes: &mut Vec<Change>,
    ) -> Result<()> {
        let source_profile = value(profile, profiles::SOURCE_PROFILE);
        let credential_source = value(profile, profiles::CREDENTIAL_SOURCE);
        let is_there = profiles.profile("default")?.is_some();
        let default = is_there.then_some("default");
        let now = source_profile.or(credential_source).or(default);
        let form = |text: &str| match outside(text) {
            Some(source) => Ok(source),
            None => cli::profile_name(text),
        };
        let words = "From the profile (or Environment, Ec2InstanceMetadata, EcsContainer)";
        let answer = self.asked(words, now, form)?;
        let (name, source) = match answer {
            Some(text) if outside(&text).is_some() => (None, Some(text)),
            name => (name, None),
        };
        put(
            profiles::SOURCE_PROFILE,
            source_profile,
            name.as_deref(),
            changes,
        );
        put(
            profiles::CREDENTIAL_SOURCE,
            credential_source,
            source.as_deref(),
            changes,
        );
        Ok(())
    }

    /// One question; `-` answers that there shall be nothing.
    fn asked(
        &mut self,
        words: &str,
        default: Option<&str>,
        form: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Option<String>> {
        let bracket = default.map(|text| format!(" [{}]", printable(text)));
        let bracket = bracket.unwrap_or_default();
        for _ in 0..TRIES {
            write!(self.output, "{words}{bracket}: ")
                .and_then(|()| self.output.flush())
                .context("terminal")?;
            let mut line = String::new();
            if self.input.read_line(&mut line).context("terminal")? == 0 {
                break;
            }
            match line.trim() {
                "" => return Ok(default.map(str::to_owned)),
                "-" => return Ok(None),
                text => match form(text) {
                    Ok(value) => return Ok(Some(value)),
                    Err(reason) => {
                        writeln!(self.output, "  {}", printable(&reason)).context("terminal")?;
                    }
                },
            }
        }
        Err(unanswered().into())
    }
}

fn value<'a>(profile: Option<&'a Profile>, key: &str) -> Option<&'a str> {
    profile?.text(key).map(|entry| entry.value.as_str())
}

/// Notes a change, if it is one.
fn put(key: &str, now: Option<&str>, wanted: Option<&str>, changes: &mut Vec<Change>) {
    match wanted {
        _ if now == wanted => {}
        Some(value) => changes.push(set(key, value)),
        None => changes.push((key.to_owned(), None)),
    }
}

/// A source that is no profile, in whatever case it was typed.
fn outside(text: &str) -> Option<String> {
    let source = <CredentialSource as clap::ValueEnum>::from_str(text, true);
    source.ok().map(spelled)
}

fn unanswered() -> Failure {
    Failure::new(
        Kind::Person,
        "not all questions were answered; nothing was written",
    )
}
