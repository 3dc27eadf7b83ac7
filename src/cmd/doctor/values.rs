//! Values that other tools do not take, and names of sections that are not there.

use std::collections::BTreeSet;

use super::finding::{Finding, Findings};
use super::fix;
use super::sections::{Written, word};
use crate::cli;
use crate::near::nearest;
use crate::profiles::parse::SectionName;
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Sourced};

/// The key of the AWS CLI for how it writes its answers.
const OUTPUT: &str = "output";

/// What it may say:
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html>
const OUTPUTS: [&str; 6] = ["json", "off", "table", "text", "yaml", "yaml-stream"];

/// The sections of both files that profiles name.
pub(super) struct Named<'a> {
    sso_sessions: BTreeSet<&'a str>,
    services: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    /// Those among the sections of the files.
    pub(super) fn of(sections: impl Iterator<Item = &'a Written<'a>>) -> Self {
        let mut named = Self {
            sso_sessions: BTreeSet::new(),
            services: BTreeSet::new(),
        };
        for section in sections {
            match &section.name {
                Some(SectionName::SsoSession(name)) => named.sso_sessions.insert(name),
                Some(SectionName::Services(name)) => named.services.insert(name),
                _ => continue,
            };
        }
        named
    }

    /// Checks what a profile names.
    pub(super) fn check(&self, profile: &Profile, findings: &mut Findings) {
        for (key, kind, there, why) in [
            (
                profiles::SSO_SESSION,
                "sso-session",
                &self.sso_sessions,
                "nobody can log in with the profile",
            ),
            (
                profiles::SERVICES,
                "services",
                &self.services,
                "the AWS CLI and boto3 refuse every call with the profile",
            ),
        ] {
            let Some(entry) = one_line(profile, key) else {
                continue;
            };
            if there.contains(entry.value.as_str()) {
                continue;
            }
            let meant = nearest(&entry.value, there.iter().copied());
            let near = meant.map(|near| format!("; [{kind} {near}] is"));
            let name = word(&entry.value);
            let what = format!("[{kind} {name}] is not there{}", near.unwrap_or_default());
            let finding = Finding::problem("no-section", what).why(why);
            findings.extend(mended(finding, &entry.origin, meant));
        }
    }
}

/// Checks the values of a profile by themselves.
pub(super) fn check(profile: &Profile, findings: &mut Findings) {
    if let Some(entry) = one_line(profile, OUTPUT)
        && let Some((finding, meant)) = output(&entry.value)
    {
        findings.extend(mended(finding, &entry.origin, meant));
    }
    if let Some(entry) = one_line(profile, profiles::DURATION_SECONDS) {
        findings.extend(duration(entry));
    }
}

/// What is wrong with a form of output, and the one that was meant.
pub(super) fn output(value: &str) -> Option<(Finding, Option<&'static str>)> {
    if OUTPUTS.contains(&value) {
        return None;
    }
    let meant = nearest(value, OUTPUTS);
    let rest = match meant {
        Some(meant) => format!("`{meant}` is"),
        None => format!("those are {}", OUTPUTS.join(", ")),
    };
    let what = format!(
        "`{}` is not a form of output of the AWS CLI; {rest}",
        word(value)
    );
    let finding = Finding::problem("no-output", what).why("it refuses every command");
    Some((finding, meant))
}

/// A duration in a form that is not AWS's.
fn duration(entry: &Sourced<String>) -> Option<Finding> {
    if entry.value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = cli::session_duration(&entry.value).ok()?.to_string();
    let what = format!(
        "duration_seconds = {} is a form of stsx; in AWS's it is {seconds}",
        entry.value
    );
    let finding = Finding::note("duration-form", what)
        .why("the AWS CLI and boto3 pass over it: their sessions last for one hour");
    mended(finding, &entry.origin, Some(&seconds))
}

/// The finding about a line, with what gives it the value that was meant.
fn mended(finding: Finding, origin: &Origin, meant: Option<&str>) -> Option<Finding> {
    let (path, line) = origin.place()?;
    let fix = match meant {
        Some(value) => fix::value(path, line, value),
        None => fix::open_at(path, line),
    };
    Some(finding.at(path, line).fix(fix))
}

/// The value of a key, unless its form is wrong, which is told on its own.
fn one_line<'p>(profile: &'p Profile, key: &str) -> Option<&'p Sourced<String>> {
    let entry = profile.text(key)?;
    (!entry.value.contains(['"', '\'', '\n'])).then_some(entry)
}
