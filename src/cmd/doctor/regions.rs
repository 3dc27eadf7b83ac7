//! Regions that are none: slips, availability zones, places. AWS opens new ones, and some are not public, so
//! one that is only unknown is no problem.

use std::collections::BTreeMap;

use super::finding::{Finding, Findings, Severity};
use super::fix;
use super::keys::{self, Strange};
use super::sections::word;
use crate::cli;
use crate::cmd::complete::regions::{Standing, standing};
use crate::profiles::{self, Profile};

/// What was found of a region, and which one was meant.
type Judgement = (Finding, Option<&'static str>);

/// The regions of all profiles. Thousands of them have the same few.
#[derive(Default)]
pub(super) struct Regions {
    judged: BTreeMap<String, Option<Judgement>>,
    unknown: Strange,
}

impl Regions {
    /// Those of a profile, or of an `[sso-session]`.
    pub(super) fn check(&mut self, profile: &Profile, findings: &mut Findings) {
        for key in [profiles::REGION, profiles::SSO_REGION] {
            let Some(entry) = profile.text(key) else {
                continue;
            };
            let Some((path, line)) = entry.origin.place() else {
                continue;
            };
            // What is in quotes, or goes over several lines, is told of on its own.
            if entry.value.contains(['"', '\'', '\n']) {
                continue;
            }
            if !self.judged.contains_key(&entry.value) {
                let judgement = judged(&entry.value);
                self.judged.insert(entry.value.clone(), judgement);
            }
            let Some((finding, meant)) = &self.judged[&entry.value] else {
                continue;
            };
            let finding = finding.clone().at(path, line).fix(match meant {
                Some(region) => fix::value(path, line, region),
                None => fix::open_at(path, line),
            });
            if finding.severity == Severity::Problem {
                findings.add(finding);
            } else {
                let known = self.unknown.entry(entry.value.clone());
                known.or_insert((finding, 0)).1 += 1;
            }
        }
    }

    /// Tells of those that are only unknown: once of each.
    pub(super) fn say(self, findings: &mut Findings) {
        keys::say(self.unknown, findings);
    }
}

/// What to say of a region, and which one was meant.
pub(super) fn judged(region: &str) -> Option<Judgement> {
    const NO_ADDRESS: &str = "there is no such region, so no service has an address there";
    let shown = word(region);
    let problem = |what: String| Finding::problem("no-region", what).why(NO_ADDRESS);
    Some(match standing(region) {
        Standing::Known => return None,
        Standing::Zone(of) => {
            let what = format!("`{shown}` is a zone of the region {of}");
            (problem(what), Some(of))
        }
        Standing::Place(of) => {
            let what = format!("`{region}` is a place; the region there is {of}");
            (problem(what), Some(of))
        }
        Standing::Slip(near) => {
            let what = format!("`{shown}` is not a region; {} is", near.join(" or "));
            let only = (near.len() == 1).then(|| near[0]);
            (problem(what), only)
        }
        Standing::Unknown => {
            let note = Finding::note(
                "unknown-region",
                format!("`{shown}` is not a region that stsx knows"),
            );
            let why =
                "a new region works all the same; where there is none, no service has an address";
            (note.why(why), None)
        }
        Standing::Malformed => {
            let reason = cli::region(region).err();
            (problem(reason.unwrap_or_default()), None)
        }
    })
}
