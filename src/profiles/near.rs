//! Names of profiles that a mistyped name may have been meant for.

use std::path::PathBuf;

use crate::near::Typed;
use crate::profiles::{FileKind, Profiles, SectionName, edit, parse, read};

/// Where both files lie, once their texts are not needed any more: the keys of all profiles stand in them.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(super) paths: [PathBuf; 2],
}

impl Closed {
    /// What to say of a name that is no profile; see [`Profiles::meant`].
    pub(crate) fn meant(&self, name: &str) -> Option<String> {
        // A pipe gave its text away the first time, and would be waited for.
        let again = |path: &PathBuf, kind| path.is_file().then(|| read(path, kind).ok()?).flatten();
        let [config, credentials] = &self.paths;
        let files = [
            again(config, FileKind::Config),
            again(credentials, FileKind::Credentials),
        ];
        Profiles {
            paths: self.paths.clone(),
            files: files.into_iter().flatten().collect(),
            index: None,
        }
        .meant(name)
    }
}

impl Profiles {
    /// What to say of a name that is no profile: a section that looks like it, or names that are near.
    pub(crate) fn meant(&self, name: &str) -> Option<String> {
        let near = || did_you_mean("the profile ", &self.near(name));
        self.overlooked(name).or_else(near)
    }

    /// A section that a person takes for the profile and that is none, for its header is written in
    /// another way: `[prod]` in the config file, `[profile "prod"]`, `[Profile prod]`.
    fn overlooked(&self, name: &str) -> Option<String> {
        self.files.iter().find_map(|file| {
            let mut lines = parse::without_mark(&file.text).lines().zip(1..);
            let (header, line) = lines.find(|(line, _)| {
                spoken_name(line) == Some(name) && parse::profile_names(line, file.kind).is_empty()
            })?;
            let cure = match file.kind {
                _ if !parse::is_name(name) => {
                    format!("a profile's name {}", parse::NAME_RULE)
                }
                kind => {
                    let profile = SectionName::Profile(name.to_owned());
                    format!("write {}", edit::header(kind, &profile))
                }
            };
            let (place, header) = (file.path.display(), header.trim());
            let header = header.split_inclusive(']').next().unwrap_or_default();
            Some(format!("{place}:{line}: {header} is not a profile: {cure}"))
        })
    }

    /// The names of profiles that `name` may have been meant for, nearest first, three at most.
    pub(crate) fn near(&self, name: &str) -> Vec<String> {
        let files = self.files.iter();
        nearest(
            name,
            files.flat_map(|file| parse::profile_names(&file.text, file.kind)),
        )
    }
}

/// Asks whether one of these names was meant; `kind` stands before them.
pub(crate) fn did_you_mean(kind: &str, names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|one| format!("`{one}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {kind}{}?", quoted.join(" or ")))
}

/// The names that `wanted` may have been meant for, nearest first, three at most.
pub(crate) fn nearest(wanted: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let typed = Typed::new(wanted);
    // Names have parts, and people remember one of them.
    let distance = |other: &str| typed.slips(other).or_else(|| typed.lacks(other));
    let mut scored: Vec<(usize, String)> = names
        .filter_map(|candidate| Some((distance(&candidate)?, candidate)))
        .collect();
    scored.sort();
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The name that a person reads in a line that may be a header: without the brackets, the word `profile`
/// and quotes.
fn spoken_name(line: &str) -> Option<&str> {
    let (inner, _) = line.trim().strip_prefix('[')?.split_once(']')?;
    let inner = inner.trim();
    let name = match inner.split_once(parse::WHITE) {
        Some((sort, name)) if sort.eq_ignore_ascii_case("profile") => name,
        _ => inner,
    };
    Some(name.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_matches_come_nearest_first() {
        let profiles = Profiles::of(
            "[profile prod]\n[profile prod-admin]\n[profile test]\n[default]\n",
            "",
        );
        assert_eq!(profiles.near("prdo"), ["prod"]);
        assert_eq!(profiles.near("prod"), ["prod", "prod-admin"]);
        assert!(profiles.near("staging").is_empty());
    }
}
