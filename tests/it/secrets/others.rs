//! Files: other users on the machine, links, and odd things where the cache belongs.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use super::{are_root, home};
use crate::support::Home;

const NOBODY: u32 = 65_534;

/// Puts something where a lock belongs.
type Prepare<'a> = &'a dyn Fn(&Home, &Path);

fn open_to_all(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o777)).expect("ours");
}

/// Every file below, with its owner and content.
fn content(directory: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("a directory")
        .flatten()
        .map(|entry| {
            let owner = entry.metadata().expect("it is there").uid();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, owner, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn nobody_reads_a_cache_that_lies_in_the_open() {
    if !are_root() {
        return;
    }
    let home = home();
    open_to_all(&home.path(""));
    fs::create_dir(home.path("shared")).expect("ours");
    open_to_all(&home.path("shared"));
    let shared = home.path("shared").display().to_string();
    let home = home.env("XDG_CACHE_HOME", &shared);
    home.sh("umask 0; stsx process prod")
        .stdout_has("ASIA")
        .status(0);
    let as_nobody =
        format!("setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs");
    home.sh(&format!(
        "{as_nobody} ls shared; {as_nobody} ls shared/stsx; {as_nobody} sh -c 'cat shared/stsx/*'"
    ))
    .stdout("stsx\n")
    .stderr_has("Permission denied")
    .status(1);
    for (name, owner, _) in content(&home.path("shared/stsx")) {
        let mode = fs::metadata(home.path("shared/stsx").join(&name))
            .expect("there")
            .mode();
        assert_eq!((owner, mode & 0o777), (0, 0o600), "{name}");
    }
    // Who may write in the directory above can put another one there: it gets nothing and gives nothing.
    fs::rename(home.path("shared/stsx"), home.path("kept")).expect("ours");
    let cp = format!(
        "{as_nobody} mkdir shared/stsx && chmod 777 shared/stsx && cp kept/*.json shared/stsx/ && chown {NOBODY} shared/stsx/*"
    );
    home.sh(&cp).status(0);
    let before = content(&home.path("shared/stsx"));
    home.run(["process", "prod"])
        .stdout_has("ASIA")
        .stderr_has("it is not a directory of this user")
        .calls(["AssumeRole"])
        .status(0);
    home.run(["logout"]).stdout_has("").stderr_has("").status(0);
    assert_eq!(content(&home.path("shared/stsx")), before);
}

#[test]
fn a_cache_that_is_a_link_elsewhere_is_neither_filled_nor_emptied() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let entry = home.cached().remove(0);
    let name = entry.file_name().expect("a name").to_owned();
    fs::create_dir(home.path("project")).expect("ours");
    fs::copy(&entry, home.path("project").join(name)).expect("ours");
    fs::write(home.path("project/package.json"), "{}").expect("ours");
    fs::remove_dir_all(home.path(".cache/stsx")).expect("ours");
    symlink(home.path("project"), home.path(".cache/stsx")).expect("ours");
    let before = content(&home.path("project"));
    home.run(["process", "prod", "--refresh"])
        .stdout_has("ASIA")
        .stderr_has("it is not a directory of this user")
        .status(0);
    home.run(["logout"]).stdout_has("").stderr_has("").status(0);
    home.run(["cache", "clear"])
        .stdout_has("")
        .stderr_has("")
        .status(0);
    assert_eq!(content(&home.path("project")), before);
}

#[test]
fn files_that_are_not_called_as_ours_stay() {
    let home = home();
    home.run(["process", "prod"]).stdout_has("ASIA").status(0);
    let digest = "0".repeat(64);
    let cache = home.path(".cache/stsx");
    for name in ["package.json", "a.tmp", "me.code", "fast.limit", &digest] {
        fs::write(cache.join(name), "{}").expect("ours");
    }
    fs::write(cache.join(format!("{digest}.limit")), "{}").expect("ours");
    home.run(["logout"]).stdout_has("").stderr_has("").status(0);
    let left: Vec<String> = content(&cache)
        .into_iter()
        .map(|(name, _, _)| name)
        .filter(|name| !is_lock(Path::new(name)))
        .collect();
    assert_eq!(
        left,
        [&digest, "a.tmp", "fast.limit", "me.code", "package.json"]
    );
}

#[test]
fn what_lies_where_a_lock_belongs_is_left_as_it_is() {
    const TEXT: &str = "words of the user that a process id must not replace\n";
    let made = |program: &str, path: &Path| {
        let made = Command::new(program).arg(path).status();
        assert!(made.expect("it can be run").success());
    };
    let cases: [(&str, Prepare); 6] = [
        ("a link", &|home, lock| {
            symlink(home.path("notes"), lock).expect("ours");
        }),
        ("a hard link", &|home, lock| {
            fs::hard_link(home.path("notes"), lock).expect("ours");
        }),
        ("a pipe", &|_, lock| made("mkfifo", lock)),
        ("a directory", &|_, lock| made("mkdir", lock)),
        ("open to others", &|_, lock| {
            fs::write(lock, "").expect("ours");
            open_to_all(lock);
        }),
        ("a file of another user", &|_, lock| {
            fs::write(lock, "1\n").expect("ours");
            // Only root can give a file away; else it is an ordinary lock.
            let _ = chown(lock, Some(NOBODY), Some(NOBODY));
        }),
    ];
    for (name, prepare) in cases {
        let home = home().file("notes", TEXT);
        home.run(["process", "prod"]).stdout_has("ASIA").status(0);
        let files = fs::read_dir(home.path(".cache/stsx"))
            .expect("a cache")
            .flatten();
        let mut paths = files.map(|file| file.path());
        let lock = paths.find(|path| is_lock(path)).expect("a lock was taken");
        fs::remove_file(&lock).expect("ours");
        prepare(&home, &lock);
        let before = fs::symlink_metadata(&lock).expect("there");
        home.run(["process", "prod", "--refresh"])
            .stdout_has("ASIA")
            .calls(["AssumeRole"])
            .status(0);
        let after = fs::symlink_metadata(&lock).expect("there");
        let state = |of: &fs::Metadata| (of.ino(), of.uid(), of.mode(), of.len());
        assert_eq!(state(&before), state(&after), "{name}");
        assert_eq!(
            fs::read_to_string(home.path("notes")).expect("ours"),
            TEXT,
            "{name}"
        );
    }
}

fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "lock")
}

#[test]
fn hostile_directories_of_the_environment_change_nothing() {
    for (name, value) in [
        ("XDG_CACHE_HOME", "relative"),
        ("XDG_CACHE_HOME", ""),
        ("TMPDIR", "/proc/nowhere"),
        ("TMPDIR", "/tmp"),
    ] {
        let home = home().env(name, value);
        home.run(["process", "prod"]).stdout_has("ASIA").status(0);
        assert_eq!(home.cached().len(), 1, "{name}={value}");
        assert!(!home.path("relative").exists(), "{name}={value}");
    }
}
