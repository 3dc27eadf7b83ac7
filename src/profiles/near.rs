//! Names of profiles that a mistyped name may have been meant for.

use std::path::PathBuf;

use crate::profiles::{FileKind, Profiles, parse, read};

/// Where both files lie, once their texts are not needed any more: the keys of all profiles stand in them.
#[derive(Debug)]
pub(crate) struct Closed {
    pub(super) paths: [PathBuf; 2],
}

impl Closed {
    /// The names of profiles that `name` may have been meant for; see [`Profiles::near`].
    pub(crate) fn near(&self, name: &str) -> Vec<String> {
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
        .near(name)
    }
}

impl Profiles {
    /// The names of profiles that `name` may have been meant for, nearest first, three at most.
    pub(crate) fn near(&self, name: &str) -> Vec<String> {
        let wanted = name.to_lowercase();
        let mut scored: Vec<(usize, String)> = self
            .files
            .iter()
            .flat_map(|file| parse::profile_names(&file.text, file.kind))
            .filter_map(|candidate| {
                let other = candidate.to_lowercase();
                let distance = strsim::damerau_levenshtein(&wanted, &other);
                let allowed = (wanted.chars().count() / 3).clamp(1, 3);
                let contained = wanted.len() >= 3 && other.contains(&wanted);
                (distance <= allowed || contained).then_some((distance, candidate))
            })
            .collect();
        scored.sort();
        scored.dedup();
        scored.into_iter().take(3).map(|(_, name)| name).collect()
    }
}
