//! Every profile is planned as a run would plan it. The rules are those of `plan`; here they get the command
//! that mends them.

use std::collections::BTreeSet;
use std::rc::Rc;

use anyhow::Error;

use super::finding::{Finding, Findings, Place};
use super::fix;
use super::meaning::Scene;
use crate::error::Failure;
use crate::plan::{Plan, RoleArn, resolve, rules};
use crate::profiles::{self, Profile};
use crate::settings::{Origin, Sourced};

/// Rules that say of a line what its plan would say, and more.
const TOLD: [&str; 2] = ["no-region", "no-section"];
/// So many faults of one profile are told.
const MOST_FAULTS: usize = 10;
/// What stands in for a role whose ARN is none.
const SOME_ROLE: &str = "arn:aws:iam::000000000000:role/any";
/// Keys that say where credentials start, and what belongs to that.
const OF_SOURCES: [&str; 15] = [
    profiles::SOURCE_PROFILE,
    profiles::CREDENTIAL_SOURCE,
    profiles::WEB_IDENTITY_TOKEN_FILE,
    profiles::WEB_IDENTITY_TOKEN_PROCESS,
    profiles::SAML_ASSERTION_PROCESS,
    profiles::SAML_PROVIDER_ARN,
    profiles::SSO_SESSION,
    profiles::SSO_ACCOUNT_ID,
    profiles::SSO_ROLE_NAME,
    profiles::SSO_REGION,
    profiles::SSO_START_URL,
    profiles::LOGIN_SESSION,
    profiles::CREDENTIAL_PROCESS,
    profiles::ACCESS_KEY_ID,
    profiles::SECRET_ACCESS_KEY,
];

/// What a loop of sources is told with, before its profiles.
const LOOP: &str = "form a loop: ";
/// So many profiles may be wrong before the others are not planned: each costs a search for near names.
const MOST_WRONG: usize = 30;

