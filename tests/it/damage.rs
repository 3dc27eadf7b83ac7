//! Nothing lost, nothing half-written: whatever becomes of processes, disks, files and clocks, a run gives a right
//! answer or a clear error, the next healthy run is right with one call at most, and the user's files stay as they are.
//!
//! The usual run tries a spread of each series of faults; with `STSX_TEST_ALL=1` it tries them all and says how many.

mod bytes;
mod clocks;
mod disks;
mod faults;
mod kills;
mod removed;
mod strace;
mod sweep;
mod versions;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{ACCOUNT, Home, Run, everything};

/// What may not change of a file: mode, time of the last change, content (of a directory: its files' names).
type Kept = (u32, (i64, i64), Vec<u8>);

/// A home with one role in the cache (`other`) and one that the runs are about (`prod`), and what of it is the user's.
struct Scene {
    home: Home,
    kept: BTreeMap<PathBuf, Kept>,
    /// The file of `other` in the cache, and its content.
    other: (PathBuf, Vec<u8>),
}

/// What became of a series of faults.
#[derive(Debug, Default)]
struct Tally {
    answered: usize,
    refused: usize,
    killed: usize,
}

impl Scene {
    fn new() -> Scene {
        let profile = |name: &str, role: &str| {
            format!(
                "[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{role}\nsource_profile = default\n"
            )
        };
        let home = Home::new()
            .config(&(profile("prod", "deploy") + &profile("other", "ops")))
            .settings("[alias]\nlive = prod\n")
            .file(".aws/sso/cache/token.json", "{}")
            .file(".aws/login/cache/session.json", "{}")
            .file(".aws/cli/cache/role.json", "{}")
            .aws(|a| a.role("ops").role("deploy"));
        home.run(["process", "other"])
            .stdout_has(&home.issued(1))
            .status(0);
        let kept = kept(&home);
        let path = home.cached().remove(0);
        let content = fs::read(&path).expect("ours");
        Scene {
            home,
            kept,
            other: (path, content),
        }
    }

    /// The home, with nothing in the cache and no cache.
    fn into_empty(self) -> Home {
        fs::remove_dir_all(self.home.path(".cache")).expect("ours");
        self.home
    }

    /// Forgets `prod`, and nothing else.
    fn cold(&self) {
        self.home
            .run(["cache", "clear", "prod"])
            .stdout_has("removed")
            .stderr_has("")
            .status(0);
    }

    /// Has `prod` in the cache.
    fn warm(&self) {
        self.healthy("no fault");
    }

    /// Has `other` in the cache as it was in the beginning.
    fn refurnish(&self) {
        let (path, content) = &self.other;
        fs::write(path, content).expect("ours");
        fs::set_permissions(path, Permissions::from_mode(0o600)).expect("ours");
    }

    /// A run under a fault gives the right credentials, or one clear word why not; the next is right with one
    /// call more at most.
    #[track_caller]
    fn survives(&self, when: &str, tally: &mut Tally, run: impl FnOnce(&Home) -> Run) {
        let before = self.home.requests().len();
        let run = run(&self.home);
        let made = run.requests.len().max(1);
        self.judge(run, when, tally);
        self.healthy(when);
        // (What a killed run had sent may arrive after its end.)
        let calls = self.home.requests().len() - before;
        assert!(calls <= made + 1, "{when}: {calls} calls");
    }

    #[track_caller]
    fn judge(&self, run: Run, when: &str, tally: &mut Tally) {
        let run = run.stdout_has("").stderr_has("");
        for word in ["panicked", "defect in stsx"] {
            assert!(!run.err.contains(word), "{when}\n{run}");
        }
        let Some(code) = run.code() else {
            tally.killed += 1;
            assert!(
                run.out.is_empty() || run.out.ends_with("}\n"),
                "{when}\n{run}"
            );
            drop(run.signal(9));
            return self.untouched(when);
        };
        if code == 0 {
            tally.answered += 1;
            self.is_right(&run, when);
        } else {
            tally.refused += 1;
            // What the system says alone, in its capitals, is not clear.
            let words = run.err.strip_prefix("stsx: ").unwrap_or_default();
            let is_clear = run.out.is_empty() && words.starts_with(|c: char| !c.is_uppercase());
            assert!((1..=5).contains(&code) && is_clear, "{when}\n{run}");
        }
        drop(run.status(code));
        self.untouched(when);
    }

