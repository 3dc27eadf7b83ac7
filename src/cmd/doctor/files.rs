//! Files and directories: who may read and change them, and keys that lie about in downloads.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::finding::{Finding, Findings};
use super::fix;
use super::reading::{self, ProfileFile};
use super::sections::Written;
use crate::platform::{self, command_line};
use crate::profiles;
use crate::profiles::parse::FileKind;

/// So many entries of a directory are looked at.
const MOST: usize = 5_000;
/// A download of keys has two lines.
const CSV_BYTES: u64 = 4_096;

/// Who may read and change a profile file.
pub(super) fn check(file: &ProfileFile, sections: &[Written<'_>], findings: &mut Findings) {
    let Some(metadata) = &file.metadata else {
        return;
    };
    let is_secret =
        |key: &str| [profiles::SECRET_ACCESS_KEY, profiles::SESSION_TOKEN].contains(&key);
    let mut entries = sections.iter().flat_map(|section| &section.entries);
    let secret = entries.find(|entry| is_secret(&entry.key));
    owner(&file.path, metadata, findings);
    let (readable, writable) = open_to_others(metadata);
    match secret {
        Some(entry) if readable => {
            let finding = Finding::problem(
                "readable-secret",
                "others can read the secrets in this file",
            )
            .at(&file.path, entry.line)
            .why("anyone who reads them can act as you")
            .fix(fix::chmod("600", &file.path));
            findings.add(finding);
        }
        None if readable && file.kind == FileKind::Credentials => {
            let finding = Finding::problem("readable-file", "others can read the credentials file")
                .of(&file.path)
                .why("they could read the next keys that are put into it")
                .fix(fix::chmod("600", &file.path));
            findings.add(finding);
        }
        _ if writable => findings.add(writable_file(&file.path)),
        _ => {}
    }
}

/// A file whose commands stsx runs, but which others can change.
fn writable_file(path: &Path) -> Finding {
    Finding::problem("writable-file", "others can change this file")
        .of(path)
        .why("it can name commands that are run as you")
        .fix(fix::chmod("go-w", path))
}

/// stsx's own settings file.
pub(super) fn settings(path: &Path, findings: &mut Findings) {
    if let Ok(metadata) = std::fs::metadata(path) {
        owner(path, &metadata, findings);
        if open_to_others(&metadata).1 {
            findings.add(writable_file(path));
        }
    }
}

/// The directory of the profile files, and the tokens that the AWS CLI keeps below it.
pub(super) fn directories(findings: &mut Findings) {
    let dir = profiles::expanded("~/.aws");
    let Ok(metadata) = std::fs::metadata(&dir) else {
        return;
    };
    owner(&dir, &metadata, findings);
    if open_to_others(&metadata).1 {
        findings.add(writable_file(&dir));
    }
    for tokens in ["sso/cache", "login/cache", "cli/cache"] {
        let tokens = dir.join(tokens);
        let is_open = |path: &PathBuf| {
            std::fs::metadata(path).is_ok_and(|file| file.is_file() && open_to_others(&file).0)
        };
        // Below a directory that is closed, files are.
        let is_closed = |dir: &Path| std::fs::metadata(dir).is_ok_and(|dir| is_private(&dir));
        if is_closed(&tokens) || is_closed(&dir) {
            continue;
        }
        let open = files(&tokens, "json").filter(is_open).count();
        if open > 0 {
            let what = format!("others can read {open} files of tokens in this directory");
            let finding = Finding::problem("readable-tokens", what)
                .of(&tokens)
                .why("anyone who reads them can act as you until they expire")
                .fix(fix::chmod("go-rwx", &tokens));
            findings.add(finding);
        }
    }
}

/// Downloads of access keys: `ids` are the keys that a profile has already.
pub(super) fn downloads(ids: &[&str], findings: &mut Findings) {
    for dir in ["~/.aws", "~/Downloads"] {
        for path in files(&profiles::expanded(dir), "csv") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .to_lowercase();
            let is_named = ["accesskey", "access_key", "credentials", "rootkey"]
                .iter()
                .any(|word| name.contains(word));
            let mut unseen = Findings::default();
            let text = is_named
                .then(|| reading::contents(&path, CSV_BYTES, &mut unseen))
                .flatten();
            let Some(text) = text else { continue };
            let text = zeroize::Zeroizing::new(String::from_utf8_lossy(&text).into_owned());
            if text.contains("AKIA") && text.to_lowercase().contains("secret") {
                findings.add(download(&path, ids.iter().any(|id| text.contains(id))));
            }
        }
    }
}

fn download(path: &Path, is_known: bool) -> Finding {
    let file = path.to_string_lossy();
    let (what, fix) = if is_known {
        (
            "a download of keys that a profile has already",
            platform::removal(path),
        )
    } else {
        (
            "a download of keys that no profile has",
            command_line(&["stsx", "import", &file]),
        )
    };
    Finding::problem("key-download", what)
        .of(path)
        .why("the secret access key is there for anyone who finds the file, and in every backup")
        .fix(fix)
}

/// The files of a directory with an ending, in the order of their names.
fn files(dir: &Path, ending: &str) -> impl Iterator<Item = PathBuf> {
    entries(dir).filter(move |path| {
        path.extension()
            .is_some_and(|found| found.eq_ignore_ascii_case(ending))
    })
}

/// What is in a directory, in the order of the names.
pub(super) fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.take(MOST).map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter()
}

/// Somebody else's file decides what happens here. (The system's administrator may.)
fn owner(path: &Path, metadata: &Metadata, findings: &mut Findings) {
    let (me, owner) = (platform::user(), platform::owner(metadata));
    if me != 0 && owner != me && owner != 0 {
        let finding = Finding::problem("foreign-file", "this belongs to another user")
            .of(path)
            .why("its owner can change what you become, and which commands are run as you")
            .fix(format!(
                "sudo chown {me} {}",
                command_line(&[&path.to_string_lossy()])
            ));
        findings.add(finding);
    }
}

/// Whether others can read, and whether others can change it.
pub(super) fn open_to_others(metadata: &Metadata) -> (bool, bool) {
    let mode = platform::mode(metadata);
    (mode & 0o044 != 0, mode & 0o022 != 0)
}

/// Whether nobody else can get at what is in a directory.
fn is_private(metadata: &Metadata) -> bool {
    platform::mode(metadata) & 0o011 == 0
}
