//! Keys that nobody reads where they stand: slips of known ones, and known ones in the wrong place.

use std::collections::BTreeMap;

use super::finding::{Finding, Findings};
use super::fix;
use super::known::{self, Standing};
use super::reading::ProfileFile;
use super::sections::{Entry, Written, word};
use crate::platform::command_line;
use crate::profiles::parse::SectionName;

/// Words that no list has, each with where it was met first and how often.
pub(super) type Strange = BTreeMap<String, (Finding, usize)>;

/// Checks the keys of all sections of a file.
pub(super) fn check(
    file: &ProfileFile,
    sections: &[Written<'_>],
    strange: &mut Strange,
    findings: &mut Findings,
) {
    // Thousands of profiles have the same few keys.
    let mut judged: BTreeMap<String, Standing> = BTreeMap::new();
    for section in sections {
        let Some(name) = &section.name else { continue };
        for entry in &section.entries {
            let place = Place { file, name, entry };
            match name {
                SectionName::Profile(_) => {
                    let standing = judged.entry(entry.key.clone());
                    let standing = *standing.or_insert_with(|| known::in_profile(&entry.key));
                    place.judge(standing, strange, findings);
                }
                SectionName::SsoSession(_) => {
                    place.judge(known::in_sso_session(&entry.key), strange, findings);
                }
                SectionName::Services(_) => findings.extend(place.of_services()),
            }
            if entry.key == "s3" && entry.value.is_empty() {
                place.below_s3(findings);
            }
        }
    }
}

/// What is said of the words that no list has: once for each.
pub(super) fn say(strange: Strange, findings: &mut Findings) {
    for (mut finding, count) in strange.into_values() {
        if count > 1 {
            finding.what = format!("{} ({count} times)", finding.what);
        }
        findings.add(finding);
    }
}

/// A key where it stands.
struct Place<'a> {
    file: &'a ProfileFile,
    name: &'a SectionName,
    entry: &'a Entry<'a>,
}

impl Place<'_> {
    fn judge(&self, standing: Standing, strange: &mut Strange, findings: &mut Findings) {
        let key = word(&self.entry.key);
        match standing {
            Standing::Known => {}
            Standing::Meant(meant) => {
                findings.add(self.slip(self.entry.line, &self.entry.key, meant, ""));
            }
            Standing::BelowS3 => findings.add(self.of_s3()),
            Standing::InSsoSession => {
                findings.add(self.misplaced("[sso-session NAME]", "a section of that kind has it"));
            }
            Standing::InProfile => {
                findings.add(self.misplaced("[profile NAME]", "an [sso-session] has no such key"));
            }
            Standing::Unknown => {
                let new = || {
                    let finding = Finding::note(
                        "unknown-key",
                        format!("`{key}` is not a key that AWS or stsx knows"),
                    )
                    .at(&self.file.path, self.entry.line)
                    .why("another tool may read it; AWS's do not")
                    .fix(fix::open_at(&self.file.path, self.entry.line));
                    (finding, 0)
                };
                strange.entry(key.to_owned()).or_insert_with(new).1 += 1;
            }
        }
    }

    /// A key that is a slip of another one.
    fn slip(&self, line: usize, key: &str, meant: &str, indent: &str) -> Finding {
        let page = known::page_of(meant).map(|page| format!(": {page}"));
        let what = format!(
            "`{}` is not a key that AWS or stsx knows; `{meant}` is",
            word(key)
        );
        let why = format!("nobody reads it{}", page.unwrap_or_default());
        let script = format!("{line}s/^[^=]*/{indent}{meant} /");
        Finding::problem("mistyped-key", what)
            .at(&self.file.path, line)
            .why(why)
            .fix(fix::sed(&self.file.path, &script))
    }

    fn misplaced(&self, home: &str, why: &str) -> Finding {
        let what = format!("`{}` counts only in a section {home}", self.entry.key);
        Finding::problem("misplaced-key", what)
            .at(&self.file.path, self.entry.line)
            .why(format!("nobody reads it here: {why}"))
            .fix(fix::open_at(&self.file.path, self.entry.line))
    }

    fn of_s3(&self) -> Finding {
        let Entry {
            line, key, value, ..
        } = self.entry;
        let path = &self.file.path;
        let setting = format!("s3.{key}");
        let set = [
            "aws",
            "configure",
            "set",
            &setting,
            value,
            "--profile",
            self.name.as_str(),
        ];
        let fix = format!(
            "{} && {}",
            fix::sed(path, &format!("{line}d")),
            command_line(&set)
        );
        Finding::problem(
            "misplaced-key",
            format!("`{key}` counts only below `s3 =`, indented"),
        )
        .at(path, *line)
        .why("nobody reads it here: https://docs.aws.amazon.com/cli/latest/topic/s3-config.html")
        .fix(fix)
    }

    fn below_s3(&self, findings: &mut Findings) {
        for (line, text) in &self.entry.below {
            let key = text
                .split('=')
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase();
            if let Standing::Meant(meant) = known::below_s3(&key) {
                findings.add(self.slip(*line, &key, meant, "  "));
            }
        }
    }

    /// In a `[services]` section, keys stand below the name of a service.
    fn of_services(&self) -> Option<Finding> {
        let is_bare = !self.entry.value.is_empty();
        is_bare.then(|| {
            let key = word(&self.entry.key);
            let what = format!("`{key}` counts only below the name of a service, indented");
            Finding::problem("misplaced-key", what)
                .at(&self.file.path, self.entry.line)
                .why("nobody reads it here: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html")
                .fix(fix::open_at(&self.file.path, self.entry.line))
        })
    }
}
