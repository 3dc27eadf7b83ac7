//! What no run of stsx may do besides showing a secret: leave one in a file outside its cache (but for the commands that
//! write the AWS files), leave a file in it that
//! others can read, or a temporary one, say what a terminal would obey, or end by a defect. The scripts and programs of a test may
//! do all that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Home;

/// Subcommands whose stdout is secrets.
const DELIVERERS: [&str; 6] = [
    "assume",
    "credential-process",
    "process",
    "federate",
    "saml",
    "session",
];

/// Where others keep secrets of their own: the SDK renews logins there.
const LOGINS: [&str; 2] = [".aws/sso/cache", ".aws/login/cache"];

/// Subcommands that write the AWS files of a person.
const WRITERS: [&str; 2] = ["configure", "import"];

/// The files below a home, each with what tells that it was written.
pub(super) type Files = BTreeMap<PathBuf, (u64, i64, i64, u64)>;

/// What a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// stsx; no secret belongs on its stdout.
    Answering,
    /// stsx; its stdout is secrets.
    Delivering,
    /// stsx; the files that a person keeps keys in may be written.
    Writing,
    /// `stsx exec`: what its command writes is the command's.
    Executing,
    /// A script, or another program that runs stsx.
    Other,
}

impl Program {
    /// stsx with these arguments.
    pub(super) fn stsx(arguments: &[&str]) -> Program {
        if arguments.contains(&"exec") {
            Program::Executing
        } else if arguments.first().is_some_and(|word| WRITERS.contains(word)) {
            Program::Writing
        } else if arguments.iter().any(|word| DELIVERERS.contains(word)) {
            Program::Delivering
        } else {
            Program::Answering
        }
    }

    /// Whether secrets may be on stdout.
    pub(super) fn delivers(self) -> bool {
        !matches!(self, Program::Answering | Program::Writing)
    }

    fn is_stsx_alone(self) -> bool {
        matches!(
            self,
            Program::Answering | Program::Delivering | Program::Writing
        )
    }

    /// Control characters, and marks that turn the direction of writing, are for nobody's terminal.
    #[track_caller]
    pub(super) fn refuse_obeyed(self, stream: &str, text: &str) {
        let is_obeyed = |char: char| {
            (char.is_control() && char != '\n')
                || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(
            !self.is_stsx_alone() || !text.contains(is_obeyed),
            "a terminal would obey what is on {stream}: {text:?}"
        );
    }

    /// The same for an answer that people read.
    #[track_caller]
    pub(super) fn refuse_obeyed_answer(self, text: &str) {
        if !self.delivers() {
            self.refuse_obeyed("stdout", text);
        }
    }

    /// Whoever runs stsx, it has no defects.
    #[track_caller]
    pub(super) fn refuse_defects(err: &str) {
        for words in ["this is a defect in stsx", "panicked at"] {
            assert!(!err.contains(words), "stsx has panicked:\n{err}");
        }
    }

    /// What was written since `before` is no secret outside the cache, and there for nobody else.
    #[track_caller]
    pub(super) fn refuse_leaks(self, home: &Home, before: &Files) {
        if !self.is_stsx_alone() {
            return;
        }
        let temporary = home.path("tmp");
        let now = home.files();
        // What was there and is called otherwise now was not written.
        let before: BTreeSet<_> = before.values().collect();
        let written = now.iter().filter(|(_, state)| !before.contains(state));
        for (path, _) in written {
            let place = path.display();
            assert!(
                !path.starts_with(&temporary),
                "{place}: a temporary file was left"
            );
            assert!(
                !is_in_cache(path) || rights_of_others(path) == 0,
                "{place}: others can use it"
            );
            let is_login = LOGINS
                .iter()
                .any(|login| path.starts_with(home.path(login)));
            let is_own = self == Program::Writing && is_own_file(path);
            if is_login || is_own || may_hold_secrets(path) {
                continue;
            }
            let text = fs::read(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let secret = home
                .secrets()
                .into_iter()
                .find(|secret| text.contains(secret));
            assert!(secret.is_none(), "{place}: holds the secret {secret:?}");
        }
    }
}

fn is_in_cache(path: &Path) -> bool {
    path.parent()
        .is_some_and(|directory| directory.ends_with("stsx"))
}

/// Entries of the cache, and what a writer that was killed has left of one.
fn may_hold_secrets(path: &Path) -> bool {
    let kind = path.extension().unwrap_or_default();
    is_in_cache(path) && (kind == "json" || kind == "tmp")
}

/// ~/.aws/config and ~/.aws/credentials, and what `configure` and `import` keep of them.
fn is_own_file(path: &Path) -> bool {
    let own = ["config", "credentials"].map(|name| [name.to_owned(), format!("{name}.bak-stsx")]);
    path.file_name()
        .is_some_and(|name| own.iter().flatten().any(|own| name == own.as_str()))
}

fn rights_of_others(path: &Path) -> u32 {
    // Gone already: it was another's temporary file.
    fs::symlink_metadata(path).map_or(0, |metadata| metadata.mode() & 0o077)
}

impl Home {
    /// Every file below it.
    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        let mut directories = vec![self.path("")];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => directories.push(entry.path()),
                    Ok(metadata) if metadata.is_file() => {
                        files.insert(entry.path(), state(&metadata));
                    }
                    _ => {}
                }
            }
        }
        files
    }
}

fn state(metadata: &Metadata) -> (u64, i64, i64, u64) {
    (
        metadata.ino(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.len(),
    )
}