impl Scene<'_> {
    /// Plans every profile; `each` gets the plans.
    pub(super) fn plan(&self, findings: &mut Findings, mut each: impl FnMut(Plan)) {
        let mut wrong = 0;
        let mut loops = BTreeSet::new();
        for (done, profile) in self.all.iter().enumerate() {
            if !rules::leads_somewhere(profile) {
                continue;
            }
            let plan = resolve::of_profile(&profile.name, self.settings, self.profiles, self.env);
            match plan {
                Ok(plan) => each(plan),
                Err(error) => {
                    wrong += 1;
                    // A loop is one, wherever it is entered.
                    if looped(&error).is_none_or(|names| loops.insert(names)) {
                        self.tell(profile, &error, findings);
                    }
                    for error in self.others(profile, &error) {
                        self.tell(profile, &error, findings);
                    }
                }
            }
            if wrong == MOST_WRONG {
                let left = self.all.len() - done - 1;
                let what =
                    format!("{MOST_WRONG} profiles are wrong; {left} others were not looked at");
                let finding = Finding::note("unplanned", what)
                    .of(&self.paths[0])
                    .why("what is wrong with them, if anything, shows when these are fixed")
                    .fix("stsx list");
                findings.add(finding);
                return;
            }
        }
    }

    /// What else is wrong with a profile: what was told is taken out, and the rest is planned.
    fn others(&self, profile: &Profile, first: &Error) -> Vec<Error> {
        let mut rest = profile.clone();
        let mut told = vec![format!("{first:#}")];
        let mut others = Vec::new();
        while told.len() < MOST_FAULTS {
            self.mend(&mut rest, &told[told.len() - 1]);
            let plan = resolve::of(
                Rc::new(rest.clone()),
                self.settings,
                self.profiles,
                self.env,
            );
            match plan {
                Err(error) if !told.contains(&format!("{error:#}")) => {
                    told.push(format!("{error:#}"));
                    others.push(error);
                }
                _ => break,
            }
        }
        others
    }

    /// Takes out of a profile what an error is about, so that all else of it can be planned; what the plan
    /// cannot do without gets a stand-in.
    fn mend(&self, profile: &mut Profile, error: &str) {
        let (place, _) = self.placed(error);
        let stands_there = |value: &Sourced<String>| is_at(&value.origin, &place);
        let mut settings = profile.settings.iter();
        let found = settings.find(|(_, value)| stands_there(value));
        let role = profile.parsed(profiles::ROLE_ARN, RoleArn::parse);
        let some = |value: &str| Sourced::new(value.to_owned(), Origin::Default);
        match found.map(|(key, _)| key.clone()).as_deref() {
            Some(profiles::ROLE_ARN) if role.is_err() => {
                let role = some(SOME_ROLE);
                profile.settings.insert(profiles::ROLE_ARN.to_owned(), role);
            }
            Some(key @ profiles::CREDENTIAL_SOURCE)
                if profile.text(profiles::SOURCE_PROFILE).is_some() =>
            {
                profile.settings.remove(key);
            }
            Some(key) if key != profiles::ROLE_ARN && !OF_SOURCES.contains(&key) => {
                profile.settings.remove(key);
                if key == profiles::SESSION_TAGS {
                    profile.settings.remove(profiles::TRANSITIVE_SESSION_TAGS);
                }
            }
            // It is about where the profile starts: its own keys stand in.
            _ => {
                for key in OF_SOURCES {
                    profile.settings.remove(key);
                }
                for (key, value) in [
                    (profiles::ACCESS_KEY_ID, "any"),
                    (profiles::SECRET_ACCESS_KEY, "any"),
                    (profiles::SOURCE_PROFILE, &profile.name),
                ] {
                    profile.settings.insert(key.to_owned(), some(value));
                }
            }
        }
    }

    fn tell(&self, profile: &Profile, error: &Error, findings: &mut Findings) {
        let finding = self.refused(profile, error);
        if !TOLD.iter().any(|rule| findings.has(rule, &finding.place)) {
            findings.add(finding);
        }
    }

    /// What a rule said of a profile: the place stands at its start.
    fn refused(&self, profile: &Profile, error: &Error) -> Finding {
        let text = format!("{error:#}");
        let (place, what) = self.placed(&text);
        let hint = error
            .downcast_ref::<Failure>()
            .and_then(|failure| failure.hint.clone());
        let why =
            hint.unwrap_or_else(|| "no command can use the profile until this is fixed".to_owned());
        let place = match place {
            Place::Nowhere => match profile.place.place() {
                Some((path, line)) => Place::File(path.to_owned(), Some(line)),
                None => Place::Nowhere,
            },
            place => place,
        };
        let source = profile.text(profiles::CREDENTIAL_SOURCE);
        // Such a profile is made for a machine that has one of these; on another it rests.
        let is_elsewhere = source.is_some_and(|source| {
            ["Environment", "EcsContainer"].contains(&source.value.as_str())
                && text.starts_with(&format!("{}: credential_source is ", source.origin))
        });
        let mut finding = if is_elsewhere {
            Finding::note("absent-source", what)
        } else {
            Finding::problem("profile", what)
        };
        finding.fix = self.mended(&place);
        finding.place = place;
        finding.why(why)
    }

    fn placed<'t>(&self, text: &'t str) -> (Place, &'t str) {
        for path in self.paths {
            let rest = text.strip_prefix(&*path.to_string_lossy());
            let rest = rest.and_then(|rest| rest.strip_prefix(':')?.split_once(": "));
            if let Some((line, what)) = rest
                && let Ok(line) = line.parse()
            {
                return (Place::File(path.clone(), Some(line)), what);
            }
        }
        match text
            .strip_prefix('$')
            .and_then(|rest| rest.split_once(": "))
        {
            Some((name, what)) => (Place::Variable(name.to_owned()), what),
            None => (Place::Nowhere, text),
        }
    }

    /// The command that mends what stands in a place.
    fn mended(&self, place: &Place) -> Option<String> {
        let Place::File(path, Some(line)) = place else {
            return None;
        };
        let found = self.all.iter().find_map(|profile| {
            let mut settings = profile.settings.iter();
            let (key, value) = settings.find(|(_, value)| is_at(&value.origin, place))?;
            Some((profile, key.as_str(), &value.value))
        });
        let name = |profile: &Profile| profile.name.clone();
        Some(match found {
            Some((profile, profiles::CREDENTIAL_SOURCE, _))
                if profile.text(profiles::SOURCE_PROFILE).is_some() =>
            {
                fix::removed(self.profiles, profile, &[profiles::CREDENTIAL_SOURCE])
            }
            // It goes over several lines, which is told of on its own.
            Some((_, _, value)) if value.contains('\n') => fix::open_at(path, *line),
            Some((profile, profiles::SOURCE_PROFILE, source)) => {
                let near = self.profiles.near(source);
                let other = near
                    .iter()
                    .find(|near| *near != source && **near != profile.name);
                let other = other.map_or("NAME", String::as_str);
                fix::configure(&name(profile), &["--source-profile", other, "--force"])
            }
            Some((profile, profiles::ROLE_ARN, _)) if has_no_start(profile) => {
                let has_keys = profile.text(profiles::ACCESS_KEY_ID).is_some();
                let source = if has_keys { &profile.name } else { "NAME" };
                fix::configure(&name(profile), &["--source-profile", source, "--force"])
            }
            Some((profile, profiles::CREDENTIAL_PROCESS, _)) => {
                fix::removed(self.profiles, profile, &[profiles::CREDENTIAL_PROCESS])
            }
            _ => fix::open_at(path, *line),
        })
    }
}

/// The profiles of a loop, if it is one.
fn looped(error: &Error) -> Option<BTreeSet<String>> {
    let text = error.to_string();
    let (_, names) = text.split_once(LOOP)?;
    Some(names.split(" → ").map(str::to_owned).collect())
}

fn is_at(origin: &Origin, place: &Place) -> bool {
    let Place::File(path, Some(line)) = place else {
        return false;
    };
    origin.place() == Some((path.as_path(), *line))
}

fn has_no_start(profile: &Profile) -> bool {
    let is_role = profile.parsed(profiles::ROLE_ARN, RoleArn::parse).is_ok();
    let keys = [profiles::SOURCE_PROFILE, profiles::CREDENTIAL_SOURCE];
    is_role && keys.iter().all(|key| profile.text(key).is_none())
}