    /// The credentials are of `prod`, not of `other`, and AWS takes them.
    #[track_caller]
    fn is_right(&self, run: &Run, when: &str) {
        let answer: Value = serde_json::from_str(&run.out)
            .unwrap_or_else(|error| panic!("{when}: stdout is not JSON: {error}\n{run}"));
        let id = answer["AccessKeyId"].as_str().expect("an access key id");
        let issued = self.home.sandbox().issued();
        assert!(issued[1..].iter().any(|one| one == id), "{when}\n{run}");
        let end: Timestamp = answer["Expiration"]
            .as_str()
            .and_then(|end| end.parse().ok())
            .expect("a time");
        let now = self.home.sandbox().clock().now();
        assert!(end > now, "{when}: expired by AWS's clock {now}\n{run}");
        let secrets = self.home.sandbox().secrets();
        for secret in ["SecretAccessKey", "SessionToken"] {
            let secret = answer[secret].as_str().expect("a secret");
            assert!(secrets.iter().any(|one| one == secret), "{when}\n{run}");
        }
    }

    /// A run without a fault is right and says nothing else, and the one after it takes that from the cache.
    #[track_caller]
    fn healthy(&self, when: &str) {
        let run = || {
            let run = self
                .home
                .run(["process", "prod"])
                .stdout_has("")
                .stderr_has("");
            assert!(
                run.code() == Some(0) && run.err.is_empty(),
                "after {when}\n{run}"
            );
            self.is_right(&run, when);
            run.status(0).json()
        };
        assert_eq!(run(), run(), "after {when}");
        self.untouched(when);
    }

    /// The user's files are as they were: content, time, mode, and no file more or less.
    #[track_caller]
    fn untouched(&self, when: &str) {
        assert_eq!(kept(&self.home), self.kept, "{when}");
    }

    /// The file of `prod` in the cache.
    #[track_caller]
    fn entry(&self) -> PathBuf {
        let is_it = |path: &PathBuf| {
            fs::read_to_string(path).is_ok_and(|text| {
                text.starts_with("{\"sum\":") && text.contains("\"target\":\"prod\"")
            })
        };
        let mut cached = self.home.cached().into_iter();
        cached.find(is_it).expect("prod is cached")
    }
}

impl Tally {
    /// Says how many faults there were, when all were tried.
    fn tell(&self, series: &str) {
        if everything() {
            let Tally {
                answered,
                refused,
                killed,
            } = self;
            let tried = answered + refused + killed;
            // Not `eprintln!`, which is captured.
            let _ = writeln!(
                std::io::stderr(),
                "damage: {series}: {tried} tried, {tried} survived ({answered} answered, {refused} refused, {killed} killed)"
            );
        }
    }
}

/// All of these, or a spread of so many.
fn spread<T>(all: Vec<T>, most: usize) -> Vec<T> {
    if everything() || all.len() <= most {
        return all;
    }
    let whole = all.len();
    let is_chosen = |at: usize| at * most / whole != (at + 1) * most / whole;
    let chosen = all.into_iter().enumerate().filter(|(at, _)| is_chosen(*at));
    chosen.map(|(_, one)| one).collect()
}

/// Everything below HOME but the cache of stsx and what tests leave in `run`.
fn kept(home: &Home) -> BTreeMap<PathBuf, Kept> {
    let mut kept = BTreeMap::new();
    for directory in [".aws", ".config"] {
        keep(&home.path(directory), &mut kept);
    }
    kept
}

fn keep(path: &Path, kept: &mut BTreeMap<PathBuf, Kept>) {
    let metadata = fs::symlink_metadata(path).expect("it is there");
    let content = if metadata.is_dir() {
        let mut names = Vec::new();
        for file in fs::read_dir(path).expect("ours").flatten() {
            names.push(file.file_name());
            keep(&file.path(), kept);
        }
        names.sort();
        format!("{names:?}").into_bytes()
    } else {
        fs::read(path).expect("ours")
    };
    let time = (metadata.mtime(), metadata.mtime_nsec());
    kept.insert(path.to_owned(), (metadata.mode(), time, content));
}
