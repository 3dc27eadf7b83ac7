//! Copies of the profile files, as editors, people, sed and stsx leave them, and what an unfinished change
//! left. They hold the same secrets, and nobody looks after them.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::files::{entries, open_to_others};
use super::finding::{Finding, Findings};
use super::fix;
use super::reading::{self, real};
use crate::platform;
use crate::profiles::{self, store};

/// A bigger file is not looked into.
const MAX_BYTES: u64 = 1 << 20;

/// What is appended to a file's name for that of its copy, or more follows it.
const ENDINGS: [&str; 8] = [
    "~", ".bak", ".backup", ".old", ".orig", ".save", ".copy", ".sw",
];

/// Looks for copies of these files, where they lie and in ~/.aws; `ids` are the keys that profiles have, if all
/// of the files could be read.
pub(super) fn check(paths: &[PathBuf; 2], ids: Option<&[&str]>, findings: &mut Findings) {
    let behind = paths.each_ref().map(|path| real(path));
    let names: BTreeMap<String, &PathBuf> = (behind.iter().chain(paths))
        .map(|path| (name(path), path))
        .collect();
    let mut dirs = BTreeMap::new();
    let own = [profiles::expanded("~/.aws/config")];
    for dir in own
        .iter()
        .chain(paths)
        .chain(&behind)
        .filter_map(|path| path.parent())
    {
        dirs.entry(real(dir)).or_insert(dir);
    }
    for path in dirs.into_values().flat_map(entries) {
        let name = name(&path);
        let is_left = store::is_unfinished(&path);
        let of = names.iter().find(|(of, _)| is_copy(&name, of));
        if !is_left && of.is_none() {
            continue;
        }
        let Ok(metadata) = std::fs::symlink_metadata(&path) else {
            continue;
        };
        if !metadata.is_file() {
            continue;
        }
        if is_left {
            findings.extend(left(&path, &metadata));
        } else {
            // The last copy of a file that is gone is what a person needs.
            let ids = ids.filter(|_| of.is_some_and(|(_, path)| path.exists()));
            findings.extend(copy(&path, &metadata, ids));
        }
    }
}

/// Whether a file's name is that of a copy of another one.
fn is_copy(name: &str, of: &str) -> bool {
    // Editors hide theirs: `.credentials.swp`, `#credentials#`.
    let bare = name.trim_start_matches(['.', '#']);
    let Some(rest) = bare.strip_prefix(of) else {
        return false;
    };
    rest == "#" || ENDINGS.iter().any(|ending| rest.starts_with(ending))
}

fn left(path: &Path, metadata: &Metadata) -> Option<Finding> {
    if !store::is_left(metadata) {
        return None;
    }
    let what = "a change of a profile file was interrupted, and this is what was written of it";
    let finding = if open_to_others(metadata).0 {
        Finding::problem("unfinished-change", what)
    } else {
        Finding::note("unfinished-change", what)
    };
    let why = "the file itself is whole; this one may hold the same secrets";
    Some(finding.of(path).why(why).fix(platform::removal(path)))
}

fn copy(path: &Path, metadata: &Metadata, ids: Option<&[&str]>) -> Option<Finding> {
    let bytes = reading::contents(path, MAX_BYTES, &mut Findings::default())?;
    let text = zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).to_lowercase());
    let secrets = [profiles::SECRET_ACCESS_KEY, profiles::SESSION_TOKEN];
    if !secrets.iter().any(|key| text.contains(key)) {
        return None;
    }
    if open_to_others(metadata).0 {
        let what = "others can read the secrets in this copy of a profile file";
        let finding = Finding::problem("readable-copy", what)
            .of(path)
            .why("anyone who reads them can act as you")
            .fix(fix::chmod("600", path));
        return Some(finding);
    }
    let has_others = ids.is_some_and(|ids| users(&bytes).any(|id| !ids.contains(&id)));
    has_others.then(|| {
        Finding::note(
            "old-copy",
            "this copy of a profile file has keys of a user that no profile has any more",
        )
        .of(path)
        .why("they work until they are deleted at AWS, and nobody looks after them here")
        .fix(platform::removal(path))
    })
}

/// The ids of keys of users in a file, whatever else is in it.
fn users(bytes: &[u8]) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(bytes, b"AKIA").filter_map(|at| {
        let id = std::str::from_utf8(bytes.get(at..at + 20)?).ok()?;
        let is_of_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        id.bytes().all(is_of_id).then_some(id)
    })
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_known_by_their_names() {
        for name in [
            "credentials.bak",
            "credentials.bak-stsx",
            "credentials.bak.1",
            "credentials~",
            "credentials.old",
            "credentials.orig",
            ".credentials.swp",
            ".credentials.swo",
            "#credentials#",
            "credentials.backup-2024",
        ] {
            assert!(is_copy(name, "credentials"), "{name}");
        }
        for name in [
            "credentials",
            "config.bak",
            "credentials.d",
            "credentials-work",
            "credentials.json",
        ] {
            assert!(!is_copy(name, "credentials"), "{name}");
        }
    }
}
